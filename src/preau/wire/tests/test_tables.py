"""Text tables: encodings, delimiters, headers, limits, and what is no table at all."""

import csv
import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preau.wire.archives import Member
from preau.wire.errors import WireError
from preau.wire.tables import MAX_CELL_CHARACTERS, Table, clean, normalise, open_table, write_table

KNOWN = frozenset({"sourcedid", "givenname", "familyname", "role"})


def member(content: bytes, name: str = "users.csv") -> Member:
    return Member(name, len(content), lambda: io.BytesIO(content))


def table(content: bytes | str, encoding: str = "utf-8", max_rows: int = 1000_000) -> Table:
    data = content.encode(encoding) if isinstance(content, str) else content
    return open_table(member(data), KNOWN, max_rows=max_rows)


def names(read: Table) -> list[tuple[str, str]]:
    return [(row["sourcedid"], row["familyname"]) for row in read.rows()]


def refused(content: bytes | str, max_rows: int = 1000_000) -> WireError:
    with pytest.raises(WireError) as caught:
        list(table(content, max_rows=max_rows).rows())
    return caught.value


LINES = "sourcedId,familyName\r\n1,Nuñez\r\n2,Œuvrard\r\n"


class TestEncodings:
    @pytest.mark.parametrize(
        ("encoding", "found"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8-sig"),
            ("utf-16", "utf-16"),
            ("utf-32", "utf-32"),
            ("cp1252", "cp1252"),
            ("iso8859-15", "iso8859-15"),
        ],
    )
    def test_found_by_content(self, encoding: str, found: str) -> None:
        read = table(LINES, encoding)
        assert read.encoding == found
        assert names(read) == [("1", "Nuñez"), ("2", "Œuvrard")]

    def test_big_endian(self) -> None:
        assert names(table(b"\xfe\xff" + LINES.encode("utf-16-be"))) == [("1", "Nuñez"), ("2", "Œuvrard")]

    def test_decided_on_all_bytes(self) -> None:
        """The first megabyte is plain; only the last line says which encoding it is."""
        filler = "".join(f"{n},Martin\r\n" for n in range(120_000))
        read = table("sourcedId,familyName\r\n" + filler + "x,Lefèvre\r\n", "iso8859-15")
        assert read.encoding == "iso8859-15"
        assert names(read)[-1] == ("x", "Lefèvre")

    def test_a_character_cut_between_two_chunks(self) -> None:
        start = b"sourcedId,familyName\r\n"
        rows = b"1,Martin\r\n" * (((1 << 20) - len(start)) // 10)
        padding = b"2," + b"a" * ((1 << 20) - len(start) - len(rows) - 3)
        read = table(start + rows + padding + "é\r\n".encode())
        assert read.encoding == "utf-8"
        assert names(read)[-1] == ("2", padding[2:].decode() + "é")

    def test_a_byte_that_cp1252_lacks_does_not_stop_the_file(self) -> None:
        assert names(table(b"sourcedId,familyName\r\n1,N\x81z\x92\r\n2,Martin\r\n"))[1] == ("2", "Martin")

    def test_mixed_encodings_are_said(self) -> None:
        assert table(LINES.encode() + "3,Lefèvre\r\n".encode("cp1252")).mixed_encoding
        assert not table(LINES, "cp1252").mixed_encoding
        assert not table(LINES).mixed_encoding


class TestHeaders:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_the_delimiter_yields_most_known_names(self, delimiter: str) -> None:
        content = f'sourcedId{delimiter}givenName{delimiter}familyName\n1{delimiter}"A,B;C|D\tE"{delimiter}Martin\n'
        read = table(content)
        assert read.delimiter == delimiter
        assert [row["givenname"] for row in read.rows()] == ["A,B;C|D E"]

    def test_a_semicolon_file_full_of_commas(self) -> None:
        read = table("sourcedId;familyName;address, city, country, zip\n1;Martin;1, rue X, Lyon, France\n")
        assert names(read) == [("1", "Martin")]

    @pytest.mark.parametrize(
        "header", ["SOURCEDID , FamilyName", '" sourced ID","Family-Name"', "sourcedid,familyname"]
    )
    def test_case_spaces_and_punctuation(self, header: str) -> None:
        assert names(table(f"{header}\n1,Martin\n")) == [("1", "Martin")]

    def test_nameless_and_repeated_columns(self) -> None:
        read = table("sourcedId,,familyName,familyName,,\n1,x,Martin,Durand,y,\n")
        assert names(read) == [("1", "Martin")]
        assert read.duplicate_headers == ("familyName",)
        assert read.headers == {"sourcedid": "sourcedId", "familyname": "familyName"}

    def test_a_title_before_the_header(self) -> None:
        read = table("Export du 24/11/2026\n\nsourcedId,familyName\n1,Martin\n")
        assert read.header_line == 3
        assert [row.line for row in read.rows()] == [4]

    def test_the_separator_line_of_spreadsheets(self) -> None:
        assert names(table("sep=;\nsourcedId;familyName\n1;Martin\n")) == [("1", "Martin")]

    @pytest.mark.parametrize(
        ("written", "compared"),
        [
            ("School SIS ID", "schoolsisid"),
            ("Prénom élève", "prenomeleve"),
            ("metadata.jp.kana", "metadatajpkana"),
            ("_", ""),
        ],
    )
    def test_normalise(self, written: str, compared: str) -> None:
        assert normalise(written) == compared


class TestRows:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_lines_are_counted_where_rows_start(self, end: str) -> None:
        content = end.join(["sourcedId,familyName", '1,"Martin', '(née Durand)"', "", " , ", "2,Petit", ""])
        read = [(row.line, row["familyname"]) for row in table(content).rows()]
        assert read == [(2, "Martin (née Durand)"), (6, "Petit")]

    def test_a_short_row_keeps_what_it_has(self) -> None:
        rows = list(table("sourcedId,familyName,role,,\n1,Martin\n2,Petit,x\n").rows())
        assert [(row["familyname"], row["role"], row.short) for row in rows] == [
            ("Martin", "", True),
            ("Petit", "x", False),
        ]

    def test_a_comma_without_quotes_makes_the_row_ragged(self) -> None:
        rows = list(table("sourcedId,familyName,role\n1,Martin, fils,student\n2,Petit,student,,\n").rows())
        assert [row.problem for row in rows] == ["ragged_row", ""]

    def test_a_field_too_long_spoils_its_row(self) -> None:
        rows = list(table(f"sourcedId,familyName\n1,{'a' * (MAX_CELL_CHARACTERS + 1)}\n2,Petit\n").rows())
        assert [row.problem for row in rows] == ["field_too_long", ""]

    def test_a_field_without_end(self) -> None:
        error = refused(f'sourcedId,familyName\n1,Petit\n2,"{"a" * 200_000}"\n')
        assert (error.code, error.details["line"]) == ("field_too_long", "3")

    def test_a_quote_without_end(self) -> None:
        error = refused('sourcedId,familyName\n1,Petit\n2,"Martin\n3,Durand\n')
        assert (error.code, error.details["line"]) == ("unclosed_quote", "3")

    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            (" Jean  \n Paul\N{NO-BREAK SPACE}", "Jean Paul"),
            ("Ame\N{COMBINING ACUTE ACCENT}lie", "Amélie"),
            ("Zo\N{ZERO WIDTH SPACE}é\x07", "Zoé"),
            ("'=SUM(A1)", "=SUM(A1)"),
            ("'t Hooft", "'t Hooft"),
        ],
    )
    def test_clean(self, cell: str, value: str) -> None:
        assert clean(cell) == value


class TestRefusals:
    @pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
    def test_empty(self, content: bytes) -> None:
        assert refused(content).code == "empty"

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"PK\x03\x04" + b"\0" * 26 + b"users.csv", "zip"),
            (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml", "workbook"),
            (b"%PDF-1.7\n", "pdf"),
            (b"\x89PNG\r\n\x1a\n", "image"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "legacy_workbook"),
            (b"sourcedId,familyName\n1,\0\n", "data"),
            (hashlib.sha512(b"noise").digest() + b"\0", "data"),
        ],
    )
    def test_a_binary_renamed(self, content: bytes, kind: str) -> None:
        error = refused(content)
        assert (error.code, error.details["kind"]) == ("binary", kind)

    def test_rows_are_counted_before_any_is_given(self) -> None:
        content = "sourcedId,familyName\n" + "1,a\n" * 11
        assert refused(content, max_rows=10).code == "too_many_rows"
        assert len(names(table(content, max_rows=11))) == 11

    def test_line_breaks_in_quotes_are_no_rows(self) -> None:
        assert len(names(table('sourcedId,familyName\n1,"a\n\n\n\n\nb"\n', max_rows=1))) == 1


class TestWriting:
    FORMULAS = ("=1+1", "+33 1", "-x", "@cmd", "\tx", "\rx", "\nx", " =1", "\u00a0\n+1", "＝1", "＋1", "－1", " ＠a")
    CELLS = (*FORMULAS, "Martin", "a,b", 'say "x"', "two\nlines")

    def test_for_people_formulas_are_neutralised(self) -> None:
        stream = io.StringIO(newline="")
        write_table(stream, ["h"] * len(self.CELLS), [self.CELLS], for_people=True)
        text = stream.getvalue()
        assert text.startswith('\ufeff"h";"h";')
        row = next(iter(csv.reader(io.StringIO(text.partition("\r\n")[2], newline=""), delimiter=";")))
        assert row[: len(self.FORMULAS)] == [f"'{cell}" for cell in self.FORMULAS]
        assert row[len(self.FORMULAS) :] == list(self.CELLS[len(self.FORMULAS) :])
        assert text.count('"Martin"') == 1

    def test_for_programs_nothing_is_touched(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_table(stream, ["h"] * len(self.CELLS), [self.CELLS])
        row = next(iter(open_table(Member("x.csv", 1, lambda: path.open("rb")), frozenset("h")).rows()))
        assert row.cells == list(self.CELLS)

    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
    def test_what_people_correct_reads_back(self, value: str) -> None:
        value = clean(clean(value))
        stream = io.StringIO(newline="")
        write_table(stream, ["sourcedId", "familyName"], [["1", value]], for_people=True)
        assert names(table(stream.getvalue())) == [("1", value)]
