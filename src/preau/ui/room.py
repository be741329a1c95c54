"""What the house reads of the furniture: the pages the law wants, the language form, the showroom."""

from preau.kernel.room import Room, Setting

room = Room(
    name="ui",
    routes="preau.ui.routes:routes",
    settings=(
        Setting(
            name="PREAU_DEV", default="", help="`1` on a developer's machine: shows every component at /composants."
        ),
    ),
)
