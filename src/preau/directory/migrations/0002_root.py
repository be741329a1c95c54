"""Every organisation hangs under one root: the instance itself."""

from typing import Any

from django.db import migrations

from preau.kernel.db import uuid7


def make_root(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.alias != "default":
        return
    apps.get_model("directory", "Organisation").objects.create(
        uuid=uuid7(), kind="instance", name="Préau", path="0001", folded=" preau "
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunPython(make_root, migrations.RunPython.noop)]
