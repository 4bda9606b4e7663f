"""The bit algebra says what the slow oracle says."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import MINUTE, Window, at_least, bits, runs, span
from tenant_apps.booking.policies.placing import place_visit
from tenant_apps.booking.policies.visit import (
    Free,
    Step,
    UnitNeed,
    Way,
    fit_visit,
    way_starts,
)
from tests.booking import oracle

MINUTES = 48
STAFF = [UUID(int=number) for number in range(1, 4)]
CHAIRS = [UUID(int=number) for number in range(11, 14)]
BASINS = [UUID(int=number) for number in range(21, 23)]

masks = st.integers(min_value=0, max_value=(1 << MINUTES) - 1)
mostly_free = st.lists(st.tuples(st.integers(0, MINUTES), st.integers(1, 6)), max_size=3).map(
    lambda gaps: ((1 << MINUTES) - 1) & ~sum_of(gaps)
)


def sum_of(gaps: list[tuple[int, int]]) -> int:
    mask = 0
    for start, length in gaps:
        mask |= span(start, start + length)
    return mask


needs = st.builds(
    UnitNeed,
    units=st.sampled_from([tuple(CHAIRS), tuple(CHAIRS[:1]), tuple(CHAIRS[1:])]),
    quantity=st.integers(1, 2),
    kept=st.booleans(),
)
basin_needs = st.builds(UnitNeed, units=st.just(tuple(BASINS)), kept=st.booleans())
steps = st.builds(
    Step,
    minutes=st.integers(1, 7),
    takes_staff=st.booleans(),
    takes_client=st.booleans(),
    needs=st.tuples(needs) | st.tuples(basin_needs) | st.tuples(needs, basin_needs) | st.just(()),
)
first_steps = st.builds(
    Step, minutes=st.integers(1, 7), takes_staff=st.just(True), takes_client=st.just(True)
)
ways = st.builds(
    Way,
    staff_id=st.sampled_from(STAFF),
    steps=st.tuples(first_steps, steps) | st.tuples(first_steps, steps, steps),
    price=st.integers(0, 3),
)
visits = st.lists(
    st.lists(ways, min_size=1, max_size=3, unique_by=lambda way: way.staff_id),
    min_size=1,
    max_size=3,
)
frees = st.builds(
    Free,
    staff=st.fixed_dictionaries(dict.fromkeys(STAFF, mostly_free)),
    units=st.fixed_dictionaries(dict.fromkeys(CHAIRS + BASINS, mostly_free)),
    client=mostly_free,
)


thorough = settings(max_examples=settings().max_examples * 3 // 2)
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


@given(ways, frees)
def test_a_way_begins_exactly_where_every_step_finds_its_people_and_units(
    way: Way, free: Free
) -> None:
    expected = [start for start in range(MINUTES) if oracle.way_fits(way, free, start)]

    assert bits(way_starts(way, free)) == expected


@thorough
@given(visits, frees)
def test_a_visit_is_offered_exactly_where_some_choice_of_people_fits(
    lines: list[list[Way]], free: Free
) -> None:
    fit = fit_visit(lines, free)

    assert bits(fit.starts) == [
        start for start in range(MINUTES) if oracle.visit_fits(lines, free, start)
    ]
    for place, found in enumerate(fit.by_staff):
        for staff_id, mask in found.items():
            assert bits(mask) == [
                start
                for start in range(MINUTES)
                if oracle.staff_possible(lines, free, start, place, staff_id)
            ]


@thorough
@given(visits, frees, st.data())
def test_whatever_is_offered_can_be_placed_and_nothing_else(
    lines: list[list[Way]], free: Free, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, MINUTES - 1))

    placed = place_visit(lines, free, start, preference={})

    assert (placed is not None) == bool(fit_visit(lines, free).starts >> start & 1)
    for line in placed or ():
        at = line.starts
        for step, units in zip(line.way.steps, line.units, strict=True):
            assert len(units) == len(set(units)) == sum(need.quantity for need in step.needs)
            assert all(oracle.is_free(free.units[unit], at, step.minutes) for unit in units)
            at += step.minutes
        kept = [
            [unit for unit in units if unit in need.units]
            for need in {n for step in line.way.steps for n in step.needs if n.kept}
            for step, units in zip(line.way.steps, line.units, strict=True)
            if need in step.needs
        ]
        assert all(kept)


def test_a_kept_unit_is_the_same_one_in_every_step_that_needs_it() -> None:
    chair = UnitNeed(units=tuple(CHAIRS), kept=True)
    work = Step(minutes=5, takes_staff=True, takes_client=True, needs=(chair,))
    pause = Step(minutes=5, takes_staff=False, takes_client=True)
    way = Way(STAFF[0], (work, pause, work))
    everything = (1 << MINUTES) - 1
    free = Free(
        staff={STAFF[0]: everything},
        units={CHAIRS[0]: span(0, 5), CHAIRS[1]: everything, CHAIRS[2]: span(10, 15)},
        client=everything,
    )

    placed = place_visit([[way]], free, 0, preference={})

    assert placed is not None
    assert placed[0].units == ((CHAIRS[1],), (), (CHAIRS[1],))


@pytest.mark.parametrize(("total", "staff"), [(30, STAFF[0]), (50, STAFF[1])])
def test_with_an_expected_total_the_person_who_costs_that_is_chosen(
    total: int, staff: UUID
) -> None:
    step = Step(minutes=5, takes_staff=True, takes_client=True)
    lines = [[Way(STAFF[0], (step,), price=30), Way(STAFF[1], (step,), price=50)]]
    everything = (1 << MINUTES) - 1
    free = Free(staff=dict.fromkeys(STAFF, everything), units={}, client=everything)

    placed = place_visit(lines, free, 0, preference={}, total=total)

    assert placed is not None
    assert placed[0].way.staff_id == staff
    assert place_visit(lines, free, 0, preference={}, total=40) is None


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


def test_a_total_that_nobody_can_meet_is_refused_in_no_time() -> None:
    """Ten lines, nine people, and prices whose sums are all different."""
    step = Step(minutes=4, takes_staff=True, takes_client=True)
    people = [UUID(int=100 + number) for number in range(9)]
    lines = [
        [
            Way(person, (step,), price=7 ** (number % 5) + place)
            for number, person in enumerate(people)
        ]
        for place in range(10)
    ]
    free = Free(staff=dict.fromkeys(people, span(0, 48)), units={}, client=span(0, 48))

    for total in (1, 5_000, 9_999, 10**9):
        assert place_visit(lines, free, 0, preference={}, total=total) is None


@given(visits, frees, st.integers(0, MINUTES - 1), st.integers(0, 9))
def test_an_exact_total_is_met_whenever_some_choice_meets_it(
    lines: list[list[Way]], free: Free, start: int, total: int
) -> None:
    def meets(rest: list[list[Way]], at: int, left: int) -> bool:
        if not rest:
            return left == 0
        return any(
            oracle.way_fits(way, free, at) and meets(rest[1:], at + way.minutes, left - way.price)
            for way in rest[0]
        )

    placed = place_visit(lines, free, start, preference={}, total=total)

    assert (placed is not None) == meets(lines, start, total)
    assert placed is None or sum(line.way.price for line in placed) == total


def test_of_several_people_the_cheapest_is_chosen() -> None:
    step = Step(minutes=5, takes_staff=True, takes_client=True)
    ways = [Way(STAFF[0], (step,), price=50), Way(STAFF[1], (step,), price=30)]
    everywhere = span(0, MINUTES)
    free = Free(staff=dict.fromkeys(STAFF, everywhere), units={}, client=everywhere)

    placed = place_visit([ways], free, 0, preference={STAFF[0]: -1, STAFF[1]: 1})

    assert placed is not None
    assert placed[0].way.staff_id == STAFF[1]


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
