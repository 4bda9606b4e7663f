"""The clock on the wall and the instants it shows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.wall import at_wall, days_between, today_in, wall_span

WARSAW, CAIRO, AUCKLAND = (
    ZoneInfo(name) for name in ("Europe/Warsaw", "Africa/Cairo", "Pacific/Auckland")
)
MONDAY = date(2026, 11, 23)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 1439))
def test_wall_time_comes_back_except_in_the_skipped_hour(day: date, minute: int) -> None:
    instant = at_wall(day, minute, WARSAW)
    local = instant.astimezone(WARSAW)

    shown = local.hour * 60 + local.minute
    assert instant.tzinfo is UTC
    assert (local.date(), shown) == (day, minute) or shown == minute + 60


@pytest.mark.parametrize(
    ("zone", "day", "minute", "late", "expected"),
    [
        (WARSAW, MONDAY, 540, False, "2026-11-23T08:00"),
        (WARSAW, MONDAY, 540, True, "2026-11-23T08:00"),
        (WARSAW, MONDAY, 1500, False, "2026-11-24T00:00"),
        (WARSAW, date(2026, 10, 25), 150, False, "2026-10-25T00:30"),
        (WARSAW, date(2026, 10, 25), 150, True, "2026-10-25T01:30"),
        (WARSAW, date(2026, 3, 29), 150, False, "2026-03-29T01:30"),
        (WARSAW, date(2026, 3, 29), 150, True, "2026-03-29T01:30"),
        (CAIRO, date(2026, 4, 24), 0, False, "2026-04-23T22:00"),  # no midnight: one o'clock
    ],
    ids=str,
)
def test_a_minute_of_a_day_is_an_instant(
    zone: ZoneInfo, day: date, minute: int, late: bool, expected: str
) -> None:
    instant = at_wall(day, minute, zone, late=late)

    assert instant == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_span_ends_the_second_time_that_the_clock_shows_its_end() -> None:
    start, end = wall_span(date(2026, 10, 25), 60, 150, WARSAW)

    assert end - start == timedelta(hours=2.5)


def test_days_are_counted_with_both_ends() -> None:
    february = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]

    assert list(days_between(february[0], february[-1])) == february
    assert list(days_between(MONDAY, MONDAY)) == [MONDAY]
    assert list(days_between(MONDAY, MONDAY - timedelta(days=1))) == []


def test_today_is_what_the_wall_says() -> None:
    with time_machine.travel(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), tick=False):
        assert today_in(WARSAW) == today_in(AUCKLAND) == date(2026, 11, 24)
        assert today_in(ZoneInfo("America/New_York")) == MONDAY
