"""A booking whose server dies, or whose line is cut, is sent again: one visit, one answer."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

from tests.e2e.test_race import query, waiting
from tests.stack import GUEST, Answer, Stack, free_port, until

CUT = "Women’s cut and finish"
PATH = "/api/v1/booking/appointments"
MOMENTS = {"before commit": 0, "after commit": 1, "before answer": 1}
"""When the process dies, and how many visits there are then."""


def quiet_day(number: int) -> date:
    """Weeks after those in which others race for one slot."""
    monday = localdate() - timedelta(days=localdate().weekday())
    return monday + timedelta(days=35 + number)


class Booking:
    """One request, which is sent as often as needed, and what came of it in the tables."""

    def __init__(self, stack: Stack, day: date) -> None:
        self.stack = stack
        line = stack.options("anna")[CUT]
        self.starts_at = stack.starts("anna", [line], day.isoformat(), day.isoformat())[0]
        self.key = str(uuid4())
        self.body = {
            "starts_at": self.starts_at,
            "lines": [{"option_id": line}],
            "client": GUEST,
        }
        sql = "SELECT schema_name FROM public.tenants_salon WHERE slug = 'anna'"
        self.schema = query(stack, sql)[0][0]

    def send(self, stack: Stack | None = None, **headers: str) -> Answer:
        stack = stack or self.stack
        sent = {"Idempotency-Key": self.key, **headers}
        return stack.ask("POST", self.stack.host("anna"), PATH, self.body, **sent)

    def visits(self) -> list[str]:
        found = query(
            self.stack,
            f"SELECT DISTINCT line.appointment_id FROM {self.schema}.booking_phase AS phase"
            f" JOIN {self.schema}.booking_line AS line ON line.id = phase.line_id"
            " WHERE phase.starts_at = %s",
            self.starts_at,
        )
        return [str(row[0]) for row in found]

    def taken(self) -> list[tuple[str, int]]:
        """What is taken in the two hours from then on: of whom or what, and how often."""
        return query(
            self.stack,
            "SELECT CASE WHEN staff_id IS NOT NULL THEN 'staff' WHEN unit_id IS NOT NULL"
            f" THEN 'unit' ELSE 'client' END AS whose, count(*) FROM {self.schema}"
            ".booking_allocation WHERE lower(during) >= %s::timestamptz"
            " AND lower(during) < %s::timestamptz + interval '2 hours' GROUP BY 1 ORDER BY 1",
            self.starts_at,
            self.starts_at,
        )

    def letters(self, visit: str) -> int:
        found = query(
            self.stack,
            f"SELECT count(*) FROM {self.schema}.notifications_delivery"
            " WHERE about_id = %s AND sent_at IS NOT NULL",
            visit,
        )
        return int(found[0][0])

    def assert_made_once(self, answers: list[Answer]) -> None:
        """One visit with its work and its cleanup, the same answer to all, one letter."""
        (visit,) = self.visits()
        assert {answer.status for answer in answers} == {201}
        assert {answer.json()["id"] for answer in answers} == {visit}
        assert len({answer.json()["manage_url"] for answer in answers}) == 1
        assert self.taken() == [("staff", 2), ("unit", 2)]
        until(lambda: not waiting(self.stack), what="every message to be delivered")
        assert self.letters(visit) == 1


@pytest.fixture
def mortal(stack: Stack) -> Iterator[Stack]:
    """A second web server on the same database. What dies in it stays dead."""
    second = replace(stack, port=free_port(), processes={})
    second.start(
        "web",
        *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(second.port), "--workers", "1", "--blocking-threads", "1"),
        *("--no-respawn-failed-workers", "--log-level", "critical"),
        "tests.e2e.mortal:application",
        BASE_URL=stack.url(),
    )
    try:
        until(lambda: answers(second), what="the second web server to be ready")
        yield second
    finally:
        second.stop()


def answers(server: Stack) -> bool:
    try:
        return server.ask("GET", server.base_host, "/healthz/live").status == 200
    except (OSError, http.client.HTTPException):
        return False


@pytest.mark.parametrize("moment", MOMENTS)
def test_whose_server_was_killed_gets_the_same_visit_from_another(
    stack: Stack, mortal: Stack, moment: str
) -> None:
    booking = Booking(stack, quiet_day(list(MOMENTS).index(moment)))

    with pytest.raises((OSError, http.client.HTTPException)):
        booking.send(mortal, Dies=moment)

    until(lambda: not answers(mortal), what="the second web server to be dead")
    before = booking.visits()
    assert len(before) == MOMENTS[moment]
    found = [booking.send(), booking.send()]
    assert booking.visits()[: len(before)] == before
    booking.assert_made_once(found)


def test_whose_line_was_cut_gets_the_visit_by_asking_again(stack: Stack) -> None:
    booking = Booking(stack, quiet_day(len(MOMENTS)))

    send_and_hang_up(booking)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: booking.send(), range(4)))

    booking.assert_made_once(found)


def test_whose_line_was_cut_after_the_visit_was_made_gets_that_one(stack: Stack) -> None:
    booking = Booking(stack, quiet_day(len(MOMENTS) + 1))

    send_and_hang_up(booking)
    (visit,) = until(booking.visits, what="the visit to be made without anybody listening")
    again = booking.send()

    assert again.json()["id"] == visit
    booking.assert_made_once([again])


def send_and_hang_up(booking: Booking) -> None:
    """The whole request arrives; nobody is there for its answer."""
    content = json.dumps(booking.body).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {booking.stack.host('anna')}\r\n"
        f"Idempotency-Key: {booking.key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", booking.stack.port), timeout=10) as line:
        line.sendall(head.encode() + content)
        time.sleep(0.01)  # it is on its way
