"""Who works when, asked quarter by quarter of an hour: slow, and right at a glance.

It watches the clock on the wall instead of computing with zones, and knows no intervals.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.staff.types import (
    Break,
    DatedRota,
    FixedBreak,
    FloatingBreak,
    Off,
    Pattern,
    Rota,
    WallSpan,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STEP = 15 * MINUTE


def steps(first: date, last: date) -> list[datetime]:
    """Every quarter of an hour from well before ``first`` until well after ``last``."""
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC) - DAY
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + 3 * DAY
    found = []
    while moment < end:
        found.append(moment)
        moment += STEP
    return found


@lru_cache(maxsize=256)
def shown_on(day: date, zone: ZoneInfo) -> dict[datetime, list[datetime]]:
    """What the wall shows around ``day``, and at which instants it shows it."""
    found = defaultdict(list)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    for _ in range(3 * 24 * 60):
        found[moment.astimezone(zone).replace(tzinfo=None)].append(moment)
        moment += MINUTE
    return found


def instants(day: date, minute: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last time that the wall shows ``minute`` of ``day``. A time that it
    skips is as long after the jump as it would have been after the hour that is missing."""
    wanted = datetime(day.year, day.month, day.day) + minute * MINUTE  # noqa: DTZ001 on the wall
    shown = shown_on(wanted.date(), zone)
    if wanted in shown:
        return shown[wanted][0], shown[wanted][-1]
    before, after = wanted, wanted
    while before not in shown:
        before -= MINUTE
    while after not in shown:
        after += MINUTE
    instant = shown[before][0] + (wanted - before)
    return instant, instant


def covers(day: date, span: WallSpan, moment: datetime, zone: ZoneInfo) -> bool:
    return instants(day, span[0], zone)[0] <= moment < instants(day, span[1], zone)[1]


def works(rota: Rota, member: UUID, days: Iterable[date], moment: datetime, zone: ZoneInfo) -> bool:
    """Is ``member`` at work, in a shift that begins on one of ``days``?"""
    off = rota.off.get(member, ())
    if any(is_off(row, moment, zone) for row in off):
        return False
    return any(works_in_shift_of(rota, member, day, moment, zone) for day in days)


def works_in_shift_of(
    rota: Rota, member: UUID, day: date, moment: datetime, zone: ZoneInfo
) -> bool:
    pattern = in_force(rota.patterns.get(member, ()), day)
    dated = rota.dated.get((member, day), DatedRota())
    if not is_rostered(pattern, dated, day, moment, zone):
        return False
    if any(is_off_to_the_end(row, day, moment, zone) for row in rota.off.get(member, ())):
        return False
    if any(covers(day, pause, moment, zone) for pause in fixed(breaks_of(pattern, dated, day))):
        return False
    return dated.open_anyway or is_open(rota, day, moment, zone)


def in_force(patterns: Iterable[Pattern], day: date) -> Pattern | None:
    for pattern in sorted(patterns, key=lambda found: found.valid_from, reverse=True):
        if pattern.valid_from <= day <= (pattern.valid_until or day):
            return pattern
    return None


def is_rostered(
    pattern: Pattern | None, dated: DatedRota, day: date, moment: datetime, zone: ZoneInfo
) -> bool:
    spans: list[WallSpan] = []
    if dated.replaced is not None:
        spans = list(dated.replaced)
    elif pattern is not None:
        monday = day
        while monday.weekday() != 0:
            monday -= DAY
        week = ((monday - pattern.anchor) // DAY // 7) % len(pattern.weeks)
        spans = [(start, end) for on, start, end in pattern.weeks[week] if on == day.weekday()]
    here = any(covers(day, span, moment, zone) for span in [*spans, *dated.added])
    return here and not any(covers(day, span, moment, zone) for span in dated.removed)


def breaks_of(pattern: Pattern | None, dated: DatedRota, day: date) -> tuple[Break, ...]:
    if dated.breaks is not None:
        return dated.breaks
    return pattern.breaks.get(day.weekday(), ()) if pattern else ()


def fixed(breaks: Iterable[Break]) -> list[WallSpan]:
    return [(pause.start, pause.end) for pause in breaks if isinstance(pause, FixedBreak)]


def floating(breaks: Iterable[Break]) -> list[FloatingBreak]:
    return [pause for pause in breaks if isinstance(pause, FloatingBreak)]


def is_open(rota: Rota, around: date, moment: datetime, zone: ZoneInfo) -> bool:
    for day in (around - DAY, around, around + DAY):
        if day in rota.closed:
            continue
        if day in rota.special:
            spans = list(rota.special[day].spans)
        else:
            spans = [(start, end) for on, start, end in rota.hours if on == day.weekday()]
        if any(covers(day, span, moment, zone) for span in spans):
            return True
    return False


def is_off(row: Off, moment: datetime, zone: ZoneInfo) -> bool:
    begins = instants(row.first_day, row.from_minute or 0, zone)[0]
    if row.until_minute is None:
        return begins <= moment < instants(row.last_day, 24 * 60, zone)[0]
    return begins <= moment < instants(row.last_day, row.until_minute, zone)[1]


def is_off_to_the_end(row: Off, day: date, moment: datetime, zone: ZoneInfo) -> bool:
    """Whoever is off when a day ends does not come back for what is left of its late shift."""
    days = [row.first_day]
    while days[-1] < row.last_day:
        days.append(days[-1] + DAY)
    if row.until_minute is not None:
        days.pop()
    return day in days and moment >= instants(row.first_day, row.from_minute or 0, zone)[0]
