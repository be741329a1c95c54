"""The tree of organisations: its one root, and the fixed-width path of every node."""

from __future__ import annotations

from preau.directory.models import Organisation
from preau.directory.models.organisation import PATH_STEP, OrganisationKind, Stage
from preau.wire.text import fold

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_STAGES = (
    (Stage.PRIMARY, ("ecole", "primaire", "elementaire", "maternelle", "primary", "elementary")),
    (Stage.COLLEGE, ("college", "middle")),
    (Stage.LYCEE, ("lycee", "high", "lp", "lgt")),
)


def root() -> Organisation:
    """The instance itself, under which every organisation hangs. A migration makes it."""
    return Organisation.objects.get(kind=OrganisationKind.INSTANCE)


def next_path(parent: Organisation) -> str:
    """The path of a new child of `parent`: its path, then a number of `PATH_STEP` base-36 digits."""
    last = Organisation.objects.filter(parent=parent).order_by("-path").values_list("path", flat=True).first()
    number = int(last[-PATH_STEP:], 36) + 1 if last else 1
    digits = ""
    for _ in range(PATH_STEP):
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return parent.path + digits


def stage_of(name: str) -> str:
    """What a school teaches, from its name ("Collège Marie-Curie"); "" when the name does not say."""
    words = set(fold(name).split())
    return next((stage.value for stage, hints in _STAGES if words & set(hints)), "")
