"""migrate_salons: everybody to the head, whatever happens on the way."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from shared_apps.core.scope import public_scope
from tenants.models import Salon, SchemaMove, SchemaScript, SchemaStep
from tenants.schema import pool
from tenants.schema.direct import Work, alone, connect
from tenants.schema.head import head_version
from tenants.schema.names import TEMPLATE
from tests.database import APP, ROOT, WorkerDatabase
from tests.tenants.schema.dumps import difference, rows
from tests.tenants.schema.kill import Point, killed
from tests.tenants.schema.releases import NICKNAME, Release

SALONS = 4  # two open ones and two in the pool come with the tests' template database

MIRROR = """\
migrations.CreateModel("Mirror", [
    ("id", models.BigAutoField(primary_key=True)),
    ("label", models.CharField(max_length=40, unique=True)),
    ("client", models.ForeignKey("clients.client", models.CASCADE)),
]),
"""
UPPER = """\
def shout(apps, schema_editor):
    apps.get_model("clients", "Client").objects.update(name="SHOUTED")
    if schema_editor.connection.schema_name == {broken!r}:
        raise ValueError("this salon's rows are odd")
"""


@pytest.fixture
def release(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Release]:
    """A later release of the clients app, in force in this process."""
    made = Release(tmp_path, "clients")
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = made.modules
    head_version.cache_clear()
    yield made
    head_version.cache_clear()


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
    release.add("9002_shout", "migrations.RunPython(shout),", before=UPPER.format(broken=""))
    release.add("9003_note", NICKNAME.replace("nickname", "note"))
    migrate()
    assert_all_at_head()
    with public_scope():
        steps = SchemaStep.objects.filter(app_label="clients", migration__startswith="9")
        assert list(steps.values_list("through_django", flat=True)) == [False, True, False]
        anna = Salon.objects.get(slug="anna")
    assert rows(anna.schema_name, "clients_client", "name") == [("SHOUTED",)]
    assert columns("clients_client", "note") == every_schema()


def test_one_salons_odd_data_does_not_stop_the_others(
    owner: WorkerDatabase, release: Release
) -> None:
    for _ in range(2):
        pool.make_ready_schema()
    with public_scope():
        odd = Salon.objects.order_by("id").last()
    assert odd is not None
    before = UPPER.format(broken=odd.schema_name)
    release.add("9001_shout", "migrations.RunPython(shout),", before=before)
    release.add("9002_nickname", NICKNAME)
    with pytest.raises(CommandError, match="1 salons could not climb") as failure:
        migrate()
    assert f"{odd.schema_name}: ValueError: this salon's rows are odd" in str(failure.value)
    head = head_version()
    assert versions() == [head] * (SALONS + 1) + [head - 2]
    with public_scope():
        (move,) = SchemaMove.objects.filter(succeeded=False)
    assert (move.salon_id, move.error) == (odd.pk, "ValueError: this salon's rows are odd")


def test_failing_canaries_keep_the_others_out_of_it(
    owner: WorkerDatabase, release: Release
) -> None:
    with public_scope():
        first = Salon.objects.order_by("id").first()
    assert first is not None
    with connect() as session:
        session.execute(f"ALTER TABLE {first.schema_name}.clients_client ADD nickname int".encode())
    release.add("9001_nickname", NICKNAME)
    with pytest.raises(CommandError, match="the others were left alone"):
        migrate()
    head = head_version()
    assert versions() == [head - 1, head, head, head - 1]


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


def test_a_locked_salon_is_tried_again_while_the_others_go_on(
    owner: WorkerDatabase, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.schema.direct.LOCK_TIMEOUT", "50ms")
    release.add("9001_nickname", NICKNAME)
    with public_scope():
        anna = Salon.objects.get(slug="anna")
    seen: list[list[int]] = []

    def unlock(_seconds: float) -> None:
        seen.append(versions())
        if len(seen) == 3:
            booking.rollback()

    monkeypatch.setattr("tenants.schema.fleet.sleep", unlock)
    with connect() as booking:
        booking.autocommit = False
        booking.execute(f"SELECT FROM {anna.schema_name}.clients_client".encode())
        migrate()
    head = head_version()
    assert seen[1] == [head - 1, head, head, head - 1]  # anna is a canary; the last one waits
    assert_all_at_head()


def test_a_salon_locked_to_the_end_is_listed_and_taken_by_the_next_run(
    owner: WorkerDatabase, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.schema.direct.LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr("tenants.schema.fleet.PAUSES", (0.0, 0.0))
    release.add("9001_nickname", NICKNAME)
    with public_scope():
        anna = Salon.objects.get(slug="anna")
    with connect() as booking:
        booking.autocommit = False
        booking.execute(f"SELECT FROM {anna.schema_name}.clients_client".encode())
        with pytest.raises(CommandError, match="anna: LockNotAvailable"):
            migrate()
        booking.rollback()
    head = head_version()
    assert sorted(versions()) == [head - 1, head, head, head]
    with pytest.raises(CommandError, match="1 salons are behind: anna"):
        migrate(check=True)
    migrate()
    assert_all_at_head()


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


def test_only_one_at_a_time(owner: WorkerDatabase) -> None:
    with alone(Work.MIGRATING), pytest.raises(CommandError, match="Another migrate_salons"):
        migrate()


def test_the_application_may_not_migrate(committed: WorkerDatabase) -> None:
    with pytest.raises(CommandError, match="needs the owner role"):
        migrate()


def test_the_public_tables_come_first(owner: WorkerDatabase) -> None:
    with connect() as session:
        session.execute("DROP TABLE public.tenants_schemascript")
    with pytest.raises(CommandError, match="migrate_schemas --shared first"):
        migrate()


def test_an_older_release_leaves_a_newer_database_alone(
    owner: WorkerDatabase, release: Release, settings: Settings
) -> None:
    release.add("9001_nickname", NICKNAME)
    migrate()
    newer = versions()
    settings.MIGRATION_MODULES = {}
    migrate()
    assert versions() == newer


def test_a_database_of_another_line_is_refused(
    owner: WorkerDatabase, release: Release, settings: Settings, tmp_path: Path
) -> None:
    release.add("9001_nickname", NICKNAME)
    migrate()
    fork = Release(tmp_path, "clients").add("9001_other", NICKNAME.replace("nickname", "other"))
    settings.MIGRATION_MODULES = fork.modules
    with pytest.raises(CommandError, match="another line of releases"):
        migrate()


def test_a_lost_template_is_reported(owner: WorkerDatabase, release: Release) -> None:
    with connect() as session:
        session.execute(f"DROP SCHEMA {TEMPLATE} CASCADE".encode())
    release.add("9001_nickname", NICKNAME)
    with pytest.raises(CommandError, match="is gone"):
        migrate()


@pytest.mark.parametrize(
    "point",
    [
        Point("before", "tenants.schema.template._run"),
        Point("after", "tenants.schema.template._run"),
        Point("after", "tenants.schema.template._keep"),
        Point("after", "tenants.schema.template.climb_one"),
        Point("before", "tenants.schema.template.make_script"),
        Point("after", "tenants.schema.template.make_script"),
        Point("after", "tenants.schema.climb.arrival", nth=2),
        Point("after", "tenants.schema.fleet.climb", nth=2),
        Point("after", "tenants.schema.fleet.climb", nth=SALONS),
        Point("after", "tenants.schema.django_step.arrival", nth=2),
    ],
    ids=str,
)
def test_killed_and_run_again(owner: WorkerDatabase, release: Release, point: Point) -> None:
    release.add("9001_nickname", NICKNAME)
    release.add("9002_shout", "migrations.RunPython(shout),", before=UPPER.format(broken=""))
    killed(migrate, point)
    migrate()
    assert_all_at_head()
    assert columns("clients_client", "nickname") == every_schema()
    with public_scope():
        assert SchemaScript.objects.filter(version=head_version()).count() == 1
        assert SchemaMove.objects.filter(succeeded=True).count() == SALONS * 2
    for schema in every_schema():
        recorded = rows(schema, "django_migrations", "app, name")
        assert len(recorded) == len(set(recorded)) == head_version()


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
