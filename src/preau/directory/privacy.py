"""What the directory keeps about people, and how it goes out and away."""

from __future__ import annotations

from typing import Any

from preau.directory.jobs import forget_imports
from preau.directory.models import Affiliation, Grant, Guardianship, Membership, Person, Teaching
from preau.kernel.actor import system
from preau.kernel.privacy import Holding

_PERSON_FIELDS = (
    "username", "family_name", "given_name", "preferred_given_name", "birth_date", "email", "phone", "state",
    "language",
)  # fmt: skip


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _export_person(person_id: int) -> list[dict[str, Any]]:
    rows = Person.objects.filter(pk=person_id).values(*_PERSON_FIELDS, "created_at")
    return [
        {key: _day(value) if key in {"birth_date", "created_at"} else value for key, value in row.items()}
        for row in rows
    ]


def _export_school(person_id: int) -> list[dict[str, Any]]:
    ties = [
        {"organisation": tie.organisation.name, "as": tie.kind, "label": tie.label, "level": tie.level,
         "from": _day(tie.starts), "until": _day(tie.ends)}
        for tie in Affiliation.objects.filter(person=person_id).select_related("organisation")
    ]  # fmt: skip
    stays = [
        {"group": stay.group.name, "as": stay.role, "from": _day(stay.starts), "until": _day(stay.ends)}
        for stay in Membership.objects.filter(person=person_id).select_related("group")
    ]
    lessons = [
        {"teaches": lesson.subject.name, "to": lesson.group.name}
        for lesson in Teaching.objects.filter(teacher=person_id).select_related("group", "subject")
    ]
    return [*ties, *stays, *lessons]


def _export_powers(person_id: int) -> list[dict[str, Any]]:
    return [
        {"role": grant.role, "organisation": grant.organisation.name, "state": grant.state, "reason": grant.reason,
         "from": _day(grant.starts), "until": _day(grant.ends)}
        for grant in Grant.objects.filter(person=person_id).select_related("organisation")
    ]  # fmt: skip


def _export_family(person_id: int) -> list[dict[str, Any]]:
    """One's own ties: a guardian's children, a pupil's guardians by name; never what was decided about another."""
    rows = [
        {"pupil": tie.pupil.display_name, "link": tie.link, "state": tie.state}
        for tie in Guardianship.objects.filter(guardian=person_id).select_related("pupil")
    ]
    rows += [
        {"guardian": tie.guardian.display_name, "link": tie.link}
        for tie in Guardianship.objects.filter(pupil=person_id, guardian__is_protected=False).select_related("guardian")
    ]
    return rows


def _retain_imports() -> int:
    return forget_imports(system("retention"))


def holdings() -> tuple[Holding, ...]:
    """See `kernel.privacy`."""
    public_task = "Mission d’intérêt public : le dossier suit la personne dans l’établissement."
    return (
        Holding(
            name="directory.person",
            title="Votre fiche",
            purpose="Vous reconnaître, vous nommer, vous écrire.",
            basis="6.1.e",
            keep="3 mois après le départ",
            covers=frozenset({"directory.ExternalId.person"}),
            export=_export_person,
            kept_because=public_task,
        ),
        Holding(
            name="directory.school",
            title="Vos classes et vos groupes",
            purpose="Ouvrir les espaces, les dossiers et les agendas où vous êtes.",
            basis="6.1.e",
            keep="3 mois après le départ",
            covers=frozenset(
                {"directory.Affiliation.person", "directory.Membership.person", "directory.Teaching.teacher"}
            ),
            export=_export_school,
            kept_because=public_task,
        ),
        Holding(
            name="directory.powers",
            title="Vos rôles",
            purpose="Savoir qui peut quoi, depuis quand et pourquoi.",
            basis="6.1.e",
            keep="3 mois après le départ",
            covers=frozenset({"directory.Grant.person", "directory.Grant.given_by"}),
            export=_export_powers,
            kept_because=public_task,
        ),
        Holding(
            name="directory.family",
            title="Responsables et enfants",
            purpose="Donner à chaque responsable les droits que l’autorité parentale lui donne.",
            basis="6.1.e",
            keep="3 mois après le départ",
            covers=frozenset(
                {
                    "directory.Guardianship.guardian",
                    "directory.Guardianship.pupil",
                    "directory.Guardianship.decided_by",
                }
            ),
            export=_export_family,
            kept_because=public_task,
        ),
        Holding(
            name="directory.imports",
            title="Les imports",
            purpose="Montrer et annuler ce qu’un fichier a changé.",
            basis="6.1.e",
            keep="30 jours",
            covers=frozenset(
                {
                    "directory.Import.by",
                    "directory.Import.counts",
                    "directory.Import.warnings",
                    "directory.ImportChange.before",
                    "directory.ImportChange.after",
                    "directory.RejectedRow.details",
                    "directory.RejectedRow.fields",
                }
            ),
            export=None,
            retain=_retain_imports,
            kept_because="Ces lignes servent à annuler un import ; elles partent d’elles-mêmes au bout de 30 jours.",
        ),
    )
