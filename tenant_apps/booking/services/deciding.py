"""Deciding about a wish under the day lock, for one visit as for several who come together: is
it too late or too soon, what may be used for it, and what is wrong if nothing does."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.money import Money
from tenant_apps.booking.errors import (
    InThePast,
    NotOffered,
    PriceChanged,
    SlotTaken,
    TooFar,
    TooSoon,
)
from tenant_apps.booking.permissions import BOOK_OFF_RULES, OVERBOOK, OVERRIDE
from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import MINUTE, Window
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.calendar import Calendar
from tenant_apps.booking.selectors.limits import Bounds
from tenant_apps.booking.selectors.setup import Setup

NO_AMOUNT = -1
Where = TypeVar("Where")
Found = TypeVar("Found")


def check_overrides(codes: Collection[str], actor: Actor) -> None:
    """Raises ``Forbidden`` for whoever may not set these refusals aside."""
    if codes:
        actor.require(OVERRIDE)
    if SlotTaken.code in codes:
        actor.require(OVERBOOK)


def check_bounds(
    starts_at: datetime, bounds: Iterable[Bounds], moment: datetime, overrides: Collection[str]
) -> None:
    """Refuse what lies in the past, too soon or too far for any of several."""
    found = list(bounds)
    refusal: type[InThePast | TooSoon | TooFar] | None = None
    if starts_at < moment:
        refusal = InThePast
    elif any(starts_at < each.earliest for each in found):
        refusal = TooSoon
    elif any(starts_at >= each.before for each in found):
        refusal = TooFar
    if refusal and refusal.code not in overrides:
        raise refusal(fields={"starts_at": refusal.message})


def minute_for(
    starts_at: datetime, window: Window, setup: Setup, actor: Actor, zone: ZoneInfo
) -> int:
    """Which minute of ``window`` it is. Raises ``NotOffered`` for one that is not on the grid."""
    minute, rest = divmod(starts_at - window.start, MINUTE)
    day = starts_at.astimezone(zone).date()
    if rest or not (
        actor.may(BOOK_OFF_RULES)
        or grid_on(day, setup.rules.grid_minutes, window, zone) >> minute & 1
    ):
        raise not_offered()
    return minute


def chosen(
    place: Callable[[Where, int | None], Found | None],
    tries: Sequence[Where],
    whole: Where,
    *,
    expected: Money | None,
    total_of: Callable[[Found], Money],
    currency: str,
) -> Found:
    """What ``place`` finds in the first of ``tries`` where it finds anything at that price.

    Raises ``PriceChanged`` when there is something at another, ``NotOffered`` when not even
    ``whole``, with nobody in the way, has room for it, and otherwise ``SlotTaken``.
    """
    wanted = expected.amount if expected else None
    if expected and expected.currency != currency:
        wanted = NO_AMOUNT
    for where in tries:
        found = place(where, wanted)
        if found is not None:
            return found
    if expected:
        for where in tries:
            dearer = place(where, None)
            if dearer is not None:
                raise price_changed(total_of(dearer))
    if place(whole, None) is None:
        raise not_offered()
    raise SlotTaken


def allowed(calendar: Calendar, overrides: Collection[str]) -> list[Free]:
    """What may be used, the least irregular first: a free chair before a taken one, and never
    one that is full of the visit's own party."""
    frees = [calendar.free]
    if NotOffered.code in overrides:
        frees.append(calendar.unrostered)
    if SlotTaken.code in overrides:
        whole = whole_of(calendar, overrides)
        frees += [
            Free(
                staff=whole.staff,
                units=frees[-1].units,
                client=calendar.free.client,
                beside=calendar.free.beside,
            ),
            replace(
                whole,
                units={pk: mask & ~calendar.full.get(pk, 0) for pk, mask in whole.units.items()},
            ),
        ]
    return frees


def whole_of(calendar: Calendar, overrides: Collection[str]) -> Free:
    """What there would be if nobody else had anything: by the rota, or around the clock."""
    if NotOffered.code not in overrides:
        return calendar.rostered
    whole = calendar.window.all
    return Free(
        staff=dict.fromkeys(calendar.free.staff, whole),
        units=dict.fromkeys(calendar.free.units, whole),
        client=whole,
        beside=calendar.free.beside,
    )


def least_loaded(free: Free) -> dict[UUID, int]:
    """Who has most time left goes first."""
    return {staff_id: -mask.bit_count() for staff_id, mask in free.staff.items()}


def not_offered(*reasons: str) -> NotOffered:
    extra = {"reasons": list(reasons)} if reasons else {}
    return NotOffered(fields={"starts_at": NotOffered.message}, extra=extra)


def price_changed(total: Money) -> PriceChanged:
    return PriceChanged(extra={"total": {"amount": total.amount, "currency": total.currency}})
