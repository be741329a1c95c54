"""What happened in the directory, for whoever subscribes. Ids are the directory's keys."""

from __future__ import annotations

from dataclasses import dataclass

from preau.kernel.events import Event, event


@event("directory.person_added.1")
@dataclass(frozen=True, slots=True)
class PersonAdded(Event):
    """Somebody was added by hand."""

    person_id: int


@event("directory.person_edited.1")
@dataclass(frozen=True, slots=True)
class PersonEdited(Event):
    """Names, contacts or username changed."""

    person_id: int


@event("directory.person_suspended.1")
@dataclass(frozen=True, slots=True)
class PersonSuspended(Event):
    """Signs in nowhere from now on; everything is kept."""

    person_id: int


@event("directory.person_resumed.1")
@dataclass(frozen=True, slots=True)
class PersonResumed(Event):
    """May sign in again."""

    person_id: int


@event("directory.grant_given.1")
@dataclass(frozen=True, slots=True)
class GrantGiven(Event):
    """Somebody got a role."""

    grant_id: int
    person_id: int


@event("directory.grant_ended.1")
@dataclass(frozen=True, slots=True)
class GrantEnded(Event):
    """Somebody lost a role, or a proposal was declined."""

    grant_id: int
    person_id: int


@event("directory.guardianship_decided.1")
@dataclass(frozen=True, slots=True)
class GuardianshipDecided(Event):
    """Direction said what a guardian may."""

    guardianship_id: int
    guardian_id: int
    pupil_id: int


@event("directory.roster_applied.1")
@dataclass(frozen=True, slots=True)
class RosterApplied(Event):
    """An import was applied: page through `directory.api.changes(import_id)`."""

    import_id: int


@event("directory.roster_undone.1")
@dataclass(frozen=True, slots=True)
class RosterUndone(Event):
    """An import was taken back. `untied`: people who had a tie to a school through it, and have none there now."""

    import_id: int
    untied: list[int]
