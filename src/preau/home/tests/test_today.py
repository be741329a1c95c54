"""The home of each role: what it shows, what it never does, and how many questions it asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from preau.directory.api import Authority, GrantState, Person
from preau.directory.testing import (
    World,
    make_grant,
    make_group,
    make_guardianship,
    make_import,
    make_membership,
    make_person,
    make_school,
    make_teaching,
)
from preau.home import cards
from preau.home.cards import others
from preau.kernel import clock
from preau.kernel.actions import machinery
from preau.kernel.actor import Role
from preau.kernel.models import Disclosure
from preau.signin.testing import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "volatile"])


def home(person: Person) -> str:
    answer = signed_in(person).get("/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def protect(person: Person) -> None:
    person.is_protected = True
    with machinery("testing"):
        person.save(update_fields=["is_protected"])


def test_nobody_is_led_to_the_door(db: None) -> None:
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/connexion")


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_home(world: World, role: Role) -> None:
    person = world.here.people[role]
    said = home(person)
    assert said.count("<h1>") == 1
    assert said.count('class="btn primary') <= 1
    assert "Ailleurs" not in said


# What signing in, the shell and the day's disclosures ask is part of it.
@pytest.mark.parametrize(
    ("role", "most"),
    [
        (Role.PUPIL, 8),
        (Role.TEACHER, 6),
        (Role.GUARDIAN, 7),
        (Role.REFERENT, 15),
        (Role.DIRECTION, 16),
        (Role.VIE_SCOLAIRE, 4),
        (Role.ACADEMIE, 5),
    ],
)
def test_a_home_asks_the_same_few_questions_however_many_people(
    world: World, role: Role, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        group = make_group(world.here.organisation, f"5e {number}", level="5e")
        for member in range(4):
            pupil = make_person(f"Élève {number}", f"Numéro {member}", school=world.here.organisation, role=Role.PUPIL)
            make_membership(pupil, group)
            make_guardianship(world.here.guardian, pupil)
        make_membership(world.here.teacher, group, "teacher")  # type: ignore[arg-type]  # a TextChoices value
        make_membership(world.here.pupil, group)
        make_teaching(world.here.teacher, group, f"Matière {number}")
    browser = signed_in(world.here.people[role])
    browser.get("/")  # the day's disclosures are written once
    with django_assert_max_num_queries(most):
        assert browser.get("/").status_code == 200


class TestPupil:
    def test_sees_teachers_classes_and_groups(self, world: World) -> None:
        said = home(world.here.pupil)
        assert "Bonjour Élodie" in said
        assert "Théo Ici" in said
        assert "prof. principal" in said
        assert "Technologie" in said
        assert "Latin" in said

    def test_never_sees_a_sensitive_group(self, world: World) -> None:
        assert "ULIS" not in home(world.here.pupil)

    def test_counts_neither_the_suspended_nor_the_protected(self, world: World) -> None:
        # Élodie and Côme; Prune is protected, Solal suspended.
        assert "2 élèves" in home(world.here.pupil).replace("\xa0", " ")

    def test_of_the_main_teacher_without_a_subject_something_is_said(self, world: World) -> None:
        with machinery("testing"):
            world.here.division.teachings.all().delete()
        said = home(world.here.pupil)
        assert "Théo Ici" in said
        assert "prof. principal" in said

    def test_is_told_tu_except_at_the_lycee(self, world: World) -> None:
        assert "Ton mot de passe" in home(world.here.pupil)
        lycee = make_school("Lycée des Saules", stage="lycee")  # type: ignore[arg-type]  # a TextChoices value
        elder = make_person("Ali", "Grand", school=lycee, role=Role.PUPIL)
        make_membership(elder, make_group(lycee, "Tle A"))
        assert "Votre mot de passe" in home(elder)

    def test_is_not_told_the_name_of_a_protected_teacher(self, world: World) -> None:
        protect(world.here.teacher)
        assert "Théo Ici" not in home(world.here.pupil)

    def test_without_a_class_is_told_so(self, world: World) -> None:
        alone = make_person("Seule", "Ici", school=world.here.organisation, role=Role.PUPIL)
        assert "Pas encore de classe" in home(alone)


class TestTeacher:
    def test_sees_who_came_in_by_class(self, world: World) -> None:
        said = home(world.here.teacher)
        assert "0 sur 2" in said
        signed_in(world.here.pupil)
        assert "1 sur 2" in home(world.here.teacher)
        assert "Un élève a oublié son mot de passe" in said

    def test_with_groups_only_sees_them_in_the_table(self, world: World) -> None:
        teacher = make_person("Linh", "Ici", school=world.here.organisation, role=Role.TEACHER)
        make_membership(teacher, world.here.group, "teacher")  # type: ignore[arg-type]  # a TextChoices value
        said = home(teacher)
        assert "Latin" in said
        assert "0 sur 1" in said

    def test_without_a_class_is_told_where_they_come_from(self, world: World) -> None:
        teacher = make_person("Nouvelle", "Ici", school=world.here.organisation, role=Role.TEACHER)
        assert "Pas encore de classe à votre nom" in home(teacher)


class TestGuardian:
    def test_sees_the_child_the_class_and_the_main_teacher(self, world: World) -> None:
        said = home(world.here.guardian)
        assert "Élodie Ici" in said
        assert "4e C" in said
        assert "Théo Ici" in said
        assert "autorité parentale" in said
        assert "Odile" not in said
        assert "ULIS" not in said

    def test_is_noted_as_having_looked(self, world: World) -> None:
        home(world.here.guardian)
        seen = Disclosure.objects.get(viewer=world.here.guardian.pk)
        assert (seen.subject, seen.route) == (world.here.pupil.pk, "home.today")

    def test_who_may_only_be_informed_is_told_so(self, world: World) -> None:
        informed = make_person("Irène", "Ici", school=world.here.organisation, role=Role.GUARDIAN)
        make_guardianship(informed, world.here.pupil, Authority.INFORMED)
        said = home(informed)
        assert "On vous informe" in said
        assert "Vous exercez" not in said

    @pytest.mark.parametrize("decided", [True, False])
    def test_who_may_nothing_or_is_undecided_does_not_see_the_child(self, world: World, decided: bool) -> None:
        twice = world.here.guardian
        other = make_person("Autre", "Enfant", school=world.here.organisation, role=Role.PUPIL)
        make_guardianship(twice, other, Authority.NONE, decided=decided)
        assert "Autre Enfant" not in home(twice)

    @pytest.mark.parametrize(("state", "everyday"), [(Authority.INFORMED, False), (Authority.NONE, True)])
    def test_who_does_not_exercise_authority_does_not_see_a_protected_child(
        self, world: World, state: Authority, everyday: bool
    ) -> None:
        make_guardianship(world.here.guardian, world.here.protected, state, everyday_rights=everyday)
        assert "Prune" not in home(world.here.guardian)

    def test_is_not_told_the_name_of_a_protected_teacher(self, world: World) -> None:
        protect(world.here.teacher)
        said = home(world.here.guardian)
        assert "Élodie Ici" in said
        assert "Théo Ici" not in said


class TestAdministration:
    def test_the_protected_are_named_to_direction_alone(self, world: World) -> None:
        """Main teacher of a class, whoever is proposed a role, who gave one, who got one."""
        protect(world.here.teacher)
        protect(world.here.helper)
        make_grant(world.here.helper, Role.VIE_SCOLAIRE, world.here.organisation)
        make_grant(world.here.nurse, Role.VIE_SCOLAIRE, world.here.organisation, given_by=world.here.helper)
        for role, named in ((Role.REFERENT, False), (Role.DIRECTION, True)):
            said = home(world.here.people[role])
            assert ("Théo Ici" in said, "Agathe Ici" in said) == (named, named), role
            assert "Noémie Ici a reçu un rôle" in said

    def test_before_the_pupils_shows_the_one_next_thing(self, db: None) -> None:
        school = make_school("Collège Neuf", uai="0999999F")
        referent = make_person("Rémi", "Neuf", school=school, role=Role.REFERENT)
        make_person("Paul", "Prof", school=school, role=Role.TEACHER)
        said = home(referent)
        assert said.count('aria-current="step"') == 1
        assert "Importer les élèves et leurs responsables" in said
        assert said.count("btn primary") == 1
        assert "0999999F" in said

    def test_after_shows_figures_and_what_waits(self, world: World) -> None:
        make_import(world.here.organisation, "applied")  # type: ignore[arg-type]  # a TextChoices value
        roster = make_import(world.here.organisation, "applied")  # type: ignore[arg-type]  # a TextChoices value
        with machinery("testing"):
            roster.rejected.create(file="users.csv", line=3, reason="unknown_person")
            roster.rejected.create(file="users.csv", line=4, reason="unknown_person", state="corrected")
        said = home(world.here.people[Role.REFERENT])
        assert "Proposés par un fichier" in said
        assert "Théo Ici" in said
        assert "la direction les confirme" in said
        assert "1 est déjà corrigée" in said
        assert f"/rentree/{roster.uuid}/resultat" in said
        assert "Pas encore entrés, par classe" in said

    def test_only_direction_is_led_to_the_guardians(self, world: World) -> None:
        confirm = f"/annuaire/groupes/{world.here.division.uuid}/responsables"
        assert confirm in home(world.here.people[Role.DIRECTION])
        assert confirm not in home(world.here.people[Role.REFERENT])

    def test_only_direction_answers_for_direction(self, world: World) -> None:
        asked = make_person("Postulant", "Ici", school=world.here.organisation, role=Role.STAFF)
        make_grant(asked, Role.DIRECTION, world.here.organisation, state=GrantState.PROPOSED)
        assert "Postulant Ici" in home(world.here.people[Role.DIRECTION])
        assert "Postulant Ici" not in home(world.here.people[Role.REFERENT])

    def test_a_restriction_reminds_direction_on_its_day(self, world: World) -> None:
        with machinery("testing"):
            world.here.tie.remind_on = clock.today() - dt.timedelta(days=1)
            world.here.tie.save()
        assert "arrivées à leur terme" in home(world.here.people[Role.DIRECTION])

    def test_the_protected_are_counted_for_direction_only(self, world: World) -> None:
        def pupils(role: Role) -> str:
            said = home(world.here.people[role])
            return said.split("<dt>élèves</dt><dd>")[1].split("<")[0]

        assert int(pupils(Role.DIRECTION)) == int(pupils(Role.REFERENT)) + 1


class TestOthers:
    def test_supervisors_are_not_promised_more_than_names(self, world: World) -> None:
        said = home(world.here.supervisor)
        assert "Son nom et sa classe" in said
        assert "coordonnées" not in said

    def test_small_counts_are_hidden(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        person = make_person("Achille", "Rectorat", school=world.academie, role=Role.ACADEMIE)
        assert "moins de 10" in home(person)
        monkeypatch.setattr(others, "SMALLEST", 1)
        assert "moins de 10" not in home(person)

    def test_the_ministry_sees_no_name(self, world: World) -> None:
        person = make_person("Maxence", "Ministre", school=world.academie, role=Role.MINISTERE)
        said = home(person)
        for each in world.here.people.values():
            assert each.display_name not in said


def test_rooms_above_add_cards_without_touching_the_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils.safestring import mark_safe

    from preau.home.pages import today
    from preau.ui.api import Card, HomeCard

    def room(request: Any) -> list[Card]:
        return [
            Card(order=150, html=mark_safe("<section id=devoirs></section>"), lead="Deux devoirs."),
            Card(order=50, place="aside", html=mark_safe("<section id=cloche></section>")),
        ]

    monkeypatch.setattr(today, "providers", lambda protocol: (cards.people, room) if protocol is HomeCard else ())
    said = home(world.here.teacher)
    assert said.index('id="reset"') < said.index("id=devoirs") < said.index('id="cls"')
    assert said.index("<aside") < said.index("id=cloche")
    assert "Deux devoirs." in said
