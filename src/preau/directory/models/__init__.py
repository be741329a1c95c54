"""Tables of the directory (see docs/directory.md). Bigint keys inside, UUIDv7 outside.

Dates are half-open: a row holds from `starts` (empty: always) until the day before `ends` (empty: open).
"""

from preau.directory.models.group import Group, Membership, Subject, Teaching
from preau.directory.models.guardianship import Guardianship
from preau.directory.models.identity import ExternalId, Source
from preau.directory.models.importing import Import, ImportChange, RejectedRow
from preau.directory.models.organisation import Holiday, Organisation, Place
from preau.directory.models.person import Affiliation, Grant, Person

__all__ = [
    "Affiliation",
    "ExternalId",
    "Grant",
    "Group",
    "Guardianship",
    "Holiday",
    "Import",
    "ImportChange",
    "Membership",
    "Organisation",
    "Person",
    "Place",
    "RejectedRow",
    "Source",
    "Subject",
    "Teaching",
]
