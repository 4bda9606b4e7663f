"""Minutes as bits, and the minutes on which a visit may begin."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import (
    MINUTE,
    Window,
    at_least,
    bits,
    joined,
    runs,
    stretched,
)
from tests.booking import oracle
from tests.booking.pieces import MINUTES, masks

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def noon(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_a_window_holds_every_minute_that_its_stretch_touches() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start, end = noon(0.5).replace(microsecond=7), noon(10.25)

    window = Window.between(start.astimezone(berlin), end.astimezone(berlin))

    assert window == Window(NOON, 11)
    assert window.start.tzinfo is UTC
    assert (window.at(3), window.end) == (noon(3), noon(11))
    assert Window.between(NOON, noon(10)) == Window(NOON, 10)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (2, 5, [2, 3, 4]),
        (2.5, 4.5, [2, 3, 4]),
        (2.1, 2.9, [2]),
        (0, 10, list(range(10))),
        (-5, 2, [0, 1]),
        (8, 15, [8, 9]),
        (-5, 0, []),
        (10, 15, []),
        (4, 4, []),
    ],
)
def test_what_is_taken_is_rounded_outwards_and_cut_to_the_window(
    start: float, end: float, minutes: list[int]
) -> None:
    assert bits(Window(NOON, 10).covered(noon(start), noon(end))) == minutes


def test_minutes_held_twice_are_held_once() -> None:
    window = Window(NOON, 10)
    taken = [(noon(1), noon(3)), (noon(2), noon(5)), (noon(8), noon(20))]

    assert bits(window.held(taken)) == [1, 2, 3, 4, 8, 9]
    assert window.held([]) == 0


@given(masks, st.integers(1, 20))
def test_runs_begin_where_enough_minutes_in_a_row_are_free(mask: int, minutes: int) -> None:
    expected = [start for start in range(MINUTES) if oracle.is_free(mask, start, minutes)]

    assert bits(runs(mask, minutes)) == expected


@given(st.lists(masks, max_size=6), st.integers(1, 4))
def test_at_least_counts_how_many_masks_are_set(found: list[int], quantity: int) -> None:
    expected = [
        minute for minute in range(MINUTES) if sum(mask >> minute & 1 for mask in found) >= quantity
    ]

    assert bits(at_least(found, quantity)) == expected


@given(masks, st.integers(1, 20))
def test_a_stretched_mask_looks_that_many_minutes_ahead(mask: int, minutes: int) -> None:
    expected = [
        start for start in range(MINUTES) if any(mask >> start + n & 1 for n in range(minutes))
    ]

    assert bits(stretched(mask, minutes)) == expected


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=6))
def test_joined_spans_hold_the_same_minutes_and_neither_meet_nor_touch(
    found: list[tuple[int, int]],
) -> None:
    spans = [(first, first + length) for first, length in found]

    result = joined(spans)

    assert minutes_in(result) == minutes_in(spans)
    assert all(one[1] < other[0] for one, other in pairwise(result))


def minutes_in(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {minute for first, end in spans for minute in range(first, end)}


ZONES = ["Europe/Warsaw", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo"]
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31)) | st.sampled_from(
    [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 10, 4), date(2026, 4, 24)]
)


@given(st.sampled_from(ZONES), DAYS, st.sampled_from([5, 10, 15, 20, 30, 60]))
def test_the_grid_is_every_instant_of_the_day_whose_wall_clock_is_a_multiple(
    name: str, day: date, step: int
) -> None:
    zone = ZoneInfo(name)
    start = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC) - timedelta(hours=2)
    window = Window.between(start, start + timedelta(hours=30))

    def on_grid(minute: int) -> bool:
        local = window.at(minute).astimezone(zone)
        return local.date() == day and (local.hour * 60 + local.minute) % step == 0

    found = bits(grid_on(day, step, window, zone))

    assert found == [minute for minute in range(window.minutes) if on_grid(minute)]


@given(DAYS, st.integers(-1440, 2880), st.integers(1, 600))
def test_the_grid_is_the_same_through_a_window_of_any_place_and_length(
    day: date, begins: int, minutes: int
) -> None:
    zone = ZoneInfo("Europe/Warsaw")
    midnight = datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
    whole = Window(midnight - timedelta(days=1), 5 * 1440)
    part = Window(midnight + begins * MINUTE, minutes)

    seen = [part.at(minute) for minute in bits(grid_on(day, 15, part, zone))]

    assert seen == [
        instant
        for instant in map(whole.at, bits(grid_on(day, 15, whole, zone)))
        if part.start <= instant < part.end
    ]
