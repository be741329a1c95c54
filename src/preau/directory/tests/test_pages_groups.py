"""Classes and groups, and what the direction decides about guardians there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from preau.directory.models import Guardianship
from preau.directory.models.group import MembershipRole
from preau.directory.models.guardianship import Authority
from preau.directory.testing import World, make_group, make_guardianship, make_membership, make_person, make_world
from preau.kernel.actor import Role
from preau.kernel.models import Disclosure
from preau.platform.testing import text_of, visitor

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


@pytest.fixture(autouse=True)
def _door(settings: Any) -> None:
    settings.ROOT_URLCONF = "preau.platform.testing"


@pytest.fixture
def world() -> World:
    return make_world()


class TestGroup:
    def test_pupils_teachers_groups_and_who_has_access(self, world: World) -> None:
        client = visitor(world.here.actor(Role.DIRECTION))
        page = f"/annuaire/groupes/{world.here.division.uuid}"
        pupils = text_of(client.get(page))
        assert "professeur principal" in pupils
        assert "Théo Ici" in pupils
        assert "Côme Ici" in pupils
        assert "Technologie" in text_of(client.get(f"{page}?onglet=professeurs"))
        assert "ULIS" in text_of(client.get(f"{page}?onglet=groupes"))
        access = text_of(client.get(f"{page}?onglet=acces"))
        assert "Qui voit cette liste" in access
        assert "Diane Ici" in access

    def test_protected_and_suspended_are_in_no_list_and_no_count(self, world: World) -> None:
        page = text_of(visitor(world.here.actor(Role.TEACHER)).get(f"/annuaire/groupes/{world.here.division.uuid}"))
        assert "2 élèves" in page
        assert "Prune" not in page
        assert "Solal" not in page
        listed = text_of(visitor(world.here.actor(Role.TEACHER)).get("/annuaire/groupes/"))
        assert "2 élèves" in listed
        whole = text_of(visitor(world.here.actor(Role.DIRECTION)).get(f"/annuaire/groupes/{world.here.division.uuid}"))
        assert "4 élèves" in whole

    def test_a_sensitive_group_shows_to_staff_only(self, world: World) -> None:
        page = f"/annuaire/groupes/{world.here.sensitive.uuid}"
        assert "Groupe réservé aux personnels" in text_of(visitor(world.here.actor(Role.TEACHER)).get(page))
        for role in (Role.PUPIL, Role.GUARDIAN):
            assert visitor(world.here.actor(role)).get(page).status_code == 404
            division = text_of(visitor(world.here.actor(role)).get(f"/annuaire/groupes/{world.here.division.uuid}"))
            assert "ULIS" not in division

    def test_who_has_access_is_for_those_who_administer(self, world: World) -> None:
        page = text_of(
            visitor(world.here.actor(Role.TEACHER)).get(f"/annuaire/groupes/{world.here.division.uuid}?onglet=acces")
        )
        assert "Qui voit cette liste" not in page

    def test_the_selection_counts_and_keeps_what_the_address_names(self, world: World) -> None:
        client = visitor(world.here.actor(Role.DIRECTION))
        page = f"/annuaire/groupes/{world.here.division.uuid}"
        one = text_of(client.get(f"{page}?person={world.here.pupil.uuid}"))
        assert "1 élève choisi" in one
        assert one.count(" checked>") == 1
        everybody = text_of(client.get(f"{page}?tous"))
        assert "4 élèves choisis" in everybody

    def test_another_schools_group_does_not_exist(self, world: World) -> None:
        for role in (Role.DIRECTION, Role.TEACHER, Role.PUPIL):
            page = f"/annuaire/groupes/{world.there.division.uuid}"
            assert visitor(world.here.actor(role)).get(page).status_code == 404

    def test_what_was_shown_is_written_down(self, world: World) -> None:
        visitor(world.here.actor(Role.TEACHER)).get(f"/annuaire/groupes/{world.here.division.uuid}")
        shown = set(Disclosure.objects.values_list("subject", flat=True))
        assert shown == {world.here.pupil.pk, world.here.classmate.pk}

    def test_levels_are_in_a_schools_order(self, world: World) -> None:
        make_group(world.here.organisation, "6e A", level="6e")
        make_group(world.here.organisation, "CM2 A", level="CM2")
        page = text_of(visitor(world.here.actor(Role.REFERENT)).get("/annuaire/groupes/"))
        places = [page.index(f'class="title">{name}<') for name in ("6e A", "4e C", "3e A", "CM2 A")]
        assert places == sorted(places)


class TestAuthority:
    def page(self, world: World) -> str:
        return f"/annuaire/groupes/{world.here.division.uuid}/responsables"

    def test_the_class_confirmed_at_once_leaves_what_was_decided(self, world: World) -> None:
        restricted = make_person("Régis", "Ici", school=world.here.organisation, role=Role.GUARDIAN)
        decided = make_guardianship(restricted, world.here.pupil, Authority.NONE)
        client = visitor(world.here.actor(Role.DIRECTION))
        before = text_of(client.get(self.page(world)))
        assert "1 responsable attend votre décision" in before
        assert "aucun accès" in before
        client.post(f"{self.page(world)}/confirmer")
        world.here.pending.refresh_from_db()
        decided.refresh_from_db()
        assert world.here.pending.state == Authority.EXERCISES
        assert world.here.pending.decided_by == world.here.people[Role.DIRECTION]
        assert decided.state == Authority.NONE
        assert "Tout est décidé" in text_of(client.get(self.page(world)))

    def test_confirming_one_class_touches_no_other(self, world: World) -> None:
        elsewhere = make_guardianship(world.here.other_guardian, world.here.stranger, decided=False)
        visitor(world.here.actor(Role.DIRECTION)).post(f"{self.page(world)}/confirmer")
        elsewhere.refresh_from_db()
        assert elsewhere.decided_at is None

    def test_one_decision_with_its_nature_and_reminder(self, world: World) -> None:
        client = visitor(world.here.actor(Role.DIRECTION))
        sent = {"state": "informed", "nature": "jugement", "remind_on": "2027-01-15", "everyday_rights": "1"}
        answer = client.post(f"/annuaire/responsables/{world.here.pending.uuid}", sent)
        assert answer.headers["Location"] == self.page(world)
        tie = Guardianship.objects.get(pk=world.here.pending.pk)
        assert (tie.state, tie.nature, tie.remind_on, tie.everyday_rights) == (
            Authority.INFORMED, "jugement", dt.date(2027, 1, 15), True,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [({"state": ""}, "Choisissez l’un des trois états"), ({"remind_on": "demain"}, "Cette date n’existe pas")],
    )
    def test_what_cannot_be_used_is_said(self, world: World, change: dict[str, str], sentence: str) -> None:
        sent = {"state": "none", "nature": "gardée ici", "remind_on": "", **change}
        client = visitor(world.here.actor(Role.DIRECTION))
        answer = client.post(f"/annuaire/responsables/{world.here.pending.uuid}", sent)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert "gardée ici" in text_of(answer)
        world.here.pending.refresh_from_db()
        assert world.here.pending.decided_at is None

    def test_only_the_direction_of_the_pupils_school_decides(self, world: World) -> None:
        tie = f"/annuaire/responsables/{world.here.pending.uuid}"
        for role in set(Role) - {Role.DIRECTION}:
            client = visitor(world.here.actor(role))
            assert client.get(tie).status_code == 403
            assert client.post(tie, {"state": "exercises"}).status_code == 403
            assert client.get(self.page(world)).status_code == 403
            assert client.post(f"{self.page(world)}/confirmer").status_code == 403
        other = visitor(world.there.actor(Role.DIRECTION))
        assert other.get(tie).status_code == 404
        assert other.post(tie, {"state": "exercises"}).status_code == 404
        assert other.get(self.page(world)).status_code == 404
        assert visitor(None).get(tie).status_code == 302
        world.here.pending.refresh_from_db()
        assert world.here.pending.decided_at is None

    def test_a_decision_opens_and_closes_the_childs_page(self, world: World) -> None:
        child = f"/annuaire/personnes/{world.here.pupil.uuid}"
        guardian, direction = world.here.actor(Role.GUARDIAN), visitor(world.here.actor(Role.DIRECTION))
        tie = f"/annuaire/responsables/{world.here.tie.uuid}"
        assert visitor(guardian).get(child).status_code == 200
        direction.post(tie, {"state": "none"})
        assert visitor(guardian).get(child).status_code == 404
        direction.post(tie, {"state": "none", "everyday_rights": "1"})
        assert visitor(guardian).get(child).status_code == 200

    def test_a_sibling_without_a_right_stays_unseen(self, world: World) -> None:
        make_guardianship(world.here.guardian, world.here.stranger, decided=False)
        page = text_of(visitor(world.here.actor(Role.GUARDIAN)).get(f"/annuaire/personnes/{world.here.pupil.uuid}"))
        assert "Inès" not in page
        staff = text_of(visitor(world.here.actor(Role.REFERENT)).get(f"/annuaire/personnes/{world.here.pupil.uuid}"))
        assert "Inès" in staff


def test_a_departed_pupil_is_in_no_list(world: World) -> None:
    gone = make_person("Partie", "Ici", school=world.here.organisation, role=Role.PUPIL)
    yesterday = dt.date(2020, 1, 1)
    make_membership(gone, world.here.division, MembershipRole.LEARNER, ends=yesterday)
    page = text_of(visitor(world.here.actor(Role.DIRECTION)).get(f"/annuaire/groupes/{world.here.division.uuid}"))
    assert "Partie" not in page
