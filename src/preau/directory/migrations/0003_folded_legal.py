"""The given name that a preferred one stands for is found by those who read records, and by nobody else."""

from typing import Any

from django.db import migrations, models

from preau.kernel.search import fold_words

BATCH = 2000
NAMES = ("preferred_given_name", "given_name", "family_name", "username", "source_username")


def fold(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.alias != "default":
        return
    people = apps.get_model("directory", "Person").objects
    last = 0
    while rows := list(people.filter(pk__gt=last).order_by("pk").only("pk", *NAMES)[:BATCH]):
        for person in rows:
            shown = person.preferred_given_name or person.given_name
            person.folded = fold_words(shown, person.family_name, person.username)
            person.folded_legal = fold_words(person.given_name, person.source_username)
        people.bulk_update(rows, ["folded", "folded_legal"], batch_size=500)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_root")]
    operations = [
        migrations.AddField(model_name="person", name="folded_legal", field=models.TextField(default="")),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
