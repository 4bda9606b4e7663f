"""Time in which a demo salon serves nobody: a training now and then, a chair that is broken."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.wall import at_wall
from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.errors import InThePast
from tenant_apps.booking.services.block_time import BlockRequest
from tenant_apps.booking.services.blocks import create_block
from tenant_apps.booking.services.bulk import Offer
from tenant_apps.booking.types import Override
from tenant_apps.demo.calendar import HOUR
from tenant_apps.staff.selectors import work_between

EVERY = timedelta(days=14)
LASTS = timedelta(hours=3)
BROKEN_AFTER = timedelta(days=2)
SPARE = 3  # units of a kind, so that one can be missed
ENTERED = Override(codes=frozenset({InThePast.code}), reason="demo")


def block_time(
    offer: Offer, days: Sequence[date], *, today: date, zone: ZoneInfo, actor: Actor
) -> None:
    """Before there are any visits. Everybody gets a training in turn."""
    for request in (*_trainings(offer, days, zone), *_broken(offer, today, zone)):
        create_block(request=request, actor=actor)


def _trainings(offer: Offer, days: Sequence[date], zone: ZoneInfo) -> Iterator[BlockRequest]:
    """In the first hours of the first long enough shift of each fortnight."""
    team = [performer.staff_id for performer in offer.setup.performers]
    work = work_between(set(team), days[0], days[-1], zone)
    for turn, first in enumerate(days[:: EVERY.days]):
        staff_id = team[turn % len(team)]
        begins, ends = at_wall(first, 0, zone), at_wall(first + EVERY, 0, zone)
        long = (s for s, e in work[staff_id].spans if begins <= s < ends and e - s > LASTS)
        starts_at = next(long, None)
        if starts_at:
            yield BlockRequest(
                kind=BlockKind.TRAINING,
                staff_id=staff_id,
                starts_at=starts_at,
                ends_at=starts_at + LASTS,
                override=ENTERED,
            )


def _broken(offer: Offer, today: date, zone: ZoneInfo) -> Iterator[BlockRequest]:
    unit_id = _spare_unit(offer)
    if unit_id:
        day = today + BROKEN_AFTER
        yield BlockRequest(
            kind=BlockKind.OUT_OF_SERVICE,
            unit_id=unit_id,
            starts_at=at_wall(day, 13 * HOUR, zone),
            ends_at=at_wall(day, 17 * HOUR, zone),
            override=ENTERED,
        )


def _spare_unit(offer: Offer) -> UUID | None:
    """The last of a kind of which there are enough."""
    by_kind: dict[str, list[UUID]] = {}
    for unit in offer.setup.units:
        by_kind.setdefault(unit.kind, []).append(unit.unit_id)
    return next((units[-1] for units in by_kind.values() if len(units) >= SPARE), None)
