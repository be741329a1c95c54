"""XML from strangers: no entity, no network, no internal subset, nothing unbounded."""

import io
from collections.abc import Callable

import pytest

from preau.wire.archives import Member
from preau.wire.errors import WireError
from preau.wire.safe_xml import check_prolog, iterparse, parse


def member(content: bytes | str) -> Member:
    data = content.encode() if isinstance(content, str) else content
    return Member("x.xml", len(data), lambda: io.BytesIO(data))


def parse_all(content: bytes | str) -> None:
    parse(member(content))


def stream_all(content: bytes | str) -> None:
    list(iterparse(member(content), ["b"]))


both = pytest.mark.parametrize("read", [parse_all, stream_all])


def refused(read: Callable[[bytes | str], None], content: bytes | str) -> str:
    with pytest.raises(WireError) as caught:
        read(content)
    return caught.value.code


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]><a><b>&l9;</b></a>"
)


class TestRefused:
    @both
    @pytest.mark.parametrize(
        "content",
        [
            BOMB,
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>',
            '<!-- x --><?pi y?>\n<!DOCTYPE a SYSTEM "x.dtd" [<!ENTITY % p SYSTEM "http://localhost/x"> %p;]><a/>',
            '<!DOCTYPE a PUBLIC "]>" \'[\' [<!ATTLIST b c CDATA "d">]><a><b/></a>',
            ('<?xml version="1.0" encoding="utf-16"?>' + BOMB.partition("?>")[2]).encode("utf-16"),
        ],
        ids=["bomb", "external", "parameter", "attributes", "utf-16"],
    )
    def test_an_internal_subset(self, read: Callable[[bytes | str], None], content: bytes | str) -> None:
        assert refused(read, content) == "xml_internal_subset"

    @both
    @pytest.mark.parametrize("doctype", ["", '<!DOCTYPE a SYSTEM "a.dtd">'])
    def test_an_entity_nobody_declared(self, read: Callable[[bytes | str], None], doctype: str) -> None:
        assert refused(read, f"{doctype}<a><b>Zo&eacute;</b></a>") == "xml_entity"

    @both
    @pytest.mark.parametrize("content", ["", "   ", "<a>", "<a><b></a>", "sourcedId,name\n1,x\n", "<a/><a/>", "<!-- "])
    def test_malformed(self, read: Callable[[bytes | str], None], content: str) -> None:
        assert refused(read, content) == "xml_malformed"

    @both
    @pytest.mark.parametrize("encoding", ["UTF-7", "cp037", "x-unknown"])
    def test_an_encoding_that_could_hide_a_doctype(self, read: Callable[[bytes | str], None], encoding: str) -> None:
        assert refused(read, f'<?xml version="1.0" encoding="{encoding}"?><a/>') == "xml_encoding"

    def test_utf_16_without_its_mark(self) -> None:
        assert refused(parse_all, "<a/>".encode("utf-16-le")) == "xml_encoding"

    @both
    def test_too_deep(self, read: Callable[[bytes | str], None]) -> None:
        assert refused(read, "<b>" * 5000 + "</b>" * 5000) == "xml_too_large"

    @both
    def test_too_much_text(self, read: Callable[[bytes | str], None]) -> None:
        assert refused(read, "<a><b>" + "x" * (11 << 20) + "</b></a>") == "xml_too_large"

    def test_more_bytes_than_allowed(self) -> None:
        with pytest.raises(WireError) as caught:
            parse(member("<a/>"), max_bytes=3)
        assert caught.value.code == "xml_too_large"


class TestRead:
    def test_a_bare_doctype_is_read_and_never_fetched(self) -> None:
        content = '<!DOCTYPE ficAlimMENESR SYSTEM "http://192.0.2.1/x.dtd">\n<ficAlimMENESR><b>1</b></ficAlimMENESR>'
        assert parse(member(content)).findtext("b") == "1"
        assert [element.text for element in iterparse(member(content), ["b"])] == ["1"]

    def test_an_encoding_is_honoured(self) -> None:
        content = '<?xml version="1.0" encoding="ISO-8859-15"?><a><b>Zoé œ</b></a>'.encode("iso8859-15")
        assert parse(member(content)).findtext("b") == "Zoé œ"

    def test_predefined_entities_and_references(self) -> None:
        assert parse(member("<a>&lt;&#233;&amp;</a>")).text == "<é&"

    def test_elements_stream_and_are_freed(self) -> None:
        content = "<a><h>1</h>" + "".join(f"<b><c>{n}</c></b>" for n in range(50_000)) + "</a>"
        seen = []
        for element in iterparse(member(content), ["b"]):
            seen.append(element.findtext("c"))
            assert len(element.getroottree().getroot()) < 5000
        assert seen == [str(n) for n in range(50_000)]

    @pytest.mark.parametrize(
        ("content", "root"),
        [
            ("<BEE_ELEVES/>", "BEE_ELEVES"),
            ("\ufeff<?xml version='1.0'?>\n<!-- [ -->\n<!DOCTYPE x SYSTEM 'y'>\n<ns:x a='1'>", "ns:x"),
        ],
    )
    def test_the_root_is_known_before_the_parser_runs(self, content: str, root: str) -> None:
        assert check_prolog(io.BytesIO(content.encode())) == root
