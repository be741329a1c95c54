"""La rentrée in its pages: what comes in is simulated, corrected, applied once, and taken back."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from preau.directory.actions.people import edit_person
from preau.directory.imports import deposits, listing, uploaded
from preau.directory.imports.jobs import apply_deposit, clean, simulate_deposit
from preau.directory.imports.running import progress_key, settle_interrupted
from preau.directory.models import Group, Import, Membership, Person, RejectedRow
from preau.directory.models.importing import ImportState, RejectedState
from preau.directory.testing import World, make_import, make_person, make_world, suspend
from preau.kernel import clock, jobs, progress
from preau.kernel.actions import machinery
from preau.kernel.actor import Role
from preau.kernel.models import Disclosure
from preau.platform.testing import text_of, visitor

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])

MANIFEST = """propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.users,{0}
file.classes,{0}
file.enrollments,{0}
file.orgs,bulk
file.academicSessions,absent
"""
ORGS = "sourcedId,name,type,identifier\ns1,Les Tilleuls,school,\n"
USERS = "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,email\n"
CLASSES = """sourcedId,title,grades,classCode,classType,schoolSourcedId,termSourcedIds
c1,5e A,,5A,homeroom,s1,
c2,5e C,,5C,homeroom,s1,
"""
ENROLMENTS = "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n"
PUPILS = ("p1,true,s1,student,,Maël,Tissier,", "p2,true,s1,student,,Jade,Ozanne,", "p3,true,s1,student,,Sami,Nuñez,")


@pytest.fixture(autouse=True)
def _door(settings: Any) -> None:
    settings.ROOT_URLCONF = "preau.platform.testing"


@pytest.fixture(autouse=True)
def _no_files_left() -> Iterator[None]:
    yield
    for deposit in list(deposits.deposits()):
        deposits.forget(deposit.uuid)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def referent(world: World) -> Client:
    return visitor(world.here.actor(Role.REFERENT))


def files(
    pupils: tuple[str, ...] = PUPILS, places: Mapping[str, str] | None = None, *, kind: str = "bulk"
) -> list[SimpleUploadedFile]:
    """A OneRoster set; `places`: pupil → class."""
    places = {"p1": "c1", "p2": "c1", "p3": "c2"} if places is None else places
    stays = "".join(f"e{n},{group},s1,{who},student\n" for n, (who, group) in enumerate(places.items()))
    texts = {
        "manifest.csv": MANIFEST.format(kind),
        "orgs.csv": ORGS,
        "users.csv": USERS + "".join(f"{row}\n" for row in pupils),
        "classes.csv": CLASSES,
        "enrollments.csv": ENROLMENTS + stays,
    }
    return [SimpleUploadedFile(name, text.encode()) for name, text in texts.items()]


def upload(client: Client, given: list[SimpleUploadedFile] | None = None) -> str:
    """Uploads, and returns the address of the simulation."""
    answer = client.post("/rentree/", {"files": given or files()})
    assert answer.status_code == 302, answer.content.decode()
    address: str = answer["Location"]
    return address


def work() -> None:
    """What the worker does."""
    while jobs.run_one():
        pass


def applied(client: Client, given: list[SimpleUploadedFile] | None = None, **data: str) -> str:
    """Uploads and applies; returns the simulation's address."""
    address = upload(client, given)
    answer = client.post(f"{address}appliquer", data)
    assert answer.status_code == 302, answer.content.decode()
    work()
    return address


def uuid_of(address: str) -> UUID:
    return UUID(address.split("/")[2])


def imported(address: str) -> Import:
    return Import.objects.get(uuid=uuid_of(address))


def squeezed(answer: Any) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(answer)).replace("\u00a0", " ").replace("\u202f", " ").split())


class TestUpload:
    def test_a_small_set_is_simulated_at_once_and_nothing_is_written(self, world: World, referent: Client) -> None:
        address = upload(referent)
        page = referent.get(address)
        assert page.status_code == 200
        said = squeezed(page)
        assert "3 élèves à créer" not in said  # the figure stands under its label
        assert "élèves à créer 3" in said
        for words in ("OneRoster 1.1", "Maël Tissier", "5e A", "Appliquer les 3", "« Les Tilleuls »"):
            assert words in said + squeezed(referent.get(f"{address}?voir=creations")) + squeezed(
                referent.get(f"{address}?voir=avertissements")
            )
        assert not Person.objects.filter(given_name="Maël").exists()
        assert imported(address).organisation == world.here.organisation

    def test_without_a_file_the_form_says_so(self, referent: Client) -> None:
        answer = referent.post("/rentree/", {})
        assert answer.status_code == 422
        assert "Choisissez au moins un fichier" in text_of(answer)

    def test_a_folder_is_taken_like_files(self, referent: Client) -> None:
        answer = referent.post("/rentree/", {"folder": files()})
        assert "Maël Tissier" in text_of(referent.get(f"{answer['Location']}?voir=creations"))

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("users.csv", b"", "est vide"),
            ("photo.csv", b"\x89PNG\r\n\x1a\n", "fichier CSV"),
            ("liste.csv", b"Couleur,Taille\nbleu,2\n", "aucun format connu"),
            ("set.zip", b"PK\x03\x04 rien", "incomplète"),
            ("users.csv", USERS.encode(), "aucune ligne"),
            ("x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entités"),
        ],
    )
    def test_what_cannot_be_read_is_a_page_that_says_what_to_do(
        self, referent: Client, name: str, content: bytes, sentence: str
    ) -> None:
        address = upload(referent, [SimpleUploadedFile(name, content)])
        page = referent.get(address)
        assert page.status_code == 422
        said = squeezed(page)
        assert sentence in said
        assert "rien n’a été écrit" in said
        assert "Déposer d’autres fichiers" in said
        assert not Import.objects.filter(uuid=uuid_of(address)).exists()
        assert referent.post(f"{address}appliquer").status_code == 409
        assert referent.post(f"{address}retirer").status_code == 302
        assert referent.get(address).status_code == 404

    def test_a_large_set_is_simulated_by_the_worker(self, referent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploaded, "AT_ONCE_BYTES", 10)
        address = upload(referent)
        waiting = referent.get(address)
        assert 'hx-trigger="every 1s"' in text_of(waiting)
        assert 'http-equiv="refresh"' in text_of(waiting)
        assert referent.post(f"{address}appliquer").status_code == 409
        assert referent.post(f"{address}simuler").status_code == 409
        work()
        assert "élèves à créer" in text_of(referent.get(address))
        polled = referent.get(address, headers={"HX-Request": "true", "HX-Target": "reading"})
        assert polled["HX-Redirect"] == address
        simulate_deposit.call(uuid=str(uuid_of(address)))  # a job may come twice
        assert Import.objects.filter(uuid=uuid_of(address)).count() == 1

    def test_whoever_lost_the_role_meanwhile_is_not_served(
        self, world: World, referent: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploaded, "AT_ONCE_BYTES", 10)
        address = upload(referent)
        suspend(world.here.people[Role.REFERENT])
        work()
        assert deposits.load(uuid_of(address)) is None
        assert not Import.objects.filter(uuid=uuid_of(address)).exists()

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.DIRECTION, Role.REFERENT}))
    def test_others_have_no_rentree(self, world: World, role: Role) -> None:
        client = visitor(world.here.actor(role))
        assert client.get("/rentree/").status_code == 403
        assert client.post("/rentree/", {"files": files()}).status_code == 403

    def test_another_school_finds_nothing(self, world: World, referent: Client) -> None:
        address = upload(referent)
        other = visitor(world.there.actor(Role.DIRECTION))
        assert other.get(address).status_code == 404
        for verb in ("appliquer", "corriger", "choisir", "reconnaitre", "simuler", "retirer", "annuler", "laisser"):
            assert other.post(f"{address}{verb}").status_code == 404, verb
        for page in ("progression", "resultat", "refusees.csv"):
            assert other.get(f"{address}{page}").status_code == 404, page
        assert "users.csv" not in text_of(other.get("/rentree/"))


class TestApply:
    def test_it_is_written_once_and_shown(self, world: World, referent: Client) -> None:
        address = upload(referent)
        begun = referent.post(f"{address}appliquer")
        assert begun["Location"] == f"{address}progression"
        waiting = referent.get(f"{address}progression")
        assert "Vous pouvez quitter cette page" in text_of(waiting)
        assert referent.get(address)["Location"] == f"{address}progression"
        fragment = referent.get(f"{address}progression", headers={"HX-Request": "true"})
        assert "<html" not in text_of(fragment)
        assert "En attente de son tour" in text_of(fragment)
        again = referent.post(f"{address}appliquer")
        assert again.status_code == 409
        work()
        done = referent.get(f"{address}progression", headers={"HX-Request": "true"})
        assert done["HX-Redirect"] == f"{address}resultat"
        assert referent.get(f"{address}progression")["Location"] == f"{address}resultat"
        said = squeezed(referent.get(f"{address}resultat"))
        assert "élèves créés 3" in said
        assert "Annuler cet import" in said
        assert Person.objects.filter(given_name="Maël", family_name="Tissier").count() == 1
        assert not deposits.has_files(uuid_of(address))
        assert referent.post(f"{address}appliquer").status_code == 409
        assert Person.objects.filter(given_name="Maël").count() == 1
        assert imported(address).organisation == world.here.organisation

    @pytest.mark.parametrize(
        ("code", "total", "now", "done"),
        [
            ("reading", 0, "Lecture des fichiers", 1),
            ("people", 3, "Personnes", 3),
            ("ids", 3, "Personnes", 3),
            ("ids", 2, "Classes et groupes", 5),
            ("teachings", 9, "Enseignements", 7),
            ("rejected", 1, "Derniers changements", 9),
        ],
    )
    def test_each_report_of_the_writer_is_a_step(
        self, referent: Client, code: str, total: int, now: str, done: int
    ) -> None:
        address = upload(referent)
        referent.post(f"{address}appliquer")
        progress.report(progress_key(uuid_of(address)), code, 1 if total else 0, total)
        page = referent.get(f"{address}progression", headers={"HX-Request": "true"})
        assert re.search(f"Maintenant {now}", squeezed(page))
        assert text_of(page).count('data-tone="ok"') == done
        assert (f"1 sur {total}" in squeezed(page)) == bool(total)

    def test_a_second_run_of_the_job_changes_nothing(self, referent: Client) -> None:
        address = applied(referent)
        apply_deposit.call(uuid=str(uuid_of(address)), accept_exodus=True)
        assert imported(address).state == ImportState.APPLIED
        assert Person.objects.filter(given_name="Maël").count() == 1

    def test_the_same_again_has_nothing_to_apply(self, referent: Client) -> None:
        applied(referent)
        said = squeezed(referent.get(upload(referent)))
        assert "Rien à appliquer" in said
        assert "Rien à changer" in said or "À savoir" in said

    def test_moves_read_from_class_to_class(self, world: World, referent: Client) -> None:
        applied(referent)
        address = upload(referent, files(places={"p1": "c2", "p2": "c1", "p3": "c2"}))
        page = referent.get(f"{address}?voir=changements")
        assert re.search(r"Maël Tissier.*5e A.*devient.*5e C", squeezed(page))
        mael = Person.objects.get(given_name="Maël")
        assert Disclosure.objects.filter(subject=mael.pk, viewer=world.here.people[Role.REFERENT].pk).exists()
        assert Membership.objects.get(person=mael).group.name == "5e A"

    def test_many_departures_ask_a_second_yes(self, referent: Client) -> None:
        applied(referent)
        address = upload(referent, files(PUPILS[:2], {"p1": "c1", "p2": "c1"}))
        said = squeezed(referent.get(address))
        assert "1 sur 3 (élève, Collège des Tilleuls)" in said
        assert "Sami Nuñez" in text_of(referent.get(f"{address}?voir=departs"))
        refused = referent.post(f"{address}appliquer")
        assert refused.status_code == 409
        assert "Plus d’une personne sur dix partirait" in text_of(refused)
        assert imported(address).state == ImportState.SIMULATED
        assert referent.post(f"{address}appliquer", {"accept_exodus": "1"}).status_code == 302
        work()
        assert not Person.objects.get(given_name="Sami").is_active

    def test_a_directory_that_changed_meanwhile_is_simulated_anew(self, referent: Client) -> None:
        first = upload(referent)
        second = upload(referent)
        referent.post(f"{first}appliquer")
        referent.post(f"{second}appliquer")
        work()
        page = referent.get(f"{second}resultat")
        assert "L’annuaire a changé depuis la répétition" in text_of(page)
        assert "Rien n’a été écrit" in text_of(page)
        again = referent.post(f"{second}simuler")
        assert again["Location"] == second
        assert "Rien à appliquer" in text_of(referent.get(second))

    def test_a_role_lost_before_the_worker_came_writes_nothing(self, world: World, referent: Client) -> None:
        address = upload(referent)
        referent.post(f"{address}appliquer")
        suspend(world.here.people[Role.REFERENT])
        work()
        assert imported(address).failure == "import_not_allowed"
        assert not Person.objects.filter(given_name="Maël").exists()

    def test_a_program_that_dies_leaves_nothing_and_says_so(self, referent: Client) -> None:
        address = upload(referent)
        with machinery("testing"):
            Import.objects.filter(uuid=uuid_of(address)).update(state=ImportState.APPLYING)
        page = referent.get(f"{address}progression")
        assert page["Location"] == f"{address}resultat"
        said = squeezed(referent.get(f"{address}resultat"))
        assert "Le serveur s’est arrêté pendant l’import : rien n’a été écrit" in said
        assert "Recommencer" in said
        referent.post(f"{address}simuler")
        assert referent.post(f"{address}appliquer").status_code == 302
        work()
        assert imported(address).state == ImportState.APPLIED

    def test_a_large_set_that_failed_is_read_again_by_the_worker(
        self, referent: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = upload(referent)
        with machinery("testing"):
            Import.objects.filter(uuid=uuid_of(address)).update(state=ImportState.FAILED, failure="import_interrupted")
        monkeypatch.setattr(uploaded, "AT_ONCE_BYTES", 10)
        assert referent.post(f"{address}simuler")["Location"] == address
        assert 'hx-trigger="every 1s"' in text_of(referent.get(address))
        assert referent.get(f"{address}resultat")["Location"] == address
        work()
        assert "Appliquer les 3" in squeezed(referent.get(address))

    def test_one_that_waits_for_the_worker_is_not_taken_for_dead(self, referent: Client) -> None:
        address = upload(referent)
        referent.post(f"{address}appliquer")
        assert settle_interrupted() == 0
        assert imported(address).state == ImportState.APPLYING

    def test_a_fault_of_the_program_is_said_and_logged(self, referent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        address = upload(referent)
        referent.post(f"{address}appliquer")

        def broken(*_arguments: object, **_more: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(uploaded, "carry_out", broken)
        work()
        assert imported(address).failure == "import_failed"
        assert "journal du serveur" in text_of(referent.get(f"{address}resultat"))
        assert not Person.objects.filter(given_name="Maël").exists()

    def test_files_that_vanished_are_said(self, referent: Client) -> None:
        address = upload(referent)
        referent.post(f"{address}appliquer")
        deposits.forget_files(uuid_of(address))
        work()
        assert imported(address).failure == "import_files_gone"
        assert "Déposez les fichiers de nouveau" in text_of(referent.get(f"{address}resultat"))


class TestNames:
    def test_a_long_name_in_many_bytes_is_cut(self, referent: Client) -> None:
        given = files()
        given[2].name = "élève" * 50 + "🎒" * 50 + ".csv"
        address = upload(referent, given)
        kept = max(deposits.files_of(uuid_of(address)).iterdir(), key=lambda file: len(file.name.encode()))
        assert 190 < len(kept.name.encode()) <= 200
        assert kept.suffix == ".csv"

    def test_nothing_stays_of_a_deposit_that_broke(
        self, referent: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(self: SimpleUploadedFile, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"half"
            raise OSError(errno.ENOSPC, "No space left on device")

        top = Path(settings.PREAU_DATA) / "imports"
        before = set(top.iterdir()) if top.exists() else set()
        monkeypatch.setattr(SimpleUploadedFile, "chunks", full)
        with pytest.raises(OSError, match="No space"):
            deposits.keep(files(), organisation_id=1, person_id=1, role="referent")
        assert set(top.iterdir()) == before


class TestRejected:
    ROWS = (*PUPILS, "p4,true,s1,student,,,,", "p5,true,s1,student,,=cmd(),+33,")

    def test_each_row_says_why_and_the_table_neutralises_formulas(self, referent: Client) -> None:
        rows = (*PUPILS, ",true,s1,student,,=cmd(),Formule,")
        address = upload(referent, files(rows))
        page = text_of(referent.get(f"{address}?voir=refusees"))
        assert "sans identifiant, la ligne ne désigne personne" in page
        assert "l. 5" in page.replace("\u00a0", " ")
        answer = referent.get(f"{address}refusees.csv")
        assert answer["Content-Disposition"].startswith("attachment")
        table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        line = dict(zip(table[0], table[1], strict=True))
        assert line["Motif du rejet (oneroster)"].startswith("La colonne sourcedId est vide")
        assert line["givenName"] == "'=cmd()"
        assert (line["Fichier"], line["Ligne"]) == ("users.csv", "5")

    @pytest.mark.parametrize("row", ["9" * 5000, "9" * 19, "²", "x", ""])
    def test_a_key_that_is_none_is_not_found(self, referent: Client, row: str) -> None:
        address = upload(referent, files(self.ROWS[:4]))
        for what in ("corriger", "laisser"):
            answer = referent.post(f"{address}{what}", {"row": row})
            assert answer.status_code == 404, what

    def test_a_row_is_corrected_where_it_stands(self, referent: Client) -> None:
        address = upload(referent, files(self.ROWS[:4]))
        of = imported(address)
        row = RejectedRow.objects.get(of=of)
        seen = listing.load(of.uuid)
        assert seen is not None
        headers = seen.headers["users.csv"]
        cells = {f"c{headers.index('givenName')}": "Lou", f"c{headers.index('familyName')}": "Ouvrard"}
        answer = referent.post(f"{address}corriger", {"row": str(row.pk), **cells})
        assert answer["Location"] == f"{address}?voir=refusees"
        assert not RejectedRow.objects.filter(of=of).exists()
        assert "Lou Ouvrard" in text_of(referent.get(f"{address}?voir=creations"))
        referent.post(f"{address}appliquer")
        work()
        assert Person.objects.filter(given_name="Lou", family_name="Ouvrard").exists()
        # Every other row is what it was.
        assert Person.objects.filter(given_name="Sami", family_name="Nuñez").exists()

    def test_lines_keep_their_number_through_corrections(self, referent: Client) -> None:
        rows = ("p1,true,s1,student,,,,", '"p2",true,s1,student,,"Jade\nLou",Ozanne,', "p3,true,s1,student,,,,")
        address = upload(referent, files(rows, {}))
        of = imported(address)
        first, second = RejectedRow.objects.filter(of=of).order_by("line")
        assert (first.line, second.line) == (2, 5)
        seen = listing.load(of.uuid)
        assert seen is not None
        at = seen.headers["users.csv"].index("familyName")
        referent.post(f"{address}corriger", {"row": str(first.pk), f"c{at}": "Tissier"})
        assert RejectedRow.objects.get(of=of).line == 5

    def test_a_row_of_another_import_is_not_corrected(self, world: World, referent: Client) -> None:
        address = upload(referent, files(self.ROWS[:4]))
        other = make_import(world.there.organisation)
        with machinery("testing"):
            row = RejectedRow.objects.create(of=other, file="users.csv", line=5, reason="no_name")
        assert referent.post(f"{address}corriger", {"row": str(row.pk), "c0": "x"}).status_code == 404
        assert referent.post(f"{address}corriger", {"row": "tout"}).status_code == 404

    def test_after_the_import_a_row_is_left(self, referent: Client) -> None:
        address = applied(referent, files(self.ROWS[:4]))
        row = RejectedRow.objects.get(of=imported(address))
        assert "lignes en attente" in text_of(referent.get(f"{address}resultat")) or "ligne en attente" in text_of(
            referent.get(f"{address}resultat")
        )
        assert referent.post(f"{address}laisser", {"row": str(row.pk)}).status_code == 302
        row.refresh_from_db()
        assert row.state == RejectedState.DROPPED
        assert "en attente" not in squeezed(referent.get(f"{address}resultat"))


class TestChoices:
    def test_somebody_known_from_elsewhere_is_recognised_by_a_person(self, world: World, referent: Client) -> None:
        known = make_person("Maël", "Tissier", school=world.here.organisation, role=Role.PUPIL,
                            birth_date=dt.date(2014, 3, 2))  # fmt: skip
        header = "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,email\n"
        given = files()
        demographics = SimpleUploadedFile("demographics.csv", b"sourcedId,birthDate\np1,2014-03-02\n")
        assert header == USERS
        address = upload(referent, [*given, demographics])
        page = text_of(referent.get(f"{address}?voir=avertissements"))
        assert "C’est la même personne" in page
        answer = referent.post(f"{address}reconnaitre", {"who": "p1", "person": str(known.uuid)})
        assert answer.status_code == 302
        assert "Ce sont deux personnes" in text_of(referent.get(f"{address}?voir=avertissements"))
        referent.post(f"{address}appliquer")
        work()
        assert Person.objects.filter(given_name="Maël", family_name="Tissier").get() == known

    def test_nobody_is_recognised_who_was_not_proposed(self, world: World, referent: Client) -> None:
        address = upload(referent)
        own = {"who": "p1", "person": str(world.here.pupil.uuid)}
        assert referent.post(f"{address}reconnaitre", own).status_code == 409
        other = {"who": "p1", "person": str(world.there.pupil.uuid)}
        assert referent.post(f"{address}reconnaitre", other).status_code == 404
        assert referent.post(f"{address}reconnaitre", {"who": "p1", "person": "x"}).status_code == 409

    def test_of_several_schools_one_is_said_to_be_ours(self, world: World, referent: Client) -> None:
        given = [file for file in files() if file.name != "orgs.csv"]
        orgs = "sourcedId,name,type,identifier\ns1,Les Tilleuls,school,\ns2,Les Ormes,school,\n"
        address = upload(referent, [*given, SimpleUploadedFile("orgs.csv", orgs.encode())])
        assert "Lequel est le vôtre" in text_of(referent.get(address))
        assert referent.post(f"{address}appliquer").status_code == 409
        referent.post(f"{address}choisir", {"school": "s1"})
        said = squeezed(referent.get(address))
        assert "élèves à créer 3" in said
        assert "Les Ormes" in text_of(referent.get(address))  # there to be chosen instead
        referent.post(f"{address}choisir", {"school": "rien"})
        assert "élèves à créer 3" in squeezed(referent.get(address))
        referent.post(f"{address}appliquer")
        work()
        assert Group.objects.get(name="5e A").organisation == world.here.organisation
        # The next file of that source needs no answer, and gives the school no other name.
        given = [file for file in files() if file.name != "orgs.csv"]
        again = referent.get(upload(referent, [*given, SimpleUploadedFile("orgs.csv", orgs.encode())]))
        assert "Rien à appliquer" in text_of(again)
        assert "Lequel est le vôtre" not in text_of(again)

    def test_partial_files_may_be_said_to_be_complete(self, referent: Client) -> None:
        applied(referent)
        address = upload(referent, files(PUPILS[:2], {"p1": "c1", "p2": "c1"}, kind="delta"))
        assert "?voir=departs" not in text_of(referent.get(address))
        referent.post(f"{address}choisir", {"complete": "1"})
        assert "?voir=departs" in text_of(referent.get(address))


class TestUndo:
    def test_it_is_taken_back_in_one_gesture(self, referent: Client) -> None:
        address = applied(referent)
        assert "Annuler" in text_of(referent.get("/rentree/"))
        answer = referent.post(f"{address}annuler")
        assert answer["Location"] == f"{address}resultat"
        page = text_of(referent.get(f"{address}resultat"))
        assert "L’annuaire est comme avant" in page
        assert "Import annulé : l’annuaire est comme avant lui." in page.replace("\u00a0", " ")
        assert not Person.objects.filter(given_name="Maël").exists()
        assert "annulé" in text_of(referent.get("/rentree/"))
        again = referent.post(f"{address}annuler")
        assert again.status_code == 409
        assert "il n’y a rien à annuler" in text_of(again)

    def test_an_older_one_waits_for_the_newer(self, referent: Client) -> None:
        first = applied(referent)
        applied(referent, files((*PUPILS, "p9,true,s1,student,,Zoé,Lagarde,")))
        assert "annulez-le d’abord" in text_of(referent.get(f"{first}resultat"))
        answer = referent.post(f"{first}annuler")
        assert answer.status_code == 409
        assert "L’import n’a pas été annulé" in text_of(answer)
        assert Person.objects.filter(given_name="Maël").exists()
        assert "annulez-le d’abord" in text_of(referent.get("/rentree/"))

    def test_what_was_edited_since_is_kept_and_listed(self, world: World, referent: Client) -> None:
        applied(referent)
        address = applied(referent, files(("p1,true,s1,student,,Maël,Tixier,", *PUPILS[1:])))
        mael = Person.objects.get(given_name="Maël")
        assert mael.family_name == "Tixier"
        rename(world, mael)
        referent.post(f"{address}annuler")
        page = text_of(referent.get(f"{address}resultat"))
        assert "Maël Tissier-Roux" in page
        assert f"/annuaire/personnes/{mael.uuid}" in page
        assert "Jade Ozanne" not in page

    def test_somebody_created_and_used_since_is_suspended_and_listed(self, world: World, referent: Client) -> None:
        address = applied(referent)
        mael = Person.objects.get(given_name="Maël")
        rename(world, mael)
        referent.post(f"{address}annuler")
        page = text_of(referent.get(f"{address}resultat"))
        assert "Maël Tissier-Roux" in page
        assert "sauf ce qui a servi depuis" in page
        mael.refresh_from_db()
        assert not mael.is_active


def rename(world: World, person: Person) -> None:
    """Somebody edits a person by hand."""
    edit_person(
        world.here.actor(Role.REFERENT), person, family_name="Tissier-Roux", given_name="Maël",
        preferred_given_name="", birth_date=None, email="", phone="",
    )  # fmt: skip


class TestCleaning:
    def test_uploads_go_after_a_day_unless_they_are_being_applied(
        self, referent: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits, runs = upload(referent), upload(referent)
        referent.post(f"{runs}appliquer")
        clean.call()
        assert deposits.has_files(uuid_of(waits))
        later = clock.now() + dt.timedelta(hours=25)
        monkeypatch.setattr(clock, "now", lambda: later)
        clean.call()
        assert not deposits.has_files(uuid_of(waits))
        assert deposits.has_files(uuid_of(runs))
        said = squeezed(referent.get(waits))
        assert "ne sont plus là" in said
        assert "Déposez les fichiers de nouveau" in said


class TestCost:
    def test_a_page_asks_as_often_for_many_rows_as_for_few(self, world: World, referent: Client) -> None:
        def asked(address: str, tab: str) -> int:
            referent.get(f"{address}?voir={tab}")
            with CaptureQueriesContext(
                connection,
            ) as counted:
                referent.get(f"{address}?voir={tab}")
            return len(counted)

        many = tuple(f"m{n},true,s1,student,,Élève{n},Nombreux," for n in range(60))
        bad = tuple(f"b{n},true,s1,student,,,," for n in range(60))
        few, lots = upload(referent, files((*PUPILS, bad[0]))), upload(referent, files((*PUPILS, *many, *bad)))
        for tab in ("creations", "refusees", "classes", "avertissements"):
            assert asked(lots, tab) == asked(few, tab), tab
            assert asked(lots, tab) <= 15, tab
        page = text_of(referent.get(f"{lots}?voir=creations&page=2"))
        assert page.count('<span class="title">') == 13
        assert text_of(referent.get(f"{lots}?voir=creations&page=99")).count('<span class="title">') == 13

    def test_the_protected_show_to_direction_alone(self, world: World, referent: Client) -> None:
        hidden = applied(referent)
        mael = Person.objects.get(given_name="Maël")
        mael.is_protected = True
        with machinery("testing"):
            mael.save(update_fields=["is_protected"])
        assert hidden
        address = upload(referent, files(places={"p1": "c2", "p2": "c1", "p3": "c2"}))
        shown = text_of(referent.get(f"{address}?voir=changements"))
        assert "Maël" not in shown
        assert "Personne protégée" in shown
        assert "5e A" not in shown
        direction = visitor(world.here.actor(Role.DIRECTION))
        assert "Maël Tissier" in text_of(direction.get(f"{address}?voir=changements"))
        renamed = upload(direction, files((PUPILS[0].replace("Tissier", "Autrement"), *PUPILS[1:])))
        assert "Autrement" in text_of(direction.get(f"{renamed}?voir=changements"))
        shown = text_of(referent.get(f"{renamed}?voir=changements"))
        assert "Personne protégée" in shown
        assert "Tissier" not in shown
        assert "Autrement" not in shown

    def test_a_closed_account_is_a_change(self, referent: Client) -> None:
        applied(referent)
        closed = upload(referent, files((PUPILS[0].replace("true", "false"), *PUPILS[1:])))
        shown = text_of(referent.get(f"{closed}?voir=changements"))
        for words in ("Maël Tissier", "Compte", "ouvert", "fermé"):
            assert words in shown


def test_it_speaks_english(world: World) -> None:
    client = visitor(world.here.actor(Role.REFERENT), "en")
    assert "Upload what your software exports" in text_of(client.get("/rentree/"))
    said = text_of(client.get(upload(client, files((*PUPILS, ",true,s1,student,,Zoé,Sans,")))))
    for words in ("Rehearsal of the new school year", "pupils to create", "without an identifier the row names nobody"):
        assert words in said
