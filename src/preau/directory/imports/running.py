"""Reads, simulates and applies one set of files. Parsing is done before a transaction opens; what happens is seen from
outside it (`kernel.progress`), and an import that dies leaves a mark that `settle_interrupted` clears."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.db import connections

from preau.directory.actions.importing import ImportConflict, apply_import, begin_import, fail_import
from preau.directory.models import Import, Organisation
from preau.directory.models.importing import ImportState
from preau.directory.models.organisation import OrganisationKind as TableKind
from preau.directory.rosters.reading import read
from preau.directory.rosters.roster import Notice, OrganisationKind, OrganisationRow, Origin, Roster
from preau.directory.uai import corrected, normal
from preau.kernel import clock, progress
from preau.kernel.actor import Actor, system
from preau.kernel.db import VOLATILE
from preau.wire.tables import DEFAULT_MAX_ROWS

BEAT_SECONDS = 5.0
# Without a sign of life for that long, whoever was at work is dead.
SILENCE = dt.timedelta(seconds=60)


def find_school(uai: str) -> Organisation | None:
    """The school of that UAI, whatever its case."""
    return Organisation.objects.filter(uai__iexact=normal(uai), kind=TableKind.SCHOOL).order_by("pk").first()


def read_files(path: Path) -> Roster:
    """What the files say, no more rows a file than `PREAU_IMPORT_MAX_ROWS`. Raises `RosterRefused`."""
    limit = os.environ.get("PREAU_IMPORT_MAX_ROWS", "").strip()
    return read(path, today=clock.today(), max_rows=int(limit) if limit else DEFAULT_MAX_ROWS)


def read_roster(path: Path, uai: str = "") -> Roster:
    """The roster of a folder, zip or file; with `uai`, the school that it is, named where the file names none.

    Raises `RosterRefused`.
    """
    roster = read_files(path)
    if uai:
        name_school(roster, normal(uai))
    return roster


def name_school(roster: Roster, uai: str) -> None:
    """Gives the file's only school this UAI; a file that has no school gets one, to which its rows then belong."""
    if right := corrected(uai):
        roster.notices.append(Notice("uai_letter_wrong", {"uai": uai, "right": right}))
    if not roster.organisations:
        meant = {row.organisation_id for row in roster.affiliations} | {row.organisation_id for row in roster.groups}
        meant.discard("")
        only = meant.pop() if len(meant) == 1 else uai
        row = OrganisationRow(only, "", OrganisationKind.SCHOOL, Origin("", 0), uai)
        roster.organisations.append(row)
        for affiliation in roster.affiliations:
            affiliation.organisation_id = affiliation.organisation_id or only
        for group in roster.groups:
            group.organisation_id = group.organisation_id or only
        return
    if any(row.identifier.upper() == uai for row in roster.organisations):
        return
    schools = [row for row in roster.organisations if row.kind is OrganisationKind.SCHOOL] or roster.organisations
    if len(schools) == 1:
        schools[0].identifier = uai
        schools[0].kind = OrganisationKind.SCHOOL
    else:
        roster.notices.append(Notice("school_not_found", {"uai": uai}))


def progress_key(uuid: UUID) -> str:
    """Where `kernel.progress` tells of this import."""
    return f"import:{uuid}"


class _Beat:
    """Tells where an import is at each step, and in between that it still lives."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._last = ("reading", 0, 0)

    def report(self, step: str, done: int = 0, total: int = 0) -> None:
        with self._lock:
            self._last = (step, done, total)
            progress.report(self._key, step, done, total)

    def repeat(self) -> None:
        with self._lock:
            progress.report(self._key, *self._last)


@contextmanager
def beating(uuid: UUID) -> Iterator[_Beat]:
    """Says that somebody is at work on this import for as long as the block runs."""
    beat = _Beat(progress_key(uuid))
    beat.report("reading")
    done = threading.Event()

    def keep() -> None:
        try:
            while not done.wait(BEAT_SECONDS):
                beat.repeat()
        finally:
            connections[VOLATILE].close()

    thread = threading.Thread(target=keep, name=f"import-{uuid}", daemon=True)
    thread.start()
    try:
        yield beat
    finally:
        done.set()
        thread.join()
        progress.forget(progress_key(uuid))


def carry_out(
    actor: Actor,
    of: Import,
    roster: Roster,
    *,
    school: Organisation | None,
    limited: bool,
    accept_exodus: bool,
    beat: _Beat,
    matches: Mapping[str, int] | None = None,
) -> None:
    """Applies an import that was begun; one that cannot be is marked failed, and the `ImportConflict` goes on."""
    try:
        apply_import(
            actor,
            of,
            roster,
            school=school,
            limited=limited,
            accept_exodus=accept_exodus,
            report=beat.report,
            matches=matches,
        )
    except ImportConflict as conflict:
        fail_import(actor, of, reason=conflict.code)
        raise


def begin_and_carry_out(
    actor: Actor, of: Import, roster: Roster, *, school: Organisation | None, limited: bool, accept_exodus: bool
) -> None:
    """Both steps in this process, as the command line does them."""
    with beating(of.uuid) as beat:
        begin_import(actor, of, accept_exodus=accept_exodus)
        carry_out(actor, of, roster, school=school, limited=limited, accept_exodus=accept_exodus, beat=beat)


def is_silent(of: Import) -> bool:
    """Whether nobody gave a sign of life about this import for `SILENCE`."""
    last = progress.read(progress_key(of.uuid))
    return last is None or last.updated_at < clock.now() - SILENCE


def settle_interrupted() -> int:
    """Marks imports as failed whose program died: their transaction wrote nothing. Returns how many."""
    from preau.directory.imports.deposits import is_job_due

    stopped = 0
    for of in Import.objects.filter(state=ImportState.APPLYING):
        if is_silent(of) and not is_job_due(of.uuid):
            stopped += fail_import(system("import"), of, reason="import_interrupted")
            progress.forget(progress_key(of.uuid))
    return stopped
