"""From rota to instants, on ordinary days and on those when the clock changes."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.wall import at_wall, days_between
from tenant_apps.staff.policies import open_intervals, rostered_intervals, shifts_on
from tenant_apps.staff.types import Pattern, Rota, Shift

WARSAW = ZoneInfo("Europe/Warsaw")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
MONDAY = date(2026, 11, 23)
NINE_TO_FIVE = tuple((weekday, 540, 1020) for weekday in range(7))


def always(*weeks: tuple[Shift, ...]) -> Pattern:
    return Pattern(anchor=date(2026, 1, 5), weeks=weeks, valid_from=date(2026, 1, 1))


def hours(day: date, shift: tuple[int, int]) -> float:
    """How long somebody works who has this shift on this day, in hours."""
    found = rostered_intervals([always(((day.weekday(), *shift),))], day, WARSAW)
    return sum((end - start).total_seconds() for start, end in found) / 3600


@pytest.mark.parametrize(
    ("day", "shift", "expected"),
    [
        (MONDAY, (540, 1020), 8.0),
        (SPRING, (540, 1020), 8.0),
        (AUTUMN, (540, 1020), 8.0),
        (SPRING, (60, 240), 2.0),  # 01:00-04:00, two till three does not exist
        (AUTUMN, (60, 240), 4.0),  # two till three happens twice
        (AUTUMN, (150, 240), 2.5),  # from the first half past two
        (AUTUMN, (60, 150), 2.5),  # to the second half past two
        (SPRING, (60, 150), 1.5),  # half past two does not exist: the planned length stays
        (MONDAY, (1080, 1500), 7.0),  # 18:00 to 01:00 over midnight
    ],
)
def test_a_shift_lasts_as_long_as_the_wall_clock_makes_it(
    day: date, shift: tuple[int, int], expected: float
) -> None:
    assert hours(day, shift) == expected


def test_a_salon_is_not_open_on_a_closed_day() -> None:
    rota = Rota(hours=NINE_TO_FIVE, closed={MONDAY: None})

    tuesday = MONDAY + timedelta(days=1)

    assert open_intervals(rota, MONDAY, WARSAW) == []
    assert open_intervals(rota, tuesday, WARSAW) == [
        (at_wall(tuesday, 540, WARSAW), at_wall(tuesday, 1020, WARSAW))
    ]


def test_a_salon_that_closes_when_the_clock_shows_an_hour_twice_closes_the_second_time() -> None:
    rota = Rota(hours=((AUTUMN.weekday(), 60, 150),))

    [(opens, closes)] = open_intervals(rota, AUTUMN, WARSAW)

    assert closes - opens == timedelta(hours=2.5)


def test_days_are_counted_with_both_ends() -> None:
    february = [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]

    assert list(days_between(february[0], february[-1])) == february
    assert list(days_between(MONDAY, MONDAY)) == [MONDAY]
    assert list(days_between(MONDAY, MONDAY - timedelta(days=1))) == []


def test_weeks_of_a_cycle_take_turns_from_the_anchor_on() -> None:
    early, late = ((0, 480, 840),), ((0, 840, 1200),)
    pattern = always(early, late)

    turns = [shifts_on([pattern], date(2026, 1, day)) for day in (5, 12, 19)]

    assert turns == [early, late, early]


def test_a_later_pattern_replaces_an_earlier_one_from_its_first_day_on() -> None:
    old = Pattern(anchor=date(2026, 1, 5), weeks=(((0, 540, 600),),), valid_from=date(2026, 1, 1))
    new = Pattern(anchor=date(2026, 1, 5), weeks=(((0, 660, 720),),), valid_from=date(2026, 2, 2))

    assert shifts_on([new, old], date(2026, 1, 26)) == old.weeks[0]
    assert shifts_on([new, old], date(2026, 2, 2)) == new.weeks[0]


def test_a_pattern_ends_after_its_last_day() -> None:
    pattern = Pattern(
        anchor=date(2026, 1, 5),
        weeks=(NINE_TO_FIVE,),
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 1, 31),
    )

    assert shifts_on([pattern], date(2026, 1, 31)) == NINE_TO_FIVE
    assert shifts_on([pattern], date(2026, 2, 1)) == ()


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 1439))
def test_wall_time_comes_back_except_in_the_skipped_hour(day: date, minute: int) -> None:
    instant = at_wall(day, minute, WARSAW)
    local = instant.astimezone(WARSAW)

    shown = local.hour * 60 + local.minute
    assert instant.tzinfo is UTC
    assert (local.date(), shown) == (day, minute) or shown == minute + 60


def test_somebody_without_a_pattern_does_not_work() -> None:
    assert rostered_intervals((), MONDAY, WARSAW) == []
