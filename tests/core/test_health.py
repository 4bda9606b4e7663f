"""Probes learn whether a process lives and can do its work, and nothing else."""

import json
import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from shared_apps.core import health
from shared_apps.core.scope import public_scope
from tests.database import WorkerDatabase
from tests.desk import Desk

pytestmark = pytest.mark.django_db
CHECKS = {"database", "redis", "migrations", "relay"}


def fail() -> None:
    raise health.NotReady("db-7.internal does not answer")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health._checks, "relay", fail)


def probe(path: str, host: str) -> Any:
    return Client().get(path, headers={"Host": host})


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8000", "LOCALHOST", "10.0.0.7:8000", "127.0.0.1", "[::1]", "[::1]:80"],
)
def test_probes_are_answered_at_the_base_host_and_at_bare_addresses(host: str) -> None:
    live, ready = probe("/healthz/live", host), probe("/healthz/ready", host)

    assert (live.status_code, live.json()) == (200, {"process": "ok"})
    assert (ready.status_code, ready.json()) == (200, dict.fromkeys(CHECKS, "ok"))


@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready", "/healthz/"])
def test_a_salon_knows_nothing_of_probes(desk: Desk, path: str) -> None:
    assert desk.client.get(path, headers=desk.headers()).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "", "[", "localhost.evil.example", "1.2.3"])
def test_other_hosts_get_no_answer_to_a_probe(host: str) -> None:
    response = probe("/healthz/ready", host)

    assert response.status_code in {400, 404}
    assert b"database" not in response.content


def test_one_failing_check_is_named_without_its_reason(failing: None) -> None:
    response = probe("/healthz/ready", "localhost")

    assert response.status_code == 503
    assert response.json() == {**dict.fromkeys(CHECKS, "ok"), "relay": "failing"}
    assert b"db-7" not in response.content


def test_a_process_that_is_not_ready_still_lives(failing: None) -> None:
    assert probe("/healthz/live", "localhost").status_code == 200


def test_without_redis_a_process_is_not_ready(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = {"platform": RedisCache("redis://127.0.0.1:1/0", {})}
    monkeypatch.setattr(health, "caches", away)

    assert health.readiness()["redis"] == "failing"


@pytest.fixture
def port(committed: WorkerDatabase, settings: Settings) -> Iterator[int]:
    """Where a process without a web server of its own answers probes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.HEALTH_PORT = free.getsockname()[1]
    server = health.serve_health()
    assert server is not None
    yield settings.HEALTH_PORT
    server.shutdown()
    server.server_close()


def ask(port: int, path: str) -> tuple[int, Any]:
    wire = HTTPConnection("127.0.0.1", port, timeout=10)
    wire.request("GET", path)
    answer = wire.getresponse()
    body = json.loads(answer.read())
    wire.close()
    return answer.status, body


def test_every_other_process_answers_the_same_at_a_port_of_its_own(port: int) -> None:
    assert ask(port, "/healthz/live") == (200, {"process": "ok"})
    assert ask(port, "/healthz/ready") == (200, dict.fromkeys(CHECKS, "ok"))
    assert ask(port, "/anything/else") == (404, {})


def test_probes_leave_no_connection_behind(port: int) -> None:
    for _ in range(5):
        ask(port, "/healthz/ready")

    give_up_at = time.monotonic() + 10  # PostgreSQL takes a moment to see an end
    while our_connections() > 1 and time.monotonic() < give_up_at:
        time.sleep(0.05)
    assert our_connections() == 1


def our_connections() -> int:
    with public_scope(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user"
        )
        row = cursor.fetchone()
        assert row is not None
        return int(row[0])


def test_no_port_is_opened_unless_one_is_given(settings: Settings) -> None:
    settings.HEALTH_PORT = 0

    assert health.serve_health() is None
