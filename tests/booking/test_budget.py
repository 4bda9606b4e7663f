"""How many statements the hot paths cost; the figures of docs/performance.md in miniature."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from tests.desk import Desk

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ")


def counted(queries: CaptureQueriesContext) -> list[str]:
    texts = [query["sql"] for query in queries.captured_queries]
    return [text for text in texts if not text.startswith(NOT_COUNTED)]


def test_a_booking_of_two_lines_costs_at_most_5_trips(desk: Desk) -> None:
    """Its key, the client's card, the day's lock, what is taken, and all that it writes. On a day
    that has a booking already; the first one adds the day's row with two more."""
    first, *later = desk.starts(CUT, TINT)
    day = first["starts_at"][:10]
    second = [start for start in later if start["starts_at"].startswith(day)][-1]
    desk.book(first["starts_at"], CUT, TINT)

    body = [desk.option(CUT)["id"], desk.option(TINT)["id"]]
    with CaptureQueriesContext(connection) as queries:
        response = desk.book(second["starts_at"], lines=[{"option_id": option} for option in body])

    assert response.status_code == 201
    found = counted(queries)
    assert len(found) <= 5, "\n".join(found)


@pytest.mark.parametrize("days", [1, 31])
def test_availability_costs_one_statement_for_a_day_and_for_a_month(desk: Desk, days: int) -> None:
    """The first time five more read the salon's setup, and three the rota of those days."""
    option = desk.option(CUT)["id"]
    first = localdate() + timedelta(days=1)
    asked = {"from": first, "to": first + timedelta(days=days - 1), "line": [option]}
    costs = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/booking/availability", asked).status_code == 200
        costs.append(len(counted(queries)))

    assert costs[0] <= 1 + 5 + 4
    assert costs[1] == 1
