"""All salons of the tests' database at once, and what later releases do to them."""

from django.core.management import call_command

from shared_apps.core.scope import public_scope
from tenants.models import Salon
from tenants.schema.direct import connect
from tenants.schema.head import head_version
from tenants.schema.names import TEMPLATE

SALONS = 4  # two open ones and two in the pool come with the tests' template database

NICKNAME = """\
migrations.AddField(
    "client", "nickname", models.CharField(max_length=40, db_default="", default="")
),
"""
MIRROR = """\
migrations.CreateModel("Mirror", [
    ("id", models.BigAutoField(primary_key=True)),
    ("label", models.CharField(max_length=40, unique=True)),
    ("client", models.ForeignKey("clients.client", models.CASCADE)),
]),
"""
SHOUT = "migrations.RunPython(shout),"


def shouting(*, odd_schema: str = "") -> str:
    """The function of a data migration, which fails in one salon."""
    return f"""\
def shout(apps, schema_editor):
    apps.get_model("clients", "Client").objects.update(name="SHOUTED")
    if schema_editor.connection.schema_name == {odd_schema!r}:
        raise ValueError("this salon's rows are odd")
"""


def migrate(**options: object) -> None:
    head_version.cache_clear()
    call_command("migrate_salons", verbosity=0, **options)


def versions() -> list[int]:
    with public_scope():
        return list(Salon.objects.order_by("id").values_list("schema_version", flat=True))


def columns(table: str, column: str) -> set[str]:
    """The salon schemas (template included) in which the column exists."""
    with connect() as session:
        found = session.execute(
            "SELECT table_schema FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        return {name for (name,) in found}


def every_schema() -> set[str]:
    with public_scope():
        return {TEMPLATE, *Salon.objects.values_list("schema_name", flat=True)}


def assert_all_at_head() -> None:
    migrate(check=True)
    assert set(versions()) == {head_version()}
