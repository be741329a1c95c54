"""Uploaded files and what was decided about them, on disk until they are applied or a day has passed.

`PREAU_DATA/imports/<uuid>/` (0700) holds `files/` as uploaded, `deposit.json`, and what the simulation showed. The uuid
becomes the import's. Nothing here is in the database, so that an abandoned upload leaves no row.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from preau.kernel import clock
from preau.kernel.db import uuid7

KEEP_UNUSED = dt.timedelta(days=1)
# Most file systems hold 255 bytes; a number may come in.
NAME_BYTES = 200
_STILL_DUE = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


class SeenFile(msgspec.Struct):
    """One uploaded file as people see it: its rows by kind ("person", "division"…), and what was said of it."""

    name: str
    size: int
    rows: dict[str, int] = {}
    sentence_code: str = ""
    details: dict[str, str] = {}


class Refusal(msgspec.Struct):
    """Why the whole input was refused: a code of `sentences.REFUSALS` and its details."""

    reason: str
    details: dict[str, str]


class Deposit(msgspec.Struct, kw_only=True):
    """Files of one import. `file_school`: which of the file's schools is ours (its id there), "" when that shows.

    `corrections` holds the cells people changed: file → line → header → value. `import_id` 0: not simulated yet.
    """

    uuid: UUID
    organisation_id: int
    person_id: int
    role: str
    created_at: dt.datetime
    files: list[SeenFile]
    job_id: UUID | None = None
    import_id: int = 0
    complete: bool = False
    file_school: str = ""
    matches: dict[str, int] = {}
    corrections: dict[str, dict[int, dict[str, str]]] = {}
    refusal: Refusal | None = None
    failed: bool = False
    rows_read: int = 0
    seconds: float = 0.0

    @property
    def label(self) -> str:
        """The files' names, short."""
        names = [file.name for file in self.files]
        return names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"


def folder_of(uuid: UUID) -> Path:
    """Where an import's files are, whether or not they are."""
    return Path(settings.PREAU_DATA) / "imports" / str(uuid)


def files_of(uuid: UUID) -> Path:
    """The uploaded set as readers take it: the one file, or the folder of several."""
    folder = folder_of(uuid) / "files"
    inside = sorted(folder.iterdir())
    return inside[0] if len(inside) == 1 else folder


def has_files(uuid: UUID) -> bool:
    """Whether the uploaded files are still there."""
    return (folder_of(uuid) / "files").is_dir()


def keep(files: Iterable[UploadedFile[bytes]], *, organisation_id: int, person_id: int, role: str) -> Deposit:
    """Stores uploaded files. Empty file inputs must be left out by the caller."""
    uuid = uuid7()
    folder = folder_of(uuid) / "files"
    folder.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.parent.mkdir(mode=0o700)
    folder.mkdir(mode=0o700)
    seen: list[SeenFile] = []
    try:
        for file in files:
            name = _free_name(folder, file.name or "")
            with (folder / name).open("xb") as target:
                for chunk in file.chunks():
                    target.write(chunk)
            seen.append(SeenFile(name, file.size or 0))
    except OSError:
        # Half a roster, which nothing names, would stay on the disk for ever.
        forget(uuid)
        raise
    deposit = Deposit(
        uuid=uuid,
        organisation_id=organisation_id,
        person_id=person_id,
        role=role,
        created_at=clock.now(),
        files=seen,
    )
    save(deposit)
    return deposit


def _free_name(folder: Path, given: str) -> str:
    """A name without folders or anything a file system might mind; numbered where two files have the same."""
    kept = "".join(c for c in PurePath(given.replace("\\", "/")).name if c.isprintable() and c not in '<>:"|?*')
    kept = kept.encode()[-NAME_BYTES:].decode(errors="ignore").lstrip(".").strip() or "fichier"
    name, number = kept, 1
    while (folder / name).exists():
        number += 1
        name = f"{PurePath(kept).stem} {number}{PurePath(kept).suffix}"
    return name


def save(deposit: Deposit) -> None:
    """Writes `deposit.json` whole or not at all."""
    write_whole(folder_of(deposit.uuid) / "deposit.json", msgspec.json.encode(deposit))


def write_whole(path: Path, content: bytes) -> None:
    """Replaces a file of this process's owner alone."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)


def load(uuid: UUID) -> Deposit | None:
    """The deposit of that import, or None when it is gone."""
    try:
        content = (folder_of(uuid) / "deposit.json").read_bytes()
    except FileNotFoundError:
        return None
    return msgspec.json.decode(content, type=Deposit)


def deposits() -> Iterator[Deposit]:
    """Every deposit, oldest first."""
    top = Path(settings.PREAU_DATA) / "imports"
    for folder in sorted(top.iterdir()) if top.is_dir() else ():
        with suppress(ValueError):
            deposit = load(UUID(folder.name))
            if deposit is not None:
                yield deposit


def forget_files(uuid: UUID) -> None:
    """Removes the uploaded files; what the simulation showed stays."""
    shutil.rmtree(folder_of(uuid) / "files", ignore_errors=True)
    shutil.rmtree(folder_of(uuid) / "corrected", ignore_errors=True)


def forget(uuid: UUID) -> None:
    """Removes everything of an import from the disk."""
    shutil.rmtree(folder_of(uuid), ignore_errors=True)


def is_job_due(uuid: UUID) -> bool:
    """Whether a job of this import waits or runs: a killed worker's is given back and tried again."""
    deposit = load(uuid)
    if deposit is None or deposit.job_id is None:
        return False
    return DBTaskResult.objects.filter(pk=deposit.job_id, status__in=_STILL_DUE).exists()
