"""What the clock on a salon's wall shows, and which instant that is. Pure.

Wall time is converted per date. In the hour that a clock change repeats, a span starts the
first time and ends the second; in the hour it skips both move on by the length of the gap.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.timezone import now

Interval = tuple[datetime, datetime]
"""Two instants in UTC; the end is not included."""

DAY = timedelta(days=1)
DAY_MINUTES = 24 * 60


@lru_cache(maxsize=16384)
def at_wall(day: date, minute: int, zone: ZoneInfo, *, late: bool = False) -> datetime:
    """The instant of ``minute`` minutes after midnight on the wall clock of ``day``.

    ``late``: the second time when the clock shows it twice.
    """
    days, rest = divmod(minute, DAY_MINUTES)
    local = datetime.combine(day + days * DAY, time(rest // 60, rest % 60), zone)
    instant = local.astimezone(UTC)
    return max(instant, local.replace(fold=1).astimezone(UTC)) if late else instant


def wall_span(day: date, start: int, end: int, zone: ZoneInfo) -> Interval:
    """From ``start`` to ``end``, in minutes after midnight of ``day``."""
    return at_wall(day, start, zone), at_wall(day, end, zone, late=True)


def days_between(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    for number in range((last - first).days + 1):
        yield first + number * DAY


def today_in(zone: ZoneInfo) -> date:
    """The date on the wall at this moment."""
    return now().astimezone(zone).date()
