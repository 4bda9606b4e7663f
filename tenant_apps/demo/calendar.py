"""When salons are open and when people come. S: public source; A: assumption."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum, auto
from math import erfc, log, sqrt

import holidays

from tenant_apps.staff.types import Break, FixedBreak, FloatingBreak, Shift

HOUR = 60
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

HOURS: dict[str, tuple[Shift, ...]] = {  # A
    "DE": (
        (TUE, 9 * HOUR, 18 * HOUR),
        (WED, 9 * HOUR, 18 * HOUR),
        (THU, 9 * HOUR, 20 * HOUR),
        (FRI, 9 * HOUR, 20 * HOUR),
        (SAT, 8 * HOUR, 14 * HOUR),
    ),
    "GB": (
        *((day, 9 * HOUR, 18 * HOUR) for day in (MON, TUE, WED)),
        (THU, 9 * HOUR, 20 * HOUR),
        (FRI, 9 * HOUR, 18 * HOUR),
        (SAT, 9 * HOUR, 17 * HOUR),
        (SUN, 11 * HOUR, 16 * HOUR),
    ),
    "PL": (
        *((day, 9 * HOUR, 20 * HOUR) for day in (MON, TUE, WED, THU, FRI)),
        (SAT, 9 * HOUR, 15 * HOUR),
    ),
}

WEEKDAY_WEIGHTS = (8.7, 14.6, 17.0, 19.5, 21.7, 18.5, 9.0)  # S; Sunday A
MONTH_WEIGHTS = (7.0, 7.0, 10.0, 8.3, 10.0, 10.0, 8.2, 7.8, 7.9, 8.0, 7.8, 8.0)  # S
MORNING_CURVE = (18, 18, 16, 13, 8, 7, 6, 5, 5, 4, 4)  # S, from 9 o'clock on
AFTER_WORK_CURVE = (12, 12, 11, 10, 8, 8, 9, 11, 11, 8, 6)  # A
CURVES = {"DE": AFTER_WORK_CURVE, "PL": AFTER_WORK_CURVE, "GB": MORNING_CURVE}

REBOOKED = 0.44  # S: booked at the visit before, four to eight weeks ahead
MEDIAN_LEAD_DAYS = 6.0  # S; spread A
LEAD_SPREAD = 1.0

LONG_DAY = 8 * HOUR + 30
SHORT_DAY = 6 * HOUR  # without a break
BREAK = 30
NOON = (12 * HOUR, 15 * HOUR)
DAY = timedelta(days=1)


def monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def holidays_between(country: str, region: str, first: date, last: date) -> list[date]:
    years = range(first.year, last.year + 1)
    found = holidays.country_holidays(country, subdiv=region or None, years=years)
    return sorted(day for day in found if first <= day <= last)


def start_weight(country: str, hour: int) -> int:
    curve = CURVES[country]
    return curve[min(max(hour - 9, 0), len(curve) - 1)]


def busyness(day: date, open_days: Sequence[int]) -> float:
    """How full ``day`` gets in comparison with an average day of this salon."""
    weights = [WEEKDAY_WEIGHTS[weekday] for weekday in open_days]
    weekday = WEEKDAY_WEIGHTS[day.weekday()] * len(weights) / sum(weights)
    month = MONTH_WEIGHTS[day.month - 1] * 12 / sum(MONTH_WEIGHTS)
    return (1 + weekday) / 2 * month


def booked_by_now(days_ahead: int) -> float:
    """The share of a future day's visits that are in the diary already."""
    if days_ahead <= 0:
        return 1.0
    late = erfc(log(days_ahead / MEDIAN_LEAD_DAYS) / (LEAD_SPREAD * sqrt(2))) / 2
    return REBOOKED + (1 - REBOOKED) * late


class Pause(Enum):
    """How the rota knows of somebody's break on a long day."""

    BETWEEN_SHIFTS = auto()
    FIXED = auto()
    FLOATING = auto()


def pause_of(place: int, *, in_rota: bool) -> Pause:
    """Of the member at ``place``, in a salon that notes breaks or in one that splits shifts."""
    return list(Pause)[place % 3] if in_rota else Pause.BETWEEN_SHIFTS


def weeks_for(
    hours: Sequence[Shift], *, place: int, days: int, alternates: bool, pause: Pause
) -> list[list[Shift]]:
    """A rota of ``days`` days a week for the member at ``place``: who starts early, who stays
    late and who is off when differs by place, and every other week for those who alternate."""
    week = _week(hours, place=place, days=days, late=place % 2 == 1, pause=pause)
    if not alternates:
        return [week]
    other = _week(hours, place=place + 1, days=days, late=place % 2 == 0, pause=pause)
    return [week, other]


def breaks_for(
    weeks: Sequence[Sequence[Shift]], *, place: int, pause: Pause
) -> list[tuple[int, Break]]:
    """On every long day of ``weeks``, with its weekday."""
    if pause is Pause.BETWEEN_SHIFTS:
        return []
    start = NOON[0] + (1 + place % 2) * BREAK
    is_fixed = pause is Pause.FIXED
    found = FixedBreak(start, start + BREAK) if is_fixed else FloatingBreak(BREAK, *NOON)
    long = {day for week in weeks for day, opens, closes in week if closes - opens > SHORT_DAY}
    return [(weekday, found) for weekday in sorted(long)]


def _week(
    hours: Sequence[Shift], *, place: int, days: int, late: bool, pause: Pause
) -> list[Shift]:
    off = {(place + number) % len(hours) for number in range(len(hours) - days)}
    return [
        part
        for number, shift in enumerate(hours)
        if number not in off
        for part in _parts(shift, place=place, late=late, pause=pause)
    ]


def _parts(shift: Shift, *, place: int, late: bool, pause: Pause) -> list[Shift]:
    weekday, opens, closes = shift
    length = min(closes - opens, LONG_DAY)
    start = closes - length if late else opens
    if length <= SHORT_DAY or pause is not Pause.BETWEEN_SHIFTS:
        return [(weekday, start, start + length)]
    middle = start + 4 * HOUR + place % 3 * BREAK
    return [(weekday, start, middle), (weekday, middle + BREAK, start + length)]
