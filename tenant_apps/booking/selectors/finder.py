"""Searching for a time with wishes: weekdays, hours, the first one, the tidiest ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.wall import at_wall, days_between
from tenant_apps.booking.policies.crumbs import fit_tidily, rank
from tenant_apps.booking.policies.fitting import Fit, cut_fit
from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import Mask, Window
from tenant_apps.booking.selectors.availability import minutes_of, starts_on
from tenant_apps.booking.selectors.calendar import read_calendar, window_of
from tenant_apps.booking.selectors.demand import demand_of
from tenant_apps.booking.selectors.limits import bounds_for, check_buyer, sold_on
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.selectors.timings import timed
from tenant_apps.booking.types import AskedLine, FoundDay, FoundStart


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What somebody looks for, from ``first`` to ``last``, both included.

    - ``weekdays``: Monday is 0; none named: any.
    - ``from_minute``, ``until_minute``: the visit begins in ``[from, until)``, minutes after
      the salon's midnight.
    - ``client_id``: the card whose own time must be free.
    - ``ignoring``: a visit whose own time counts as free; ``is_moving``: which is to be had at
      another time, for as long as it was booked.
    - ``is_first_only``: up to the first day with a start.
    - ``is_ranked``: say of each start what crumbs it would leave.
    """

    lines: Sequence[AskedLine]
    first: date
    last: date
    weekdays: Collection[int] = ()
    from_minute: int = 0
    until_minute: int = 24 * 60
    client_id: UUID | None = None
    ignoring: UUID | None = None
    is_moving: bool = False
    is_first_only: bool = False
    is_ranked: bool = False


def search(wanted: Search, *, actor: Actor, zone: ZoneInfo, moment: datetime) -> list[FoundDay]:
    """Every start that ``actor`` could book at ``moment`` and that ``wanted`` allows."""
    return with_setup(lambda setup: _search(setup, wanted, actor, zone, moment))


def _search(
    setup: Setup, wanted: Search, actor: Actor, zone: ZoneInfo, moment: datetime
) -> list[FoundDay]:
    moving = wanted.ignoring if wanted.is_moving else None
    lines = timed(wanted.lines, setup.options, client_id=wanted.client_id, moving=moving)
    demand = demand_of(setup, lines, actor)
    check_buyer(demand, actor, wanted.client_id)
    window = window_of(wanted.first, wanted.last, zone, beyond=demand.longest)
    calendar = read_calendar(
        setup,
        demand,
        window,
        zone,
        moment=moment,
        client_id=wanted.client_id,
        ignoring=wanted.ignoring,
        sold=sold_on(demand, actor, window, zone),
        glancing=True,
    )
    bounds = bounds_for(demand, actor, setup.rules, moment, zone)
    days = [
        day
        for day in days_between(wanted.first, wanted.last)
        if not wanted.weekdays or day.weekday() in wanted.weekdays
    ]
    hours = wanted.from_minute, wanted.until_minute
    grid = minutes_on(days, hours, setup.rules.grid_minutes, window, zone)
    # What is tidy goes by the whole day, whatever hours are asked for.
    minutes = minutes_of(days, setup.rules, bounds, window, zone)
    if not bounds.least_gap:
        minutes = [of_day & grid for of_day in minutes]
    fit = cut_fit(fit_tidily(demand.visit, calendar.free, minutes, bounds.least_gap), grid)
    if wanted.is_first_only:
        fit = _first_day(fit, days, window, zone)
    crumbs = (
        rank(demand.visit, calendar.free, fit, setup.rules.min_gap_minutes or 30)
        if wanted.is_ranked
        else {}
    )
    return [
        FoundDay(
            date=day,
            starts=tuple(
                FoundStart(start=start, crumbs=crumbs.get(window.minute_of(start.starts_at)))
                for start in starts_on(day, fit, window, zone)
            ),
            is_whole=not fit.undecided & _day(day, window, zone),
        )
        for day in days
    ]


def minutes_on(
    days: Sequence[date], hours: tuple[int, int], step: int, window: Window, zone: ZoneInfo
) -> Mask:
    """Every ``step`` minutes of ``days`` within ``hours`` of the salon's clock."""
    grid = 0
    for day in days:
        begins, ends = (at_wall(day, minute, zone) for minute in hours)
        grid |= grid_on(day, step, window, zone) & window.covered(begins, ends)
    return grid


def _first_day(fit: Fit, days: Sequence[date], window: Window, zone: ZoneInfo) -> Fit:
    """Only the first day that has any start."""
    for day in days:
        starts = fit.starts & _day(day, window, zone)
        if starts:
            return replace(fit, starts=starts)
    return replace(fit, starts=0)


def _day(day: date, window: Window, zone: ZoneInfo) -> Mask:
    return window.covered(at_wall(day, 0, zone), at_wall(day, 24 * 60, zone))
