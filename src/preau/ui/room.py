"""What the house reads of the furniture: the pages the law wants, the language form, the showroom."""

from preau.kernel.room import Room

room = Room(name="ui", routes="preau.ui.routes:routes")
