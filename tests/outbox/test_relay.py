"""From the outbox through a real broker and worker to the handler."""

import json
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils.timezone import now
from kombu import pools
from redis import Redis

from config.celery import app
from shared_apps.core.scope import public_scope
from shared_apps.outbox import relay
from shared_apps.outbox.models import OutboxMessage
from shared_apps.outbox.services import MOST_UNDER_WAY
from tenants import tasks
from tenants.types import SalonCard
from tests.database import WorkerDatabase
from tests.outbox.messages import queue


@pytest.fixture
def broker(committed: WorkerDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """This worker's Redis, empty; Celery's connections go there and nowhere afterwards."""
    monkeypatch.setattr(app.conf, "broker_url", committed.redis_url)
    forget_connections()
    with Redis.from_url(committed.redis_url) as redis:
        redis.flushdb()
        yield redis
        redis.flushdb()
    forget_connections()


def forget_connections() -> None:
    pools.reset()
    celery: Any = app
    celery._pool = celery.amqp._producer_pool = None


@pytest.fixture
def waiting(committed: WorkerDatabase) -> list[OutboxMessage]:
    with public_scope():
        OutboxMessage.objects.all().delete()
        return [queue() for _ in range(3)]


def ids(broker: Redis) -> list[str]:
    """The ids in the queue, the first argument of each task."""
    found: Any = broker.lrange("default", 0, -1)
    return sorted(json.loads(b64decode(json.loads(task)["body"]))[0][0] for task in found)


def waits_for(broker: Redis, length: int) -> bool:
    give_up_at = time.monotonic() + 20
    while broker.llen("default") != length and time.monotonic() < give_up_at:
        time.sleep(0.05)
    return broker.llen("default") == length


def test_what_is_due_is_handed_to_the_broker_with_ids_only(
    broker: Redis, waiting: list[OutboxMessage]
) -> None:
    assert relay.relay_once() == 3
    assert ids(broker) == [str(message.pk) for message in waiting]
    assert relay.relay_once() == 0


def test_no_more_is_handed_out_than_workers_can_take(
    broker: Redis, waiting: list[OutboxMessage]
) -> None:
    with public_scope():
        for _ in range(MOST_UNDER_WAY - 1):
            queue(lease=UUID(int=1), claimable_at=now().replace(year=2100))

    assert relay.relay_once() == 1
    assert relay.relay_once() == 0


def test_a_worker_takes_the_message_and_the_row_is_gone(
    broker: Redis,
    salon: SalonCard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handled: list[Any] = []
    monkeypatch.setattr(tasks, "_handle", lambda message: handled.append(message.salon_id))
    with public_scope():
        OutboxMessage.objects.all().delete()
        queue(salon_id=salon.id)

    relay.relay_once()
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        give_up_at = time.monotonic() + 20
        while rows() and time.monotonic() < give_up_at:
            time.sleep(0.05)

    assert handled == [salon.id]
    assert rows() == 0


def rows() -> int:
    with public_scope():
        return OutboxMessage.objects.count()


def test_a_relay_runs_until_it_is_told_to_stop(broker: Redis, waiting: list[OutboxMessage]) -> None:
    stop = threading.Event()

    def run() -> None:
        relay.relay_until(stop)
        connection.close()

    running = threading.Thread(target=run)
    running.start()
    assert waits_for(broker, 3)
    stop.set()
    running.join(10)

    assert not running.is_alive()


def test_a_database_that_is_away_only_delays_the_relay(
    broker: Redis, waiting: list[OutboxMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "TROUBLE_PAUSE", 0.01)
    stop = threading.Event()
    troubles = iter([OperationalError("away"), OperationalError("still away")])
    really = relay.relay_once

    def sometimes() -> int:
        for trouble in troubles:
            raise trouble
        stop.set()
        return really()

    monkeypatch.setattr(relay, "relay_once", sometimes)
    relay.relay_until(stop)

    assert len(ids(broker)) == 3


# The command


def test_dead_letters_are_listed_and_tried_again_by_command(
    in_public: None, capsys: pytest.CaptureFixture[str]
) -> None:
    dead = queue(dead_at=now(), error="ValueError: no such address", attempts=10)

    call_command("dead_letters")
    assert str(dead.pk) in (listed := capsys.readouterr().out)
    assert "no such address" in listed

    call_command("dead_letters", "--retry", str(dead.pk))
    assert "1 will be tried again" in capsys.readouterr().out
    dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts) == (None, 0)


def test_all_dead_letters_are_tried_again_at_once(
    in_public: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        queue(dead_at=now())

    call_command("dead_letters", "--retry", "all")
    assert "2 will be tried again" in capsys.readouterr().out
    call_command("dead_letters", "--retry", "all")
    assert "0 will be tried again" in capsys.readouterr().out


@pytest.mark.parametrize("which", ["nonsense", str(UUID(int=7))])
def test_a_letter_that_is_not_dead_cannot_be_tried_again(in_public: None, which: str) -> None:
    with pytest.raises(CommandError, match=which):
        call_command("dead_letters", "--retry", which)
