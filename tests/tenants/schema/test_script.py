"""The script makes what the template is."""

import pytest
from django.db import connection
from pytest_django import Settings

from shared_apps.core.scope import public_scope, salon_scope
from tenants.models import SchemaScript
from tenants.schema import pool, script
from tenants.schema.errors import DumpFailed, NoScript, TemplateHoldsRows
from tenants.schema.head import head_version
from tenants.schema.names import TEMPLATE, TemplateScope
from tests.database import WorkerDatabase
from tests.tenants.schema.dumps import difference, rows, structure


def test_the_script_is_at_the_head(in_public: None) -> None:
    assert script.latest_script().version == head_version()


def test_it_holds_single_statements_and_ends_with_the_grants(in_public: None) -> None:
    lines = script.latest_script().statements
    assert [line for line in lines if ";\n" in line or line.startswith("\\")] == []
    verbs = [line.split()[0] for line in lines]
    assert verbs[-5:] == ["GRANT", "GRANT", "GRANT", "REVOKE", "REVOKE"]
    assert not {"GRANT", "REVOKE"} & set(verbs[:-5])
    assert [line for line in lines if "ADD GENERATED" in line or "ALTER TABLE ONLY" in line] == []


def test_replaying_is_a_fixpoint(owner: WorkerDatabase) -> None:
    """A salon made from the dump of a salon made from the dump is the same salon."""
    salon = pool.make_ready_schema()
    with public_scope(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {TEMPLATE} CASCADE")
        cursor.execute(f"ALTER SCHEMA {salon.schema_name} RENAME TO {TEMPLATE}")
    script.make_script(head_version())
    copy = pool.make_ready_schema()
    assert difference(TEMPLATE, copy.schema_name) == ""
    assert len(structure(copy.schema_name)) > 300


def test_a_replayed_salon_has_the_templates_structure_and_rows(owner: WorkerDatabase) -> None:
    salon = pool.make_ready_schema()
    rights = ("GRANT ", "REVOKE ")
    template = [line for line in structure(TEMPLATE) if not line.startswith(rights)]
    replayed = [line for line in structure(salon.schema_name) if not line.startswith(rights)]
    assert replayed == template
    for table, columns in (("django_content_type", "id, app_label, model"),
                           ("django_migrations", "id, app, name, applied")):  # fmt: skip
        assert rows(salon.schema_name, table, columns) == rows(TEMPLATE, table, columns)


def test_content_types_have_the_same_ids_in_public_and_in_a_salon(owner: WorkerDatabase) -> None:
    salon = pool.make_ready_schema()
    columns = "id, app_label, model"
    public = rows("public", "django_content_type", columns)
    assert len(public) > 20
    assert rows(salon.schema_name, "django_content_type", columns) == public


def test_rows_of_business_in_the_template_are_refused(owner: WorkerDatabase) -> None:
    with salon_scope(TemplateScope()), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_by_a_migration AS SELECT 1 AS id")
    with pytest.raises(TemplateHoldsRows, match="left_by_a_migration"):
        script.make_script(head_version())


def test_a_failing_pg_dump_is_reported_in_its_own_words(owner: WorkerDatabase) -> None:
    with pytest.raises(DumpFailed, match="no matching schemas"):
        script.pg_dump("--schema=no_such_schema", "--strict-names")


def test_a_missing_pg_dump_is_one_sentence(owner: WorkerDatabase, settings: Settings) -> None:
    settings.PG_BIN = "/no/such/place"
    with pytest.raises(DumpFailed, match="set PG_BIN to PostgreSQL's programs"):
        script.pg_dump()


def test_without_a_script_nothing_can_be_made(owner: WorkerDatabase) -> None:
    with public_scope():
        SchemaScript.objects.all().delete()
    with pytest.raises(NoScript, match="migrate_salons"):
        pool.make_ready_schema()
