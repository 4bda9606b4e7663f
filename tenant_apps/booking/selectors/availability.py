"""What is on offer: the same masks and the same algebra that booking decides by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.wall import at_wall, days_between
from tenant_apps.booking.policies.crumbs import fit_tidily, free_for
from tenant_apps.booking.policies.fitting import Fit, earliest_start, fit_visit
from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import MINUTE, Mask, Window, bits, span
from tenant_apps.booking.selectors.calendar import (
    Calendar,
    read_calendar,
    window_of,
)
from tenant_apps.booking.selectors.demand import Demand, demand_of
from tenant_apps.booking.selectors.limits import Bounds, bounds_for, check_buyer, sold_on
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.selectors.taken import Stamp
from tenant_apps.booking.selectors.timings import timed
from tenant_apps.booking.types import AskedLine, DayOffer, Rules, Start

NEAREST = 6


@dataclass(frozen=True, slots=True)
class Offered:
    """``notice``: how long before its start each of them was still to be had. ``stamp``: of
    what it was made of, when all of that was kept."""

    days: list[DayOffer]
    notice: timedelta
    stamp: Stamp | None


def availability(
    *,
    first: date,
    last: date,
    lines: Sequence[AskedLine],
    actor: Actor,
    zone: ZoneInfo,
    moment: datetime,
    client_id: UUID | None = None,
    ignoring: UUID | None = None,
    is_again: bool = False,
) -> list[DayOffer]:
    """Every start that ``actor`` could book at ``moment``, day by day, both ends included.

    ``ignoring``: a visit whose own time counts as free, because it is held or being moved.
    ``is_again``: the lines were sold already.
    """
    return offered(
        first=first,
        last=last,
        lines=lines,
        actor=actor,
        zone=zone,
        moment=moment,
        client_id=client_id,
        ignoring=ignoring,
        is_again=is_again,
    ).days


def offered(
    *,
    first: date,
    last: date,
    lines: Sequence[AskedLine],
    actor: Actor,
    zone: ZoneInfo,
    moment: datetime,
    client_id: UUID | None = None,
    ignoring: UUID | None = None,
    is_again: bool = False,
) -> Offered:
    """``availability``, and how long it holds."""

    def on_offer(setup: Setup) -> Offered:
        timing = timed(lines, setup.options, client_id=None if is_again else client_id)
        demand = demand_of(setup, timing, actor, is_again=is_again)
        if not is_again:
            check_buyer(demand, actor, client_id)
        window = window_of(first, last, zone, beyond=demand.longest)
        calendar = read_calendar(
            setup,
            demand,
            window,
            zone,
            moment=moment,
            client_id=client_id,
            ignoring=ignoring,
            sold=sold_on(demand, actor, window, zone),
            glancing=True,
        )
        bounds = bounds_for(demand, actor, setup.rules, moment, zone)
        found = offers(demand, calendar, setup.rules, bounds, days_between(first, last), zone)
        return Offered(found, bounds.earliest - moment, calendar.stamp)

    return with_setup(on_offer)


def offers(
    demand: Demand,
    calendar: Calendar,
    rules: Rules,
    bounds: Bounds,
    days: Iterable[date],
    zone: ZoneInfo,
) -> list[DayOffer]:
    """What is left to sell on ``days`` of a calendar that was read already."""
    window, days = calendar.window, list(days)
    minutes = minutes_of(days, rules, bounds, window, zone)
    fit = fit_tidily(demand.visit, calendar.free, minutes, bounds.least_gap)
    return [DayOffer(date=day, starts=starts_on(day, fit, window, zone)) for day in days]


def earliest(
    *,
    lines: Sequence[AskedLine],
    actor: Actor,
    zone: ZoneInfo,
    moment: datetime,
    client_id: UUID | None = None,
) -> Start | None:
    """The first minute from ``moment`` on at which ``lines`` can begin on the same day."""
    day = moment.astimezone(zone).date()

    def first(setup: Setup) -> Start | None:
        timing = timed(lines, setup.options, client_id=client_id)
        demand = demand_of(setup, timing, actor)
        window = window_of(day, day, zone, beyond=demand.longest)
        calendar = read_calendar(setup, demand, window, zone, moment=moment, client_id=client_id)
        today = span(window.minute_of(moment), window.minutes - demand.longest)
        minute = earliest_start(demand.visit, calendar.free, today)
        if minute is None:
            return None
        fit = fit_visit(demand.visit, calendar.free, 1 << minute)
        return next(iter(starts_on(day, fit, window, zone)), None)

    return with_setup(first)


def nearest(found: Iterable[DayOffer], to: datetime) -> list[Start]:
    """The few starts nearest to one that was taken, in order of time."""
    starts = sorted(
        (start for offer in found for start in offer.starts),
        key=lambda start: abs(start.starts_at - to),
    )
    return sorted(starts[:NEAREST], key=lambda start: start.starts_at)


def leaves_crumbs(
    demand: Demand,
    calendar: Calendar,
    rules: Rules,
    bounds: Bounds,
    starts_at: datetime,
    zone: ZoneInfo,
) -> bool:
    """Whether the visit could be had then, but is not on offer because somebody would be left
    with time that cannot be sold."""
    day, start = starts_at.astimezone(zone).date(), calendar.window.minute_of(starts_at)
    (minutes,) = minutes_of([day], rules, bounds, calendar.window, zone)
    if not bounds.least_gap or not minutes >> start & 1:
        return False
    return free_for(demand.visit, calendar.free, minutes, start, bounds.least_gap) is None


def minutes_of(
    days: Iterable[date], rules: Rules, bounds: Bounds, window: Window, zone: ZoneInfo
) -> list[Mask]:
    """On each day, those at which a visit may begin."""
    within = allowed(window, bounds)
    return [grid_on(day, rules.grid_minutes, window, zone) & within for day in days]


def allowed(window: Window, bounds: Bounds) -> Mask:
    """The minutes within ``bounds``."""
    first = -(-(bounds.earliest - window.start) // MINUTE)
    return span(max(0, first), min(window.minutes, window.minute_of(bounds.before)))


def starts_on(day: date, fit: Fit, window: Window, zone: ZoneInfo) -> tuple[Start, ...]:
    """What of ``fit`` begins on that day of the salon."""
    first = max(0, window.minute_of(at_wall(day, 0, zone)))
    length = window.minute_of(at_wall(day + timedelta(days=1), 0, zone)) - first
    cut = span(0, length)
    starts = fit.starts >> first & cut
    if not starts:
        return ()
    by_staff = [_cut(found, first, cut) for found in fit.by_staff]
    return tuple(
        Start(
            starts_at=window.at(first + minute).astimezone(zone),
            staff_ids=tuple(
                tuple(staff_id for staff_id, mask in found.items() if mask >> minute & 1)
                for found in by_staff
            ),
        )
        for minute in bits(starts)
    )


def _cut(found: Mapping[UUID, Mask], first: int, cut: Mask) -> dict[UUID, Mask]:
    return {staff_id: part for staff_id, mask in found.items() if (part := mask >> first & cut)}
