"""Working time against an oracle that watches the clock, and the cases people ask about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.models import uuid7
from shared_apps.core.spans import joined, within, without
from shared_apps.core.wall import Interval, at_wall, days_between
from tenant_apps.staff.policies import working_day, working_days
from tenant_apps.staff.types import (
    Break,
    Cause,
    DatedRota,
    FixedBreak,
    FloatingBreak,
    Off,
    Pattern,
    Rota,
    Shift,
    Special,
    WallSpan,
)
from tests.staff import oracle

DAY = timedelta(days=1)
BETH, CARL = uuid7(), uuid7()
ANCHOR = date(2026, 1, 5)
WARSAW, LONDON, KATHMANDU, LORD_HOWE, CAIRO = (
    ZoneInfo(name)
    for name in (
        *("Europe/Warsaw", "Europe/London", "Asia/Kathmandu"),
        *("Australia/Lord_Howe", "Africa/Cairo"),
    )
)
ODD_DAYS = [
    (WARSAW, date(2026, 3, 29)),
    (WARSAW, date(2026, 10, 25)),
    (WARSAW, date(2028, 2, 29)),
    (LONDON, date(2026, 3, 29)),
    (LONDON, date(2026, 10, 25)),
    (LONDON, date(2026, 12, 31)),
    (KATHMANDU, date(2026, 5, 1)),
    (LORD_HOWE, date(2026, 4, 5)),
    (LORD_HOWE, date(2026, 10, 4)),  # the clock moves by half an hour
    (CAIRO, date(2026, 4, 24)),  # there is no midnight
    (CAIRO, date(2026, 10, 29)),  # the last hour comes twice
]
NEW_YEARS_EVE = date(2026, 12, 31)  # a Thursday
NEW_YEAR = NEW_YEARS_EVE + DAY
THURSDAY = NEW_YEARS_EVE.weekday()

# Any rota around an odd day, in quarters of an hour


def quarters(first: int = 0, last: int = 2880) -> st.SearchStrategy[int]:
    return st.integers(first // 15, last // 15).map(lambda quarter: quarter * 15)


@st.composite
def wall_spans(draw: st.DrawFn) -> WallSpan:
    start = draw(st.one_of(quarters(0, 300), quarters(0, 2700)))
    return start, draw(quarters(start + 15, min(2880, start + 900)))


@st.composite
def breaks(draw: st.DrawFn) -> Break:
    start, end = draw(wall_spans())
    if draw(st.booleans()):
        return FixedBreak(start, end)
    return FloatingBreak(draw(quarters(15, end - start)), start, end)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Shift, ...]:
    shifts = draw(st.lists(st.tuples(st.integers(0, 6), wall_spans()), max_size=9))
    return tuple((weekday, start, end) for weekday, (start, end) in shifts)


def some(
    spans: st.SearchStrategy[WallSpan], most: int = 2
) -> st.SearchStrategy[tuple[WallSpan, ...]]:
    return st.lists(spans, max_size=most).map(tuple)


@st.composite
def dated(draw: st.DrawFn) -> DatedRota:
    return DatedRota(
        replaced=draw(st.none() | some(wall_spans())),
        added=draw(some(wall_spans(), 1)),
        removed=draw(some(wall_spans(), 1)),
        breaks=draw(st.none() | st.lists(breaks(), max_size=2).map(tuple)),
        open_anyway=draw(st.booleans()),
        id=uuid7(),
    )


@st.composite
def off(draw: st.DrawFn, around: date) -> Off:
    first = around + draw(st.integers(-2, 2)) * DAY
    last = first + draw(st.integers(0, 2)) * DAY
    start = draw(st.none() | quarters(0, 1425))
    until = draw(st.none() | quarters(15 if last > first else (start or 0) + 15))
    return Off(first_day=first, last_day=last, from_minute=start, until_minute=until, id=uuid7())


@st.composite
def patterns(draw: st.DrawFn, around: date) -> Pattern:
    starts = around + draw(st.integers(-30, 1)) * DAY
    ends = draw(st.none() | st.integers(0, 40).map(lambda days: starts + days * DAY))
    paused = draw(st.lists(st.tuples(st.integers(0, 6), breaks()), max_size=3))
    return Pattern(
        anchor=ANCHOR,
        weeks=tuple(draw(st.lists(weeks(), min_size=1, max_size=8))),
        valid_from=starts,
        valid_until=ends,
        breaks={day: tuple(b for on, b in paused if on == day) for day, _pause in paused},
        id=uuid7(),
    )


def around(day: date) -> st.SearchStrategy[date]:
    return st.integers(-2, 2).map(lambda number: day + number * DAY)


@st.composite
def rotas(draw: st.DrawFn, day: date) -> Rota:
    special = st.lists(wall_spans(), min_size=1, max_size=2).map(
        lambda spans: Special(spans=tuple(spans), id=uuid7())
    )
    team = st.sampled_from([BETH, CARL])
    return Rota(
        hours=draw(weeks()),
        closed={closed: uuid7() for closed in draw(st.sets(around(day), max_size=1))},
        special=draw(st.dictionaries(around(day), special, max_size=2)),
        patterns=draw(
            st.dictionaries(team, st.lists(patterns(day), min_size=1, max_size=2).map(tuple))
        ),
        dated=draw(st.dictionaries(st.tuples(team, around(day)), dated(), max_size=3)),
        off=draw(st.dictionaries(team, st.lists(off(day), max_size=2).map(tuple))),
    )


@st.composite
def questions(draw: st.DrawFn) -> tuple[Rota, list[date], ZoneInfo]:
    zone, day = draw(st.sampled_from(ODD_DAYS))
    first = day - draw(st.integers(0, 1)) * DAY
    last = day + draw(st.integers(0, 1)) * DAY
    return draw(rotas(day)), list(days_between(first, last)), zone


def minutes_in(spans: Sequence[Interval], days: list[date]) -> list[datetime]:
    return [
        moment
        for moment in oracle.steps(days[0], days[-1])
        if any(start <= moment < end for start, end in spans)
    ]


@given(questions())
def test_working_time_is_what_somebody_sees_who_watches_the_clock(
    question: tuple[Rota, list[date], ZoneInfo],
) -> None:
    rota, days, zone = question

    found = working_days(rota, [BETH, CARL], days, zone)

    for member in (BETH, CARL):
        seen = [
            moment
            for moment in oracle.steps(days[0], days[-1])
            if oracle.works(rota, member, days, moment, zone)
        ]
        spans = found[member].spans
        assert minutes_in(spans, days) == seen
        assert list(spans) == joined(spans), "in order and apart"


@given(questions())
def test_floating_breaks_come_with_the_work_that_they_interrupt(
    question: tuple[Rota, list[date], ZoneInfo],
) -> None:
    rota, days, zone = question

    found = working_days(rota, [BETH], days, zone)[BETH]

    due = []
    for day in days:
        pattern = oracle.in_force(rota.patterns.get(BETH, ()), day)
        exception = rota.dated.get((BETH, day), DatedRota())
        if not working_day(rota, BETH, day, zone).rostered:
            continue
        for pause in oracle.floating(oracle.breaks_of(pattern, exception, day)):
            first = oracle.instants(day, pause.start, zone)[0]
            last = oracle.instants(day, pause.end, zone)[1]
            if minutes_in([(max(first, s), min(last, e)) for s, e in found.spans], days):
                due.append((first, last, pause.minutes))
    assert [(*brk.window, brk.minutes) for brk in found.floating] == due


@given(questions())
def test_the_reasons_of_a_day_account_for_all_of_it(
    question: tuple[Rota, list[date], ZoneInfo],
) -> None:
    rota, days, zone = question

    for day in days:
        found = working_day(rota, BETH, day, zone)

        left = plain(found.rostered)
        if not found.open_anyway:
            left = within(left, joined(plain(found.opened)))
        left = without(left, joined(plain(found.breaks)))
        left = without(left, joined(plain(found.off)))
        assert left == list(found.work)
        assert all(cause.row_id for cause in (*found.rostered, *found.off, *found.breaks))


@given(questions())
def test_a_span_of_days_is_its_days_put_together(
    question: tuple[Rota, list[date], ZoneInfo],
) -> None:
    rota, days, zone = question

    together = working_days(rota, [BETH], days, zone)[BETH].spans

    one_by_one = [span for day in days for span in working_day(rota, BETH, day, zone).work]
    assert joined(one_by_one) == list(together)


def plain(causes: Sequence[Cause]) -> list[Interval]:
    return [(start, end) for start, end, _row_id in causes]


# The cases people ask about


def every_day(*spans: WallSpan) -> tuple[Shift, ...]:
    return tuple((weekday, start, end) for weekday in range(7) for start, end in spans)


def always(*weeks: tuple[Shift, ...], breaks: tuple[Break, ...] = ()) -> Pattern:
    by_weekday = dict.fromkeys(range(7), breaks) if breaks else {}
    return Pattern(anchor=ANCHOR, weeks=weeks, valid_from=ANCHOR, breaks=by_weekday, id=uuid7())


def local(spans: Sequence[Interval], zone: ZoneInfo = WARSAW) -> list[tuple[str, str]]:
    return [
        (start.astimezone(zone).strftime("%d %H:%M"), end.astimezone(zone).strftime("%d %H:%M"))
        for start, end in spans
    ]


def late_shift(**changes: object) -> Rota:
    """New Year's Eve till one in the morning, in a salon that is open so long."""
    rota = {
        "hours": every_day((600, 1200)),
        "special": {NEW_YEARS_EVE: Special(spans=((600, 1500),))},
        "patterns": {BETH: (always(every_day((600, 1200))),)},
        "dated": {(BETH, NEW_YEARS_EVE): DatedRota(replaced=((1080, 1500),))},
    }
    return Rota(**rota | changes)  # type: ignore[arg-type]


def of(rota: Rota, first: date = NEW_YEARS_EVE, last: date = NEW_YEAR) -> list[tuple[str, str]]:
    days = list(days_between(first, last))
    return local(working_days(rota, [BETH], days, WARSAW)[BETH].spans)


def test_a_late_shift_runs_past_midnight() -> None:
    assert of(late_shift()) == [("31 18:00", "01 01:00"), ("01 10:00", "01 20:00")]


def test_a_closed_new_year_leaves_the_night_before_alone() -> None:
    assert of(late_shift(closed={NEW_YEAR: None})) == [("31 18:00", "01 01:00")]


def test_a_closed_day_takes_its_whole_late_shift() -> None:
    assert of(late_shift(closed={NEW_YEARS_EVE: None})) == [("01 10:00", "01 20:00")]


def test_whoever_is_off_on_new_years_eve_does_not_come_back_after_midnight() -> None:
    eve = Off(first_day=NEW_YEARS_EVE, last_day=NEW_YEARS_EVE)

    assert of(late_shift(off={BETH: (eve,)})) == [("01 10:00", "01 20:00")]


def test_whoever_leaves_early_is_gone_for_the_night() -> None:
    early = Off(first_day=NEW_YEARS_EVE, last_day=NEW_YEARS_EVE, from_minute=1320)

    assert of(late_shift(off={BETH: (early,)})) == [
        ("31 18:00", "31 22:00"),
        ("01 10:00", "01 20:00"),
    ]


def test_whoever_is_off_on_new_year_goes_home_at_midnight() -> None:
    new_year = Off(first_day=NEW_YEAR, last_day=NEW_YEAR)

    assert of(late_shift(off={BETH: (new_year,)})) == [("31 18:00", "01 00:00")]


def test_whoever_is_off_past_midnight_does_not_come_back_for_the_rest_of_the_night() -> None:
    half_past = Off(first_day=NEW_YEARS_EVE, last_day=NEW_YEAR, until_minute=30)

    assert of(late_shift(off={BETH: (half_past,)})) == [("01 10:00", "01 20:00")]


def test_the_hours_of_the_night_before_let_an_early_shift_work() -> None:
    night = {(BETH, NEW_YEAR): DatedRota(replaced=((0, 120),))}
    rota = late_shift(dated=night, closed={NEW_YEAR: None})

    assert of(rota, NEW_YEAR) == [("01 00:00", "01 01:00")]
    eve = working_day(rota, BETH, NEW_YEAR, WARSAW)
    assert local(plain(eve.opened)) == [("31 10:00", "01 01:00")]


def test_hours_are_added_to_a_day_and_taken_from_it() -> None:
    change = DatedRota(added=((480, 660),), removed=((720, 840),))
    rota = late_shift(hours=every_day((420, 1200)), dated={(BETH, NEW_YEAR): change})

    assert of(rota, NEW_YEAR) == [("01 08:00", "01 12:00"), ("01 14:00", "01 20:00")]


def test_time_off_wins_over_added_hours_and_over_working_anyway() -> None:
    extra = DatedRota(added=((480, 1320),), open_anyway=True)
    morning = Off(first_day=NEW_YEAR, last_day=NEW_YEAR, until_minute=720)
    rota = late_shift(dated={(BETH, NEW_YEAR): extra}, closed={NEW_YEAR: None})

    assert of(rota, NEW_YEAR) == [("01 08:00", "01 22:00")]
    assert of(replace(rota, off={BETH: (morning,)}), NEW_YEAR) == [("01 12:00", "01 22:00")]


def test_on_a_closed_day_only_who_works_anyway_works() -> None:
    rota = Rota(
        hours=every_day((540, 1080)),
        closed={NEW_YEAR: None},
        patterns={member: (always(every_day((540, 1080))),) for member in (BETH, CARL)},
        dated={(CARL, NEW_YEAR): DatedRota(open_anyway=True)},
    )

    found = working_days(rota, [BETH, CARL], [NEW_YEAR], WARSAW)

    assert found[BETH].spans == ()
    assert local(found[CARL].spans) == [("01 09:00", "01 18:00")]


def test_fixed_breaks_are_taken_out_and_floating_ones_told() -> None:
    pattern = always(
        every_day((540, 1080)), breaks=(FixedBreak(660, 675), FloatingBreak(30, 720, 900))
    )
    rota = Rota(hours=every_day((480, 1200)), patterns={BETH: (pattern,)})

    found = working_days(rota, [BETH], [NEW_YEARS_EVE], WARSAW)[BETH]

    assert local(found.spans) == [("31 09:00", "31 11:00"), ("31 11:15", "31 18:00")]
    (due,) = found.floating
    assert (local([due.window]), due.minutes) == ([("31 12:00", "31 15:00")], 30)


def test_a_day_may_do_without_its_pattern_s_breaks() -> None:
    pattern = always(every_day((540, 1080)), breaks=(FixedBreak(720, 750),))
    without_any = {(BETH, NEW_YEARS_EVE): DatedRota(breaks=())}
    rota = Rota(hours=every_day((480, 1200)), patterns={BETH: (pattern,)}, dated=without_any)

    assert of(rota, NEW_YEARS_EVE, NEW_YEARS_EVE) == [("31 09:00", "31 18:00")]


@pytest.mark.parametrize("length", range(1, 9))
def test_a_cycle_of_one_to_eight_weeks_takes_turns(length: int) -> None:
    weeks = [((THURSDAY, 480 + 15 * number, 1080),) for number in range(length)]
    rota = Rota(hours=every_day((0, 1440)), patterns={BETH: (always(*weeks),)})
    thursdays = [ANCHOR + (7 * number + THURSDAY) * DAY for number in range(2 * length)]

    begins = [working_day(rota, BETH, day, WARSAW).work[0][0] for day in thursdays]

    assert begins == [
        at_wall(day, 480 + 15 * (number % length), WARSAW) for number, day in enumerate(thursdays)
    ]


def test_a_reason_names_its_row() -> None:
    ids: list[UUID] = [uuid7() for _ in range(4)]
    pattern = always(every_day((540, 1080)), breaks=(FixedBreak(720, 750),))
    afternoon = Off(first_day=NEW_YEARS_EVE, last_day=NEW_YEARS_EVE, from_minute=840, id=ids[3])
    rota = Rota(
        hours=every_day((480, 1200)),
        special={NEW_YEARS_EVE: Special(spans=((540, 900),), id=ids[0])},
        closed={NEW_YEAR: ids[1]},
        patterns={BETH: (pattern,)},
        dated={(BETH, NEW_YEARS_EVE): DatedRota(added=((1080, 1140),), id=ids[2])},
        off={BETH: (afternoon,)},
    )

    eve, new_year = (working_day(rota, BETH, day, WARSAW) for day in (NEW_YEARS_EVE, NEW_YEAR))

    assert local(eve.work) == [("31 09:00", "31 12:00"), ("31 12:30", "31 14:00")]
    assert [cause.row_id for cause in eve.opened] == [ids[0]]
    assert [cause.row_id for cause in eve.breaks] == [pattern.id]
    assert [cause.row_id for cause in eve.off] == [ids[3]]
    assert (eve.dated_id, eve.closure_id) == (ids[2], None)
    assert (new_year.work, new_year.opened, new_year.closure_id) == ((), (), ids[1])
