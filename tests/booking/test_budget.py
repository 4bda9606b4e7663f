"""How many statements the hot paths cost; the figures of docs/performance.md in miniature."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import Desk

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ")


def counted(queries: CaptureQueriesContext) -> list[str]:
    texts = [query["sql"] for query in queries.captured_queries]
    return [text for text in texts if not text.startswith(NOT_COUNTED)]


def test_a_booking_of_two_lines_costs_at_most_18_statements(desk: Desk) -> None:
    """On a day that has a booking already; the first one adds the day's row with two more."""
    first, *later = desk.starts(CUT, TINT)
    day = first["starts_at"][:10]
    second = [start for start in later if start["starts_at"].startswith(day)][-1]
    desk.book(first["starts_at"], CUT, TINT)

    body = [desk.option(CUT)["id"], desk.option(TINT)["id"]]
    with CaptureQueriesContext(connection) as queries:
        response = desk.book(second["starts_at"], lines=[{"option_id": option} for option in body])

    assert response.status_code == 201
    found = counted(queries)
    assert len(found) <= 18, "\n".join(found)


@pytest.mark.parametrize("days", [1, 31])
def test_availability_costs_the_same_for_a_day_and_a_month(desk: Desk, days: int) -> None:
    desk.starts(CUT, TINT, days=1)

    with CaptureQueriesContext(connection) as queries:
        desk.starts(CUT, TINT, days=days)

    listing = 4  # the desk looks the two services up first
    assert len(counted(queries)) - listing <= 7
