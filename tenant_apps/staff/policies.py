"""From rota to working time. Pure: dates and zones come as arguments.

Work is what the pattern or its dated replacement gives, plus what is added, less what is removed;
of that what lies in the open hours, unless the member works anyway; less approved time off, which
always wins, and fixed breaks. All sums are done on instants, so no clock change disturbs them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.spans import joined, within, without
from shared_apps.core.wall import (
    DAY,
    DAY_MINUTES,
    Interval,
    at_wall,
    days_between,
    wall_span,
)
from tenant_apps.staff.types import (
    Break,
    Cause,
    DatedRota,
    FixedBreak,
    Floating,
    FloatingBreak,
    Off,
    Pattern,
    Rota,
    Shift,
    Work,
    WorkingDay,
)

AS_EVER = DatedRota()


def working_days(
    rota: Rota, staff_ids: Iterable[UUID], days: Sequence[date], zone: ZoneInfo
) -> dict[UUID, Work]:
    """When each member works in the shifts that begin on ``days``: consecutive dates, in order.

    ``rota`` as ``rota_between(staff_ids, days[0], days[-1])`` reads it. To know a stretch of
    time whole, begin a day earlier: a shift may come over midnight. A floating break is given
    out for each day on which its member works at some time in its window.
    """
    opened = opened_between(rota, days[0] - DAY, days[-1] + DAY, zone)
    return {staff_id: _work(rota, staff_id, days, opened, zone) for staff_id in staff_ids}


def opened_between(rota: Rota, first: date, last: date, zone: ZoneInfo) -> list[Interval]:
    """When the salon is open in the hours of these days, joined; they may run past midnight."""
    return joined(
        span for day in days_between(first, last) for span in open_intervals(rota, day, zone)
    )


def open_intervals(rota: Rota, day: date, zone: ZoneInfo) -> list[Interval]:
    """When the salon is open, counted from the start of ``day``; nothing on a closed day."""
    if day in rota.closed:
        return []
    special = rota.special.get(day)
    if special is None:
        return list(on_clock(day, rota.hours, zone))
    return [wall_span(day, start, end, zone) for start, end in special.spans]


def on_clock(day: date, shifts: Iterable[Shift], zone: ZoneInfo) -> Iterator[Interval]:
    """The instants of those ``shifts`` that begin on ``day``."""
    weekday = day.weekday()
    for on, start, end in shifts:
        if on == weekday:
            yield at_wall(day, start, zone), at_wall(day, end, zone, late=True)


def pattern_on(patterns: Iterable[Pattern], day: date) -> Pattern | None:
    """The pattern in force: of those valid on ``day`` the one that began last."""
    found = None
    for pattern in patterns:
        if pattern.valid_from > day or (pattern.valid_until and pattern.valid_until < day):
            continue
        if found is None or pattern.valid_from > found.valid_from:
            found = pattern
    return found


def working_day(rota: Rota, staff_id: UUID, day: date, zone: ZoneInfo) -> WorkingDay:
    """``working_days`` for one member and one day, with the reasons."""
    pattern = pattern_on(rota.patterns.get(staff_id, ()), day)
    dated = rota.dated.get((staff_id, day), AS_EVER)
    rostered = joined(_rostered(pattern, dated, day, zone))
    off = [
        Cause(*span, row.id)
        for row in rota.off.get(staff_id, ())
        for span in _gone(row, day, rostered, zone)
    ]
    breaks = _breaks(pattern, dated, day)
    work = working_days(rota, [staff_id], [day], zone)[staff_id]
    usual = pattern.id if pattern else None
    changed = dated.replaced is not None or dated.added or dated.removed
    return WorkingDay(
        date=day,
        rostered=tuple(Cause(*span, dated.id if changed else usual) for span in rostered),
        opened=tuple(_opened_during(rostered, rota, day, zone)),
        off=tuple(off),
        breaks=tuple(
            Cause(*span, usual if dated.breaks is None else dated.id)
            for span in _fixed(breaks, day, zone)
        ),
        floating=work.floating,
        work=work.spans,
        closure_id=rota.closed.get(day),
        dated_id=dated.id,
        open_anyway=dated.open_anyway,
    )


def _work(
    rota: Rota, staff_id: UUID, days: Sequence[date], opened: Sequence[Interval], zone: ZoneInfo
) -> Work:
    patterns, off = rota.patterns.get(staff_id, ()), rota.off.get(staff_id, ())
    in_hours: list[Interval] = []
    anyway: list[Interval] = []
    floating: list[Floating] = []
    for day in days:
        pattern = pattern_on(patterns, day)
        dated = rota.dated.get((staff_id, day), AS_EVER)
        spans = _rostered(pattern, dated, day, zone)
        if not spans:
            continue
        for row in off:
            spans = _to_the_end(row, day, spans, zone)
        breaks = _breaks(pattern, dated, day)
        if breaks:
            spans = without(joined(spans), _fixed(breaks, day, zone))
            floating += _floating(breaks, day, zone)
        (anyway if dated.open_anyway else in_hours).extend(spans)
    work = within(joined(in_hours), opened)
    if anyway:
        work = joined([*work, *anyway])
    if off:
        work = without(work, joined(_whole(row, zone) for row in off))
    return Work(
        spans=tuple(work),
        floating=tuple(due for due in floating if any(_overlap(due.window, s) for s in work)),
    )


def _week(pattern: Pattern, day: date) -> tuple[Shift, ...]:
    return pattern.weeks[(day - pattern.anchor).days // 7 % len(pattern.weeks)]


def _rostered(
    pattern: Pattern | None, dated: DatedRota, day: date, zone: ZoneInfo
) -> list[Interval]:
    """Joined only where the day is not an ordinary one."""
    if dated.replaced is not None:
        spans = [wall_span(day, start, end, zone) for start, end in dated.replaced]
    else:
        spans = list(on_clock(day, _week(pattern, day), zone)) if pattern else []
    if dated is AS_EVER:
        return spans
    spans += [wall_span(day, start, end, zone) for start, end in dated.added]
    removed = [wall_span(day, start, end, zone) for start, end in dated.removed]
    return without(joined(spans), joined(removed))


def _breaks(pattern: Pattern | None, dated: DatedRota, day: date) -> Collection[Break]:
    if dated.breaks is not None:
        return dated.breaks
    return pattern.breaks.get(day.weekday(), ()) if pattern else ()


def _fixed(breaks: Iterable[Break], day: date, zone: ZoneInfo) -> list[Interval]:
    return joined(
        wall_span(day, pause.start, pause.end, zone)
        for pause in breaks
        if isinstance(pause, FixedBreak)
    )


def _floating(breaks: Iterable[Break], day: date, zone: ZoneInfo) -> list[Floating]:
    return [
        Floating(window=wall_span(day, pause.start, pause.end, zone), minutes=pause.minutes)
        for pause in breaks
        if isinstance(pause, FloatingBreak)
    ]


def _whole(row: Off, zone: ZoneInfo) -> Interval:
    """The calendar time that somebody is off."""
    starts = at_wall(row.first_day, row.from_minute or 0, zone)
    if row.until_minute is None:
        return starts, at_wall(row.last_day + DAY, 0, zone)
    return starts, at_wall(row.last_day, row.until_minute, zone, late=True)


def _to_the_end(row: Off, day: date, spans: list[Interval], zone: ZoneInfo) -> list[Interval]:
    """Whoever is off to the end of a day does not come back after midnight for its late shift."""
    if not _runs_out(row, day):
        return spans
    starts = at_wall(row.first_day, row.from_minute or 0, zone)
    return [(start, min(end, starts)) for start, end in spans if start < starts]


def _runs_out(row: Off, day: date) -> bool:
    """Is the member off to the end of the shifts that begin on ``day``?"""
    if not row.first_day <= day <= row.last_day:
        return False
    return day < row.last_day or row.until_minute is None


def _gone(row: Off, day: date, rostered: Sequence[Interval], zone: ZoneInfo) -> list[Interval]:
    """What ``row`` takes of the shifts of ``day``."""
    left = joined(_to_the_end(row, day, list(rostered), zone))
    left = without(left, [_whole(row, zone)])
    return without(rostered, left)


def _opened_during(
    shifts: Sequence[Interval], rota: Rota, day: date, zone: ZoneInfo
) -> Iterator[Cause]:
    """When the salon is open in the course of these ``shifts``, also in hours of the days around
    theirs."""
    for near in (day - DAY, day, day + DAY):
        for span in open_intervals(rota, near, zone):
            if any(_overlap(span, shift) for shift in shifts):
                yield Cause(*span, _opening_row(rota, near))


def _opening_row(rota: Rota, day: date) -> UUID | None:
    special = rota.special.get(day)
    return special.id if special else None


def _overlap(one: Interval, other: Interval) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def days_with_night(first: date, last: date) -> tuple[date, ...]:
    """The days on which visits may lie that belong to these days' shifts: both ends and the day
    after, for a late shift."""
    return tuple(days_between(first, last + DAY))


def is_span(start: int, end: int) -> bool:
    """Minutes after midnight: over one midnight perhaps, never over two."""
    return 0 <= start < end <= 2 * DAY_MINUTES


def break_fits(pause: Break) -> bool:
    if isinstance(pause, FloatingBreak) and not 1 <= pause.minutes <= pause.end - pause.start:
        return False
    return is_span(pause.start, pause.end)
