"""Small roster sets for the readers' tests, written as files a school might give."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from preau.directory.rosters.reading import read
from preau.directory.rosters.roster import Roster, RowKind

TODAY = date(2026, 11, 24)
EVERYTHING = frozenset(RowKind)
SAMPLES = Path(__file__).parent / "samples"

ONEROSTER_11 = {
    "manifest.csv": (
        "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.orgs,bulk\nfile.users,bulk\n"
        "file.classes,bulk\nfile.enrollments,bulk\nfile.academicSessions,bulk\nfile.demographics,bulk\nfile.courses,bulk\n"
    ),
    "orgs.csv": (
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        "aca,,,Académie de Lyon,district,,\nc1,,,Collège Marie-Curie,school,0999999F,aca\n"
    ),
    "academicSessions.csv": (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
        "y26,,,2026-2027,schoolYear,2026-09-01,2027-07-05,,2027\n"
        "y25,,,2025-2026,schoolYear,2025-09-01,2026-07-05,,2026\n"
    ),
    "users.csv": (
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
        "p1,,,true,c1,student,lina,{INE:000123456AB},Lina,Nuñez,Zoé,,,,,g1,4E,secret-1\n"
        "g1,,,true,c1,parent,,,Ana,Nuñez,,,ana@example.org,0639980001,,p1,,secret-2\n"
        't1,,,true,"c1,aca",teacher,noukili,,Nadia,Oukili,,,,,,,,secret-3\n'
        "d1,,,false,c1,administrator,,,Henri,Besson,,,,,,,,\n"
    ),
    "demographics.csv": (
        "sourcedId,status,dateLastModified,birthDate,sex\np1,,,2013-05-04,female\nt1,,,1980-01-01,female\n"
    ),
    "courses.csv": (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\n"
        "k1,,,y26,Technologie,TECHN,4E,c1,,\n"
    ),
    "classes.csv": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
        "termSourcedIds,subjects,subjectCodes,periods\n"
        "4c,,,4e C,4E,k1,4C,homeroom,,c1,y26,,,\n4ct,,,4e C Techno,,k1,4CT,scheduled,,c1,y26,,,\n"
        "old,,,3e A,3E,,3A,homeroom,,c1,y25,,,\n"
    ),
    "enrollments.csv": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        "e1,,,4c,c1,p1,student,false,,\ne2,,,4c,c1,t1,teacher,true,,\ne3,,,4ct,c1,t1,teacher,true,2026-09-01,2027-07-05\n"
    ),
}

SDS_V1 = {
    "School.csv": "SIS ID,Name,School Number\n10,Lycée Bleu,0999998E\n",
    "Section.csv": "SIS ID,School SIS ID,Section Name,Section Number\n20,10,Maths 1,M1\n",
    "Student.csv": "SIS ID,School SIS ID,First Name,Last Name,Username,Password,Grade\n30,10,Ora,Klein,oklein,x,9\n",
    "Teacher.csv": "SIS ID,School SIS ID,First Name,Last Name,Username,Password\n40,10,Craig,Beane,cbeane,x\n",
    "StudentEnrollment.csv": "Section SIS ID,SIS ID\n20,30\n",
    "TeacherRoster.csv": "Section SIS ID,SIS ID\n20,40\n",
}

SDS_V21 = {
    "orgs.csv": "sourcedId,name,type,parentSourcedId\n10,Lycée Bleu,school,\n",
    "users.csv": (
        "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms\n"
        "30,oklein,Ora,Klein,x,,,,\n40,cbeane,Craig,Beane,x,,,,\n50,,Eva,Klein,,,eva@example.org,,\n"
    ),
    "roles.csv": (
        "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
        "30,10,student,,9,TRUE,,\n40,10,Lecturer,,,TRUE,,\n"
    ),
    "classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\n20,10,Maths 1,,\n",
    "enrollments.csv": "classSourcedId,userSourcedId,role\n20,30,student\n20,40,Lecturer\n",
    "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\n30,50,guardian\n",
}


def write_set(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    """Write `files` into a new folder under `folder`."""
    target = folder / "set"
    target.mkdir()
    for name, content in files.items():
        (target / name).write_bytes(content.encode(encoding))
    return target


def zip_set(folder: Path, files: dict[str, str], inside: str = "") -> Path:
    """Write `files` into a zip, each under the folder `inside`."""
    target = folder / "set.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(inside + name, content)
    return target


def read_set(folder: Path, files: dict[str, str], *, encoding: str = "utf-8", today: date = TODAY) -> Roster:
    """Write a set and read it."""
    return read(write_set(folder, files, encoding), today=today)


def edited(files: dict[str, str], name: str, change: Callable[[str], str]) -> dict[str, str]:
    """The set with one file changed."""
    return files | {name: change(files[name])}


def with_rows(files: dict[str, str], name: str, *rows: str) -> dict[str, str]:
    """The set with rows added to one file."""
    return files | {name: files[name] + "".join(row + "\n" for row in rows)}


def notices(roster: Roster) -> dict[str, dict[str, str]]:
    """The details of each notice by its code (the last, where a code is said of several files)."""
    return {notice.reason: notice.details for notice in roster.notices}


def rejections(roster: Roster) -> list[tuple[str, int, str]]:
    """(file, line, reason) of each rejected row."""
    return [(row.origin.file, row.origin.line, row.reason) for row in roster.rejected]


def content(roster: Roster) -> dict[str, object]:
    """What a roster says, whatever the order and place of its rows."""
    found: dict[str, object] = {
        "family": roster.family,
        "format": roster.format,
        "complete": roster.complete,
        "school_year": roster.school_year,
    }
    for name in ("organisations", "people", "affiliations", "groups", "enrolments", "guardianships"):
        rows = [
            tuple((field, getattr(row, field)) for field in row.__slots__ if field != "origin")
            for row in getattr(roster, name)
        ]
        found[name] = sorted(rows, key=repr)
    found["deleted"] = sorted((row.kind, row.ids) for row in roster.deleted)
    return found
