"""Blocking time of a person or a unit: a training, office work, a broken chair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.copying import insert
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Forbidden, Invalid, Stale
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.spans import joined, without
from shared_apps.core.wall import Interval
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.errors import InThePast, SlotTaken, TooFar
from tenant_apps.booking.events import BlockCreated, BlockEvent, BlockRemoved
from tenant_apps.booking.models import Allocation, Block
from tenant_apps.booking.permissions import BLOCK, BLOCK_ANY, OVERRIDE, SEE_ANY
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.selectors.blocks import (
    InTheWay,
    can_be_blocked,
    get_block,
    in_the_way,
    is_own_column,
    locked_block,
)
from tenant_apps.booking.selectors.calendar import local_days
from tenant_apps.booking.selectors.visits import block_fact
from tenant_apps.booking.services.allocations import give_back, take
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.types import NOTHING, Override
from tenants.selectors import current_salon

LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=3650)
MOST_SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockRequest:
    """Time of one person or of one unit. ``rest``: only what is free of it. ``override`` can set
    aside that the time has begun already."""

    kind: BlockKind
    starts_at: datetime
    ends_at: datetime
    staff_id: UUID | None = None
    unit_id: UUID | None = None
    rest: bool = False
    override: Override = NOTHING

    @property
    def subject(self) -> tuple[str, UUID]:
        """The field that names whose time it is, and its id."""
        if self.staff_id and not self.unit_id:
            return "staff_id", self.staff_id
        if self.unit_id and not self.staff_id:
            return "unit_id", self.unit_id
        raise Invalid(fields={"staff_id": _("Name either a person or a unit.")})


@retried_once
def create_block(*, request: BlockRequest, actor: Actor, attempt: Attempt | None = None) -> UUID:
    """Take the time of one person or unit, so that nothing can be booked there.

    Raises ``SlotTaken``, whose ``extra["in_the_way"]`` lists visits and blocks for those who
    may see them, ``InThePast``, ``TooFar``, or an error that names the field.
    """
    return once(attempt, lambda planned: _create(planned, request=request, actor=actor))


def _create(block_id: UUID, *, request: BlockRequest, actor: Actor) -> UUID:
    _require(request.staff_id, actor)
    if request.override.codes:
        actor.require(OVERRIDE)
    field, subject_id = request.subject
    _check_subject(request, field, subject_id)
    _check_times(request)
    zone = current_salon().zone
    lock_days(local_days(request.starts_at, _minutes(request), zone))
    block = Block(
        id=block_id,
        kind=request.kind,
        staff_id=request.staff_id,
        unit_id=request.unit_id,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
    )
    allocations = [_allocation(block, part) for part in _parts(request, subject_id, actor)]
    insert([block])
    take(allocations)
    _tell(BlockCreated, block, allocations, zone, actor=actor, override=request.override)
    return block_id


@retried_once
@transaction.atomic
def remove_block(*, block_id: UUID, actor: Actor, expected_version: int | None = None) -> None:
    """Give the time back at once. Raises ``NoSuchBlock``, ``Stale``."""
    actor.require(BLOCK)
    zone = current_salon().zone
    # The days before the block, as whoever puts a visit upon it: when it is never changes.
    lock_days(_days(get_block(block_id), zone))
    block = locked_block(block_id)
    _require(block.staff_id, actor)
    if expected_version not in {None, block.version}:
        raise Stale(extra={"version": block.version})
    give_back(Allocation.objects.filter(block=block))
    block.removed_at, block.version = now(), block.version + 1
    block.save(update_fields=["removed_at", "version", "updated_at"])
    _tell(BlockRemoved, block, [], zone, actor=actor)


def _require(staff_id: UUID | None, actor: Actor) -> None:
    """Everybody who may block at all may block their own column."""
    actor.require(BLOCK)
    if not actor.may(BLOCK_ANY) and not is_own_column(staff_id, actor):
        raise Forbidden


def _check_subject(request: BlockRequest, field: str, subject_id: UUID) -> None:
    if not can_be_blocked(field, subject_id):
        raise Invalid(fields={field: _("There is nobody and nothing of that id here.")})
    if request.kind == BlockKind.OUT_OF_SERVICE and request.staff_id:
        raise Invalid(fields={"kind": _("Only a chair, a room or a device is out of service.")})


def _check_times(request: BlockRequest) -> None:
    this_minute = now().replace(second=0, microsecond=0)
    if request.starts_at < this_minute and InThePast.code not in request.override.codes:
        raise InThePast(fields={"starts_at": InThePast.message})
    if request.starts_at > this_minute + FURTHEST:
        raise TooFar(fields={"starts_at": TooFar.message})
    for field in ("starts_at", "ends_at"):
        instant: datetime = getattr(request, field)
        if instant.second or instant.microsecond:
            raise Invalid(fields={field: _("Give a whole minute.")})
    if request.ends_at <= request.starts_at:
        raise Invalid(fields={"ends_at": _("The end lies before the beginning.")})
    if request.ends_at - request.starts_at > LONGEST:
        raise Invalid(fields={"ends_at": _("Block at most a year at once.")})


def _minutes(spanning: BlockRequest | Block) -> int:
    return (spanning.ends_at - spanning.starts_at) // MINUTE


def _days(block: Block, zone: ZoneInfo) -> tuple[date, ...]:
    return local_days(block.starts_at, _minutes(block), zone)


def _parts(request: BlockRequest, subject_id: UUID, actor: Actor) -> list[Interval]:
    """What the block will take, read under the lock."""
    starts_at, ends_at = request.starts_at, request.ends_at
    there = _without_expired(in_the_way(subject_id, starts_at, ends_at))
    if there and not request.rest:
        raise _taken(there, actor)
    taken = joined((met.starts_at, met.ends_at) for met in there)
    parts = without([(starts_at, ends_at)], taken)
    if not parts:
        raise _taken(there, actor)
    return parts


def _without_expired(there: Sequence[InTheWay]) -> list[InTheWay]:
    """Holds that ran out are nobody's time any more; their rows go first."""
    moment = now()
    left = [met for met in there if met.expires_at is None or met.expires_at > moment]
    if len(left) < len(there):
        release_expired_holds()
    return left


def _taken(there: Sequence[InTheWay], actor: Actor) -> SlotTaken:
    zone = current_salon().zone
    shown = there[:MOST_SHOWN] if actor.may(SEE_ANY) else ()
    return SlotTaken(extra={"in_the_way": [_shown(met, zone) for met in shown]})


def _shown(met: InTheWay, zone: ZoneInfo) -> dict[str, object]:
    return {
        "appointment_id": met.appointment_id,
        "block_id": met.block_id,
        "starts_at": met.starts_at.astimezone(zone).isoformat(),
        "ends_at": met.ends_at.astimezone(zone).isoformat(),
    }


def _allocation(block: Block, part: Interval) -> Allocation:
    return Allocation(
        staff_id=block.staff_id,
        unit_id=block.unit_id,
        during=DateTimeTZRange(*part),
        shared_by=block.pk,
        block=block,
    )


def _tell(
    kind: type[BlockEvent],
    block: Block,
    allocations: Sequence[Allocation],
    zone: ZoneInfo,
    *,
    actor: Actor,
    override: Override = NOTHING,
) -> None:
    event = kind(
        stream_id=block.pk,
        version=block.version,
        days=_days(block, zone),
        block=block_fact(block, allocations),
        reason=override.reason,
        overrides=tuple(sorted(override.codes)),
    )
    publish(event, actor=actor)
