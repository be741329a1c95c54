"""Compares a roster with the present state and says what to do. Pure: no database, no clock, no Django.

One function serves simulation and apply: `plan(roster, state, choices)`. Each file here answers for one kind of row,
in the order in which they depend on one another: organisations, people, groups, enrolments, guardianships.
"""

from preau.directory.rosters.planning.planner import Choices, plan

__all__ = ["Choices", "plan"]
