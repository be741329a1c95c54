"""What the house reads of this room."""

from preau.kernel.actor import Role
from preau.kernel.room import Provider, RailEntry, Room

room = Room(
    name="home",
    policies="preau.home.policies",
    rail=(
        RailEntry(label="Accueil", icon="house", url="/", order=0, roles=frozenset(Role)),
        RailEntry(
            label="Réglages",
            icon="sliders-horizontal",
            url="/reglages/",
            order=90,
            roles=frozenset({Role.DIRECTION, Role.REFERENT}),
        ),
    ),
    routes="preau.home.routes:routes",
    search="preau.home.search:search",
    providers=(
        Provider(protocol="preau.ui.api:HomeCard", implementation="preau.home.cards:people"),
        Provider(protocol="preau.ui.api:HomeCard", implementation="preau.home.cards.account:account"),
        Provider(protocol="preau.ui.api:AccountMenu", implementation="preau.home.shell:account_menu"),
        Provider(protocol="preau.ui.api:SearchPage", implementation="preau.home.shell:search_page"),
        Provider(protocol="preau.ui.api:InstanceFacts", implementation="preau.home.facts:instance_facts"),
    ),
)
