"""The provisioner as a process: it fills, it waits its turn, it goes quietly."""

import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from pytest_django import Settings

from deploy.local.ports import free_port
from shared_apps.core.scope import public_scope
from shared_apps.outbox.models import OutboxMessage
from tenants.enums import SalonState
from tenants.models import Salon, SchemaScript
from tenants.schema import claim, closing, pool, provisioning
from tenants.schema.direct import Work, alone, connect, is_running
from tenants.types import SalonCard
from tests.database import OWNER, ROOT, WorkerDatabase

PATIENCE = 20.0


def eventually(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up_at, "it never happened"
        time.sleep(0.05)


@contextmanager
def provisioner(database: WorkerDatabase, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "provisioner"],
        env={**database.environment(OWNER), "READY_SALONS": "4", **settings},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def in_thread(settings: Settings, ready: int) -> Iterator[None]:
    """The same loop inside this process, for what need not be a process."""
    settings.READY_SALONS = ready
    stop = threading.Event()
    loop = threading.Thread(target=provisioning.provision_until, args=[stop])
    loop.start()
    try:
        yield
    finally:
        stop.set()
        loop.join(PATIENCE)
        assert not loop.is_alive()


def take_one() -> None:
    """As sign-up does; the salon is then no longer in the pool."""
    with public_scope(), transaction.atomic():
        salon = claim.take_ready_salon(wait_seconds=PATIENCE)
        Salon.objects.filter(pk=salon.pk).delete()


def test_it_fills_the_pool_answers_probes_and_ends_on_sigterm(owner: WorkerDatabase) -> None:
    port = free_port()
    with provisioner(owner, HEALTH_PORT=str(port)) as process:
        eventually(lambda: pool.ready_count() == 4)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/live") as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/ready") as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    eventually(lambda: not is_running(Work.PROVISIONING))


def test_killed_its_work_is_taken_over(owner: WorkerDatabase, settings: Settings) -> None:
    with provisioner(owner) as process:
        eventually(lambda: is_running(Work.PROVISIONING))
        process.kill()
    with in_thread(settings, ready=5):
        eventually(lambda: pool.ready_count() == 5)


def test_what_sign_up_takes_is_made_again(owner: WorkerDatabase, settings: Settings) -> None:
    with in_thread(settings, ready=3):
        eventually(lambda: pool.ready_count() == 3)
        take_one()
        eventually(lambda: pool.ready_count() == 3)


def test_a_second_one_stands_by(owner: WorkerDatabase, settings: Settings) -> None:
    with alone(Work.PROVISIONING), in_thread(settings, ready=3):
        time.sleep(0.3)
        assert pool.ready_count() == 2
    with in_thread(settings, ready=3):
        eventually(lambda: pool.ready_count() == 3)


def test_it_puts_closing_salons_away(
    owner: WorkerDatabase, settings: Settings, salon: SalonCard
) -> None:
    with public_scope():
        OutboxMessage.objects.all().delete()
        Salon.objects.filter(pk=salon.id).update(state=SalonState.CLOSING)
    with in_thread(settings, ready=2), public_scope():
        eventually(lambda: Salon.objects.get(pk=salon.id).state == SalonState.CLOSED)


def test_one_failure_does_not_stop_it(
    owner: WorkerDatabase, settings: Settings, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(provisioning, "PAUSE_AFTER_FAILURE", 0.05)

    def fails() -> None:
        raise ValueError("an odd salon")

    monkeypatch.setattr(closing, "put_away_next", fails)
    with in_thread(settings, ready=3):
        eventually(lambda: pool.ready_count() == 3)
    assert "an odd salon" in caplog.text


def test_it_waits_for_the_first_migration(
    owner: WorkerDatabase, settings: Settings, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(provisioning, "PAUSE_AFTER_FAILURE", 0.05)
    with public_scope():
        kept = SchemaScript.objects.get()
        SchemaScript.objects.all().delete()
    with in_thread(settings, ready=3):
        eventually(lambda: "no salon can be made yet" in caplog.text)
        with public_scope():
            kept.save(force_insert=True)
        eventually(lambda: pool.ready_count() == 3)


def test_it_comes_back_after_losing_the_database(
    owner: WorkerDatabase, settings: Settings, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(provisioning, "PAUSE_AFTER_FAILURE", 0.05)
    with in_thread(settings, ready=2):
        eventually(lambda: is_running(Work.PROVISIONING))
        with connect() as session:
            session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
            )
        eventually(lambda: "lost the database" in caplog.text)
        eventually(lambda: is_running(Work.PROVISIONING))
