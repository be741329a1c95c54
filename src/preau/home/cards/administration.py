"""Direction's and the référent's day one: before the pupils are there, the one next thing; after, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from preau.directory.api import Affiliation, Group, Organisation, current
from preau.home.cards import waiting
from preau.home.cards.reading import Class, classes, drawn, fill, leads
from preau.kernel.actor import Hat, Role
from preau.kernel.routes import HouseRequest
from preau.signin.api import ever_signed_in
from preau.ui.api import Card

# Classes shown of those from which most are missing.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many people, of whom so many have come in."""

    size: int
    here: int

    @property
    def missing(self) -> int:
        """How many never came in."""
        return self.size - self.here


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """The school's people, counted."""

    pupils: Crowd
    guardians: Crowd
    teachers: Crowd
    adults: Crowd

    @property
    def other_adults(self) -> int:
        """Adults who do not teach."""
        return self.adults.size - self.teachers.size


def cards(request: HouseRequest, hat: Hat) -> Sequence[Card]:
    """The home of whoever administers the school of the hat."""
    everybody = _everybody(request, hat.organisation_id)
    if not everybody.pupils.size:
        return _before(request, hat, everybody)
    return _after(request, hat, everybody)


def _everybody(request: HouseRequest, school: int) -> Everybody:
    rows = Affiliation.objects.filter(current(), organisation=school, person__state="active")
    if not request.actor.wears(Role.DIRECTION):
        rows = rows.filter(person__is_protected=False)
    people: dict[str, set[int]] = {}
    for kind, person in rows.values_list("kind", "person"):
        people.setdefault(kind, set()).add(person)
    came = ever_signed_in(sorted(set[int]().union(*people.values())))

    def crowd(*kinds: str) -> Crowd:
        found = set[int]().union(*(people.get(kind, set()) for kind in kinds))
        return Crowd(len(found), len(found & came))

    return Everybody(
        pupils=crowd("pupil"), guardians=crowd("guardian"), teachers=crowd("teacher"), adults=crowd("teacher", "staff")
    )


def _before(request: HouseRequest, hat: Hat, everybody: Everybody) -> Sequence[Card]:
    school = Organisation.objects.get(pk=hat.organisation_id)
    lead = ngettext(
        "L’établissement est ouvert à {n} adulte. Il manque les élèves : c’est la prochaine chose à faire.",
        "L’établissement est ouvert à {n} adultes. Il manque les élèves : c’est la prochaine chose à faire.",
        everybody.adults.size,
    ).format(n=everybody.adults.size)
    steps = drawn(
        request, "first_steps", school=school, everybody=everybody, administrators=waiting.administrators(school.pk)
    )
    made = [Card(order=100, lead=lead, html=steps), Card(order=300, place="aside", html=drawn(request, "first_try"))]
    if everybody.adults.missing:
        made.append(Card(order=200, place="aside", html=drawn(request, "adults_missing", adults=everybody.adults)))
    return made


def _after(request: HouseRequest, hat: Hat, everybody: Everybody) -> Sequence[Card]:
    calls = waiting.calls(request.actor, hat)
    divisions = classes(Group.objects.filter(organisation=hat.organisation_id, kind="division", closed_on=None))
    fill(request.actor, divisions)
    behind = sorted((each for each in divisions if each.missing), key=lambda each: -each.missing)[:SHOWN]
    _name_leads(request, behind)
    made = [
        Card(order=100, lead=_lead(everybody.pupils, len(calls)), actions=drawn(request, "administration_actions")),
        Card(order=100, place="wide", html=drawn(request, "figures", everybody=everybody)),
        Card(order=100, html=drawn(request, "waiting", calls=calls)),
    ]
    if behind:
        html = drawn(request, "divisions_missing", divisions=behind, all=len(divisions))
        made.append(Card(order=200, html=html))
    if lately := waiting.lately(request.actor, hat):
        made.append(Card(order=100, place="aside", html=drawn(request, "lately", lately=lately)))
    return made


def _name_leads(request: HouseRequest, divisions: Sequence[Class]) -> None:
    named = leads(request.actor, (each.pk for each in divisions))
    for each in divisions:
        each.leads = named[each.pk]


def _lead(pupils: Crowd, calls: int) -> str:
    if pupils.missing:
        entered = ngettext(
            "{here} élève sur {size} est entré.", "{here} élèves sur {size} sont entrés.", pupils.here
        ).format(here=pupils.here, size=pupils.size)
    else:
        entered = _("Tous les élèves sont entrés.")
    if not calls:
        return entered
    waits = ngettext("Une chose vous attend.", "{n} choses vous attendent.", calls).format(n=calls)
    return f"{entered} {waits}"
