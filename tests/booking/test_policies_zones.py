"""From a rota on the wall to instants on offer: every zone, the days that the clocks change,
and shifts over midnight. The oracle looks at every minute of real time for itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import event, given
from hypothesis import strategies as st

from shared_apps.core.wall import DAY, Interval, at_wall
from tenant_apps.booking.policies.fitting import fit_visit
from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import MINUTE, Window
from tenant_apps.booking.policies.visit import Free, Step, UnitNeed, Visit, Way
from tenant_apps.staff.policies import working_days
from tenant_apps.staff.types import FixedBreak, FloatingBreak, Off, Pattern, Rota, Shift, Work
from tests.booking import oracle
from tests.booking.plain import in_turn

ANNA, BEA, CHAIR = UUID(int=1), UUID(int=2), UUID(int=11)
CHANGES = {
    "Europe/Warsaw": (date(2026, 3, 29), date(2026, 10, 25)),
    "Europe/London": (date(2026, 3, 29), date(2026, 10, 25)),
    "Asia/Kathmandu": (),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),  # by half an hour
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 29)),  # at midnight
}
any_day = st.dates(date(2026, 1, 2), date(2026, 12, 30))
spans = st.tuples(st.integers(0, 46), st.integers(2, 24)).map(
    lambda found: (found[0] * 30, (found[0] + found[1]) * 30)
)
breaks = st.one_of(
    st.just(()),
    st.tuples(st.builds(lambda at: FixedBreak(at * 30, at * 30 + 45), st.integers(2, 40))),
    st.tuples(st.builds(lambda at: FloatingBreak(30, at * 30, at * 30 + 120), st.integers(2, 40))),
)


@dataclass(frozen=True)
class Diary:
    zone: ZoneInfo
    day: date
    rota: Rota
    taken: dict[UUID, list[Interval]]


@st.composite
def diaries(draw: st.DrawFn) -> Diary:
    name = draw(st.sampled_from(sorted(CHANGES)))
    zone, changes = ZoneInfo(name), CHANGES[name]
    day = draw(st.one_of(st.sampled_from(changes), any_day) if changes else any_day)
    day += draw(st.sampled_from([0, 0, 0, -1, 1])) * DAY
    patterns, off, taken = {}, {}, {}
    for who in (ANNA, BEA):
        week: tuple[Shift, ...] = tuple((weekday, *draw(spans)) for weekday in range(7))
        pause = dict.fromkeys(range(7), draw(breaks))
        patterns[who] = (
            Pattern(
                anchor=date(2025, 12, 29), weeks=(week,), valid_from=date(2025, 1, 1), breaks=pause
            ),
        )
        if draw(st.integers(0, 4)) == 0:
            off[who] = (Off(first_day=day, last_day=day, from_minute=draw(st.integers(0, 1400))),)
    for subject in (ANNA, BEA, CHAIR):
        midnight = at_wall(day, 0, zone)
        taken[subject] = [
            (midnight + start * MINUTE, midnight + start * MINUTE + timedelta(seconds=seconds))
            for start, seconds in draw(
                st.lists(st.tuples(st.integers(-60, 1500), st.integers(1, 9000)), max_size=3)
            )
        ]
    hours = tuple((weekday, 0, 24 * 60) for weekday in range(7))
    return Diary(zone, day, Rota(hours=hours, patterns=patterns, off=off), taken)


@st.composite
def wishes(draw: st.DrawFn) -> Visit:
    chair = UnitNeed((CHAIR,), keep="line")
    lines = []
    for line in range(draw(st.integers(1, 2))):
        steps = [Step(draw(st.integers(10, 90)), needs=(chair,), line=line)]
        if draw(st.booleans()):
            steps += [
                Step(draw(st.integers(20, 45)), takes_staff=False, line=line, number=1),
                Step(draw(st.integers(10, 30)), needs=(chair,), line=line, number=2),
            ]
        if draw(st.booleans()):
            steps.append(
                Step(5, takes_client=False, tidies=True, needs=(chair,), line=line, number=3)
            )
        people = draw(st.sampled_from([[ANNA], [BEA], [ANNA, BEA]]))
        lines.append([Way(who, tuple(steps)) for who in people])
    return in_turn(lines)


@given(diaries(), wishes(), st.sampled_from([15, 20, 30]))
def test_what_is_offered_is_what_every_minute_of_real_time_allows(
    diary: Diary, wish: Visit, step: int
) -> None:
    zone, day = diary.zone, diary.day
    work = working_days(diary.rota, [ANNA, BEA], [day - DAY, day, day + DAY], zone)
    window = Window.between(at_wall(day, 0, zone), at_wall(day + DAY, 0, zone) + timedelta(hours=8))
    event(f"{(at_wall(day + DAY, 0, zone) - at_wall(day, 0, zone)) / timedelta(hours=1)} hours")

    free = Free(
        staff={
            who: window.held(found.spans) & ~window.held(diary.taken[who])
            for who, found in work.items()
        },
        units={CHAIR: window.all & ~window.held(diary.taken[CHAIR])},
        client=window.all,
        floating={
            who: [(window.held([due.window]), due.minutes) for due in found.floating]
            for who, found in work.items()
        },
    )
    fit = fit_visit(wish, free, grid_on(day, step, window, zone))

    slow = by_the_minute(window, work, diary.taken)
    for minute in range(window.minutes):
        if not is_on_the_grid(window.at(minute), day, step, zone):
            assert not fit.starts >> minute & 1
            continue
        found = oracle.outcomes(wish, slow, minute)
        assert bool(fit.starts >> minute & 1) == bool(found)
        for line, able in enumerate(fit.by_staff):
            offered = {who for who, mask in able.items() if mask >> minute & 1}
            assert offered == {outcome.staff[line] for outcome in found}


def is_on_the_grid(instant: datetime, day: date, step: int, zone: ZoneInfo) -> bool:
    local = instant.astimezone(zone)
    return local.date() == day and (local.hour * 60 + local.minute) % step == 0


def by_the_minute(
    window: Window, work: dict[UUID, Work], taken: dict[UUID, list[Interval]]
) -> Free:
    def minutes(where: Iterable[Interval], busy: Iterable[Interval]) -> int:
        where, busy = list(where), list(busy)
        mask = 0
        for minute in range(window.minutes):
            begins, ends = window.at(minute), window.at(minute + 1)
            is_within = any(first <= begins and ends <= end for first, end in where)
            if is_within and not any(first < ends and begins < end for first, end in busy):
                mask |= 1 << minute
        return mask

    always = [(window.start, window.end)]
    return Free(
        {who: minutes(found.spans, taken[who]) for who, found in work.items()},
        {CHAIR: minutes(always, taken[CHAIR])},
        minutes(always, ()),
        {
            who: [(minutes([due.window], ()), due.minutes) for due in found.floating]
            for who, found in work.items()
        },
    )
