"""What the house reads of the directory."""

from preau.kernel.actor import Role
from preau.kernel.room import Command, RailEntry, Room, Schedule, Setting

_READERS = frozenset(Role) - {Role.MINISTERE, Role.DPO, Role.TRAINER}

room = Room(
    name="directory",
    policies="preau.directory.policies",
    rail=(
        RailEntry(
            label="Annuaire",
            icon="contact-round",
            url="/annuaire/",
            order=80,
            roles=_READERS,
            also=("/rentree/",),
        ),
    ),
    schedules=(
        Schedule(name="directory.settle", job="preau.directory.jobs:settle", at="00:05"),
        Schedule(name="directory.uploads", job="preau.directory.imports.jobs:clean", every_minutes=60),
        Schedule(name="directory.interrupted", job="preau.directory.imports.jobs:settle", every_minutes=2),
    ),
    commands=(
        Command(
            name="import",
            module="preau.directory.commands.importing",
            help="importe les fichiers d’une école, ou annule un import",
        ),
    ),
    settings=(
        Setting(
            name="PREAU_IMPORT_MAX_ROWS",
            default="2000000",
            help="Rows that one file of an import may have; more is refused.",
        ),
    ),
    routes="preau.directory.routes:routes",
    search="preau.directory.search:search",
    privacy="preau.directory.privacy:holdings",
    demo="preau.directory.demo:run",
    traces="preau.directory.rosters.undoing:traces",
)
