"""What the house reads of this room."""

from preau.kernel.room import Provider, Room, Subscription

room = Room(
    name="signin",
    routes="preau.signin.routes:routes",
    traces="preau.signin.queries:traces",
    subscriptions=(
        Subscription(
            event="preau.directory.events:PersonSuspended", handler="preau.signin.subscribers:end_sessions_of"
        ),
    ),
    providers=(
        Provider(protocol="preau.kernel.routes:Authenticator", implementation="preau.signin.authenticator:session"),
        Provider(protocol="preau.ui.api:Identity", implementation="preau.signin.shell:identity"),
        Provider(protocol="preau.ui.api:AccountMenu", implementation="preau.signin.shell:account_menu"),
    ),
)
