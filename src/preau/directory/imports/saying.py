"""Codes of the importer put into sentences, in the language in use."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from preau.directory.rosters.roster import Notice, Rejected
from preau.directory.rosters.sentences import FAILURES, FORMATS, IDENTIFIERS, NOTICES, REASONS, REFUSALS


def refusal(reason: str, details: Mapping[str, str]) -> str:
    """Why the whole input is refused."""
    return gettext(REFUSALS[reason]).format_map(details)


def rejection(reason: str, details: Mapping[str, str]) -> str:
    """Why a row was not taken."""
    return gettext(REASONS[reason]).format_map(details)


def rejected(row: Rejected) -> str:
    """The same, of a planned row."""
    return rejection(row.reason, row.details)


def notice(reason: str, details: Mapping[str, str], file: str = "") -> str:
    """Something to know, with the file it is about in front."""
    if reason == "identifier_of_another":
        details = {**details, "kind": IDENTIFIERS.get(details["kind"], details["kind"])}
    sentence = gettext(NOTICES[reason]).format_map(details)
    if not file:
        return sentence
    return gettext("{file} : {sentence}").format(file=file, sentence=sentence)


def noticed(row: Notice) -> str:
    """The same, of a planned notice."""
    return notice(row.reason, row.details, row.file)


def failure(code: str) -> str:
    """Why an import that was begun did not happen."""
    return gettext(FAILURES[code])


def format_name(code: str) -> str:
    """What a format is called."""
    return FORMATS.get(code, code)
