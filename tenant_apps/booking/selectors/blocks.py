"""Time that is blocked, and what a new block would meet."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from shared_apps.core.actor import Actor
from shared_apps.core.db import rows
from shared_apps.core.wall import DAY, at_wall
from tenant_apps.booking.errors import NoSuchBlock
from tenant_apps.booking.models import Allocation, Block

IN_THE_WAY = """
SELECT line.appointment_id, taken.block_id, lower(taken.during), upper(taken.during),
       taken.expires_at
FROM booking_allocation AS taken
LEFT JOIN booking_phase AS phase ON phase.id = taken.phase_id
LEFT JOIN booking_line AS line ON line.id = phase.line_id
WHERE taken.subject_id = %s AND taken.during && tstzrange(%s, %s)
ORDER BY 3
"""
OWN = "SELECT id FROM staff_member WHERE account_id = %s"
CAN_BE_BLOCKED = {
    "staff_id": "SELECT 1 FROM staff_member WHERE id = %s AND is_active",
    "unit_id": "SELECT 1 FROM catalog_unit WHERE id = %s AND is_active",
}


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A visit or another block that takes some of the time asked for; a hold takes it until
    ``expires_at``."""

    appointment_id: UUID | None
    block_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime | None


def in_the_way(subject_id: UUID, starts_at: datetime, ends_at: datetime) -> list[InTheWay]:
    """What takes this person's or unit's time, stretch by stretch, in order."""
    return [InTheWay(*row) for row in rows(IN_THE_WAY, subject_id, starts_at, ends_at)]


def can_be_blocked(field: str, subject_id: UUID) -> bool:
    """Is there such a member (``staff_id``) or unit (``unit_id``) still?"""
    return bool(rows(CAN_BE_BLOCKED[field], subject_id))


def is_own_column(staff_id: UUID | None, actor: Actor) -> bool:
    """Is ``actor`` that member of the team?"""
    if staff_id is None or actor.id is None:
        return False
    return (staff_id,) in rows(OWN, actor.id)


def get_block(block_id: UUID) -> Block:
    """Raises ``NoSuchBlock``, also when it was removed."""
    block = _with_parts(Block.objects.filter(pk=block_id, removed_at=None)).first()
    if block is None:
        raise NoSuchBlock
    return block


def locked_block(block_id: UUID) -> Block:
    """The block, which nobody else removes until this transaction ends. As ``get_block``."""
    held = Block.objects.select_for_update(no_key=True).filter(pk=block_id, removed_at=None)
    block = held.first()
    if block is None:
        raise NoSuchBlock
    return block


def blocks_between(
    first: date,
    last: date,
    zone: ZoneInfo,
    *,
    staff_id: UUID | None = None,
    unit_id: UUID | None = None,
) -> QuerySet[Block]:
    """What is blocked on these days, both included, in order, with its parts."""
    found = Block.objects.filter(
        removed_at=None,
        starts_at__lt=at_wall(last + DAY, 0, zone),
        ends_at__gt=at_wall(first, 0, zone),
    )
    if staff_id:
        found = found.filter(staff_id=staff_id)
    if unit_id:
        found = found.filter(unit_id=unit_id)
    return _with_parts(found.order_by("starts_at", "id"))


def _with_parts(blocks: QuerySet[Block]) -> QuerySet[Block]:
    return blocks.prefetch_related(
        Prefetch("allocations", queryset=Allocation.objects.order_by("during"))
    )
