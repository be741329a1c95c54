"""What the house reads of this room."""

from preau.kernel.room import Command, Provider, Room, Subscription

room = Room(
    name="signin",
    policies="preau.signin.policies",
    routes="preau.signin.routes:routes",
    commands=(
        Command(name="setup", module="preau.signin.commands.setup", help="donne le lien qui ouvre un établissement"),
        Command(name="user", module="preau.signin.commands.user", help="donne à quelqu’un un code à usage unique"),
    ),
    privacy="preau.signin.privacy:holdings",
    demo="preau.signin.demo:run",
    traces="preau.signin.queries:traces",
    subscriptions=(
        Subscription(
            event="preau.directory.events:PersonSuspended", handler="preau.signin.subscribers:end_sessions_of"
        ),
        Subscription(event="preau.directory.events:GrantGiven", handler="preau.signin.subscribers:withdraw_code_of"),
        Subscription(
            event="preau.directory.events:RosterUndone",
            handler="preau.signin.subscribers:withdraw_access_of_undone",
        ),
    ),
    providers=(
        Provider(protocol="preau.kernel.routes:Authenticator", implementation="preau.signin.authenticator:session"),
        Provider(protocol="preau.ui.api:Identity", implementation="preau.signin.shell:identity"),
        Provider(protocol="preau.ui.api:AccountMenu", implementation="preau.signin.shell:account_menu"),
        Provider(protocol="preau.ui.api:PersonSlot", implementation="preau.signin.slots:person_slot"),
        Provider(protocol="preau.ui.api:GroupSlot", implementation="preau.signin.slots:group_slot"),
        Provider(protocol="preau.platform.demo:Accounts", implementation="preau.signin.demo:accounts"),
    ),
)
