"""From rota to working time. Pure: dates and zones come as arguments.

Wall time is converted per date. In the hour that a clock change repeats a shift starts the
first time and ends the second; in the hour it skips both move on by the length of the gap.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tenant_apps.staff.types import Pattern, Rota, Shift

Interval = tuple[datetime, datetime]
DAY = timedelta(days=1)


@lru_cache(maxsize=8192)
def at_wall(day: date, minute: int, zone: ZoneInfo, *, late: bool = False) -> datetime:
    """The instant of ``minute`` minutes after midnight on the wall clock of ``day``.

    ``late``: the second time when the clock shows it twice.
    """
    days, rest = divmod(minute, 24 * 60)
    local = datetime.combine(day + days * DAY, time(rest // 60, rest % 60), zone)
    instant = local.astimezone(UTC)
    return max(instant, local.replace(fold=1).astimezone(UTC)) if late else instant


def on_clock(day: date, shifts: Iterable[Shift], zone: ZoneInfo) -> Iterator[Interval]:
    """The instants of those ``shifts`` that begin on ``day``."""
    for weekday, start, end in shifts:
        if weekday == day.weekday():
            yield at_wall(day, start, zone), at_wall(day, end, zone, late=True)


def open_intervals(rota: Rota, day: date, zone: ZoneInfo) -> list[Interval]:
    """When the salon is open, counted from the start of ``day``; nothing on a closed day."""
    return [] if day in rota.closed else list(on_clock(day, rota.hours, zone))


def pattern_on(patterns: Iterable[Pattern], day: date) -> Pattern | None:
    """The pattern in force: of those valid on ``day`` the one that began last."""
    valid = [
        pattern
        for pattern in patterns
        if pattern.valid_from <= day and (pattern.valid_until is None or day <= pattern.valid_until)
    ]
    return max(valid, key=lambda pattern: pattern.valid_from, default=None)


def shifts_on(patterns: Iterable[Pattern], day: date) -> tuple[Shift, ...]:
    """The week of the cycle that ``day`` lies in."""
    pattern = pattern_on(patterns, day)
    if pattern is None:
        return ()
    week = (day - pattern.anchor).days // 7 % len(pattern.weeks)
    return pattern.weeks[week]


def rostered_intervals(patterns: Iterable[Pattern], day: date, zone: ZoneInfo) -> list[Interval]:
    """The shifts that somebody's pattern gives ``day``; opening hours still have to allow them."""
    return list(on_clock(day, shifts_on(patterns, day), zone))


def days_between(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    for number in range((last - first).days + 1):
        yield first + number * DAY
