"""Routes: one table that says, for every address, who may come in and what it shows.

The house builds Django's URLs from it and wraps each view: authenticate → allow → view → disclose → headers. A route
without `auth` cannot be written down (the argument is required). The refusal matrix of the contract tests is generated
from this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django.http import HttpRequest, HttpResponseBase

from preau.kernel.actor import Actor, Role
from preau.kernel.disclosures import Disclosing

EVERYBODY = frozenset(Role)
SCHOOL_ADULTS = frozenset({Role.TEACHER, Role.STAFF, Role.VIE_SCOLAIRE, Role.REFERENT, Role.DIRECTION})

View = Callable[..., HttpResponseBase]
# "public" | "session" | "app-password" | "bearer:<scope>" | "device"
Auth = str


class HouseRequest(HttpRequest):
    """A request inside the house: `actor` is always set; `disclosing` collects whom the page shows."""

    actor: Actor
    disclosing: Disclosing


class Authenticator(Protocol):
    """Turns a request into an Actor, or None. Reads the person's state at every request."""

    auth: str

    def authenticate(self, request: HttpRequest) -> Actor | None: ...

    def challenge(self, request: HttpRequest) -> HttpResponseBase:
        """What an unauthenticated caller gets: a redirect to the form, a 401 with a challenge."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the refusal matrix sends to a route: path arguments, and a body for routes that write."""

    kwargs: Mapping[str, str] | None = None
    data: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address.

    `path` in Django's syntax without the leading slash; `name` unique, "<module>.<name>". `allow`: roles that may come
    in (a session's active hat); empty for public routes. `example`: argument factory for the refusal matrix,
    "package.module:name" → Callable[[World], Example] where World is the test's school. `discloses`: the purpose for
    which it shows other people's records (the view fills `request.disclosing`). `csp`: additions, e.g.
    {"script-src": ["'wasm-unsafe-eval'"]}. `isolated`: COOP + COEP. `body_limit` in bytes.
    """

    path: str
    view: View
    name: str
    auth: Auth
    methods: tuple[Literal["GET", "POST", "PUT", "DELETE"], ...] = ("GET",)
    allow: frozenset[Role] = frozenset()
    example: str = ""
    discloses: str = ""
    csp: Mapping[str, tuple[str, ...]] | None = None
    isolated: bool = False
    secure_context: bool = False
    body_limit: int = 1 << 20
    extra: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.auth == "session" and not self.allow:
            raise ValueError(f"route {self.name}: a session route says which roles it allows")
        if self.auth == "public" and self.allow:
            raise ValueError(f"route {self.name}: a public route allows everybody; leave `allow` out")
