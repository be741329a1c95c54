"""What the shell asks of the rooms above it. A room answers with a provider in its `room.py`; nobody does, and the
part is not shown.

Every protocol is a function: `kernel.room.providers(Identity)` gives the functions that rooms offer, lower rooms first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from django.utils.safestring import SafeString

from preau.kernel.actor import Actor

if TYPE_CHECKING:
    from preau.kernel.routes import HouseRequest

Density = Literal["roomy", "regular", "compact"]
Theme = Literal["light", "dark"]
Stage = Literal["ecole", "college", "lycee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person chose for themselves; "" follows the default: the device's light, the density of their age."""

    theme: Theme | Literal[""] = ""
    density: Density | Literal[""] = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HatChoice:
    """One (school, role) that a person may act in. `key` is what the switch form posts as `hat`."""

    key: str
    label: str
    organisation: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """Who is signed in, as the shell shows them.

    `role` is said after the name ("Élève, 4e C"); `place` after the school ("4e C"). `stage` is the school's, for
    pupils only: it decides between *tu* and *vous* and the density. `switch_url` takes a POST with `hat`.
    """

    name: str
    initials: str
    chalk: str
    role: str
    organisation: str
    place: str = ""
    stage: Stage | Literal[""] = ""
    hats: tuple[HatChoice, ...] = ()
    switch_url: str = ""
    preferences: Preferences = field(default_factory=Preferences)


class Identity(Protocol):
    """The portrait of a signed-in person, or None for an actor this room does not know."""

    def __call__(self, actor: Actor) -> Portrait | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLink:
    """A line of the menu under the avatar. `label` is translated; `post` makes it a form (to sign out)."""

    label: str
    icon: str
    url: str
    order: int
    post: bool = False


class AccountMenu(Protocol):
    """Lines of the menu under the avatar: profile, sessions, sign out."""

    def __call__(self, actor: Actor) -> Sequence[MenuLink]: ...


class SearchPage(Protocol):
    """The address that the bar's search form opens with `q`, or "" when this actor has nothing to search."""

    def __call__(self, actor: Actor) -> str: ...


class BellSource(Protocol):
    """Something new for this actor, as a list item of the bell's menu; None when there is nothing."""

    def __call__(self, actor: Actor) -> SafeString | None: ...


_NOTHING = SafeString("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One part of the home page.

    `place`: `wide` spans the page above both columns, `main` holds what is to do, `aside` what is good to have. Within
    a place the lower `order` comes first. The head of the page takes the first `title` and the first `actions` (buttons
    of which one may be primary), and every `lead`, a sentence, in order; a card may be nothing else.
    """

    order: int
    html: SafeString = _NOTHING
    place: Literal["wide", "main", "aside"] = "main"
    title: str = ""
    lead: str = ""
    actions: SafeString = _NOTHING


class HomeCard(Protocol):
    """The parts that a room has for the home page of `request.actor`: several, when one reading serves several.

    It gets the request because its words may say *tu*, its forms need their token, and what it shows of other people
    goes to `request.disclosing`.
    """

    def __call__(self, request: HouseRequest) -> Sequence[Card]: ...


class PersonSlot(Protocol):
    """What a room adds to a person's page, as HTML. `person` is a `directory` Person that the actor may see."""

    def __call__(self, actor: Actor, person: Any) -> SafeString | None: ...


class GroupSlot(Protocol):
    """What a room adds to a group's page, as HTML. `group` is a `directory` Group that the actor may see."""

    def __call__(self, actor: Actor, group: Any) -> SafeString | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the law wants said about this instance. "" is not said yet: the page then names who must fill it in."""

    organisation: str = ""
    address: str = ""
    director: str = ""  # directeur ou directrice de la publication
    contact: str = ""  # an e-mail address or a telephone number
    controller: str = ""  # responsable de traitement
    dpo: str = ""  # name and address of the data protection officer
    host: str = ""  # who runs the machine
    host_place: str = ""  # where the machine stands
    processors: tuple[str, ...] = ()
    accessibility_contact: str = ""


class InstanceFacts(Protocol):
    """The facts of this instance, from its settings."""

    def __call__(self) -> Facts: ...
