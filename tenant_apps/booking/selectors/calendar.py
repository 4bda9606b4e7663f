"""Who is free when: rota and allocations as masks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.revisions import current_token
from shared_apps.core.wall import at_wall, days_between
from tenant_apps.booking.policies.masks import MINUTE, Mask, Window
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.demand import Demand
from tenant_apps.booking.selectors.setup import Setup, SetupChanged
from tenant_apps.booking.selectors.taken import glance_at_taken, read_taken
from tenant_apps.staff.selectors import work_by_day
from tenant_apps.staff.types import DayWork

DAY = timedelta(days=1)
DAYS_KEPT = 800
EVERYWHERE: Mapping[int, Mask] = {}


@dataclass(frozen=True, slots=True)
class Calendar:
    """``rostered`` is what the rota allows, ``free`` what is left of it, and ``unrostered``
    what would be if everybody worked around the clock. ``has_expired``: rows of a hold that ran
    out are still there; their time counts as free."""

    window: Window
    rostered: Free
    free: Free
    unrostered: Free
    has_expired: bool = False


def window_of(first: date, last: date, zone: ZoneInfo, *, beyond: int) -> Window:
    """From local midnight of ``first`` to the end of ``last`` and ``beyond`` minutes more."""
    end = at_wall(last + DAY, 0, zone) + timedelta(minutes=beyond)
    return Window.between(at_wall(first, 0, zone), end)


def read_calendar(
    setup: Setup,
    demand: Demand,
    window: Window,
    zone: ZoneInfo,
    *,
    moment: datetime,
    client_id: UUID | None = None,
    ignoring: UUID | None = None,
    sold: Mapping[int, Mask] = EVERYWHERE,
    glancing: bool = False,
) -> Calendar:
    """What is left for ``demand``. One query, and a few more for days not asked for before.

    ``ignoring``: a visit whose own time counts as free. A hold counts until it expires.
    ``sold``: when lines may begin that are not sold at any time.
    ``glancing``: what Redis remembers is good enough. Raises ``SetupChanged`` when ``setup``
    does not hold any more.
    """
    work = work_on(setup, window, zone)
    working = {
        staff_id: window.held(span for day in work for span in day.team[staff_id].spans)
        for staff_id in demand.performers
    }
    # Somebody may work although the salon is closed; chairs are there as long as anybody is.
    opened = reduce(or_, working.values(), window.held(s for day in work for s in day.opened))
    subjects = [*demand.performers, *demand.unit_ids, *([client_id] if client_id else [])]
    if glancing and not (client_id or ignoring):
        found = glance_at_taken(subjects, setup.subjects, window, zone, moment=moment)
    else:
        found = read_taken(subjects, window, moment=moment, ignoring=ignoring)
    if found.token != setup.token:
        raise SetupChanged
    taken = found.masks
    units = dict.fromkeys(demand.unit_ids, opened)
    client = window.all & ~(taken.get(client_id, 0) if client_id else 0)
    always = Free(
        staff=dict.fromkeys(working, window.all),
        units=dict.fromkeys(units, window.all),
        client=window.all,
    )
    rostered = Free(
        staff=working,
        units=units,
        client=window.all,
        floating={
            staff_id: [
                (window.covered(*due.window), due.minutes)
                for day in work
                for due in day.team[staff_id].floating
            ]
            for staff_id in demand.performers
        },
        sold=sold,
    )
    return Calendar(
        window=window,
        rostered=rostered,
        free=_less(rostered, taken, client),
        unrostered=_less(always, taken, client),
        has_expired=found.has_expired,
    )


def _less(free: Free, taken: Mapping[UUID, Mask], client: Mask) -> Free:
    return Free(
        staff={key: mask & ~taken.get(key, 0) for key, mask in free.staff.items()},
        units={key: mask & ~taken.get(key, 0) for key, mask in free.units.items()},
        client=client,
        floating=free.floating,
        sold=free.sold,
    )


def work_on(setup: Setup, window: Window, zone: ZoneInfo) -> list[DayWork]:
    """The working days that reach into ``window``; a shift may come over midnight."""
    first = window.start.astimezone(zone).date() - DAY
    days = list(days_between(first, window.end.astimezone(zone).date()))
    known = {day: work for day in days if (work := setup.work.get(day))}
    missing = [day for day in days if day not in known]
    if missing:
        # Or a rota that this transaction changed would be kept under the token of before.
        if current_token() != setup.token:
            raise SetupChanged
        staff_ids = [performer.staff_id for performer in setup.performers]
        found = dict(work_by_day(staff_ids, missing, zone))
        known |= found
        if len(setup.work) > DAYS_KEPT:  # others may be reading it: they have their own copy
            setup.work.clear()
        setup.work.update(found)
    return [known[day] for day in days]


def worked_minutes(setup: Setup, day: date, zone: ZoneInfo) -> int:
    """Of the whole team, on ``day``."""
    _before, that_day, *_after = work_on(setup, window_of(day, day, zone, beyond=0), zone)
    return sum(
        (end - start) // MINUTE for work in that_day.team.values() for start, end in work.spans
    )


def local_days(starts_at: datetime, minutes: int, zone: ZoneInfo) -> tuple[date, ...]:
    """The salon days that ``minutes`` from ``starts_at`` on touch."""
    last = starts_at + timedelta(minutes=max(minutes, 1) - 1)
    return tuple(days_between(starts_at.astimezone(zone).date(), last.astimezone(zone).date()))
