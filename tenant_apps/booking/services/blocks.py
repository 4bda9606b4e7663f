"""Blocking time of a person or a unit: a training, office work, a broken chair."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.copying import insert
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Stale
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.wall import Interval
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.events import BlockChanged, BlockCreated, BlockEvent, BlockRemoved
from tenant_apps.booking.models import Allocation, Block
from tenant_apps.booking.permissions import BLOCK
from tenant_apps.booking.selectors.blocks import get_block, locked_block
from tenant_apps.booking.selectors.visits import block_fact
from tenant_apps.booking.services.allocations import give_back, take
from tenant_apps.booking.services.block_time import (
    BlockRequest,
    check_may_block,
    check_request,
    days_of,
    free_parts,
)
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.types import NOTHING, Override
from tenants.selectors import current_salon


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockChange:
    """What is ``None`` stays; naming a person or a unit moves the block to that column.

    ``rest``: take only what is free of its time, old or new.
    """

    kind: BlockKind | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    staff_id: UUID | None = None
    unit_id: UUID | None = None
    rest: bool = False
    override: Override = NOTHING
    expected_version: int | None = None

    def of(self, block: Block) -> BlockRequest:
        """What it makes of ``block``."""
        is_elsewhere = self.staff_id or self.unit_id
        return BlockRequest(
            kind=self.kind or BlockKind(block.kind),
            starts_at=self.starts_at or block.starts_at,
            ends_at=self.ends_at or block.ends_at,
            staff_id=self.staff_id if is_elsewhere else block.staff_id,
            unit_id=self.unit_id if is_elsewhere else block.unit_id,
            rest=self.rest,
            override=self.override,
        )


@retried_once
def create_block(*, request: BlockRequest, actor: Actor, attempt: Attempt | None = None) -> UUID:
    """Take the time of one person or unit, so that nothing can be booked there.

    Raises ``SlotTaken``, whose ``extra["in_the_way"]`` lists visits and blocks for those who
    may see them, ``InThePast``, ``TooFar``, or an error that names the field.
    """
    return once(attempt, lambda planned: _create(planned, request=request, actor=actor))


def _create(block_id: UUID, *, request: BlockRequest, actor: Actor) -> UUID:
    check_request(request, actor)
    zone = current_salon().zone
    lock_days(days_of(request, zone))
    block = Block(
        id=block_id,
        kind=request.kind,
        staff_id=request.staff_id,
        unit_id=request.unit_id,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
    )
    allocations = _allocations(block, free_parts(request, actor))
    insert([block])
    take(allocations)
    _tell(BlockCreated, block, allocations, zone, actor=actor, override=request.override)
    return block_id


@retried_once
@transaction.atomic
def change_block(*, block_id: UUID, change: BlockChange, actor: Actor) -> None:
    """Give its time back and take another, or change nothing; its own time counts as free.

    Whoever changes a block must be allowed to block both where it was and where it comes to.
    Raises ``NoSuchBlock``, ``Stale``, and what ``create_block`` does.
    """
    actor.require(BLOCK)
    zone = current_salon().zone

    def planned_days(block: Block) -> set[date]:
        request = _planned(block, change, actor)
        return {*days_of(block, zone), *days_of(request, zone)}

    block = _hold_block(block_id, planned_days)
    request, left = _planned(block, change, actor), days_of(block, zone)
    if _is_there(block, request):
        return
    was = _where(block)
    _become(block, request)
    allocations = list(Allocation.objects.filter(block=block))
    if request.rest or _where(block) != was:
        give_back(allocations)
        allocations = _allocations(block, free_parts(request, actor))
        take(allocations)
    _tell(BlockChanged, block, allocations, zone, actor=actor, override=change.override, also=left)


@retried_once
@transaction.atomic
def remove_block(*, block_id: UUID, actor: Actor, expected_version: int | None = None) -> None:
    """Give the time back at once. Raises ``NoSuchBlock``, ``Stale``."""
    actor.require(BLOCK)
    zone = current_salon().zone
    block = _hold_block(block_id, lambda found: set(days_of(found, zone)))
    check_may_block(block.staff_id, actor)
    _check_version(block, expected_version)
    give_back(Allocation.objects.filter(block=block))
    block.removed_at, block.version = now(), block.version + 1
    block.save(update_fields=["removed_at", "version", "updated_at"])
    _tell(BlockRemoved, block, [], zone, actor=actor)


def _hold_block(block_id: UUID, days: Callable[[Block], set[date]]) -> Block:
    """The block, its ``days`` locked before it, as by whoever puts a visit upon it."""
    held = days(get_block(block_id))
    lock_days(held)
    block = locked_block(block_id)
    moved_to = days(block) - held
    if moved_to:  # while we waited
        lock_days(moved_to)
    return block


def _planned(block: Block, change: BlockChange, actor: Actor) -> BlockRequest:
    """What the block is to be, which ``actor`` may make of it."""
    check_may_block(block.staff_id, actor)
    _check_version(block, change.expected_version)
    request = change.of(block)
    check_request(request, actor, before=block)
    return request


def _check_version(block: Block, expected: int | None) -> None:
    if expected not in {None, block.version}:
        raise Stale(extra={"version": block.version})


def _is_there(block: Block, request: BlockRequest) -> bool:
    is_same = (block.kind, *_where(block)) == (request.kind, *_where(request))
    return is_same and not request.rest


def _where(found: Block | BlockRequest) -> tuple[object, ...]:
    return found.staff_id, found.unit_id, found.starts_at, found.ends_at


def _become(block: Block, request: BlockRequest) -> None:
    block.kind = request.kind
    block.staff_id, block.unit_id = request.staff_id, request.unit_id
    block.starts_at, block.ends_at = request.starts_at, request.ends_at
    block.version += 1
    block.save(
        update_fields=["kind", "staff", "unit", "starts_at", "ends_at", "version", "updated_at"]
    )


def _allocations(block: Block, parts: Sequence[Interval]) -> list[Allocation]:
    return [
        Allocation(
            staff_id=block.staff_id,
            unit_id=block.unit_id,
            during=DateTimeTZRange(*part),
            shared_by=block.pk,
            block=block,
        )
        for part in parts
    ]


def _tell(
    kind: type[BlockEvent],
    block: Block,
    allocations: Sequence[Allocation],
    zone: ZoneInfo,
    *,
    actor: Actor,
    override: Override = NOTHING,
    also: Collection[date] = (),
) -> None:
    """``also``: days that it has left."""
    event = kind(
        stream_id=block.pk,
        version=block.version,
        days=tuple(sorted({*days_of(block, zone), *also})),
        block=block_fact(block, allocations),
        reason=override.reason,
        overrides=tuple(sorted(override.codes)),
    )
    publish(event, actor=actor)
