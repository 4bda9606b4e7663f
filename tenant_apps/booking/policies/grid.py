"""On which minutes a visit may begin: the wall clock's multiples, on any kind of day."""

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared_apps.core.wall import at_wall
from tenant_apps.booking.policies.masks import Mask, Window

DAY_MINUTES = 24 * 60


@lru_cache
def _comb(step: int) -> Mask:
    return sum(1 << minute for minute in range(0, DAY_MINUTES, step))


def grid_on(day: date, step: int, window: Window, zone: ZoneInfo) -> Mask:
    """Every ``step`` minutes from local midnight of ``day`` to the next.

    On the day of a clock change the repeated hour counts twice and the skipped one not at all.
    """
    midnight = at_wall(day, 0, zone)
    next_midnight = at_wall(day + timedelta(days=1), 0, zone)
    if next_midnight - midnight == timedelta(days=1):
        first = window.minute_of(midnight)
        comb = _comb(step)
        return (comb << first if first >= 0 else comb >> -first) & window.all
    return _odd_day(day, step, window, zone)


def _odd_day(day: date, step: int, window: Window, zone: ZoneInfo) -> Mask:
    mask = 0
    for minute in range(0, DAY_MINUTES, step):
        for late in (False, True):
            instant = at_wall(day, minute, zone, late=late)
            local, place = instant.astimezone(zone), window.minute_of(instant)
            shown = local.date() == day and local.hour * 60 + local.minute == minute
            if shown and 0 <= place < window.minutes:
                mask |= 1 << place
    return mask
