"""The pool is full, whole and never hands out a schema twice."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import public_scope, salon_scope
from tenants.enums import SalonState, Trade
from tenants.errors import NoSalonReady, SlugTaken
from tenants.models import Domain, Salon, SchemaScript
from tenants.schema import claim, pool
from tenants.schema.direct import Work, alone, connect
from tenants.schema.head import head_version
from tenants.services import open_salon
from tests.database import WorkerDatabase
from tests.tenants.schema.kill import Point, killed

READY = 2  # what the tests' template database brings along


def schemas() -> set[str]:
    with connect() as session:
        names = session.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^s_'")
        return {name for (name,) in names}


def directory() -> set[str]:
    with public_scope():
        return set(Salon.objects.values_list("schema_name", flat=True))


def assert_pool_is_whole(count: int) -> None:
    """``count`` ready schemas, each with its row and its tables; nothing else lies about."""
    assert pool.ready_count() == count
    assert schemas() - directory() == {"s_" + "0" * 32}
    assert directory() <= schemas()
    with public_scope():
        ready = list(Salon.objects.filter(state=SalonState.CREATING))
    for salon in ready:
        assert salon.schema_name == f"s_{salon.pk.hex}"
        assert salon.schema_version == head_version()
        with salon_scope(salon), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
            assert cursor.fetchone() == (head_version(),)


def test_the_pool_is_filled_to_the_mark_and_no_further(owner: WorkerDatabase) -> None:
    assert pool.fill_pool(READY + 2) == 2
    assert pool.fill_pool(READY + 2) == 0
    assert_pool_is_whole(READY + 2)


def test_filling_can_be_stopped(owner: WorkerDatabase) -> None:
    answers = iter([True, False])
    assert pool.fill_pool(READY + 5, may_go_on=lambda: next(answers)) == 1


@pytest.mark.parametrize(
    "point",
    [
        Point("before", "tenants.schema.pool._enter_in_directory"),
        Point("after", "tenants.schema.pool._enter_in_directory"),
        Point("before", "tenants.schema.script.rendered", nth=40),
        Point("after", "tenants.schema.pool._replay"),
        Point("after", "tenants.schema.pool.make_ready_schema"),
    ],
    ids=str,
)
def test_killed_while_filling_and_run_again(owner: WorkerDatabase, point: Point) -> None:
    killed(lambda: pool.fill_pool(READY + 2), point)
    assert pool.sweep() == 0
    pool.fill_pool(READY + 2)
    assert_pool_is_whole(READY + 2)


@pytest.mark.parametrize(
    "point",
    [
        Point("before", "tenants.services.take_ready_salon"),
        Point("after", "tenants.services.take_ready_salon"),
        Point("before", "tenants.services._change"),
        Point("after", "tenants.services._change"),
        Point("before", "tenants.services.publish"),
        Point("after", "tenants.services.publish"),
        Point("after", "tenants.services.card_of"),
        Point("before", "tenants.hosts.forget"),
    ],
    ids=str,
)
def test_killed_while_signing_up_and_run_again(committed: WorkerDatabase, point: Point) -> None:
    killed(sign_up, point)
    try:
        sign_up()
    except SlugTaken:
        assert point.function == "tenants.hosts.forget"  # the only one after the commit
    with public_scope():
        (salon,) = Salon.objects.filter(slug="clara")
        assert salon.state == SalonState.ACTIVE
        assert Domain.objects.filter(tenant=salon).count() == 1
    assert pool.ready_count() == READY - 1


def sign_up() -> None:
    with public_scope():
        open_salon(
            name="Clara",
            slug="clara",
            country="DE",
            trade=Trade.BARBER,
            actor=system(Channel.COMMAND),
        )


def test_many_sign_ups_at_once_get_a_schema_each(owner: WorkerDatabase) -> None:
    pool.fill_pool(8)
    everybody_here = threading.Barrier(8)

    def take(_number: int) -> UUID:
        try:
            with public_scope(), transaction.atomic():
                everybody_here.wait()
                salon = claim.take_ready_salon(wait_seconds=5)
                salon.state, salon.name, salon.slug = "suspended", "x", salon.schema_name[:40]
                salon.country, salon.currency, salon.timezone = "DE", "EUR", "Europe/Berlin"
                salon.language, salon.legal_entity_id = "de", salon.pk
                salon.save()
                return salon.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(take, range(8)))
    assert len(set(taken)) == 8
    assert pool.ready_count() == 0


def test_a_sign_up_under_way_does_not_hold_up_the_next(committed: WorkerDatabase) -> None:
    with psycopg.connect(committed.servers.database_url(committed.name, "parlour_app")) as first:
        query = "SELECT id FROM tenants_salon WHERE state = 'creating' ORDER BY id LIMIT 1"
        taken = first.execute(f"{query} FOR UPDATE".encode()).fetchone()
        assert taken is not None
        with public_scope(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            assert claim.take_ready_salon(wait_seconds=0).pk != taken[0]


def test_an_empty_pool_is_waited_for(owner: WorkerDatabase) -> None:
    with public_scope():
        Salon.objects.filter(state=SalonState.CREATING).delete()
    in_a_moment = threading.Timer(0.3, in_thread(pool.make_ready_schema))
    in_a_moment.start()
    with public_scope(), transaction.atomic():
        assert claim.take_ready_salon(wait_seconds=5).state == SalonState.CREATING
    in_a_moment.join()


def in_thread(act: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        act()
        connection.close()

    return run


def test_a_pool_that_stays_empty_is_an_error_with_a_time(owner: WorkerDatabase) -> None:
    with public_scope():
        Salon.objects.filter(state=SalonState.CREATING).delete()
        begun = time.monotonic()
        with pytest.raises(NoSalonReady) as refusal, transaction.atomic():
            claim.take_ready_salon(wait_seconds=0.3)
    assert 0.3 <= time.monotonic() - begun < 2
    assert refusal.value.retry_after > 0


def test_claiming_needs_a_transaction(committed: WorkerDatabase) -> None:
    with public_scope(), pytest.raises(RuntimeError, match="transaction"):
        claim.take_ready_salon(wait_seconds=0)


def test_a_sign_up_that_fails_gives_its_schema_back(committed: WorkerDatabase) -> None:
    with public_scope():
        with transaction.atomic():
            claim.take_ready_salon(wait_seconds=0)
            transaction.set_rollback(True)
        assert pool.ready_count() == READY


def test_schemas_behind_or_ahead_of_this_code(owner: WorkerDatabase) -> None:
    """Migrate first, then deploy: the old code signs salons up on the new schemas meanwhile."""
    with public_scope():
        pooled = Salon.objects.filter(state=SalonState.CREATING)
        pooled.update(schema_version=head_version() - 1)
        with pytest.raises(NoSalonReady), transaction.atomic():
            claim.take_ready_salon(wait_seconds=0)
        pooled.update(schema_version=head_version() + 1)
        with transaction.atomic():
            claim.take_ready_salon(wait_seconds=0)


def test_the_sweep_throws_away_what_cannot_become_a_salon(owner: WorkerDatabase) -> None:
    pool.fill_pool(4)
    with public_scope():
        unready, gone, old, good = Salon.objects.filter(state=SalonState.CREATING).order_by("id")
        Salon.objects.filter(pk=unready.pk).update(schema_ready_at=None)
        Salon.objects.filter(pk=old.pk).update(schema_version=head_version() - 1)
    with connect() as session:
        session.execute(f"DROP SCHEMA {gone.schema_name} CASCADE".encode())
    assert pool.sweep() == 3
    assert_pool_is_whole(1)
    with public_scope():
        assert Salon.objects.get(state=SalonState.CREATING).pk == good.pk


def test_the_sweep_leaves_old_schemas_to_a_running_migration(owner: WorkerDatabase) -> None:
    with public_scope():
        Salon.objects.filter(state=SalonState.CREATING).update(schema_version=head_version() - 1)
    with alone(Work.MIGRATING):
        assert pool.sweep() == 0
    assert pool.sweep() == READY


def test_the_sweep_keeps_its_hands_off_a_salon_being_claimed(owner: WorkerDatabase) -> None:
    with public_scope():
        Salon.objects.filter(state=SalonState.CREATING).update(schema_version=head_version() - 1)
    with psycopg.connect(owner.servers.database_url(owner.name, "parlour_app")) as sign_up:
        sign_up.execute("SELECT FROM tenants_salon WHERE state = 'creating' FOR UPDATE")
        assert pool.sweep() == 0
    assert pool.sweep() == READY


def test_a_schema_without_a_salon_is_reported_and_kept(
    owner: WorkerDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    """It may be a salon whose row was lost: a person decides, not a loop."""
    stray = "s_" + "f" * 32
    with connect() as session:
        session.execute(f"CREATE SCHEMA {stray}".encode())
    assert pool.sweep() == 0
    assert stray in schemas()
    assert "a schema without a salon" in caplog.text


def test_a_new_script_is_noticed_by_a_running_provisioner(owner: WorkerDatabase) -> None:
    assert pool.ready_count() == READY
    with public_scope():
        newest = SchemaScript.objects.get(version=head_version())
        SchemaScript.objects.create(
            version=head_version() + 1, statements=newest.statements, made_at=newest.made_at
        )
    assert pool.ready_count() == 0
    assert pool.make_ready_schema().schema_version == head_version() + 1
