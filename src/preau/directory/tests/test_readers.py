"""The readers on public samples and on sets as schools write them."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from preau.directory.rosters.reading import read
from preau.directory.rosters.roster import (
    AffiliationKind,
    EnrolmentRole,
    GroupKind,
    OrganisationKind,
    ProposedRole,
    Roster,
    RowKind,
)
from preau.directory.tests.rosterset import (
    EVERYTHING,
    ONEROSTER_11,
    SAMPLES,
    SDS_V1,
    SDS_V21,
    TODAY,
    content,
    edited,
    notices,
    read_set,
    rejections,
    with_rows,
    zip_set,
)


def sample(name: str) -> Roster:
    return read(SAMPLES / name, today=TODAY)


def counts(roster: Roster) -> tuple[int, int, int, int, int]:
    return (
        len(roster.organisations),
        len(roster.people),
        len(roster.affiliations),
        len(roster.groups),
        len(roster.enrolments),
    )


class TestSamples:
    @pytest.mark.parametrize(
        ("name", "format", "numbers", "year"),
        [
            ("moodle-oneroster/oneroster-1.1", "oneroster-1.1", (1, 6, 6, 2, 6), 2022),
            ("microsoft-sds/sds-v1-25-users", "sds-v1", (2, 24, 24, 2, 46), 2017),
            ("microsoft-sds/sds-v1-uk-minimal", "sds-v1", (2, 24, 24, 28, 158), None),
            ("microsoft-sds/sds-v2", "sds-v2", (5, 29, 29, 4, 29), None),
            ("microsoft-sds/sds-v2.1", "sds-v2.1", (4, 8, 9, 2, 6), 2021),
        ],
    )
    def test_everything_is_read(
        self, name: str, format: str, numbers: tuple[int, int, int, int, int], year: int | None
    ) -> None:
        roster = sample(name)
        assert (roster.format, counts(roster), roster.school_year) == (format, numbers, year)
        assert roster.complete == EVERYTHING
        assert roster.rejected == []

    def test_oneroster_1_1(self) -> None:
        roster = sample("moodle-oneroster/oneroster-1.1")
        john = next(person for person in roster.people if person.source_id == "usr-222-123456")
        assert (john.given_name, john.family_name, john.username) == ("John", "Doe", "john.doe")
        assert [(group.name, group.kind, group.ended) for group in roster.groups] == [
            ("Introduction to Physics", GroupKind.GROUP, True),
            ("History - 2", GroupKind.DIVISION, True),
        ]
        assert roster.organisations[0].kind is OrganisationKind.DEPARTMENT
        assert Counter(row.role for row in roster.enrolments) == {EnrolmentRole.LEARNER: 4, EnrolmentRole.TEACHER: 2}
        assert notices(roster)["passwords_ignored"] == {}
        assert "Password1-" not in repr(roster)

    def test_sds_v1_dates_are_month_first(self) -> None:
        roster = sample("microsoft-sds/sds-v1-25-users")
        births = {person.source_id: person.birth_date for person in roster.people}
        assert births["13001"] == date(2000, 4, 2)
        assert births["13003"] == date(1997, 12, 19)
        assert births["14001"] is None
        assert all(group.ended and group.school_year == 2017 for group in roster.groups)
        assert roster.groups[0].subject_name == "Math"
        assert [(n.reason, n.details["column"]) for n in roster.notices if n.reason.startswith("dates")] == [
            ("dates_month_first", "Birthdate"),
            ("dates_month_first_assumed", "Term StartDate"),
            ("dates_month_first", "Term EndDate"),
        ]
        assert "P@ssw" not in repr(roster)

    def test_sds_v1_with_ids_and_usernames_only(self) -> None:
        roster = sample("microsoft-sds/sds-v1-uk-minimal")
        first = roster.people[0]
        assert (first.source_id, first.username, first.family_name) == ("13001", "OKlein", "")

    def test_sds_v2_roles(self) -> None:
        roster = sample("microsoft-sds/sds-v2")
        kinds = {row.person_id: (row.kind, row.word) for row in roster.affiliations}
        assert kinds["13001"] == (AffiliationKind.PUPIL, "Student")
        assert kinds["14009"] == (AffiliationKind.TEACHER, "faculty")
        assert kinds["14010"] == (AffiliationKind.STAFF, "aide")
        assert kinds["14012"] == (AffiliationKind.TEACHER, "Lecturer")
        assert {row.kind for row in roster.organisations} == {OrganisationKind.MINISTRY, OrganisationKind.SCHOOL}

    def test_sds_v2_1_guardians_belong_where_their_children_do(self) -> None:
        roster = sample("microsoft-sds/sds-v2.1")
        assert [(row.guardian_id, row.pupil_id, row.link) for row in roster.guardianships] == [
            ("114002", "114001", "guardian"),
            ("114002", "114003", "relative"),
            ("114005", "114004", "guardian"),
        ]
        places = {
            (row.person_id, row.organisation_id) for row in roster.affiliations if row.kind is AffiliationKind.GUARDIAN
        }
        assert places == {("114002", "110003"), ("114005", "110003")}

    def test_sds_v2_1_ended_roles_are_said_and_no_departure(self) -> None:
        roster = sample("microsoft-sds/sds-v2.1")
        student = roster.affiliations[0]
        assert (student.level, student.starts, student.ends) == ("10", date(2021, 8, 24), date(2022, 6, 11))
        assert notices(roster)["role_ended"]["count"] == "7"
        assert len(roster.people) == 8

    def test_sds_v2_1_misaligned_courses_do_not_name_subjects(self) -> None:
        biology = next(row for row in sample("microsoft-sds/sds-v2.1").groups if row.name == "Biology 10")
        assert (biology.subject_name, biology.subject_code, biology.level) == ("Biology 10 2021", "B10", "")

    def test_pupils_alone_have_birth_dates(self) -> None:
        roster = sample("microsoft-sds/sds-v2.1")
        assert {p.source_id for p in roster.people if p.birth_date} == {"114001", "114003", "114004", "114008"}
        assert "birthCity" in notices(roster)["columns_left_out"]["columns"]


class TestOneRoster:
    def test_a_whole_set(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, ONEROSTER_11)
        assert (roster.format, roster.complete, roster.school_year, roster.rejected) == (
            "oneroster-1.1",
            EVERYTHING,
            2026,
            [],
        )
        assert [(o.source_id, o.kind, o.identifier, o.parent_id) for o in roster.organisations] == [
            ("aca", OrganisationKind.ACADEMIE, "", ""),
            ("c1", OrganisationKind.SCHOOL, "0999999F", "aca"),
        ]
        assert {(a.person_id, a.organisation_id, a.kind) for a in roster.affiliations} == {
            ("p1", "c1", AffiliationKind.PUPIL),
            ("g1", "c1", AffiliationKind.GUARDIAN),
            ("t1", "c1", AffiliationKind.TEACHER),
            ("t1", "aca", AffiliationKind.TEACHER),
            ("d1", "c1", AffiliationKind.STAFF),
        }
        assert [(g.source_id, g.kind, g.code, g.level, g.school_year, g.ended) for g in roster.groups] == [
            ("4c", GroupKind.DIVISION, "4C", "4E", 2026, False),
            ("4ct", GroupKind.GROUP, "4CT", "4E", 2026, False),
            ("old", GroupKind.DIVISION, "3A", "3E", 2025, True),
        ]
        assert [(g.subject_code, g.subject_name) for g in roster.groups] == [
            ("", ""),
            ("TECHN", "Technologie"),
            ("", ""),
        ]
        assert [(e.person_id, e.group_id, e.role, e.ends) for e in roster.enrolments] == [
            ("p1", "4c", EnrolmentRole.LEARNER, None),
            ("t1", "4c", EnrolmentRole.LEAD, None),
            ("t1", "4ct", EnrolmentRole.TEACHER, date(2027, 7, 5)),
        ]
        assert [(g.guardian_id, g.pupil_id, g.link) for g in roster.guardianships] == [("g1", "p1", "parent")]
        people = {person.source_id: person for person in roster.people}
        assert people["p1"].identifiers == (("INE", "000123456AB"),)
        assert people["p1"].birth_date == date(2013, 5, 4)
        assert people["t1"].birth_date is None
        assert people["g1"].phone == "0639980001"
        assert not people["d1"].enabled
        assert "secret" not in repr(roster)

    def test_the_same_in_a_zip_with_a_folder(self, tmp_path: Path) -> None:
        zipped = read(zip_set(tmp_path, ONEROSTER_11, "Export 2026/"), today=TODAY)
        assert content(zipped) == content(read_set(tmp_path, ONEROSTER_11))

    def test_the_manifest_says_what_is_complete(self, tmp_path: Path) -> None:
        files = edited(ONEROSTER_11, "manifest.csv", lambda text: text.replace("file.users,bulk", "file.users,delta"))
        del files["classes.csv"]
        roster = read_set(tmp_path, files)
        assert roster.complete == {RowKind.ORGANISATION, RowKind.ENROLMENT}
        assert notices(roster)["manifest_file_missing"] == {"name": "classes"}
        assert "file_partial" in notices(roster)

    def test_without_a_manifest_nobody_departs(self, tmp_path: Path) -> None:
        files = {name: text for name, text in ONEROSTER_11.items() if name != "manifest.csv"}
        roster = read_set(tmp_path, files)
        assert (roster.format, roster.complete) == ("oneroster-1.1", frozenset())
        assert "manifest_missing" in notices(roster)

    def test_a_delta_may_speak_of_rows_it_does_not_hold(self, tmp_path: Path) -> None:
        files = {
            "manifest.csv": "propertyName,value\noneroster.version,1.1\nfile.enrollments,delta\nfile.users,delta\n",
            "users.csv": ONEROSTER_11["users.csv"].splitlines()[0]
            + "\np9,tobedeleted,2026-10-01,true,c1,student,x,,A,B,,,,,,,,\n"
            + "p8,active,,true,c1,student,y,,A,B,,,,,,g7,,\n",
            "enrollments.csv": ONEROSTER_11["enrollments.csv"].splitlines()[0]
            + "\ne9,active,,4c,c1,p77,student,,,\ne8,tobedeleted,,4c,c1,p8,student,,,\n"
            + "e7,active,,4c,c1,p9,student,,,\n",
        }
        roster = read_set(tmp_path, files)
        assert [(row.person_id, row.group_id) for row in roster.enrolments] == [("p77", "4c")]
        assert [(row.kind, row.ids) for row in roster.deleted] == [
            (RowKind.PERSON, ("p9",)),
            (RowKind.ENROLMENT, ("p8", "4c")),
        ]
        assert [(row.guardian_id, row.pupil_id) for row in roster.guardianships] == [("g7", "p8")]
        assert roster.rejected == []
        assert notices(roster)["row_of_deleted"] == {"count": "1", "lines": "4"}

    def test_tobedeleted_in_bulk(self, tmp_path: Path) -> None:
        files = edited(ONEROSTER_11, "users.csv", lambda text: text.replace("t1,,,", "t1,tobedeleted,2026-10-01,"))
        roster = read_set(tmp_path, files)
        assert "t1" not in {person.source_id for person in roster.people}
        assert [(row.kind, row.ids) for row in roster.deleted] == [(RowKind.PERSON, ("t1",))]
        assert notices(roster)["row_of_deleted"]["count"] == "2"
        assert roster.rejected == []

    def test_1_2_roles_preferred_names_and_dates(self, tmp_path: Path) -> None:
        files = ONEROSTER_11 | {
            "manifest.csv": ONEROSTER_11["manifest.csv"].replace("version,1.1", "version,1.2") + "file.roles,bulk\n",
            "users.csv": (
                "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
                "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,"
                "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\n"
                "p1,,,true,lina,,Lina,Nuñez,,,,,,,4E,,m-1,Lili,,,c1,\nt1,,,true,nad,,Nadia,Oukili,,,,,,,,,,,,Oukili-Roy,c1,\n"
            ),
            "roles.csv": (
                "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
                "userProfileSourcedId\n"
                "r1,,,p1,primary,student,2026-09-01,,c1,\nr2,,,t1,primary,teacher,,,c1,\n"
                "r3,,,t1,secondary,principal,2027-01-04,,c1,\nr4,,,t1,secondary,siteAdministrator,,2026-01-04,aca,\n"
                "r5,,,t1,secondary,ext:AESH,,,aca,\nr6,tobedeleted,2026-10-02,p1,secondary,student,,,aca,\n"
            ),
        }
        del files["demographics.csv"]
        roster = read_set(tmp_path, files)
        people = {person.source_id: person for person in roster.people}
        assert (people["p1"].given_name, people["p1"].preferred_given_name) == ("Lina", "Lili")
        assert people["p1"].identifiers == (("userMasterIdentifier", "m-1"),)
        assert people["t1"].family_name == "Oukili-Roy"
        rows = [
            (a.person_id, a.organisation_id, a.kind, a.word, a.proposes, a.starts, a.ends) for a in roster.affiliations
        ]
        assert rows == [
            ("p1", "c1", AffiliationKind.PUPIL, "student", None, date(2026, 9, 1), None),
            ("t1", "c1", AffiliationKind.TEACHER, "teacher", None, None, None),
            ("t1", "c1", AffiliationKind.STAFF, "principal", ProposedRole.DIRECTION, date(2027, 1, 4), None),
            ("t1", "aca", AffiliationKind.STAFF, "siteAdministrator", ProposedRole.REFERENT, None, None),
            ("p1", "aca", AffiliationKind.PUPIL, "student", None, None, date(2026, 10, 2)),
        ]
        assert roster.format == "oneroster-1.2"

    @pytest.mark.parametrize("name", ["users.csv", "USERS.CSV", "2026-11 - users (2).csv", "personnes.txt"])
    def test_users_alone(self, tmp_path: Path, name: str) -> None:
        roster = read_set(tmp_path, {name: ONEROSTER_11["users.csv"]})
        assert (len(roster.people), len(roster.affiliations), roster.complete) == (4, 5, frozenset())

    def test_a_scheduled_class_takes_its_subject_from_its_row_first(self, tmp_path: Path) -> None:
        files = with_rows(ONEROSTER_11, "classes.csv", '5,,,Bio,,k1,B,scheduled,,c1,"y25,y26","SVT, Bio","SVT1,B2",')
        group = read_set(tmp_path, files).groups[-1]
        assert (group.subject_name, group.subject_code, group.school_year, group.ended) == ("SVT", "SVT1", 2026, False)


class TestForms:
    """The same set in the shapes that school programs and spreadsheets give it."""

    @pytest.mark.parametrize("files", [ONEROSTER_11, SDS_V1, SDS_V21], ids=["oneroster", "sds-v1", "sds-v2.1"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "iso8859-15"])
    def test_encodings(self, tmp_path: Path, files: dict[str, str], encoding: str) -> None:
        (tmp_path / "plain").mkdir()
        expected = content(read_set(tmp_path / "plain", files))
        assert content(read_set(tmp_path, files, encoding=encoding)) == expected

    @pytest.mark.parametrize("files", [ONEROSTER_11, SDS_V1, SDS_V21], ids=["oneroster", "sds-v1", "sds-v2.1"])
    @pytest.mark.parametrize("delimiter", [";", "\t", "|"])
    def test_delimiters(self, tmp_path: Path, files: dict[str, str], delimiter: str) -> None:
        changed = {
            name: text.replace('"c1,aca"', "c1§aca").replace(",", delimiter).replace("c1§aca", '"c1,aca"')
            for name, text in files.items()
        }
        (tmp_path / "plain").mkdir()
        assert content(read_set(tmp_path, changed)) == content(read_set(tmp_path / "plain", files))

    @pytest.mark.parametrize("files", [ONEROSTER_11, SDS_V1, SDS_V21], ids=["oneroster", "sds-v1", "sds-v2.1"])
    def test_reordered_renamed_and_extended(self, tmp_path: Path, files: dict[str, str]) -> None:
        def disturb(text: str) -> str:
            lines = [line.replace('"c1,aca"', "c1§aca").split(",") for line in text.splitlines()]
            lines = [[*reversed(cells), "x", ""] for cells in lines]
            lines[0] = [f" {cell.upper()} " for cell in lines[0][:-2]] + ["metadata.ext.x", ""]
            return "\r\n".join(",".join(cells) for cells in lines).replace("c1§aca", '"c1,aca"')

        changed = {f"Export_{name.upper()}": disturb(text) for name, text in files.items()}
        (tmp_path / "plain").mkdir()
        assert content(read_set(tmp_path, changed)) == content(read_set(tmp_path / "plain", files))

    def test_names_of_files_say_nothing_where_headers_do(self, tmp_path: Path) -> None:
        (tmp_path / "plain").mkdir()
        changed = {f"{number}.csv": text for number, text in enumerate(ONEROSTER_11.values())}
        assert content(read_set(tmp_path, changed)) == content(read_set(tmp_path / "plain", ONEROSTER_11))

    def test_misspelt_headers_are_guessed_and_said(self, tmp_path: Path) -> None:
        files = edited(ONEROSTER_11, "users.csv", lambda text: text.replace("familyName", "famillyName"))
        roster = read_set(tmp_path, files)
        assert roster.people[0].family_name == "Nuñez"
        assert notices(roster)["header_guessed"] == {"written": "famillyName", "expected": "familyname"}


class TestSds:
    def test_v1_least_sets_are_told_apart_by_file_names(self, tmp_path: Path) -> None:
        files = {
            "liste_students.csv": "SIS ID,School SIS ID,Username\n30,10,ok\n",
            "liste_teachers.csv": "SIS ID,School SIS ID,Username\n40,10,cb\n",
        }
        roster = read_set(tmp_path, files)
        assert {(a.person_id, a.kind) for a in roster.affiliations} == {
            ("30", AffiliationKind.PUPIL),
            ("40", AffiliationKind.TEACHER),
        }
        assert (roster.complete, notices(roster)["set_partial"]) == (frozenset(), {"names": "School"})
        assert roster.affiliations[0].organisation_id == "10"

    def test_v1_a_file_nobody_can_place_is_said(self, tmp_path: Path) -> None:
        files = SDS_V1 | {"a.csv": "SIS ID,School SIS ID,Username\n99,10,zz\n"}
        del files["Teacher.csv"]
        roster = read_set(tmp_path, files)
        assert "file_ambiguous" in notices(roster)
        assert RowKind.PERSON not in roster.complete

    def test_v1_pupils_alone_say_nothing_about_teachers(self, tmp_path: Path) -> None:
        files = {name: SDS_V1[name] for name in ("School.csv", "Student.csv")}
        roster = read_set(tmp_path, files)
        assert (roster.complete, notices(roster)["set_partial"]) == (frozenset(), {"names": "Teacher"})

    def test_v1_what_a_person_does_follows_from_what_they_are(self, tmp_path: Path) -> None:
        files = SDS_V1 | {"StudentEnrollment.csv": SDS_V1["TeacherRoster.csv"]}
        del files["TeacherRoster.csv"]
        assert [row.role for row in read_set(tmp_path, files).enrolments] == [EnrolmentRole.TEACHER]

    def test_v1_a_teacher_of_two_schools_has_two_rows(self, tmp_path: Path) -> None:
        files = with_rows(SDS_V1, "School.csv", "11,Lycée Vert,2")
        files = with_rows(files, "Teacher.csv", "40,11,Craig,Beane,cbeane,x", "40,11,Craig,Beane,cbeane,x")
        roster = read_set(tmp_path, files)
        assert [a.organisation_id for a in roster.affiliations if a.person_id == "40"] == ["10", "11"]
        assert rejections(roster) == [("Teacher.csv", 4, "duplicate_id")]

    def test_v1_a_teacher_with_a_pupil_s_number_is_rejected(self, tmp_path: Path) -> None:
        roster = read_set(tmp_path, with_rows(SDS_V1, "Teacher.csv", "30,10,Other,Person,op,x"))
        assert [(row.reason, row.details["first_file"]) for row in roster.rejected] == [("duplicate_id", "Student.csv")]

    def test_v1_the_principal_is_proposed(self, tmp_path: Path) -> None:
        files = SDS_V1 | {"School.csv": "SIS ID,Name,Principal SIS ID\n10,Lycée Bleu,40\n"}
        row = read_set(tmp_path, files).affiliations[-1]
        assert (row.person_id, row.kind, row.proposes) == ("40", AffiliationKind.STAFF, ProposedRole.DIRECTION)

    def test_v1_guardians(self, tmp_path: Path) -> None:
        files = SDS_V1 | {
            "user.csv": "Email,First Name,Last Name,Phone,SIS ID\nEva@example.org,Eva,Klein,0639980001,\n",
            "guardianrelationship.csv": (
                "SIS ID,Email,Role\n30,eva@example.org,Parent\n30,eva@example.org,Doctor\n30,no@example.org,Parent\n"
            ),
        }
        roster = read_set(tmp_path, files)
        assert [(g.guardian_id, g.pupil_id, g.link) for g in roster.guardianships] == [
            ("mailto:eva@example.org", "30", "Parent")
        ]
        assert rejections(roster) == [("guardianrelationship.csv", 4, "unknown_guardian")]
        assert notices(roster)["contact_left_out"]["word"] == "Doctor"

    def test_v1_british_dates(self, tmp_path: Path) -> None:
        files = {
            "School.csv": "DfE Number,Name\n10,Lycée Bleu\n",
            "Student.csv": (
                "ID,School DfE Number,First Name,Last Name,Username,Birthdate\n30,10,Ora,Klein,ok,04/02/2010\n"
            ),
            "Teacher.csv": "ID,School DfE Number,First Name,Last Name,Username\n40,10,Craig,Beane,cb\n",
        }
        roster = read_set(tmp_path, files)
        assert roster.people[0].birth_date == date(2010, 2, 4)
        assert "dates_day_first_assumed" in notices(roster)

    def test_v2_1_links_keep_their_word_and_contacts_are_no_guardians(self, tmp_path: Path) -> None:
        files = with_rows(SDS_V21, "relationships.csv", "30,40,doctor", "40,50,guardian", "30,60,parent")
        roster = read_set(tmp_path, files)
        assert [(g.guardian_id, g.pupil_id, g.link) for g in roster.guardianships] == [("50", "30", "guardian")]
        assert {"contact_left_out", "link_left_out"} <= notices(roster).keys()
        assert rejections(roster) == [("relationships.csv", 5, "unknown_person")]

    def test_v2_1_users_and_roles_only(self, tmp_path: Path) -> None:
        files = {name: SDS_V21[name] for name in ("orgs.csv", "users.csv", "roles.csv")}
        roster = read_set(tmp_path, files)
        assert roster.format == "sds-v2.1"
        assert roster.complete == {RowKind.ORGANISATION, RowKind.PERSON}

    @pytest.mark.parametrize("name", ["users.csv", "enrollments.csv", "roles.csv"])
    def test_v2_1_one_list_alone_is_no_set(self, tmp_path: Path, name: str) -> None:
        roster = read_set(tmp_path, {name: SDS_V21[name]})
        assert (roster.family, roster.complete) == ("sds", frozenset())
        assert "set_partial" in notices(roster)
        assert roster.rejected == []

    def test_v2_1_a_role_ends_with_its_session(self, tmp_path: Path) -> None:
        files = SDS_V21 | {
            "academicSessions.csv": (
                "sourcedId,title,type,schoolYear,startDate,endDate\nS,x,term,2025,2025-09-01,2026-06-30\n"
            )
        }
        files = edited(files, "roles.csv", lambda text: text.replace("40,10,Lecturer,,", "40,10,Lecturer,S,"))
        roster = read_set(tmp_path, files)
        assert {a.person_id: a.ends for a in roster.affiliations}["40"] == date(2026, 6, 30)
        assert notices(roster)["role_ended"] == {"count": "1", "lines": "3"}
