"""The one exception of `preau.wire`, and the list of what can be wrong with a file.

Codes, with the details each carries (all strings):

Files and archives
    not_found, not_a_file: `name`
    path_escape, absolute_path, symlink: `name`; a member that would stand outside the set
    several_folders: `folders`; files in more than one subfolder, so that nobody knows which set is meant
    too_many_entries: `limit`
    file_too_large, set_too_large: `name` (the first only), `limit` in bytes, unpacked
    compression_bomb: `name`, `ratio`; unpacks to implausibly more than its size
    duplicate_entry: `name`; two members of one name
    truncated_archive: a zip without its end; damaged_archive: `name`; a member that does not unpack
    encrypted_archive, unsupported_compression: `name`
    nested_archive: `name`; an archive inside an archive

Tables
    empty: `name`; no line that is not blank
    binary: `name`, `kind`; not a text: "zip", "workbook", "pdf", "image", "legacy_workbook", "archive" or "data"
    too_many_rows: `name`, `limit`
    field_too_long, unclosed_quote: `name`, `line`; from there on the columns cannot be told apart

XML
    xml_malformed: `line`; xml_encoding: `encoding`; xml_internal_subset, xml_entity; xml_too_large: `limit`
"""

from __future__ import annotations


class WireError(Exception):
    """Input from outside cannot be read. `code` is one of this module's list, `details` what a sentence may name."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details
