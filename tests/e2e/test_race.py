"""Two hundred at once over HTTP, from four processes, against the running stack."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils.timezone import localdate

from tests.database import APP, ROOT
from tests.stack import Stack, until

CUT, TINT, MENS = "Women’s cut and finish", "Root tint", "Men’s cut"
PROCESSES, EACH = 4, 50


def race(
    stack: Stack, slug: str, starts_at: str, lines: list[list[str]], *, warm: bool
) -> tuple[Counter[str], float]:
    """Every process sends ``EACH`` bookings at once; odd ones take the second order of lines."""
    order = {
        "port": stack.port,
        "host": stack.host(slug),
        "starts_at": starts_at,
        "lines": lines,
        "each": EACH,
        "warm": warm,
    }
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.racer"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(json.dumps(order) + "\n")
        racer.stdin.flush()
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    found: Counter[str] = Counter()
    slowest = 0.0
    for racer in racers:
        answer = json.loads(racer.communicate(timeout=120)[0])
        found.update(answer["outcomes"])
        slowest = max(slowest, answer["slowest"])
    return found, slowest


@pytest.fixture
def day(request: pytest.FixtureRequest) -> str:
    """A weekday of its own for each race, so that the diary is empty."""
    number = 7 + 7 * ["one slot", "crossing"].index(request.param[0]) + int(request.param[1])
    monday = localdate() - timedelta(days=localdate().weekday())
    return (monday + timedelta(days=7 + number)).isoformat()


@pytest.mark.parametrize(
    ("day", "orders", "warm"),
    [
        (("one slot", False), [[CUT]], False),
        (("one slot", True), [[CUT]], True),
        (("crossing", False), [[MENS, TINT], [TINT, MENS]], False),
        (("crossing", True), [[MENS, TINT], [TINT, MENS]], True),
    ],
    indirect=["day"],
    ids=["one slot, fresh", "one slot, warm", "crossing lines, fresh", "crossing lines, warm"],
)
def test_two_hundred_on_one_slot_make_one_visit(
    stack: Stack, day: str, orders: list[list[str]], warm: bool
) -> None:
    options = stack.options("anna")
    lines = [[options[name] for name in order] for order in orders]
    start = stack.starts("anna", lines[0], day, day)[0]
    before = deadlocks(stack)

    found, slowest = race(stack, "anna", start, lines, warm=warm)

    assert found == {"201": 1, "409 slot_taken": PROCESSES * EACH - 1}
    assert slowest < 60.0  # how fast it is, the benchmark says; here nobody may be forgotten
    assert deadlocks(stack) == before
    until(lambda: not waiting(stack), what="every message to be delivered")
    assert len(visits_at(stack, start)) == 1


def query(stack: Stack, sql: str, *values: Any) -> list[Any]:
    url = stack.database.servers.database_url(stack.database.name, APP)
    with psycopg.connect(url) as connection:
        return connection.execute(sql, values).fetchall()


def deadlocks(stack: Stack) -> int:
    sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int(query(stack, sql)[0][0])


def waiting(stack: Stack) -> list[Any]:
    return query(stack, "SELECT id FROM public.outbox_message")


def visits_at(stack: Stack, starts_at: str) -> list[Any]:
    """Letters sent about the visits that begin then: one visit, one confirmation."""
    schema = query(stack, "SELECT schema_name FROM public.tenants_salon WHERE slug = 'anna'")[0][0]
    return query(
        stack,
        f"SELECT DISTINCT line.appointment_id FROM {schema}.booking_phase AS phase"
        f" JOIN {schema}.booking_line AS line ON line.id = phase.line_id"
        f" JOIN {schema}.notifications_delivery AS letter"
        " ON letter.about_id = line.appointment_id AND letter.sent_at IS NOT NULL"
        " WHERE phase.starts_at = %s AND phase.position = 0 AND line.position = 0",
        starts_at,
    )
