"""Who is free when, read from rota and allocations into masks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.db import rows
from tenant_apps.booking.policies.masks import Mask, Window
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.demand import Demand
from tenant_apps.booking.types import Rules
from tenant_apps.staff.policies import at_wall, days_between, open_intervals, rostered_intervals
from tenant_apps.staff.selectors import rota_between
from tenant_apps.staff.types import Pattern

RULE_FIELDS = ("grid_minutes", "notice_minutes", "horizon_days", "free_cancel_hours")
RULES = f"SELECT {', '.join(RULE_FIELDS)} FROM booking_bookingrules"  # noqa: S608 our own words
TAKEN = """
SELECT subject_id, lower(during), upper(during) FROM booking_allocation
WHERE subject_id = ANY(%s) AND during && tstzrange(%s, %s)
"""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """``rostered`` is what the rota allows, ``free`` what is left of it."""

    window: Window
    rostered: Free
    free: Free


def read_rules() -> Rules:
    found = rows(RULES)
    return Rules(**dict(zip(RULE_FIELDS, found[0], strict=True))) if found else Rules()


def window_of(first: date, last: date, zone: ZoneInfo, *, beyond: int) -> Window:
    """From local midnight of ``first`` to the end of ``last`` and ``beyond`` minutes more."""
    end = at_wall(last + DAY, 0, zone) + timedelta(minutes=beyond)
    return Window.between(at_wall(first, 0, zone), end)


def read_calendar(
    demand: Demand, window: Window, zone: ZoneInfo, *, client_id: UUID | None
) -> Calendar:
    """Three queries, whatever the number of people, units and days."""
    first = window.start.astimezone(zone).date() - DAY  # a shift may come over midnight
    last = window.end.astimezone(zone).date()
    rota = rota_between(demand.performers, first, last)
    days = list(days_between(first, last))
    opened = window.held(span for day in days for span in open_intervals(rota, day, zone))
    working = {
        staff_id: opened & _rostered(rota.patterns.get(staff_id, ()), days, window, zone)
        for staff_id in demand.performers
    }
    subjects = [*demand.performers, *demand.unit_ids, *([client_id] if client_id else [])]
    taken = _taken(subjects, window)
    units = dict.fromkeys(demand.unit_ids, opened)
    return Calendar(
        window=window,
        rostered=Free(staff=working, units=units, client=window.all),
        free=Free(
            staff={key: mask & ~taken.get(key, 0) for key, mask in working.items()},
            units={key: mask & ~taken.get(key, 0) for key, mask in units.items()},
            client=window.all & ~(taken.get(client_id, 0) if client_id else 0),
        ),
    )


def _rostered(
    patterns: Sequence[Pattern], days: Iterable[date], window: Window, zone: ZoneInfo
) -> Mask:
    return window.held(span for day in days for span in rostered_intervals(patterns, day, zone))


def _taken(subjects: list[UUID], window: Window) -> dict[UUID, Mask]:
    taken: dict[UUID, Mask] = {}
    for subject_id, starts_at, ends_at in rows(TAKEN, subjects, window.start, window.end):
        taken[subject_id] = taken.get(subject_id, 0) | window.covered(starts_at, ends_at)
    return taken


def local_days(starts_at: datetime, minutes: int, zone: ZoneInfo) -> tuple[date, ...]:
    """The salon days that ``minutes`` from ``starts_at`` on touch."""
    last = starts_at + timedelta(minutes=max(minutes, 1) - 1)
    return tuple(days_between(starts_at.astimezone(zone).date(), last.astimezone(zone).date()))
