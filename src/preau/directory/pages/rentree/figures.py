"""Words and figures that the pages of one import share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.imports import saying
from preau.directory.imports.deposits import SeenFile
from preau.directory.imports.listing import Created, Formed
from preau.directory.models import Import, RejectedRow
from preau.directory.words import kind_word, listed
from preau.ui.api import number

PAGE = 50
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the ledger."""

    label: str
    value: int
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list: `pages` at least 1."""

    page: int
    pages: int
    start: int


def sliced(total: int, asked: str) -> Slice:
    """The page asked for, or the nearest there is."""
    pages = max(1, -(-total // PAGE))
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    at = min(max(wanted, 1), pages)
    return Slice(at, pages, (at - 1) * PAGE)


def cut(items: Sequence[T], at: Slice) -> Sequence[T]:
    """The items of that page."""
    return items[at.start : at.start + PAGE]


def creations(created: Sequence[Created], formed: Sequence[Formed]) -> list[Figure]:
    """Pupils, guardians, adults of the school, classes and groups to be created; what is nought is left out."""
    kinds = Counter(new.kind for new in created)
    groups = Counter(group.kind for group in formed)
    pupils, guardians = kinds["pupil"], kinds["guardian"]
    adults = len(created) - pupils - guardians
    rows = [
        (ngettext("élève à créer", "élèves à créer", pupils), pupils),
        (ngettext("responsable à créer", "responsables à créer", guardians), guardians),
        (ngettext("adulte à créer", "adultes à créer", adults), adults),
        (ngettext("classe", "classes", groups["division"]), groups["division"]),
        (ngettext("groupe", "groupes", groups["group"]), groups["group"]),
    ]
    return [Figure(label, value) for label, value in rows if value]


def read_words(file: SeenFile) -> str:
    """ "624 élèves, 24 classes": what was read of a file."""
    rows = file.rows
    words = [
        (rows.get("pupil", 0), ngettext("{n} élève", "{n} élèves", rows.get("pupil", 0))),
        (rows.get("guardian", 0), ngettext("{n} responsable", "{n} responsables", rows.get("guardian", 0))),
        (rows.get("teacher", 0), ngettext("{n} professeur", "{n} professeurs", rows.get("teacher", 0))),
        (rows.get("staff", 0), ngettext("{n} personnel", "{n} personnels", rows.get("staff", 0))),
        (rows.get("division", 0), ngettext("{n} classe", "{n} classes", rows.get("division", 0))),
        (rows.get("group", 0), ngettext("{n} groupe", "{n} groupes", rows.get("group", 0))),
        (rows.get("organisation", 0), ngettext("{n} établissement", "{n} établissements", rows.get("organisation", 0))),
        (rows.get("enrolment", 0), ngettext("{n} inscription", "{n} inscriptions", rows.get("enrolment", 0))),
        (rows.get("guardianship", 0), ngettext("{n} lien", "{n} liens", rows.get("guardianship", 0))),
    ]
    said = [word.format(n=number(count)) for count, word in words if count]
    if not said and rows.get("row"):
        said = [ngettext("{n} personne", "{n} personnes", rows["row"]).format(n=number(rows["row"]))]
    return ", ".join(said)


def kinds_word(kinds: Sequence[str]) -> str:
    """ "Élève", "Professeur et personnel"."""
    words = [kind_word(kind) for kind in kinds if kind]
    return listed([words[0], *(word.lower() for word in words[1:])]) if words else ""


def field_word(field: str) -> str:
    """What a column is called."""
    return {
        "access": _("Compte"),
        "family_name": _("Nom"),
        "given_name": _("Prénom"),
        "preferred_given_name": _("Prénom d’usage"),
        "birth_date": _("Date de naissance"),
        "email": _("Adresse"),
        "phone": _("Téléphone"),
        "label": _("Fonction"),
        "level": _("Niveau"),
        "name": _("Nom"),
    }[field]


@dataclass(frozen=True, slots=True)
class Fix:
    """One cell of a rejected row that may be corrected. `at` is its place among the file's columns."""

    at: int
    header: str
    value: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A rejected row as people read it."""

    row: RejectedRow
    who: str
    why: str
    asked: list[Fix]
    others: list[Fix]


def refused(row: RejectedRow, headers: Sequence[str]) -> Refused:
    """The row with its sentence; `headers` are the columns of its file, none where it cannot be corrected.

    What planning rejects is kept under the model's words: it is corrected here where these are the file's own too.
    """
    fields: dict[str, Any] = row.fields
    column = str(row.details.get("column", ""))
    fixes = [Fix(at, header, str(fields.get(header, "")), header == column) for at, header in enumerate(headers)]
    if not fields or not set(fields) <= set(headers) or row.reason == "other_school":
        fixes = []
    return Refused(
        row,
        _who(fields),
        saying.rejection(row.reason, row.details),
        [fix for fix in fixes if fix.asked],
        [fix for fix in fixes if not fix.asked],
    )


def _who(fields: dict[str, Any]) -> str:
    """What a row calls whom it speaks of: its given and family names, else its first value."""
    lowered = {header.casefold().replace(" ", "").replace("_", ""): str(value) for header, value in fields.items()}
    full = " ".join(
        lowered[name]
        for name in ("givenname", "firstname", "prénom", "familyname", "lastname", "nom")
        if lowered.get(name)
    )
    if full:
        return full
    for name in ("name", "title", "sectionname", "classname", "username"):
        if lowered.get(name):
            return lowered[name]
    return next((str(value) for value in fields.values() if value), "")


def warnings(of: Import) -> list[str]:
    """The notices of a simulation, in the reader's language."""
    return [
        saying.notice(row["reason"], row.get("details", {}), row.get("file", ""))
        for row in of.warnings
        if row["reason"] != "kept_by_undo"
    ]


def kept_rows(of: Import) -> list[tuple[str, str]]:
    """What the undo left: (table, name)."""
    return [
        (str(row["details"].get("what", "")).partition(".")[0], str(row["details"].get("name", "")))
        for row in of.warnings
        if row["reason"] == "kept_by_undo"
    ]
