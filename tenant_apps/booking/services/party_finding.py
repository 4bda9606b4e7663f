"""Finding a place for people who come together, under the day lock: for all of them or none."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.errors import DomainError
from shared_apps.core.money import Money
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.policies.party import MOST_OF_A_BOOKING, Gathering, Party
from tenant_apps.booking.policies.placing import Placed
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.calendar import Calendar, local_days, window_of
from tenant_apps.booking.selectors.limits import bounds_for
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.selectors.together import (
    PartyDemand,
    PartySearch,
    calendars_for,
    nearest_together,
    party_demand,
    search_together,
)
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.deciding import (
    allowed,
    check_bounds,
    check_overrides,
    chosen,
    least_loaded,
    minute_for,
    whole_of,
)
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.services.finding import A_WEEK, Place
from tenant_apps.booking.types import Companion, PartyDays, PartyStart
from tenants.selectors import current_salon


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyWish:
    """As ``Wish``, for several who begin together. ``ignoring``: their own visits, which are
    being moved."""

    starts_at: datetime
    coming: tuple[Companion, ...]
    total: Money | None = None
    ignoring: tuple[UUID, ...] = ()
    overrides: frozenset[str] = frozenset()
    is_again: bool = False


def find_places(wish: PartyWish, actor: Actor) -> list[Place]:
    """Lock the wish's days, then choose people and units for everybody: a place for each.

    Raises what ``find_place`` raises; ``SlotTaken`` without alternatives, which are looked for
    when the day is no longer locked.
    """
    check_overrides(wish.overrides, actor)
    zone = current_salon().zone
    return with_setup(lambda setup: _Finder(setup, wish, actor, zone).find())


def days_of_party(wish: PartyWish, actor: Actor) -> tuple[date, ...]:
    """As ``days_of``."""
    zone = current_salon().zone

    def touched(setup: Setup) -> tuple[date, ...]:
        demand = party_demand(setup, wish.coming, actor, is_again=wish.is_again)
        return local_days(wish.starts_at, demand.longest, zone)

    return with_setup(touched)


def party_taken(wish: PartyWish, actor: Actor) -> SlotTaken:
    """With the nearest times of the days from then on, read without a lock; with none when
    nothing of it is sold any more."""
    zone = current_salon().zone
    day = wish.starts_at.astimezone(zone).date()
    search = PartySearch(
        coming=wish.coming,
        first=day,
        last=day + A_WEEK,
        ignoring=wish.ignoring,
        is_again=wish.is_again,
    )
    try:
        found = search_together(search, actor=actor, zone=zone, moment=now())
    except DomainError:
        found = PartyDays(days=())
    nearest = nearest_together(found, wish.starts_at)
    return SlotTaken(extra={"alternatives": [party_start_as_json(start) for start in nearest]})


def party_start_as_json(start: PartyStart) -> dict[str, object]:
    return {
        "starts_at": start.starts_at.isoformat(),
        "members": [{"staff_ids": [str(pk) for pk in ids]} for ids in start.staff_ids],
    }


@dataclass(frozen=True, slots=True)
class _Finder:
    setup: Setup
    wish: PartyWish
    actor: Actor
    zone: ZoneInfo

    def find(self) -> list[Place]:
        wish, setup, zone = self.wish, self.setup, self.zone
        demand = party_demand(setup, wish.coming, self.actor, is_again=wish.is_again)
        moment = now()
        bounds = [bounds_for(d, self.actor, setup.rules, moment, zone) for d in demand.members]
        check_bounds(wish.starts_at, bounds, moment, wish.overrides)
        days = local_days(wish.starts_at, demand.longest, zone)
        lock_days(days)
        window = window_of(days[0], days[-1], zone, beyond=demand.longest)
        calendars = calendars_for(
            setup,
            demand,
            wish.coming,
            window,
            zone,
            actor=self.actor,
            moment=now(),
            ignoring=wish.ignoring,
        )
        if calendars[0].has_expired:
            release_expired_holds()
        placed = self._placed(demand, calendars)
        return [
            Place(member, lines, window, zone, setup)
            for member, lines in zip(demand.members, placed, strict=True)
        ]

    def _placed(self, demand: PartyDemand, calendars: list[Calendar]) -> list[list[Placed]]:
        wish, places = self.wish, self.setup.places
        window = calendars[0].window
        start = minute_for(wish.starts_at, window, self.setup, self.actor, self.zone)
        preference = least_loaded(calendars[0].free)
        visits = tuple(member.visit for member in demand.members)

        def gathering(frees: tuple[Free, ...]) -> Gathering:
            return Gathering(Party(visits, frees, places), preference, MOST_OF_A_BOOKING)

        def place(where: Gathering, total: int | None) -> list[list[Placed]] | None:
            return where.placed(start, total)

        tries = zip(*(allowed(each, wish.overrides) for each in calendars), strict=True)
        return chosen(
            place,
            [gathering(frees) for frees in tries],
            gathering(tuple(whole_of(each, wish.overrides) for each in calendars)),
            expected=wish.total,
            total_of=demand.total,
            currency=demand.currency,
        )
