"""The one door to lxml: XML from outside, parsed without entities, network, DTD or unbounded trees.

`<!DOCTYPE x SYSTEM "…">` is allowed, for real files carry it, and never fetched. An internal subset is refused before
the parser sees it: with it come entity bombs, external entities and default attributes. A reference to an undeclared
entity is refused too, because lxml would leave the text around it and drop the rest silently.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, BinaryIO

from preau.wire.archives import Member
from preau.wire.errors import WireError

if TYPE_CHECKING:
    from lxml import etree as lxml_etree

DEFAULT_MAX_BYTES = 1 << 30
_PROLOG_BYTES = 1 << 16
# Encodings in which the bytes of "<!DOCTYPE" are what they look like; UTF-7 or EBCDIC would hide one.
_ENCODINGS = re.compile(r"utf-?8|utf-?16(le|be)?|us-ascii|iso-8859-\d\d?|windows-125\d|latin-?1", re.IGNORECASE)
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_SKIPPED = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<([^\W\d][\w.:-]*)")
_DOCTYPE = re.compile(r"""<!DOCTYPE(?:"[^"]*"|'[^']*'|[^\[>"'])*([\[>])""", re.DOTALL)


def check_prolog(stream: BinaryIO) -> str:
    """Read what stands before the root element and return the root's name as written, prefix included.

    Reads at most 64 kB and leaves the stream where it stopped. Raises `WireError` (xml_encoding, xml_internal_subset,
    xml_malformed).
    """
    head = stream.read(_PROLOG_BYTES)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in head and not wide:
        raise WireError("xml_encoding", encoding="?")
    text = head.decode("utf-16" if wide else "latin-1", errors="replace").removeprefix("\xef\xbb\xbf")
    declared = _DECLARED.match(text)
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        raise WireError("xml_encoding", encoding=declared[1])
    position = 0
    while True:
        if skipped := _SKIPPED.match(text, position):
            position = skipped.end()
        elif doctype := _DOCTYPE.match(text, position):
            if doctype[1] == "[":
                raise WireError("xml_internal_subset")
            position = doctype.end()
        elif root := _ROOT.match(text, position):
            return root[1]
        else:
            raise WireError("xml_malformed", line=str(text.count("\n", 0, position) + 1))


def parse(member: Member, *, max_bytes: int = DEFAULT_MAX_BYTES) -> lxml_etree._Element:
    """The root element of a whole document; beyond a few megabytes use `iterparse`. Raises `WireError`."""
    from lxml import etree

    _refuse_large(member, max_bytes)
    with member.open() as stream:
        check_prolog(stream)
    with member.open() as stream:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.parse(stream, parser).getroot()
        except etree.XMLSyntaxError as error:
            raise _translated(error, parser.error_log) from error
    _refuse_entities(root)
    return root


def iterparse(
    member: Member, tags: Collection[str], *, max_bytes: int = DEFAULT_MAX_BYTES
) -> Iterator[lxml_etree._Element]:
    """Yield each element of one of `tags` when it is whole, and free it and all before it once it has been looked at.

    Tags do not nest in one another. Memory is bounded by the largest such element and the parser's own 32 kB ahead.
    Raises `WireError`.
    """
    from lxml import etree

    _refuse_large(member, max_bytes)
    with member.open() as stream:
        check_prolog(stream)
    with member.open() as stream:
        events = etree.iterparse(
            stream,
            events=("end",),
            tag=tuple(tags),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        try:
            for _event, element in events:
                _refuse_entities(element)
                yield element
                _forget(element)
        except etree.XMLSyntaxError as error:
            raise _translated(error, events.error_log) from error


def _forget(element: lxml_etree._Element) -> None:
    element.clear()
    for ancestor in (element, *element.iterancestors()):
        parent = ancestor.getparent()
        while parent is not None and ancestor.getprevious() is not None:
            del parent[0]


def _refuse_large(member: Member, max_bytes: int) -> None:
    if member.size > max_bytes:
        raise WireError("xml_too_large", limit=str(max_bytes))


def _refuse_entities(element: lxml_etree._Element) -> None:
    from lxml import etree

    if next(element.iter(etree.Entity), None) is not None:
        raise WireError("xml_entity")


def _translated(error: lxml_etree.XMLSyntaxError, log: object) -> WireError:
    line = str(error.lineno or 1)
    # While streaming, the parser's own words are in the log only.
    message = f"{error.msg} {log}".casefold()
    if "entity" in message:
        return WireError("xml_entity", line=line)
    if "huge" in message or "depth" in message:
        return WireError("xml_too_large", line=line)
    return WireError("xml_malformed", line=line)
