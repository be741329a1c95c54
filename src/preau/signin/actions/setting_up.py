"""The link that opens a new school, and the opening itself."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from preau.directory.api import Organisation, Person, set_up_school
from preau.kernel import clock
from preau.kernel.actions import Act, action
from preau.kernel.errors import Conflict, Refused
from preau.signin.actions.passwords import keep
from preau.signin.models import SetupLink
from preau.signin.tokens import new_token, token_hash

GOOD_FOR = dt.timedelta(hours=1)


@action("signin.make_setup_link")
def make_setup_link(act: Act) -> tuple[str, dt.datetime]:
    """Makes the one link that opens a school; its token, and until when. Links made before no longer open."""
    if not act.actor.is_system:
        raise Refused("make_setup_link")
    act.authorised_by("the machine's owner")
    token, moment = new_token(), clock.now()
    SetupLink.objects.filter(used_at=None).delete()
    link = SetupLink.objects.create(token_hash=token_hash(token), made_at=moment, expires_at=moment + GOOD_FOR)
    act.record(target=link)
    return token, link.expires_at


@action("signin.set_up")
def set_up(
    act: Act,
    link: SetupLink,
    *,
    name: str,
    uai: str,
    zone: str,
    family_name: str,
    given_name: str,
    username: str,
    password_hash: str,
) -> tuple[Organisation, Person]:
    """Uses the link up, opens the school, and keeps its first person's password. Raises `Invalid` and `Conflict`."""
    if not act.actor.is_system:
        raise Refused("set_up")
    act.authorised_by("setup link")
    moment = clock.now()
    used = SetupLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=moment).update(used_at=moment)
    if not used:
        raise Conflict(_("Ce lien a déjà servi, ou il n’est plus bon."))
    school, person = set_up_school(
        act.actor,
        name=name,
        uai=uai,
        zone=zone,
        family_name=family_name,
        given_name=given_name,
        username=username,
    )
    keep(person, password_hash)
    act.record(target=school, subject=person.pk, organisation_id=school.pk)
    return school, person
