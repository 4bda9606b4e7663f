"""What clients ask for. S: public source; A: assumption."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from shared_apps.core.wall import at_wall
from tenant_apps.booking.enums import CancelReason
from tenant_apps.demo.calendar import LEAD_SPREAD, MEDIAN_LEAD_DAYS, REBOOKED
from tenant_apps.demo.furnished import Client
from tenant_apps.demo.menu import Craft, Item
from tenant_apps.demo.menu_list import COMPANIONS

LINES = ((1, 2, 3, 4), (52, 33, 12, 3))  # A
CANCELLED = {Craft.HAIR: 0.08, Craft.NAILS: 0.16, Craft.BEAUTY: 0.14}  # S: Zenoti 2025
BY_SALON = 0.2  # A
MOMENTS = ((540, 1080, 0.54), (1080, 1320, 0.28), (360, 540, 0.18))  # S: Phorest
LATE_WITHIN_HOURS = 72.0  # A


@dataclass(frozen=True, slots=True)
class Booking:
    """When it was made and, perhaps, when and why it was given back."""

    at: datetime
    cancelled_at: datetime | None
    reason: CancelReason


class Clientele:
    """Draws clients as often as they come, men and women apart."""

    def __init__(self, clients: Sequence[Client]) -> None:
        self._all = _Urn(clients)
        self._men = _Urn([client for client in clients if client.person.is_man])
        self._women = _Urn([client for client in clients if not client.person.is_man])

    def draw(self, items: Sequence[Item], luck: Random) -> Client:
        audiences = {item.for_men for item in items if item.for_men is not None}
        if audiences == {True}:
            return self._men.draw(luck)
        return (self._women if audiences else self._all).draw(luck)


class _Urn:
    def __init__(self, clients: Sequence[Client]) -> None:
        self._clients = clients
        self._weights = list(accumulate(client.person.weight for client in clients))

    def draw(self, luck: Random) -> Client:
        return luck.choices(self._clients, cum_weights=self._weights)[0]


def draw_items(sold: Mapping[int, Item], craft: Craft, luck: Random) -> list[Item]:
    """The services of one visit out of those that are ``sold``, by number, in the order in
    which they are done: colour before cut."""
    own = [item for item in sold.values() if item.section.craft is craft]
    first = luck.choices(own, [item.asked for item in own])[0]
    found = [first]
    for _ in range(luck.choices(*LINES)[0] - 1):
        more = [
            sold[number]
            for item in found
            for number in COMPANIONS.get(item.number, ())
            if number in sold and sold[number] not in found
        ]
        if not more:
            break
        found.append(luck.choices(more, [1 / rank for rank in range(1, len(more) + 1)])[0])
    return sorted(found, key=lambda item: item.sequence or 0)


def with_addons(
    items: Sequence[Item], goes: Callable[[Item, Item], bool]
) -> list[tuple[Item, list[Item]]]:
    """Each service with what is added to it; ``goes`` tells whether a service and an add-on can
    be had together. An add-on that belongs to none of ``items`` is had by itself."""
    found: list[tuple[Item, list[Item]]] = []
    added: list[Item] = []
    for item in items:
        extras = [
            other
            for other in items
            if item.number in other.under and other not in added and goes(item, other)
        ]
        added += extras
        found.append((item, extras))
    return [(item, extras) for item, extras in found if item not in added]


def draw_booking(
    starts_at: datetime, craft: Craft, *, until: datetime, zone: ZoneInfo, luck: Random
) -> Booking:
    """Made before the visit and before ``until``, the moment at which the demo begins."""
    latest = min(starts_at - timedelta(minutes=20), until)
    if luck.random() < REBOOKED:
        lead = luck.uniform(21, 28) if craft is Craft.NAILS else luck.uniform(28, 56)
    else:
        lead = MEDIAN_LEAD_DAYS * luck.lognormvariate(0, LEAD_SPREAD)
    made_on = (starts_at - timedelta(days=lead)).astimezone(zone).date()
    at = min(_moment_on(made_on, zone, luck), latest - _hours(luck))
    is_cancelled = luck.random() < CANCELLED[craft]
    reason = CancelReason.SALON if luck.random() < BY_SALON else CancelReason.CLIENT
    cancelled_at = _second(at + (latest - at) * luck.random()) if is_cancelled else None
    return Booking(_second(at), cancelled_at, reason)


def _moment_on(day: date, zone: ZoneInfo, luck: Random) -> datetime:
    first, last, _ = luck.choices(MOMENTS, [share for _, _, share in MOMENTS])[0]
    return at_wall(day, luck.randrange(first, last), zone) + timedelta(seconds=luck.randrange(60))


def _hours(luck: Random) -> timedelta:
    """What had to be booked late was booked on one of the last three days."""
    return timedelta(hours=luck.uniform(0, LATE_WITHIN_HOURS))


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
