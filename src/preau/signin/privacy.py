"""What sign-in keeps about people, and how it goes out and away."""

from __future__ import annotations

from typing import Any

from preau.kernel.actor import system
from preau.kernel.privacy import Holding
from preau.signin.actions.retention import erase_codes, erase_log, erase_sessions, forget
from preau.signin.models import Credential, OneUseCode, Session, SignInLog
from preau.signin.throttle import forget as forget_counters


def _export_credential(person_id: int) -> list[dict[str, Any]]:
    """That there is a password and since when; never what is kept to check it."""
    return [
        {
            "kind": row.kind,
            "changed_at": row.changed_at.isoformat(),
            "first_used_at": row.first_used_at.isoformat() if row.first_used_at else None,
        }
        for row in Credential.objects.filter(person=person_id)
    ]


def _export_codes(person_id: int) -> list[dict[str, Any]]:
    return [
        {
            "purpose": row.purpose,
            "made_at": row.made_at.isoformat(),
            "expires_at": row.expires_at.isoformat(),
            "used_at": row.used_at.isoformat() if row.used_at else None,
        }
        for row in OneUseCode.objects.filter(person=person_id).order_by("pk")
    ]


def _export_sessions(person_id: int) -> list[dict[str, Any]]:
    return [
        {
            "browser": row.browser,
            "as": row.role,
            "organisation": row.organisation.name,
            "created_at": row.created_at.isoformat(),
            "last_seen_at": row.last_seen_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
        }
        for row in Session.objects.filter(person=person_id).select_related("organisation").order_by("pk")
    ]


def _export_log(person_id: int) -> list[dict[str, Any]]:
    rows = SignInLog.objects.filter(person=person_id).order_by("at", "pk")
    return [{"at": row.at.isoformat(), "outcome": row.outcome} for row in rows]


def _retain() -> int:
    return forget(system("retention")) + forget_counters()


def holdings() -> tuple[Holding, ...]:
    """See `kernel.privacy`. One nightly pass serves all four; the log's holding runs it."""
    return (
        Holding(
            name="signin.credential",
            title="Votre mot de passe",
            purpose="Vous reconnaître à l’entrée. Seule une empreinte est gardée : personne ne peut le lire.",
            basis="6.1.e",
            keep="aussi longtemps que le compte",
            covers=frozenset({"signin.Credential.person"}),
            export=_export_credential,
            kept_because="Sans lui le compte ne s’ouvre plus ; il part avec le compte.",
        ),
        Holding(
            name="signin.codes",
            title="Vos codes à usage unique",
            purpose="Vous laisser entrer une première fois, ou après un mot de passe oublié.",
            basis="6.1.e",
            keep="7 jours au plus",
            covers=frozenset({"signin.OneUseCode.person", "signin.OneUseCode.made_by"}),
            export=_export_codes,
            erase=lambda person_id: erase_codes(system("erasure"), person_id),
        ),
        Holding(
            name="signin.sessions",
            title="Vos connexions ouvertes",
            purpose="Vous éviter de vous identifier à chaque page, et vous laisser fermer une connexion à distance.",
            basis="6.1.e",
            keep="jusqu’à la déconnexion, 14 jours sans visite ou 90 jours au plus",
            covers=frozenset({"signin.Session.person"}),
            export=_export_sessions,
            erase=lambda person_id: erase_sessions(system("erasure"), person_id),
        ),
        Holding(
            name="signin.log",
            title="Le journal de vos connexions",
            purpose="Vous montrer les essais refusés, et reconnaître l’appareil d’où vous entrez d’habitude.",
            basis="6.1.e",
            keep="6 mois",
            covers=frozenset({"signin.SignInLog.person"}),
            export=_export_log,
            erase=lambda person_id: erase_log(system("erasure"), person_id),
            retain=_retain,
        ),
    )
