"""The order of planning, and the year guard."""

from __future__ import annotations

from preau.directory.rosters.plan import Plan
from preau.directory.rosters.planning import deletions, enrolments, groups, guardianships, organisations, people, ties
from preau.directory.rosters.planning.context import Choices, Planning
from preau.directory.rosters.planning.fitting import fitted
from preau.directory.rosters.roster import Roster, RosterRefused
from preau.directory.rosters.state import State

__all__ = ["Choices", "plan"]


def plan(roster: Roster, state: State, choices: Choices) -> Plan:
    """What importing `roster` into `state` would do. Raises `RosterRefused` when the whole input must not be used.

    The same arguments give the same plan, with the same digest; none of them is changed.
    """
    roster = fitted(roster)
    year = roster.school_year or choices.school_year
    made = Plan(family=roster.family, format=roster.format, school_year=year)
    made.rejected.extend(roster.rejected)
    made.notices.extend(roster.notices)
    work = Planning(roster=roster, state=state, choices=choices, plan=made, is_next_year=year > choices.school_year)
    _guard_year(work, year)
    work.note_faults()
    organisations.resolve(work)
    people.resolve(work)
    ties.affiliate(work)
    deletions.leave(work)
    groups.resolve(work)
    enrolments.enrol(work)
    groups.close_absent(work)
    deletions.drop(work)
    guardianships.tie(work)
    ties.conclude(work)
    work.say_counted()
    return made


def _guard_year(work: Planning, year: int) -> None:
    """Last year's file would send everybody away: refused where this year's groups are already there."""
    if work.is_next_year:
        work.notice("next_year", year=f"{year}-{year + 1}")
    elif year < work.choices.school_year and any(
        group.own and group.school_year >= work.choices.school_year for group in work.state.groups.values()
    ):
        raise RosterRefused(
            "last_year",
            year=f"{year}-{year + 1}",
            present=f"{work.choices.school_year}-{work.choices.school_year + 1}",
        )
