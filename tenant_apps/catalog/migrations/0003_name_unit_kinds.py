import re
from typing import Any

from django.db import migrations


def name_kinds(apps: Any, schema_editor: Any) -> None:
    """Units came before the table of their kinds: each kind gets a row, named by its code."""
    unit, kind = apps.get_model("catalog", "Unit"), apps.get_model("catalog", "UnitKind")
    known = set(kind.objects.values_list("code", flat=True))
    used = set(unit.objects.values_list("kind", flat=True)) - known
    codes = sorted(code for code in used if re.fullmatch("[a-z][a-z0-9_]*", code))
    kind.objects.bulk_create(
        kind(code=code, name=code.capitalize(), position=len(known) + place)
        for place, code in enumerate(codes)
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_price_list")]

    operations = [migrations.RunPython(name_kinds, migrations.RunPython.noop)]
