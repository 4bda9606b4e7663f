"""From rota to instants, on ordinary days and on those when the clock changes."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared_apps.core.wall import Interval, at_wall
from tenant_apps.staff.policies import open_intervals, working_days
from tenant_apps.staff.types import Pattern, Rota, Shift

WARSAW = ZoneInfo("Europe/Warsaw")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
MONDAY = date(2026, 11, 23)
NEVER_SHUT = tuple((weekday, 0, 1440) for weekday in range(7))
BETH = UUID(int=1)
NINE_TO_FIVE = tuple((weekday, 540, 1020) for weekday in range(7))


def always(*weeks: tuple[Shift, ...]) -> Pattern:
    return Pattern(anchor=date(2026, 1, 5), weeks=weeks, valid_from=date(2026, 1, 1))


def worked(patterns: list[Pattern], day: date) -> list[Interval]:
    """When somebody works whose salon never closes."""
    rota = Rota(hours=NEVER_SHUT, patterns={BETH: tuple(patterns)})
    return list(working_days(rota, [BETH], [day], WARSAW)[BETH].spans)


def shifts_on(patterns: list[Pattern], day: date) -> list[tuple[int, int]]:
    """The same in minutes after midnight, on a day whose clock does not change."""
    midnight = at_wall(day, 0, WARSAW)
    return [
        (int((start - midnight).total_seconds()) // 60, int((end - midnight).total_seconds()) // 60)
        for start, end in worked(patterns, day)
    ]


def hours(day: date, shift: tuple[int, int]) -> float:
    """How long somebody works who has this shift on this day, in hours."""
    found = worked([always(((day.weekday(), *shift),))], day)
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


def test_weeks_of_a_cycle_take_turns_from_the_anchor_on() -> None:
    early, late = ((0, 480, 840),), ((0, 840, 1200),)
    pattern = always(early, late)

    turns = [shifts_on([pattern], date(2026, 1, day)) for day in (5, 12, 19)]

    assert turns == [[(480, 840)], [(840, 1200)], [(480, 840)]]


def test_a_later_pattern_replaces_an_earlier_one_from_its_first_day_on() -> None:
    old = Pattern(anchor=date(2026, 1, 5), weeks=(((0, 540, 600),),), valid_from=date(2026, 1, 1))
    new = Pattern(anchor=date(2026, 1, 5), weeks=(((0, 660, 720),),), valid_from=date(2026, 2, 2))

    assert shifts_on([new, old], date(2026, 1, 26)) == [(540, 600)]
    assert shifts_on([new, old], date(2026, 2, 2)) == [(660, 720)]


def test_a_pattern_ends_after_its_last_day() -> None:
    pattern = Pattern(
        anchor=date(2026, 1, 5),
        weeks=(NINE_TO_FIVE,),
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 1, 31),
    )

    assert shifts_on([pattern], date(2026, 1, 31)) == [(540, 1020)]
    assert shifts_on([pattern], date(2026, 2, 1)) == []


def test_somebody_without_a_pattern_does_not_work() -> None:
    assert worked([], MONDAY) == []
