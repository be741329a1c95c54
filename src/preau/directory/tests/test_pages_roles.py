"""Who has access: every line with its reason; given, ended and proposed roles, and the table for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest

from preau.directory.models import Grant
from preau.directory.models.person import GrantState
from preau.directory.testing import World, make_grant, make_person, make_world
from preau.kernel import clock
from preau.kernel.actor import Role
from preau.platform.testing import text_of, visitor

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


@pytest.fixture(autouse=True)
def _door(settings: Any) -> None:
    settings.ROOT_URLCONF = "preau.platform.testing"


@pytest.fixture
def world() -> World:
    return make_world()


def given(world: World) -> Grant:
    return Grant.objects.get(person=world.here.teacher, state=GrantState.GIVEN)


def form(world: World, **change: str) -> dict[str, str]:
    return {"person": str(world.here.teacher.uuid), "role": "referent", "reason": "Nommé par la direction", **change}


class TestList:
    def test_each_line_says_where_until_when_why_and_by_whom(self, world: World) -> None:
        make_grant(
            world.here.teacher, Role.REFERENT, world.here.organisation, reason="Remplacement de Rémi",
            given_by=world.here.people[Role.DIRECTION], starts=clock.today(), ends=clock.today() + dt.timedelta(days=9),
        )  # fmt: skip
        client = visitor(world.here.actor(Role.REFERENT))
        page = text_of(client.get("/annuaire/roles"))
        for said in ("Théo Ici", "Référent numérique", "Collège des Tilleuls", "Remplacement de Rémi", "par Diane Ici"):
            assert said in page
        assert "Ailleurs" not in page
        soon = text_of(client.get("/annuaire/roles?part=bientot"))
        assert "Remplacement de Rémi" in soon
        assert "Nomination de la rentrée" not in soon

    def test_the_protected_are_named_to_direction_alone(self, world: World) -> None:
        """Whoever holds a role, and whoever gave one; on the page, in the table, and by a role's own address."""
        hidden = make_person("Irma", "Ici", school=world.here.organisation, role=Role.STAFF, is_protected=True)
        held = make_grant(hidden, Role.VIE_SCOLAIRE, world.here.organisation)
        make_grant(world.here.teacher, Role.REFERENT, world.here.organisation, given_by=hidden)
        group = f"/annuaire/groupes/{world.here.division.uuid}?onglet=acces"
        for role, named in ((Role.REFERENT, False), (Role.DIRECTION, True)):
            client = visitor(world.here.actor(role))
            for address in ("/annuaire/roles", "/annuaire/roles.csv", group):
                answer = client.get(address)
                assert answer.status_code == 200
                assert ("Irma Ici" in text_of(answer)) is named, (role, address)
            assert (client.get(f"/annuaire/roles/{held.uuid}/retirer").status_code == 200) is named

    def test_it_is_searched_by_name_and_by_role(self, world: World) -> None:
        client = visitor(world.here.actor(Role.DIRECTION))
        assert "Violette Ici" not in text_of(client.get("/annuaire/roles?q=diane"))
        assert "Violette Ici" in text_of(client.get("/annuaire/roles?q=vie%20sco"))

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.DIRECTION, Role.REFERENT}))
    def test_it_is_for_those_who_administer(self, world: World, role: Role) -> None:
        for address in ("/annuaire/roles", "/annuaire/roles.csv"):
            assert visitor(world.here.actor(role)).get(address).status_code == 403
        assert visitor(None).get("/annuaire/roles").status_code == 302

    def test_a_table_for_a_spreadsheet_calculates_nothing(self, world: World) -> None:
        make_grant(world.here.teacher, Role.STAFF, world.here.organisation, reason="=cmd()")
        answer = visitor(world.here.actor(Role.REFERENT)).get("/annuaire/roles.csv")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0][0] == "Personne"
        line = next(row for row in rows if row[0] == "Théo Ici")
        assert line[5] == "'=cmd()"


class TestGive:
    def test_direction_gives_with_a_reason_until_the_last_day(self, world: World) -> None:
        last = clock.today() + dt.timedelta(days=30)
        client = visitor(world.here.actor(Role.DIRECTION))
        assert "Théo Ici" in text_of(client.get("/annuaire/roles/donner?q=theo"))
        answer = client.post("/annuaire/roles/donner", form(world, ends=last.isoformat()))
        assert answer.status_code == 302
        grant = given(world)
        assert (grant.role, grant.reason, grant.ends) == (
            "referent", "Nommé par la direction", last + dt.timedelta(days=1),
        )  # fmt: skip
        assert grant.given_by == world.here.people[Role.DIRECTION]

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"reason": "  "}, "Dites pourquoi"),
            ({"role": "pupil"}, "Choisissez un rôle"),
            ({"role": "academie"}, "Choisissez un rôle"),
            ({"starts": "2027-09-01", "ends": "2027-01-01"}, "La fin est avant le début"),
            ({"ends": "31/02/2027"}, "Cette date n’existe pas"),
            ({"person": "x"}, "Choisissez d’abord la personne"),
        ],
    )
    def test_what_cannot_be_used_is_said(self, world: World, change: dict[str, str], sentence: str) -> None:
        answer = visitor(world.here.actor(Role.DIRECTION)).post("/annuaire/roles/donner", form(world, **change))
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert not Grant.objects.filter(person=world.here.teacher, state=GrantState.GIVEN).exists()

    def test_nobody_of_another_school_receives_one(self, world: World) -> None:
        sent = form(world, person=str(world.there.teacher.uuid))
        assert visitor(world.here.actor(Role.DIRECTION)).post("/annuaire/roles/donner", sent).status_code == 422

    def test_nobody_else_gives(self, world: World) -> None:
        for role in set(Role) - {Role.DIRECTION}:
            assert visitor(world.here.actor(role)).post("/annuaire/roles/donner", form(world)).status_code == 403


class TestEnd:
    def test_it_ends_today_and_closes_the_pages_at_once(self, world: World) -> None:
        client = visitor(world.here.actor(Role.DIRECTION))
        answer = client.post(f"/annuaire/roles/{world.here.grant.uuid}/retirer", {"reason": "Fin de mission"})
        assert answer.status_code == 302
        world.here.grant.refresh_from_db()
        assert (world.here.grant.state, world.here.grant.ends) == (GrantState.ENDED, clock.today())
        assert "Violette Ici" in text_of(client.get("/annuaire/roles?part=finis"))

    def test_without_a_reason_it_stays(self, world: World) -> None:
        url = f"/annuaire/roles/{world.here.grant.uuid}/retirer"
        answer = visitor(world.here.actor(Role.DIRECTION)).post(url, {"reason": " "})
        assert answer.status_code == 422
        assert "la raison reste au journal" in text_of(answer)

    def test_a_schools_last_direction_stays(self, world: World) -> None:
        grant = Grant.objects.get(person=world.here.people[Role.DIRECTION], role=Role.DIRECTION)
        url = f"/annuaire/roles/{grant.uuid}/retirer"
        answer = visitor(world.here.actor(Role.DIRECTION)).post(url, {"reason": "Erreur"})
        assert answer.status_code == 422
        assert "dernière direction" in text_of(answer)
        assert visitor(world.here.actor(Role.REFERENT)).post(url, {"reason": "Coup"}).status_code == 403

    def test_another_schools_role_does_not_exist(self, world: World) -> None:
        url = f"/annuaire/roles/{world.here.grant.uuid}/retirer"
        for role in (Role.DIRECTION, Role.REFERENT):
            assert visitor(world.there.actor(role)).get(url).status_code == 404
            assert visitor(world.there.actor(role)).post(url, {"reason": "x"}).status_code == 404


class TestProposals:
    def answer(self, world: World, role: Role, answer: str) -> int:
        url = f"/annuaire/roles/{world.here.proposal.uuid}/decider"
        return visitor(world.here.actor(role)).post(url, {"answer": answer}).status_code

    def test_direction_gives_what_the_file_proposed(self, world: World) -> None:
        page = text_of(visitor(world.here.actor(Role.DIRECTION)).get("/annuaire/roles"))
        assert "Proposés par le fichier" in page
        assert self.answer(world, Role.DIRECTION, "accept") == 302
        world.here.proposal.refresh_from_db()
        assert world.here.proposal.state == GrantState.GIVEN
        assert self.answer(world, Role.DIRECTION, "decline") == 409

    def test_a_referent_only_declines(self, world: World) -> None:
        page = text_of(visitor(world.here.actor(Role.REFERENT)).get("/annuaire/roles"))
        assert 'value="decline"' in page
        assert 'value="accept"' not in page
        assert self.answer(world, Role.REFERENT, "accept") == 403
        assert self.answer(world, Role.REFERENT, "decline") == 302
        world.here.proposal.refresh_from_db()
        assert world.here.proposal.state == GrantState.DECLINED

    def test_anything_else_is_no_answer(self, world: World) -> None:
        assert self.answer(world, Role.DIRECTION, "") == 422
        world.here.proposal.refresh_from_db()
        assert world.here.proposal.state == GrantState.PROPOSED
