"""`preau import PATH` and `preau import undo ID`.

Without `--yes` it simulates and writes nothing in the directory. Exit status: 0 simulated or applied (rejected rows are
listed), 1 the whole input is refused or the undo is not possible, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.actions.importing import simulate_import, undo_import
from preau.directory.imports import saying
from preau.directory.imports.running import begin_and_carry_out, find_school, read_roster, settle_interrupted
from preau.directory.models import Import
from preau.directory.models.importing import ImportState
from preau.directory.organisations import root
from preau.directory.rosters.plan import Count, Plan
from preau.directory.rosters.roster import RosterRefused
from preau.directory.words import kind_word
from preau.kernel.actor import system
from preau.kernel.errors import Conflict

DJANGO = True
UAI_LENGTH = 20
SHOWN_ROWS = 200
NOTHING = {"created": 0, "updated": 0, "departed": 0, "unchanged": 0}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """See the module."""
    parser.add_argument(
        "path", metavar="PATH | undo ID", nargs="+", help=_("un fichier, un dossier ou une archive zip")
    )
    parser.add_argument(
        "--school", metavar="UAI", default="", help=_("l’établissement des fichiers, créé s’il est nouveau")
    )
    parser.add_argument(
        "--complete", action="store_true", help=_("les fichiers disent tout : qui n’y figure pas est parti")
    )
    parser.add_argument("--yes", action="store_true", help=_("applique, même si plus d’une personne sur dix part"))
    parser.add_argument("--json", action="store_true", help=_("écrit un objet JSON"))


def run(namespace: argparse.Namespace) -> int:
    """Does what the arguments ask; returns the exit status."""
    words: list[str] = namespace.path
    if len(words) > 2 or (len(words) == 2 and words[0] != "undo"):
        return _wrong(_("un seul chemin à la fois"))
    if words[0] == "undo" and (len(words) == 2 or not Path("undo").exists()):
        return _undo(words[1] if len(words) == 2 else "", namespace)
    if len(namespace.school) > UAI_LENGTH:
        return _wrong(_("un UAI a huit caractères"))
    return _import(Path(words[0]), namespace)


def _wrong(sentence: str) -> int:
    _complain(sentence)
    return 2


def _complain(sentence: str) -> None:
    sys.stderr.write(_("preau import : {sentence}").format(sentence=sentence) + "\n")


def _import(path: Path, namespace: argparse.Namespace) -> int:
    actor = system("import")
    settle_interrupted()
    of: Import | None = None
    format_ = ""
    try:
        roster = read_roster(path, namespace.school)
        format_ = roster.format
        school = find_school(namespace.school) if namespace.school else None
        of, made = simulate_import(
            actor,
            roster,
            organisation=school or root(),
            school=school,
            limited=False,
            complete=namespace.complete,
            file_name=path.resolve().name,
        )
        if namespace.yes:
            begin_and_carry_out(actor, of, roster, school=school, limited=False, accept_exodus=True)
    except RosterRefused as refused:
        return _refused(saying.refusal(refused.reason, refused.details), format_, of, namespace)
    except Conflict as conflict:
        return _refused(str(conflict), format_, of, namespace)
    if namespace.json:
        _write_json(_as_json(of, made, simulated=not namespace.yes))
    else:
        _say(of, made, simulated=not namespace.yes)
    return 0


def _refused(sentence: str, format_: str, of: Import | None, namespace: argparse.Namespace) -> int:
    _complain(sentence)
    if namespace.json:
        _write_json(
            {
                "import_id": str(of.uuid) if of else None,
                "format": format_ or None,
                "simulated": not namespace.yes,
                "people": NOTHING,
                "groups": NOTHING,
                "memberships": NOTHING,
                "rejected": [],
                "warnings": [sentence],
            }
        )
    return 1


def _write_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _as_json(of: Import, made: Plan, *, simulated: bool) -> dict[str, Any]:
    return {
        "import_id": str(of.uuid),
        "format": made.format,
        "simulated": simulated,
        "people": of.counts["people"],
        "groups": of.counts["groups"],
        "memberships": of.counts["memberships"],
        "rejected": [
            {"file": row.origin.file, "line": row.origin.line, "reason": saying.rejected(row)} for row in made.rejected
        ],
        "warnings": warnings(made),
    }


def warnings(made: Plan) -> list[str]:
    """What somebody should know before they say yes: notices, names in use, people who may be known, departures."""
    said = [saying.noticed(notice) for notice in made.notices]
    said += [
        _("L’identifiant {wanted} est déjà pris : {person} reçoit {given}.").format(**clash._asdict())
        for clash in made.clashes
    ]
    said += [
        _("{person} a le nom et la naissance d’une personne déjà présente ; une nouvelle est créée.").format(
            person=match.person
        )
        for match in made.weak_matches
    ]
    said += [
        _("Départs nombreux : {departing} sur {present} ({kind}).").format(
            departing=row.departing, present=row.present, kind=kind_word(row.kind).lower()
        )
        for row in made.exodus
    ]
    return said


def _say(of: Import, made: Plan, *, simulated: bool) -> None:
    out = sys.stdout.write
    head = _("Simulation : rien n’est écrit.") if simulated else _("Import appliqué.")
    out(f"{head} {saying.format_name(made.format)} · {of.uuid}\n")
    for label, count in (
        (_("personnes"), made.people),
        (_("classes et groupes"), made.groups),
        (_("inscriptions"), made.memberships),
    ):
        out(f"  {label:<20} {_counted(count)}\n")
    for sentence in warnings(made):
        out(f"  · {sentence}\n")
    refused = len(made.rejected)
    if refused:
        out(ngettext("{n} ligne refusée :", "{n} lignes refusées :", refused).format(n=refused) + "\n")
    for row in made.rejected[:SHOWN_ROWS]:
        out(f"  {row.origin.file}:{row.origin.line} {saying.rejected(row)}\n")
    if refused > SHOWN_ROWS:
        more = refused - SHOWN_ROWS
        out(ngettext("  et {n} autre (--json)", "  et {n} autres (--json)", more).format(n=more) + "\n")
    if simulated:
        out(_("Pour appliquer : la même commande avec --yes.") + "\n")
    else:
        out(_("Pour annuler : preau import undo {id}").format(id=of.uuid) + "\n")


def _counted(count: Count) -> str:
    return _("{created} créées, {updated} changées, {departed} parties, {unchanged} inchangées").format(
        created=count.created, updated=count.updated, departed=count.departed, unchanged=count.unchanged
    )


def _undo(given: str, namespace: argparse.Namespace) -> int:
    if not given:
        return _wrong(_("dites quel import annuler : preau import undo ID"))
    of = _find(given)
    if of is None:
        _complain(_("il n’y a pas d’import « {id} »").format(id=given))
        return 1
    try:
        kept = undo_import(system("import"), of)
    except Conflict as conflict:
        _complain(str(conflict))
        return 1
    sentences = [saying.notice("kept_by_undo", {"what": what, "name": name}) for what, name in kept.rows]
    if namespace.json:
        _write_json({"import_id": str(of.uuid), "undone": True, "warnings": sentences})
        return 0
    sys.stdout.write(_("Import annulé : l’annuaire est comme avant lui.") + "\n")
    for sentence in sentences:
        sys.stdout.write(f"  · {sentence}\n")
    return 0


def _find(given: str) -> Import | None:
    imports = Import.objects.exclude(state=ImportState.SIMULATED)
    if given.isdecimal() and len(given) < 19:
        return imports.filter(pk=int(given)).first()
    try:
        return imports.filter(uuid=UUID(given)).first()
    except ValueError:
        return None
