"""What is written as OneRoster 1.2 reads back the same, and large sets read fast in little memory."""

import csv
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preau.directory.rosters.reading import read
from preau.directory.rosters.roster import (
    AffiliationKind,
    AffiliationRow,
    Deleted,
    EnrolmentRole,
    EnrolmentRow,
    GroupKind,
    GroupRow,
    GuardianshipRow,
    OrganisationKind,
    OrganisationRow,
    Origin,
    PersonRow,
    ProposedRole,
    Roster,
    RowKind,
)
from preau.directory.rosters.writing import write_oneroster
from preau.directory.tests.rosterset import EVERYTHING, ONEROSTER_11, SAMPLES, TODAY, content, read_set
from preau.wire.tables import clean

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HERE = Origin("x.csv", 2)


def again(roster: Roster) -> Roster:
    with tempfile.TemporaryDirectory() as folder:
        write_oneroster(roster, Path(folder), when=NOW)
        return read(Path(folder), today=TODAY)


text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=12).map(
    # What a reader cannot give: a value that two cleanings change.
    lambda value: clean(clean(clean(value)))
)
named = text.filter(bool)
days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
words_by_kind = {
    AffiliationKind.PUPIL: ["student", "élève"],
    AffiliationKind.TEACHER: ["teacher", "professeure de français"],
    AffiliationKind.GUARDIAN: ["parent", "guardian", "mère"],
    AffiliationKind.TRAINER: ["trainer"],
    AffiliationKind.STAFF: ["staff", "AESH", "principal", "counselor"],
}


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Rosters that a reader may give: references lead somewhere, ids are unique, one tie a person, place and kind."""
    roster = Roster("oneroster", "oneroster-1.2", EVERYTHING)
    organisations = draw(st.lists(st.uuids().map(str), min_size=2, max_size=3, unique=True))
    for source_id in organisations:
        roster.organisations.append(
            OrganisationRow(source_id, draw(named), draw(st.sampled_from(OrganisationKind)), HERE, draw(text))
        )
    people = draw(st.lists(st.uuids().map(str), min_size=3, max_size=6, unique=True))
    kinds: dict[str, AffiliationKind] = {}
    for source_id in people:
        kind = kinds[source_id] = draw(st.sampled_from(AffiliationKind))
        word = draw(st.sampled_from(words_by_kind[kind]))
        proposes = ProposedRole.DIRECTION if word == "principal" else None
        if kind is AffiliationKind.TEACHER and draw(st.booleans()):
            proposes = ProposedRole.REFERENT
        pupil = kind is AffiliationKind.PUPIL
        roster.affiliations.append(
            AffiliationRow(
                source_id,
                draw(st.sampled_from(organisations)),
                kind,
                HERE,
                word,
                draw(text) if pupil else "",
                proposes,
                draw(st.none() | days),
                draw(st.none() | days),
            )
        )
        roster.people.append(
            PersonRow(
                source_id,
                HERE,
                family_name=draw(text),
                given_name=draw(named),
                preferred_given_name=draw(text),
                username=draw(text),
                birth_date=draw(st.none() | days) if pupil else None,
                email=draw(text),
                phone=draw(text),
                identifiers=draw(st.sampled_from([(), (("identifier", "i 1"), ("INE", "000123456AB"))])),
                enabled=draw(st.booleans()),
            )
        )
    groups = draw(st.lists(st.uuids().map(str), min_size=1, max_size=4, unique=True))
    for source_id in groups:
        kind_of_group = draw(st.sampled_from(GroupKind))
        subject = draw(named.filter(lambda value: not value.isdecimal())) if draw(st.booleans()) else ""
        roster.groups.append(
            GroupRow(
                source_id,
                draw(st.sampled_from(organisations)),
                kind_of_group,
                draw(named),
                HERE,
                code=draw(text),
                level=draw(text),
                school_year=2026,
                subject_code=draw(named) if subject else "",
                subject_name=subject,
                ended=draw(st.booleans()),
            )
        )
        for person_id in draw(st.lists(st.sampled_from(people), max_size=3, unique=True)):
            kind = kinds[person_id]
            role = EnrolmentRole.LEARNER
            if kind is not AffiliationKind.PUPIL and draw(st.booleans()):
                role = EnrolmentRole.LEAD if kind_of_group is GroupKind.DIVISION else EnrolmentRole.TEACHER
            roster.enrolments.append(
                EnrolmentRow(person_id, source_id, role, HERE, draw(st.none() | days), draw(st.none() | days))
            )
    roster.school_year = 2026
    pupils = [person for person in people if kinds[person] is AffiliationKind.PUPIL]
    guardians = [person for person in people if kinds[person] is AffiliationKind.GUARDIAN]
    for pupil_id in pupils:
        for guardian_id in guardians:
            roster.guardianships.append(GuardianshipRow(guardian_id, pupil_id, HERE, draw(named)))
    if not roster.enrolments:
        roster.complete = EVERYTHING - {RowKind.ENROLMENT}
    return roster


class TestRoundTrip:
    @given(rosters())
    @settings(max_examples=80, deadline=None)
    def test_what_is_written_reads_back(self, roster: Roster) -> None:
        found = again(roster)
        assert found.rejected == []
        assert content(found) == content(roster)

    @pytest.mark.parametrize(
        "name", ["moodle-oneroster/oneroster-1.1", "microsoft-sds/sds-v2.1", "microsoft-sds/sds-v2"]
    )
    def test_samples_survive(self, name: str) -> None:
        roster = read(SAMPLES / name, today=TODAY)
        expected = content(roster) | {"family": "oneroster", "format": "oneroster-1.2"}
        assert content(again(roster)) == expected

    def test_a_whole_set_survives(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, ONEROSTER_11)
        assert content(again(roster)) == content(roster) | {"format": "oneroster-1.2"}

    def test_a_partial_roster_is_written_as_delta(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, ONEROSTER_11)
        roster.complete = frozenset()
        roster.deleted = [
            Deleted(RowKind.PERSON, ("gone",), HERE),
            Deleted(RowKind.GROUP, ("old-2",), HERE),
            Deleted(RowKind.ENROLMENT, ("gone", "4c"), HERE),
        ]
        found = again(roster)
        assert content(found) == content(roster) | {"format": "oneroster-1.2"}
        write_oneroster(roster, tmp_path, when=NOW)
        with (tmp_path / "users.csv").open(encoding="utf-8", newline="") as stream:
            rows = {row["sourcedId"]: row for row in csv.DictReader(stream)}
        assert (rows["p1"]["status"], rows["p1"]["dateLastModified"]) == ("active", "2026-11-24T08:00:00.000Z")
        assert rows["gone"]["status"] == "tobedeleted"

    def test_a_bulk_set_follows_the_standard(self, tmp_path: Path) -> None:
        write_oneroster(read_set(tmp_path, ONEROSTER_11), tmp_path, when=NOW)
        manifest = dict(csv.reader((tmp_path / "manifest.csv").read_text(encoding="utf-8").splitlines()))
        assert manifest["oneroster.version"] == "1.2"
        assert {name for name, mode in manifest.items() if mode == "bulk"} == {
            f"file.{path.stem}" for path in tmp_path.glob("*.csv") if path.stem != "manifest"
        }
        tables = {}
        for path in tmp_path.glob("*.csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                tables[path.stem] = list(csv.DictReader(stream))
        for name, rows in tables.items():
            if name != "manifest":
                assert all(row["sourcedId"] and not row["status"] and not row["dateLastModified"] for row in rows)
                assert len({row["sourcedId"] for row in rows}) == len(rows)
        courses = {row["sourcedId"] for row in tables["courses"]}
        sessions = {row["sourcedId"] for row in tables["academicSessions"]}
        assert all(row["courseSourcedId"] in courses for row in tables["classes"])
        assert all(row["termSourcedIds"] in sessions for row in tables["classes"])
        assert [row["role"] for row in tables["roles"]].count("student") == 1
        assert all(row["password"] == "" for row in tables["users"])


def test_a_large_set_reads_fast_in_little_memory(tmp_path: Path) -> None:
    """30,000 people, 3,000 groups and 180,000 memberships."""
    files = {
        "orgs.csv": "sourcedId,name,type,parentSourcedId\n" + "".join(f"o{n},École {n},school,\n" for n in range(20)),
        "users.csv": "sourcedId,username,givenName,familyName,password,email\n"
        + "".join(f"u{n},user{n},Prénom{n},Nom{n},secret,u{n}@example.org\n" for n in range(30_000)),
        "roles.csv": "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
        + "".join(f"u{n},o{n % 20},{'student' if n % 10 else 'teacher'},,4E,TRUE,2026-09-01,\n" for n in range(30_000)),
        "classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\n"
        + "".join(f"c{n},o{n % 20},Classe {n},,\n" for n in range(3000)),
        "enrollments.csv": "classSourcedId,userSourcedId,role\n"
        + "".join(f"c{(n * 7 + n // 30_000) % 3000},u{n % 30_000},\n" for n in range(180_000)),
    }
    folder = tmp_path / "large"
    folder.mkdir()
    for name, text_of_file in files.items():
        (folder / name).write_text(text_of_file, encoding="utf-8")
    script = (
        "import re, resource, sys, datetime, pathlib; from preau.directory.rosters.reading import read;"
        "r = read(pathlib.Path(sys.argv[1]), today=datetime.date(2026, 11, 24));"
        # Not ru_maxrss, which begins with what the process that started this one had.
        r"peak = int(re.search(r'VmHWM:\s+(\d+)', pathlib.Path('/proc/self/status').read_text())[1]) // 1024;"
        "u = resource.getrusage(resource.RUSAGE_SELF);"
        "print(len(r.people), len(r.groups), len(r.enrolments), len(r.rejected), peak, u.ru_utime)"
    )
    run = subprocess.run(  # A process of its own, so that its peak is the reader's.
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True, env=os.environ
    )
    *rows, megabytes, seconds = run.stdout.split()
    assert rows == ["30000", "3000", "180000", "0"]
    assert int(megabytes) < 200
    assert float(seconds) < 20
