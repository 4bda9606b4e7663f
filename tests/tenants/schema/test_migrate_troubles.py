"""migrate_salons when something is in the way: locks, odd rows, kills, wrong databases."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from shared_apps.core.scope import public_scope
from tenants.models import Salon, SchemaMove, SchemaScript
from tenants.schema import pool
from tenants.schema.climb import climb, salons_behind
from tenants.schema.direct import Work, alone, connect
from tenants.schema.django_step import DjangoStep
from tenants.schema.head import head_version
from tenants.schema.ladder import Disk, key_of, recorded_steps
from tenants.schema.names import TEMPLATE
from tenants.schema.template import bring_template_to_head
from tests.database import WorkerDatabase
from tests.tenants.schema.dumps import rows
from tests.tenants.schema.fleets import (
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
from tests.tenants.schema.kill import Point, killed
from tests.tenants.schema.releases import Release


def test_a_salon_that_closes_meanwhile_is_let_go(owner: WorkerDatabase, release: Release) -> None:
    release.add("9001_nickname", NICKNAME)
    release.add("9002_shout", SHOUT, before=shouting())
    release.add("9003_pause", SHOUT, before=shouting(),
                atomic=False)  # fmt: skip
    with connect() as session:
        salons = salons_behind(session, head_version() + 1)
        disk, behind = Disk(), salons[0]
        bring_template_to_head(disk, on_step=lambda _step: None)
        column, data, without_transaction = recorded_steps()[-3:]
        with public_scope():
            Salon.objects.filter(pk=behind.id).update(state="closed")
        assert climb(session, behind, [column]) is False
    for step in (data, without_transaction):
        state = disk.state_after(recorded_steps()[: step.number - 1])
        assert DjangoStep(step, disk.migration(key_of(step)), state).take(behind) is False
    assert behind.schema_name not in columns("clients_client", "nickname")


def test_one_salons_odd_data_does_not_stop_the_others(
    owner: WorkerDatabase, release: Release
) -> None:
    for _ in range(2):
        pool.make_ready_schema()
    with public_scope():
        odd = Salon.objects.order_by("id").last()
    assert odd is not None
    before = shouting(odd_schema=odd.schema_name)
    release.add("9001_shout", SHOUT, before=before)
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


def test_an_older_release_cannot_take_a_newer_ones_data_along(
    owner: WorkerDatabase, release: Release, settings: Settings
) -> None:
    release.add("9001_shout", SHOUT, before=shouting())
    migrate()
    with public_scope():
        Salon.objects.update(schema_version=head_version() - 1)
    settings.MIGRATION_MODULES = {}
    with pytest.raises(CommandError, match=r"does not know clients\.9001_shout"):
        migrate()


def test_a_database_of_another_line_is_refused(
    owner: WorkerDatabase, release: Release, settings: Settings, tmp_path: Path
) -> None:
    release.add("9001_nickname", NICKNAME)
    migrate()
    fork = Release(tmp_path, "clients").add("9001_other", NICKNAME.replace("nickname", "other"))
    settings.MIGRATION_MODULES = fork.modules
    with pytest.raises(CommandError, match="another line of releases"):
        migrate()


def test_a_salon_may_not_wait_for_public_tables(owner: WorkerDatabase, release: Release) -> None:
    release.add("9001_nickname", NICKNAME, also_after=[("tenants", "0001_initial")])
    with pytest.raises(CommandError, match="depend on public ones"):
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
    release.add("9002_shout", SHOUT, before=shouting())
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
