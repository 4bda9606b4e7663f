"""Who is free when, read from rota and allocations into masks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.booking.models import Allocation, BookingRules
from tenant_apps.booking.policies.masks import Mask, Window
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.demand import Demand
from tenant_apps.booking.types import Rules
from tenant_apps.staff.policies import at_wall, days_between, open_intervals, working_intervals
from tenant_apps.staff.selectors import rota_between
from tenant_apps.staff.types import Rota

RULE_FIELDS = ("grid_minutes", "notice_minutes", "horizon_days", "free_cancel_hours")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """``rostered`` is what the rota allows, ``free`` what is left of it."""

    window: Window
    rostered: Free
    free: Free


def read_rules() -> Rules:
    row = BookingRules.objects.values(*RULE_FIELDS).first()
    return Rules(**row) if row else Rules()


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
    working = {
        staff_id: _working(staff_id, rota, window, zone, first, last)
        for staff_id in demand.performers
    }
    opened = window.held(
        interval
        for day in days_between(first, last)
        for interval in open_intervals(rota, day, zone)
    )
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


def _working(
    staff_id: UUID, rota: Rota, window: Window, zone: ZoneInfo, first: date, last: date
) -> Mask:
    patterns = rota.patterns.get(staff_id, ())
    return window.held(
        interval
        for day in days_between(first, last)
        for interval in working_intervals(patterns, rota, day, zone)
    )


def _taken(subjects: Iterable[UUID], window: Window) -> dict[UUID, Mask]:
    rows = Allocation.objects.filter(
        subject_id__in=list(subjects), during__overlap=(window.start, window.end)
    ).values_list("subject_id", "during")
    taken: dict[UUID, Mask] = {}
    for subject_id, during in rows:
        taken[subject_id] = taken.get(subject_id, 0) | window.covered(during.lower, during.upper)
    return taken


def local_days(starts_at: datetime, minutes: int, zone: ZoneInfo) -> tuple[date, ...]:
    """The salon days that ``minutes`` from ``starts_at`` on touch."""
    last = starts_at + timedelta(minutes=max(minutes, 1) - 1)
    return tuple(days_between(starts_at.astimezone(zone).date(), last.astimezone(zone).date()))
