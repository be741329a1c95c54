"""Bad input: what is rejected, what is kept, what is refused as a whole, and that each has its sentence."""

import re
import string
import struct
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.directory.rosters import sentences
from preau.directory.rosters.fields import reason_header
from preau.directory.rosters.reading import read
from preau.directory.rosters.roster import EnrolmentRole, Roster, RosterRefused, RowKind
from preau.directory.tests.rosterset import (
    ONEROSTER_11,
    SDS_V1,
    SDS_V21,
    TODAY,
    edited,
    notices,
    read_set,
    rejections,
    with_rows,
    write_set,
    zip_set,
)
from preau.wire.archives import Limits


def fields_of(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


def say(roster: Roster) -> list[str]:
    """Every sentence of a roster; fails where a code has none or its details do not fill it."""
    said = [sentences.REASONS[row.reason].format(**row.details) for row in roster.rejected]
    return said + [sentences.NOTICES[notice.reason].format(**notice.details) for notice in roster.notices]


def refused(path: Path, max_rows: int = 1000, limits: Limits | None = None) -> str:
    with pytest.raises(RosterRefused) as caught:
        read(path, today=TODAY, max_rows=max_rows, limits=limits)
    sentences.REFUSALS[caught.value.reason].format(**caught.value.details)
    return caught.value.reason


USER = "{id},,,true,{org},{role},{username},,{given},{family},,,,,,{agents},,pw\n"


def user(id: str, org: str = "c1", role: str = "student", family: str = "Petit", **values: str) -> str:
    return USER.format(
        id=id, org=org, role=role, family=family, **({"username": "", "given": "A", "agents": ""} | values)
    ).strip()


class TestRows:
    def test_a_row_naming_nobody(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "users.csv", user("x1", family="", given=""), user("")))
        assert rejections(roster) == [("users.csv", 6, "no_name"), ("users.csv", 7, "missing_id")]
        nameless = roster.rejected[0]
        assert (nameless.kind, nameless.ids) == (RowKind.PERSON, ("x1",))
        assert nameless.fields == {"sourcedId": "x1", "enabledUser": "true", "orgSourcedIds": "c1", "role": "student"}
        assert "pw" not in repr(roster.rejected)
        say(roster)

    def test_of_two_rows_with_one_id_the_first_is_kept(self, tmp_path: Path) -> None:
        files = with_rows(ONEROSTER_11, "users.csv", user("p1", family="Autre"))
        files = with_rows(files, "orgs.csv", "c1,,,Autre,school,,")
        files = with_rows(files, "classes.csv", "4c,,,Autre,,,,homeroom,,c1,,,,")
        files = with_rows(files, "enrollments.csv", "e1,,,old,c1,p1,student,,,")
        roster = read_set(tmp_path, files)
        assert {row.reason for row in roster.rejected} == {"duplicate_id"}
        assert [(row.origin.file, row.details["first_line"]) for row in roster.rejected] == [
            ("orgs.csv", "3"),
            ("users.csv", "2"),
            ("classes.csv", "2"),
            ("enrollments.csv", "2"),
        ]
        assert next(p for p in roster.people if p.source_id == "p1").family_name == "Nuñez"
        assert "« " not in say(roster)[0]

    def test_rows_referring_to_nobody(self, tmp_path: Path) -> None:
        files = with_rows(
            ONEROSTER_11,
            "enrollments.csv",
            "f1,,,4c,c1,nobody,student,,,",
            "f2,,,nowhere,c1,p1,student,,,",
            "f3,,,,c1,p1,student,,,",
        )
        files = with_rows(files, "classes.csv", "9,,,9e,,,,homeroom,,nowhere,,,,")
        files = with_rows(files, "users.csv", user("x1", org="nowhere"), user("x2", agents="nobody"))
        roster = read_set(tmp_path, files)
        assert sorted(rejections(roster)) == [
            ("classes.csv", 5, "unknown_organisation"),
            ("enrollments.csv", 5, "unknown_person"),
            ("enrollments.csv", 6, "unknown_group"),
            ("enrollments.csv", 7, "missing_reference"),
            ("users.csv", 7, "unknown_guardian"),
        ]
        assert {"x1", "x2"} <= {person.source_id for person in roster.people}
        assert notices(roster)["affiliation_nowhere"] == {"organisation": "nowhere", "count": "1", "lines": "6"}
        say(roster)

    def test_organisations_in_a_circle(self, tmp_path: Path) -> None:
        rows = ("a,,,A,school,,b", "b,,,B,school,,d", "d,,,D,school,,a", "s,,,S,school,,s", "x,,,X,school,,nowhere")
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "orgs.csv", *rows))
        parents = {row.source_id: row.parent_id for row in roster.organisations}
        for start in parents:
            seen: list[str] = []
            at = start
            while at in parents:
                assert at not in seen
                seen.append(at)
                at = parents[at]
        assert sum(notice.reason == "organisations_in_circle" for notice in roster.notices) == 2
        assert parents["x"] == "nowhere"
        assert notices(roster)["parent_unknown"]["id"] == "nowhere"
        say(roster)

    def test_a_comma_without_quotes(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "users.csv", user("x1", family="Petit, fils")))
        assert rejections(roster) == [("users.csv", 6, "ragged_row")]
        assert roster.rejected[0].fields == {}
        say(roster)

    def test_a_cell_too_long(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "users.csv", user("x1", family="a" * 5000)))
        assert rejections(roster) == [("users.csv", 6, "field_too_long")]
        say(roster)

    def test_short_rows_are_counted(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "users.csv", "x1,,,true,c1,student,abc"))
        assert roster.people[-1].username == "abc"
        assert notices(roster)["rows_short"] == {"count": "1", "lines": "6"}

    def test_a_pupil_is_nobody_s_teacher(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "enrollments.csv", "f1,,,old,c1,p1,teacher,true,,"))
        assert roster.enrolments[-1].role is EnrolmentRole.LEARNER
        assert "pupil_not_teacher" in notices(roster)

    def test_a_guardian_is_no_member_of_a_class(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "enrollments.csv", "f1,,,4c,c1,g1,parent,,,"))
        assert rejections(roster) == [("enrollments.csv", 5, "enrolment_role_unknown")]
        say(roster)

    @pytest.mark.parametrize(
        ("word", "role"),
        [
            ("administrator", "teacher"),
            ("proctor", "teacher"),
            ("aide", "teacher"),
            ("", "teacher"),
            ("student", "learner"),
        ],
    )
    def test_words_of_enrolment(self, tmp_path: Path, word: str, role: str) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "enrollments.csv", f"f1,,,old,c1,t1,{word},,,"))
        assert roster.enrolments[-1].role == role

    def test_repeated_enrolments_are_one(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(SDS_V1, "StudentEnrollment.csv", "20,30", "20,30"))
        assert len(roster.enrolments) == 2
        assert notices(roster)["enrolment_repeated"]["count"] == "2"

    def test_unknown_roles_are_staff_with_their_word(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "users.csv", user("x1", role="Gardien de phare")))
        row = roster.affiliations[-1]
        assert (row.kind, row.word, row.proposes) == ("staff", "Gardien de phare", None)

    def test_former_pupils_have_no_role(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(ONEROSTER_11, "users.csv", user("x1", role="alumni")))
        assert "x1" not in {row.person_id for row in roster.affiliations}
        say(roster)

    @pytest.mark.parametrize("family", ["sds", "oneroster"])
    def test_a_correction_is_read_as_its_family_and_says_nothing_about_who_is_absent(
        self, tmp_path: Path, family: str
    ) -> None:
        files = {"rejets.csv": f"sourcedId,username,{reason_header(family)}\n30,oklein,Sans nom\n"}
        if family == "sds":
            files["roles.csv"] = "userSourcedId,orgSourcedId,role\n30,10,student\n"
        roster = read_set(tmp_path, files)
        assert (roster.family, roster.complete, roster.rejected) == (family, frozenset(), [])
        assert [person.username for person in roster.people] == ["oklein"]
        assert "correction" in notices(roster)
        assert "columns_left_out" not in notices(roster)

    def test_columns_without_values_are_not_named(self, tmp_path: Path) -> None:
        files = edited(ONEROSTER_11, "users.csv", lambda text: re.sub("secret-.|Zoé", "", text))
        said = notices(read_set(tmp_path, files))
        assert said["columns_left_out"] == {"columns": "sex"}
        assert "passwords_ignored" not in said

    def test_an_empty_list_sends_nobody_away(self, tmp_path: Path) -> None:
        files = SDS_V21 | {"enrollments.csv": "classSourcedId,userSourcedId,role\n"}
        assert RowKind.ENROLMENT not in read_set(tmp_path, files).complete


class TestDates:
    @pytest.mark.parametrize(
        ("values", "expected", "reason"),
        [
            (("31/12/2012", "01/02/2013"), date(2013, 2, 1), "dates_day_first"),
            (("12/31/2012", "01/02/2013"), date(2013, 1, 2), "dates_month_first"),
            (("05/06/2012", "01/02/2013"), date(2013, 2, 1), "dates_day_first_assumed"),
            (("31.12.2012", "1.2.13"), date(2013, 2, 1), "dates_day_first"),
            (("2012-12-31", "2013-02-01T00:00:00.000Z"), date(2013, 2, 1), ""),
            (("20121231", "2013/2/1"), date(2013, 2, 1), ""),
            (("31/12/2012 00:00:00", "01/02/2013 00:00:00"), date(2013, 2, 1), "dates_day_first"),
        ],
    )
    def test_order_by_column(self, tmp_path: Path, values: tuple[str, str], expected: date, reason: str) -> None:
        files = with_rows(ONEROSTER_11, "users.csv", user("x1"))
        files |= {"demographics.csv": f"sourcedId,birthDate\np1,{values[0]}\nx1,{values[1]}\n"}
        roster = read_set(tmp_path, files)
        assert roster.people[-1].birth_date == expected
        assert [n.reason for n in roster.notices if n.reason.startswith("dates")] == ([reason] if reason else [])
        say(roster)

    def test_an_unreadable_date_loses_the_field_not_the_person(self, tmp_path: Path) -> None:
        files = with_rows(ONEROSTER_11, "users.csv", *(user(f"x{n}") for n in range(7)))
        dates = ("hier", "31/02/2012", "99/99/2012", "1/1/0013", "2012-13-45", "0000-00-00", "NULL")
        rows = "".join(f"x{n},{value}\n" for n, value in enumerate(dates))
        files |= {"demographics.csv": "sourcedId,birthDate\n" + rows}
        roster = read_set(tmp_path, files)
        assert all(p.birth_date is None for p in roster.people if p.source_id.startswith("x"))
        assert notices(roster)["date_unreadable"] == {
            "column": "birthDate",
            "count": "5",
            "lines": "2, 3, 4, 5, 6",
            "example": "hier",
        }
        assert len(roster.people) == 11
        say(roster)

    def test_two_orders_in_one_column_are_said(self, tmp_path: Path) -> None:
        files = with_rows(ONEROSTER_11, "users.csv", user("x1"), user("x2"))
        files |= {"demographics.csv": "sourcedId,birthDate\np1,31/12/2012\nx1,12/30/2012\nx2,25/12/2012\n"}
        roster = read_set(tmp_path, files)
        births = {p.source_id: p.birth_date for p in roster.people}
        assert (births["p1"], births["x1"]) == (date(2012, 12, 31), date(2012, 12, 30))
        assert "dates_mixed" in notices(roster)


class TestFiles:
    def test_an_empty_or_unknown_file_in_a_set_is_a_notice(self, tmp_path: Path) -> None:
        files = ONEROSTER_11 | {"vide.csv": "\n", "notes.csv": "élève,note\nA,12\n", "results.csv": "a,b\n1,2\n"}
        roster = read_set(tmp_path, files)
        assert {("file_empty", "vide.csv"), ("file_unknown", "notes.csv"), ("file_not_needed", "results.csv")} <= {
            (notice.reason, notice.file) for notice in roster.notices
        }
        assert roster.complete == frozenset(RowKind)
        say(roster)

    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("classes.csv", b"%PDF-1.7", "file_binary"),
            ("classes.csv", b"\x89PNG\r\n", "file_binary"),
            ("classes.csv", b"a,b\n\0", "file_binary"),
            ("classes.csv", b'sourcedId,orgSourcedId,title\n20,10,"Maths\n21,10,B\n', "file_unclosed_quote"),
            ("classes.csv", b"<x><y/></x>", "file_xml_not_read"),
            ("classes.csv", b"<?xml", "file_xml_malformed"),
        ],
    )
    def test_a_file_that_cannot_be_read_sends_nobody_away(
        self, tmp_path: Path, name: str, data: bytes, reason: str
    ) -> None:
        path = write_set(tmp_path, SDS_V21)
        (path / name).write_bytes(data)
        roster = read(path, today=TODAY)
        assert len(roster.people) == 3
        assert roster.complete == frozenset()
        assert {reason, "not_complete_after_all"} <= notices(roster).keys()
        say(roster)

    def test_a_zip_renamed_in_a_set(self, tmp_path: Path) -> None:
        path = write_set(tmp_path, SDS_V21)
        zip_set(tmp_path, {"users.csv": "x"}).rename(path / "classes.csv")
        assert notices(read(path, today=TODAY))["file_binary"]["kind"] == "zip"

    def test_wrong_encodings_are_said(self, tmp_path: Path) -> None:
        path = write_set(tmp_path, SDS_V21)
        text = SDS_V21["users.csv"].replace("Ora", "Zoé")
        (path / "users.csv").write_bytes(text.encode() + "60,x,Lé,Lé,,,,,\n".encode("cp1252"))
        roster = read(path, today=TODAY)
        assert "encoding_mixed" in notices(roster)
        say(roster)

    def test_repeated_headers_are_said(self, tmp_path: Path) -> None:
        files = edited(SDS_V21, "users.csv", lambda text: text.replace("phone,sms", "phone,phone"))
        roster = read_set(tmp_path, files)
        assert notices(roster)["headers_repeated"] == {"columns": "phone"}
        say(roster)

    def test_a_stray_copy_under_another_name_is_left_out(self, tmp_path: Path) -> None:
        files = ONEROSTER_11 | {"userProfiles.csv": ONEROSTER_11["users.csv"]}
        roster = read_set(tmp_path, files)
        assert roster.rejected == []
        assert "file_repeated" in notices(roster)

    def test_people_in_two_files(self, tmp_path: Path) -> None:
        header, *rows = ONEROSTER_11["users.csv"].splitlines()
        files = {name: text for name, text in ONEROSTER_11.items() if name != "users.csv"}
        files |= {f"users-{n}.csv": f"{header}\n{row}\n" for n, row in enumerate(rows)}
        assert len(read_set(tmp_path, files).people) == 4

    def test_formulas_are_values_like_others(self, tmp_path: Path) -> None:
        roster = read_set(
            tmp_path, with_rows(ONEROSTER_11, "users.csv", user("x1", family="=1+1"), user("x2", family="'=2"))
        )
        assert [p.family_name for p in roster.people[-2:]] == ["=1+1", "=2"]


class TestRefused:
    def test_too_many_rows(self, tmp_path: Path) -> None:
        files = with_rows(SDS_V1, "Student.csv", *(f"{n},10,A,B,u{n},x,9" for n in range(100, 111)))
        assert refused(write_set(tmp_path, files), max_rows=10) == "too_many_rows"

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b"\xef\xbb\xbf\r\n", "empty"),
            (b"%PDF-1.7", "binary"),
            (b"PK\x03\x04 cut", "truncated_archive"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "binary"),
            (b"eleve;note\nA;12\n", "unknown_format"),
            (b'{"users": []}', "unknown_format"),
            (b"<!DOCTYPE html><html></html>", "xml_not_read"),
            (b"sourcedId,username\n", "no_rows"),
            (b"sourcedId,username\n,\n,abc\n", "every_row_rejected"),
            (b"SIS ID,School SIS ID,Username\n1,10,a\n", "ambiguous_files"),
            (b'sourcedId,username\n1,"abc\n', "unclosed_quote"),
            (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_internal_subset"),
            (b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><a>&b;</a>', "xml_internal_subset"),
        ],
    )
    def test_one_file(self, tmp_path: Path, data: bytes, reason: str) -> None:
        path = tmp_path / "list.csv"
        path.write_bytes(data)
        assert refused(path) == reason

    @pytest.mark.parametrize(
        ("name", "reason"),
        [("../x.csv", "path_escape"), ("/x.csv", "absolute_path"), ("evil.xml", "xml_internal_subset")],
    )
    def test_harm_refuses_the_whole_set(self, tmp_path: Path, name: str, reason: str) -> None:
        assert refused(zip_set(tmp_path, ONEROSTER_11 | {name: "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"})) == reason

    def test_a_truncated_zip(self, tmp_path: Path) -> None:
        path = zip_set(tmp_path, ONEROSTER_11)
        path.write_bytes(path.read_bytes()[:-40])
        assert refused(path) == "truncated_archive"

    def test_a_damaged_zip(self, tmp_path: Path) -> None:
        path = zip_set(tmp_path, ONEROSTER_11)
        data = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            start = archive.getinfo("users.csv").header_offset
        data[start + 60] ^= 0xFF
        path.write_bytes(data)
        assert refused(path) == "damaged_archive"

    def test_a_bomb(self, tmp_path: Path) -> None:
        assert refused(zip_set(tmp_path, {"users.csv": "sourcedId,username\n" * (1 << 19)})) == "compression_bomb"

    def test_an_encrypted_zip(self, tmp_path: Path) -> None:
        path = zip_set(tmp_path, {"users.csv": ONEROSTER_11["users.csv"]})
        data = bytearray(path.read_bytes())
        for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.index(header) + offset
            struct.pack_into("<H", data, at, 1)
        path.write_bytes(data)
        assert refused(path) == "encrypted_archive"

    def test_a_zip_in_a_zip(self, tmp_path: Path) -> None:
        inner = zip_set(tmp_path, ONEROSTER_11).read_bytes()
        with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
            archive.writestr("inner.zip", inner)
        assert refused(tmp_path / "outer.zip") == "nested_archive"

    def test_nothing(self, tmp_path: Path) -> None:
        assert refused(tmp_path) == "empty_set"
        assert refused(tmp_path / "absent") == "not_found"
        (tmp_path / "a.csv").write_bytes(b"")
        (tmp_path / "b.csv").write_bytes(b"%PDF")
        assert refused(tmp_path) == "nothing_readable"

    def test_limits(self, tmp_path: Path) -> None:
        path = write_set(tmp_path, ONEROSTER_11)
        assert refused(path, limits=Limits(entries=2)) == "too_many_entries"
        assert refused(path, limits=Limits(file_bytes=50)) == "file_too_large"
        assert refused(path, limits=Limits(total_bytes=500)) == "set_too_large"


def codes_in_source() -> Iterator[tuple[str, str]]:
    """(kind, code) of each reason that the readers write down."""
    folder = Path(sentences.__file__).parent
    patterns = {
        "REASONS": r"\.reject\(\s*bound,\s*row,\s*\"(\w+)\"",
        "NOTICES": r"(?:\.note\(|Notice\()\s*\"(\w+)\"",
        "REFUSALS": r"RosterRefused\(\s*\"(\w+)\"",
    }
    for name in ("building", "finishing", "sourced", "oneroster", "sds", "sds_v1", "dates", "reading"):
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        for kind, pattern in patterns.items():
            yield from ((kind, code) for code in re.findall(pattern, text))


class TestSentences:
    def test_every_code_has_one(self) -> None:
        codes = set(codes_in_source())
        assert len(codes) > 30
        assert [code for kind, code in sorted(codes) if code not in getattr(sentences, kind)] == []

    def test_every_wire_error_has_one(self) -> None:
        wire = Path(sentences.__file__).parents[2] / "wire"
        codes = {
            code
            for path in wire.glob("*.py")
            for code in re.findall(r"WireError\(\s*\"(\w+)\"", path.read_text(encoding="utf-8"))
        }
        assert len(codes) > 20
        assert sorted(codes - sentences.REFUSALS.keys()) == []

    @given(
        st.lists(
            st.sampled_from(["sourcedId", "username", "givenName", "role", "orgSourcedIds", "", "x", "sourcedId"])
        ),
        st.lists(st.lists(st.text("ab,;\"'\n\r\t=é\x00", max_size=6), max_size=6), max_size=6),
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_noise_is_refused_or_read_with_a_sentence(
        self, tmp_path: Path, headers: list[str], rows: list[list[str]]
    ) -> None:
        path = tmp_path / "noise.csv"
        path.write_text("\n".join(",".join(cells) for cells in [headers, *rows]), encoding="utf-8")
        try:
            roster = read(path, today=TODAY)
        except RosterRefused as refusal:
            sentences.REFUSALS[refusal.reason].format(**refusal.details)
        else:
            say(roster)
