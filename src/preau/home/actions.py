"""The one act of this room."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from preau.directory.api import Organisation
from preau.home import facts
from preau.home.models import InstanceFact
from preau.kernel.actions import Act, action
from preau.kernel.errors import Invalid


@action("home.change_instance_facts")
def change_instance_facts(act: Act, school: Organisation, *, said: Mapping[str, str]) -> None:
    """Says what this instance is: names are those of `ui.Facts`, an empty value takes a fact back."""
    act.require("change_instance_facts", school)
    unknown = set(said) - set(facts.NAMES)
    if unknown:
        raise ValueError(f"no facts are called {sorted(unknown)}")
    values = {name: _tidy(name, value) for name, value in said.items()}
    wrong = {
        name: _("C’est trop long : {longest} signes au plus.").format(longest=facts.LONGEST)
        for name, value in values.items()
        if len(value) > facts.LONGEST
    }
    if wrong:
        raise Invalid(wrong)
    before = facts.written()
    changed = sorted(name for name, value in values.items() if before.get(name, "") != value)
    for name in changed:
        if values[name]:
            InstanceFact.objects.update_or_create(name=name, defaults={"value": values[name]})
        else:
            InstanceFact.objects.filter(name=name).delete()
    act.record(target=school, organisation_id=school.pk, changed=changed)


def _tidy(name: str, value: str) -> str:
    lines = [" ".join(line.split()) for line in value.splitlines()]
    return ("\n" if name == facts.SEVERAL else ", ").join(line for line in lines if line)
