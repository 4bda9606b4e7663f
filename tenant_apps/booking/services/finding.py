"""Finding the place of a visit under the day lock: the one way in which time gets taken,
whoever asks and through whichever channel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.errors import DomainError
from shared_apps.core.money import Money
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.policies.crumbs import CRUMBS, free_for
from tenant_apps.booking.policies.masks import Mask, Window
from tenant_apps.booking.policies.placing import Placed, place_visit
from tenant_apps.booking.policies.visit import Free, Visit
from tenant_apps.booking.selectors.availability import availability, minutes_of, nearest, offers
from tenant_apps.booking.selectors.calendar import Calendar, local_days, read_calendar, window_of
from tenant_apps.booking.selectors.demand import Demand, demand_of
from tenant_apps.booking.selectors.limits import bounds_for, check_buyer, sold_on
from tenant_apps.booking.selectors.own_time import Staying, with_own
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.selectors.timings import timed
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.deciding import (
    allowed,
    check_bounds,
    check_overrides,
    chosen,
    least_loaded,
    minute_for,
    not_offered,
    whole_of,
)
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.types import AskedLine, Start
from tenant_apps.catalog.enums import AddonPlace
from tenants.selectors import current_salon

A_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A visit that somebody wants.

    - ``client_id``: the card whose own time must be free.
    - ``total``: refuse any other price.
    - ``ignoring``: a visit whose own time counts as free, because it is held or being moved.
    - ``overrides``: codes of refusals to set aside; whoever may not is ``Forbidden``.
    - ``is_for_nobody``: whom it is sold to is found out later.
    - ``is_again``: these lines were sold already; what is sold no more may still be moved.
    - ``staying``: it is there already, and neither the past nor the grid is asked about.
    """

    starts_at: datetime
    lines: tuple[AskedLine, ...]
    client_id: UUID | None = None
    total: Money | None = None
    ignoring: UUID | None = None
    overrides: frozenset[str] = frozenset()
    is_for_nobody: bool = False
    is_again: bool = False
    staying: Staying | None = None

    @property
    def waited(self) -> int:
        return self.staying.waited if self.staying else 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit goes; its days stay locked until the transaction ends."""

    demand: Demand
    placed: list[Placed]
    window: Window
    zone: ZoneInfo
    setup: Setup


def find_place(wish: Wish, actor: Actor) -> Place:
    """Lock the wish's days, then choose people and units for it.

    Raises ``SlotTaken`` (with alternatives of that day), ``NotOffered``, ``InThePast``,
    ``TooSoon``, ``TooFar``, ``PriceChanged`` or an error that names the line.
    """
    check_overrides(wish.overrides, actor)
    zone = current_salon().zone
    return with_setup(lambda setup: _Finder(setup, wish, actor, zone).find())


def days_of(wish: Wish, actor: Actor) -> tuple[date, ...]:
    """The days that ``find_place`` locks, for whoever has others to lock with them. By what is
    kept of the salon; should it have changed, ``find_place`` locks the rest."""
    zone = current_salon().zone

    def touched(setup: Setup) -> tuple[date, ...]:
        lines = timed(
            wish.lines, setup.options, client_id=None if wish.is_again else wish.client_id
        )
        demand = demand_of(setup, lines, actor, is_again=wish.is_again, waited=wish.waited)
        return local_days(wish.starts_at, demand.longest, zone)

    return with_setup(touched)


def in_the_coming_week(wish: Wish, actor: Actor) -> list[Start]:
    """The nearest times of the days after, read without a lock; none when nothing of it is sold
    any more."""
    zone = current_salon().zone
    day = wish.starts_at.astimezone(zone).date()
    try:
        found = availability(
            first=day,
            last=day + A_WEEK,
            lines=wish.lines,
            actor=actor,
            zone=zone,
            moment=now(),
            client_id=wish.client_id,
            ignoring=wish.ignoring,
            is_again=wish.is_again,
        )
    except DomainError:
        return []
    return nearest(found, wish.starts_at)


def taken(alternatives: Sequence[Start]) -> SlotTaken:
    return SlotTaken(extra={"alternatives": [start_as_json(start) for start in alternatives]})


def start_as_json(start: Start) -> dict[str, object]:
    return {
        "starts_at": start.starts_at.isoformat(),
        "lines": [{"staff_ids": [str(pk) for pk in ids]} for ids in start.staff_ids],
    }


@dataclass(frozen=True, slots=True)
class _Finder:
    setup: Setup
    wish: Wish
    actor: Actor
    zone: ZoneInfo

    def find(self) -> Place:
        wish, setup, zone = self.wish, self.setup, self.zone
        client_id = None if wish.is_again else wish.client_id
        lines = timed(wish.lines, setup.options, client_id=client_id)
        demand = demand_of(setup, lines, self.actor, is_again=wish.is_again, waited=wish.waited)
        if not (wish.is_for_nobody or wish.is_again):
            check_buyer(demand, self.actor, wish.client_id)
        if wish.staying is None:
            moment = now()
            bounds = bounds_for(demand, self.actor, setup.rules, moment, zone)
            check_bounds(wish.starts_at, [bounds], moment, wish.overrides)
        days = local_days(wish.starts_at, demand.longest, zone)
        lock_days(days)
        window = window_of(days[0], days[-1], zone, beyond=demand.longest)
        calendar = read_calendar(
            setup,
            demand,
            window,
            zone,
            moment=now(),
            client_id=wish.client_id,
            ignoring=wish.ignoring,
            sold=sold_on(demand, self.actor, window, zone),
        )
        if wish.staying:
            calendar = with_own(calendar, wish.staying, wish.client_id)
        if calendar.has_expired:
            release_expired_holds()
        return Place(demand, self._placed(demand, calendar), window, zone, setup)

    def _placed(self, demand: Demand, calendar: Calendar) -> list[Placed]:
        wish, window = self.wish, calendar.window
        start = (
            window.minute_of(wish.starts_at)
            if wish.staying
            else minute_for(wish.starts_at, window, self.setup, self.actor, self.zone)
        )
        preference, begins = least_loaded(calendar.free), self._begins(demand, window)

        def place(free: Free, total: int | None) -> list[Placed] | None:
            there = replace(free, sold={**free.sold, **begins}) if begins else free
            return place_visit(demand.visit, there, start, preference=preference, total=total)

        try:
            return chosen(
                place,
                self._tries(demand, calendar, start),
                whole_of(calendar, wish.overrides),
                expected=wish.total,
                total_of=demand.total,
                currency=demand.terms[0].currency,
            )
        except SlotTaken as refusal:
            raise taken(self._alternatives(demand, calendar)) from refusal

    def _begins(self, demand: Demand, window: Window) -> dict[int, Mask]:
        """By line, when it may begin: what has begun stays where it is, and nothing new goes into
        a gap before now."""
        staying, begins = self.wish.staying, dict[int, Mask]()
        if staying is None:
            return begins
        for place, (line, terms) in enumerate(zip(demand.lines, demand.terms, strict=True)):
            if line.path in staying.begun:
                begins[place] = 1 << window.minute_of(staying.begun[line.path])
            elif line.asked.is_new and terms.addon_place is AddonPlace.DURING:
                begins[place] = window.covered(staying.moment, window.end)
        return begins

    def _tries(self, demand: Demand, calendar: Calendar, start: int) -> Sequence[Free]:
        """Whoever may leave no crumbs is held to what is on offer that day."""
        bounds = bounds_for(demand, self.actor, self.setup.rules, now(), self.zone)
        if self.wish.staying or not bounds.least_gap:
            return allowed(calendar, self.wish.overrides)
        day = self.wish.starts_at.astimezone(self.zone).date()
        minutes = minutes_of([day], self.setup.rules, bounds, calendar.window, self.zone)
        free = free_for(demand.visit, calendar.free, minutes[0], start, bounds.least_gap)
        if free is None:
            raise not_offered(CRUMBS)
        return [free]

    def _alternatives(self, demand: Demand, calendar: Calendar) -> list[Start]:
        if self.wish.staying and self.wish.staying.begun:
            return []
        if self.wish.waited:  # at another time they wait for as long as is allowed by now
            patience = self.setup.rules.max_wait_minutes
            demand = replace(demand, visit=Visit(demand.visit.groups, patience))
        bounds = bounds_for(demand, self.actor, self.setup.rules, now(), self.zone)
        day = self.wish.starts_at.astimezone(self.zone).date()
        found = offers(demand, calendar, self.setup.rules, bounds, [day], self.zone)
        return nearest(found, self.wish.starts_at)
