"""When salons are open and when people come. S: public source; A: assumption."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import erfc, log, sqrt

import holidays

from tenant_apps.staff.types import Shift

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
BREAK = 30
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


def weeks_for(
    hours: Sequence[Shift], *, place: int, days: int, alternates: bool
) -> list[list[Shift]]:
    """A rota of ``days`` days a week for the member at ``place``: who starts early, who stays
    late and who is off when differs by place, and every other week for those who alternate."""
    week = _week(hours, place=place, days=days, late=place % 2 == 1)
    if not alternates:
        return [week]
    return [week, _week(hours, place=place + 1, days=days, late=place % 2 == 0)]


def _week(hours: Sequence[Shift], *, place: int, days: int, late: bool) -> list[Shift]:
    off = {(place + number) % len(hours) for number in range(len(hours) - days)}
    return [
        part
        for number, shift in enumerate(hours)
        if number not in off
        for part in _with_break(shift, place=place, late=late)
    ]


def _with_break(shift: Shift, *, place: int, late: bool) -> list[Shift]:
    weekday, opens, closes = shift
    length = min(closes - opens, LONG_DAY)
    start = closes - length if late else opens
    if length <= 6 * HOUR:
        return [(weekday, start, start + length)]
    pause = start + 4 * HOUR + place % 3 * BREAK
    return [(weekday, start, pause), (weekday, pause + BREAK, start + length)]
