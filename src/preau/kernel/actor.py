"""Who acts: the one value that actions, `can`, `visible` and the audit receive.

The kernel knows no Person. An authenticator (registered by `signin`) turns a request into an `Actor`; the command line
and jobs use `system(...)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Roles of the directory. A role is always held somewhere: see `Hat`."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    VIE_SCOLAIRE = "vie_scolaire"
    STAFF = "staff"
    REFERENT = "referent"
    DIRECTION = "direction"
    ACADEMIE = "academie"
    MINISTERE = "ministere"
    DPO = "dpo"
    TRAINER = "trainer"


class Scope(StrEnum):
    """How far a role reaches. `names`: name and class only (AED). `health`: pupils and guardians, sealed threads."""

    WHOLE = ""
    NAMES = "names"
    HEALTH = "health"


class ActorKind(StrEnum):
    """What kind of thing acts."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    SERVICE = "service"
    DEVICE = "device"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Hat:
    """One role held in one organisation. `path` is that organisation's, so that a subtree is a range."""

    role: Role
    organisation_id: int
    path: str
    scope: Scope = Scope.WHOLE


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, wearing which hats.

    A web session wears one hat at a time; protocols (DAV, OIDC) wear all of a person's. `label` names services,
    devices and system tasks in the audit; `strength` says how the person proved who they are ("" when not asked).
    """

    kind: ActorKind
    id: int | None = None
    uuid: UUID | None = None
    label: str = ""
    hats: tuple[Hat, ...] = ()
    strength: str = ""

    @property
    def is_system(self) -> bool:
        """The house itself: commands of the machine's owner, jobs, migrations."""
        return self.kind is ActorKind.SYSTEM

    @property
    def is_person(self) -> bool:
        """A signed-in person."""
        return self.kind is ActorKind.PERSON

    @property
    def hat(self) -> Hat | None:
        """The hat of a web session; the first one otherwise."""
        return self.hats[0] if self.hats else None

    def roles(self) -> frozenset[Role]:
        """Every role worn."""
        return frozenset(hat.role for hat in self.hats)

    def wears(self, *roles: Role, organisation_id: int | None = None) -> bool:
        """Whether one of `roles` is worn (in that organisation, when given)."""
        return any(
            hat.role in roles and (organisation_id is None or hat.organisation_id == organisation_id)
            for hat in self.hats
        )


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)


def system(label: str) -> Actor:
    """The house acting by itself; `label` says for what ("import", "retention")."""
    return Actor(kind=ActorKind.SYSTEM, label=label)
