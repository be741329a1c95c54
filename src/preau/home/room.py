from preau.kernel.actor import Role
from preau.kernel.room import RailEntry, Room

room = Room(
    name="home",
    rail=(RailEntry(label="Accueil", icon="house", url="/", order=0, roles=frozenset(Role)),),
)
