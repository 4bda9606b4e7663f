"""migrate_salons brings everybody to the head."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from django.core.management import CommandError

from shared_apps.core.scope import public_scope
from tenants.models import Salon, SchemaMove, SchemaStep
from tenants.schema import pool
from tenants.schema.direct import connect
from tenants.schema.head import head_version
from tenants.schema.names import TEMPLATE
from tests.database import APP, ROOT, WorkerDatabase
from tests.tenants.schema.dumps import difference, rows
from tests.tenants.schema.fleets import (
    MIRROR,
    NICKNAME,
    SALONS,
    SHOUT,
    assert_all_at_head,
    columns,
    every_schema,
    migrate,
    shouting,
    versions,
)
from tests.tenants.schema.releases import Release


def test_nothing_to_do_does_nothing(owner: WorkerDatabase) -> None:
    migrate()
    assert_all_at_head()
    with public_scope():
        assert SchemaMove.objects.count() == 0


def test_a_new_column_reaches_every_salon_and_the_pool(
    owner: WorkerDatabase, release: Release
) -> None:
    head = head_version()
    release.add("9001_nickname", NICKNAME)
    migrate()
    assert columns("clients_client", "nickname") == every_schema()
    assert versions() == [head + 1] * SALONS
    with public_scope():
        moves = SchemaMove.objects.values_list("from_version", "to_version", "succeeded", "error")
        assert list(moves) == [(head, head + 1, True, "")] * SALONS
        step = SchemaStep.objects.get(number=head + 1)
    assert (step.app_label, step.migration, step.through_django) == (
        "clients",
        "9001_nickname",
        False,
    )
    assert len(step.statements) == 1
    for schema in every_schema():
        assert ("clients", "9001_nickname") in rows(schema, "django_migrations", "app, name")


def test_a_climbed_salon_equals_a_new_one(owner: WorkerDatabase, release: Release) -> None:
    release.add("9001_nickname", NICKNAME).add("9002_mirror", MIRROR)
    migrate()
    new = pool.make_ready_schema()
    with public_scope():
        climbed = Salon.objects.get(slug="anna")
    assert difference(climbed.schema_name, new.schema_name) == ""
    for table in ("django_content_type", "django_migrations"):
        found = "id, app_label, model" if table == "django_content_type" else "app, name"
        assert rows(climbed.schema_name, table, found) == rows(new.schema_name, table, found)


def test_a_new_table_comes_with_the_applications_rights(
    owner: WorkerDatabase, release: Release
) -> None:
    release.add("9001_mirror", MIRROR)
    migrate()
    with connect() as session:
        for schema in every_schema() - {TEMPLATE}:
            rights = session.execute(
                "SELECT has_table_privilege(%(app)s, %(table)s, 'DELETE'),"
                " has_sequence_privilege(%(app)s, %(sequence)s, 'USAGE'),"
                " has_table_privilege(%(app)s, %(journal)s, 'UPDATE')",
                {
                    "app": APP,
                    "table": f"{schema}.clients_mirror",
                    "sequence": f"{schema}.clients_mirror_id_seq",
                    "journal": f"{schema}.journal_entry",
                },
            ).fetchone()
            assert rights == (True, True, False)


def test_new_content_types_come_with_the_templates_ids(
    owner: WorkerDatabase, release: Release
) -> None:
    with connect() as session:
        session.execute(
            "INSERT INTO public.django_content_type (app_label, model) VALUES ('clients', 'mirror')"
        )
    release.add("9001_mirror", MIRROR)
    migrate()
    found = "id, app_label, model"
    public = rows("public", "django_content_type", found)
    assert ("clients", "mirror") in {row[1:] for row in public}
    for schema in every_schema():
        assert rows(schema, "django_content_type", found) == public


def test_data_goes_through_django_salon_by_salon(
    owner: WorkerDatabase, release: Release, a_client: Callable[[], None]
) -> None:
    a_client()
    release.add("9001_nickname", NICKNAME)
    release.add("9002_shout", SHOUT, before=shouting())
    release.add("9003_note", NICKNAME.replace("nickname", "note"))
    migrate()
    assert_all_at_head()
    with public_scope():
        steps = SchemaStep.objects.filter(app_label="clients", migration__startswith="9")
        assert list(steps.values_list("through_django", flat=True)) == [False, True, False]
        anna = Salon.objects.get(slug="anna")
    assert set(rows(anna.schema_name, "clients_client", "name")) == {("SHOUTED",)}
    assert columns("clients_client", "note") == every_schema()


def test_data_may_go_without_one_big_transaction(
    owner: WorkerDatabase, release: Release, a_client: Callable[[], None]
) -> None:
    a_client()
    shout = "migrations.RunPython(shout, atomic=True),"
    release.add("9001_shout", shout, before=shouting(), atomic=False)
    migrate()
    assert_all_at_head()
    with public_scope():
        anna = Salon.objects.get(slug="anna")
    assert set(rows(anna.schema_name, "clients_client", "name")) == {("SHOUTED",)}


def test_an_index_is_built_concurrently_and_again_after_a_half_made_one(
    owner: WorkerDatabase, release: Release
) -> None:
    with public_scope():
        anna = Salon.objects.get(slug="anna")
    with connect() as session:
        session.execute(
            f"CREATE INDEX client_names ON {anna.schema_name}.clients_client (id)".encode()
        )
    index = 'AddIndexConcurrently("client", models.Index(fields=["name"], name="client_names")),'
    release.add("9001_index", index, atomic=False)
    migrate()
    assert_all_at_head()
    with connect() as session:
        made = session.execute(
            "SELECT schemaname FROM pg_indexes WHERE indexname = 'client_names'"
            " AND indexdef LIKE '%(name)'"
        )
        assert {name for (name,) in made} == every_schema()


def test_one_salon_only(owner: WorkerDatabase, release: Release) -> None:
    release.add("9001_nickname", NICKNAME)
    migrate(salon="bruno")
    with public_scope():
        bruno = Salon.objects.get(slug="bruno")
    assert columns("clients_client", "nickname") == {TEMPLATE, bruno.schema_name}
    migrate(check=True, salon="bruno")


def test_check_says_when_the_template_is_behind(owner: WorkerDatabase, release: Release) -> None:
    release.add("9001_nickname", NICKNAME)
    with pytest.raises(CommandError, match="template schema or its script is behind"):
        migrate(check=True)


def test_the_first_run_makes_the_template(owner: WorkerDatabase) -> None:
    with connect() as session:
        session.execute(f"DROP SCHEMA {TEMPLATE} CASCADE".encode())
        session.execute("TRUNCATE public.tenants_schemastep, public.tenants_schemascript")
    migrate()
    assert_all_at_head()
    with public_scope():
        steps = SchemaStep.objects.filter(app_label="contenttypes").order_by("number")
        widened = [s for step in steps for s in step.statements if s.endswith("TYPE bigint")]
    assert widened == ["ALTER TABLE django_content_type ALTER COLUMN id TYPE bigint"]
    pool.make_ready_schema()


def test_the_exit_code_tells(owner: WorkerDatabase, release: Release) -> None:
    release.add("9001_nickname", NICKNAME)
    environment = release.environment(owner.environment("parlour_owner"))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, ROOT / "manage.py", "migrate_salons", *arguments],
            env=environment, check=False, capture_output=True, text=True,
        )  # fmt: skip

    assert run("--check").returncode == 1
    done = run()
    assert (done.returncode, done.stdout) == (
        0, f"{SALONS} salons climbed; everything is at version {versions()[0]}.\n"
    )  # fmt: skip
    assert f"{SALONS}/{SALONS}" in done.stderr
