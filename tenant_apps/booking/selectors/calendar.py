"""Who is free when: rota and allocations as masks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.revisions import current_token
from shared_apps.core.wall import at_wall, days_between
from tenant_apps.booking.policies.masks import MINUTE, Mask, Window, at_least
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.setup import Setup, SetupChanged
from tenant_apps.booking.selectors.taken import Stamp, Taken, glance_at_taken, read_taken
from tenant_apps.staff.selectors import work_by_day
from tenant_apps.staff.types import DayWork, Performer

DAY = timedelta(days=1)
DAYS_KEPT = 800
EVERYWHERE: Mapping[int, Mask] = {}


@dataclass(frozen=True, slots=True)
class Calendar:
    """``rostered`` is what the rota allows, ``free`` what is left of it, and ``unrostered``
    what would be if everybody worked around the clock. ``full``: when units have no place left
    for one more of the party of the visit that is ignored. ``has_expired``: rows of a hold that
    ran out are still there; their time counts as free. ``stamp``: of what Redis knew."""

    window: Window
    rostered: Free
    free: Free
    unrostered: Free
    full: Mapping[UUID, Mask] = field(default_factory=dict)
    has_expired: bool = False
    stamp: Stamp | None = None


def window_of(first: date, last: date, zone: ZoneInfo, *, beyond: int) -> Window:
    """From local midnight of ``first`` to the end of ``last`` and ``beyond`` minutes more."""
    end = at_wall(last + DAY, 0, zone) + timedelta(minutes=beyond)
    return Window.between(at_wall(first, 0, zone), end)


class Wanted(Protocol):
    """Of a visit, or of several: who might do something, and what units might be used."""

    @property
    def performers(self) -> Mapping[UUID, Performer]: ...

    @property
    def unit_ids(self) -> frozenset[UUID]: ...


def read_calendar(
    setup: Setup,
    demand: Wanted,
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

    ``ignoring``: a visit whose own time counts as free; units that others of its party take
    are free while they have places left. A hold counts until it expires.
    ``sold``: when lines may begin that are not sold at any time.
    ``glancing``: what Redis remembers is good enough. Raises ``SetupChanged`` when ``setup``
    does not hold any more.
    """
    (calendar,) = read_calendars(
        setup,
        demand,
        window,
        zone,
        [(client_id, sold)],
        moment=moment,
        ignoring=[ignoring] if ignoring else [],
        glancing=glancing,
    )
    return calendar


def read_calendars(
    setup: Setup,
    demand: Wanted,
    window: Window,
    zone: ZoneInfo,
    coming: Sequence[tuple[UUID | None, Mapping[int, Mask]]],
    *,
    moment: datetime,
    ignoring: Collection[UUID] = (),
    glancing: bool = False,
) -> list[Calendar]:
    """The same for several who come together, each with the card whose own time must be free
    and with when their lines are sold. As many queries. ``ignoring``: the visits of their party.
    """
    work = work_on(setup, window, zone)
    rostered, always = _by_rota(work, demand, window), _always(demand, window)
    clients = [client_id for client_id, _sold in coming if client_id]
    subjects = [*demand.performers, *demand.unit_ids, *clients]
    if glancing and not (clients or ignoring):
        found = glance_at_taken(subjects, setup.subjects, window, zone, moment=moment)
    else:
        found = read_taken(subjects, window, moment=moment, ignoring=ignoring)
    if found.token != setup.token:
        raise SetupChanged
    full = _fill(found, setup)
    free, unrostered = _less(rostered, found), _less(always, found)
    return [
        Calendar(
            window=window,
            rostered=replace(rostered, sold=sold, beside=free.beside),
            free=replace(free, client=client, sold=sold),
            unrostered=replace(unrostered, client=client),
            full=full,
            has_expired=found.has_expired,
            stamp=found.stamp,
        )
        for client_id, sold in coming
        for client in [window.all & ~(found.masks.get(client_id, 0) if client_id else 0)]
    ]


def _by_rota(work: Sequence[DayWork], demand: Wanted, window: Window) -> Free:
    working = {
        staff_id: window.held(span for day in work for span in day.team[staff_id].spans)
        for staff_id in demand.performers
    }
    # Somebody may work although the salon is closed; chairs are there as long as anybody is.
    opened = reduce(or_, working.values(), window.held(s for day in work for s in day.opened))
    return Free(
        staff=working,
        units=dict.fromkeys(demand.unit_ids, opened),
        client=window.all,
        floating={
            staff_id: [
                (window.covered(*due.window), due.minutes)
                for day in work
                for due in day.team[staff_id].floating
            ]
            for staff_id in demand.performers
        },
    )


def _always(demand: Wanted, window: Window) -> Free:
    return Free(
        staff=dict.fromkeys(demand.performers, window.all),
        units=dict.fromkeys(demand.unit_ids, window.all),
        client=window.all,
    )


def _fill(taken: Taken, setup: Setup) -> dict[UUID, Mask]:
    """When so many of the party are in a unit that nobody else of it finds room: then it counts
    as taken."""
    if not taken.companions:
        return {}
    places = setup.places
    full = {
        unit_id: at_least(list(masks.values()), places[unit_id])
        for unit_id, masks in taken.companions.items()
    }
    for unit_id, mask in full.items():
        taken.masks[unit_id] = taken.masks.get(unit_id, 0) | mask
    return full


def _less(free: Free, taken: Taken) -> Free:
    masks, companions = taken.masks, taken.companions
    return replace(
        free,
        staff={key: mask & ~masks.get(key, 0) for key, mask in free.staff.items()},
        units={key: mask & ~masks.get(key, 0) for key, mask in free.units.items()},
        beside={pk: reduce(or_, found.values()) for pk, found in companions.items()},
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
