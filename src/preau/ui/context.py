"""`house` in every template: who is signed in, the rail, the bell, and how the page is to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from preau.kernel.actor import ANONYMOUS, Actor, Role
from preau.kernel.room import RailEntry, declared, providers
from preau.ui import toasts
from preau.ui.protocols import (
    AccountMenu,
    BellSource,
    Facts,
    Identity,
    InstanceFacts,
    MenuLink,
    Portrait,
    SearchPage,
)

# On a phone the rail is a bar of so many places; beyond, « Plus » opens the rest.
PLACES = 4


@dataclass(frozen=True, slots=True)
class RailLink:
    """A room in the rail. `extra` ones are under « Plus » on a phone."""

    label: str
    icon: str
    url: str
    current: bool
    extra: bool


class House:
    """The house as one request sees it; each part is looked up when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Actor = getattr(request, "actor", ANONYMOUS)

    @cached_property
    def me(self) -> Portrait | None:
        """Who is signed in, or None."""
        if not self.actor.is_person:
            return None
        return next((found for identify in providers(Identity) if (found := identify(self.actor))), None)

    @cached_property
    def facts(self) -> Facts:
        """What is known of this instance; empty facts before it was set up."""
        return next((facts() for facts in providers(InstanceFacts)), Facts())

    @property
    def organisation(self) -> str:
        """The school the page speaks for: the person's, else the instance's, else the program's name."""
        return (self.me.organisation if self.me else "") or self.facts.organisation or "Préau"

    @property
    def role(self) -> Role | None:
        """The role worn in this session."""
        return self.actor.hat.role if self.actor.hat else None

    @property
    def tu(self) -> bool:
        """Whether this page says *tu*: to pupils, lycée excepted."""
        return self.role is Role.PUPIL and (self.me is None or self.me.stage != "lycee")

    @property
    def theme(self) -> str:
        """`data-theme` of the page; "" leaves it to the device."""
        return self.me.preferences.theme if self.me else ""

    @property
    def density(self) -> str:
        """`data-density` of the page: the person's choice, else by age (6–10, 11–14, older and adults)."""
        if self.me is None:
            return "regular"
        if self.me.preferences.density:
            return self.me.preferences.density
        if self.role is Role.PUPIL:
            return {"ecole": "roomy", "lycee": "compact"}.get(self.me.stage, "regular")
        return "regular" if self.role is Role.GUARDIAN else "compact"

    @cached_property
    def rail(self) -> Sequence[RailLink]:
        """The rooms that this role may enter, in their order."""
        entries = sorted(
            (entry for entry in declared(lambda room: room.rail) if self.role in entry.roles),
            key=lambda entry: entry.order,
        )
        here = self._here(entries)
        shown = list(range(min(len(entries), PLACES)))
        if here >= PLACES:
            shown[-1] = here
        return [
            RailLink(gettext(entry.label), entry.icon, entry.url, index == here, index not in shown)
            for index, entry in enumerate(entries)
        ]

    def _here(self, entries: Sequence[RailEntry]) -> int:
        # The longest address that begins the page's: "/" is every page's beginning, so it only counts for itself.
        path = self._request.path
        inside = [
            (len(url), index)
            for index, entry in enumerate(entries)
            for url in (entry.url, *entry.also)
            if path == url or (url != "/" and path.startswith(url))
        ]
        return max(inside)[1] if inside else -1

    @property
    def more(self) -> Sequence[RailLink]:
        """What « Plus » holds on a phone."""
        return [link for link in self.rail if link.extra]

    @property
    def page(self) -> str:
        """The address shown, for the forms that come back to it."""
        return self._request.get_full_path() if self._request.method == "GET" else self._request.path

    @cached_property
    def menu(self) -> Sequence[MenuLink]:
        """The lines under the avatar; those that post come last, after a rule."""
        links = [link for lines in providers(AccountMenu) for link in lines(self.actor)]
        return sorted(links, key=lambda link: (link.post, link.order))

    @cached_property
    def search(self) -> str:
        """Where the bar's search goes; "" shows no search."""
        return next((url for page in providers(SearchPage) if (url := page(self.actor))), "")

    @property
    def has_bell(self) -> bool:
        """Whether any room rings."""
        return bool(providers(BellSource))

    @cached_property
    def bell(self) -> Sequence[SafeString]:
        """What is new, one list item a line."""
        return [line for ring in providers(BellSource) if (line := ring(self.actor))]

    @cached_property
    def toasts(self) -> Sequence[toasts.Toast]:
        """What was just done."""
        return toasts.pending(self._request)


def house(request: HttpRequest) -> dict[str, object]:
    """The context processor: nothing is looked up until a template says `house`."""
    return {"house": SimpleLazyObject(lambda: House(request))}
