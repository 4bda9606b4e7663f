from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ninja import Field, Schema

from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.models import Block
from tenant_apps.booking.schemas import Instant, Moment, OverrideIn, Strict
from tenant_apps.booking.services.block_time import BlockRequest
from tenant_apps.booking.services.blocks import BlockChange
from tenant_apps.booking.types import NOTHING


class BlockIn(Strict):
    """Either ``staff_id`` or ``unit_id``. Whole minutes."""

    kind: BlockKind
    starts_at: Moment
    ends_at: Moment
    staff_id: UUID | None = None
    unit_id: UUID | None = None
    rest: bool = Field(False, description="Block only what is free of that time")
    override: OverrideIn | None = Field(
        None, description="`in_the_past`, for time that has begun already"
    )

    def as_request(self) -> BlockRequest:
        override = self.override.as_override() if self.override else NOTHING
        return BlockRequest(**dict(self) | {"override": override})


class BlockPatch(Strict):
    """What is left out stays. Naming ``staff_id`` or ``unit_id`` moves it to that column."""

    kind: BlockKind | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    staff_id: UUID | None = None
    unit_id: UUID | None = None
    rest: bool = Field(False, description="Take only what is free of its time, as it will be")
    version: int | None = Field(None, description="As last seen; left out: whatever it is now")
    override: OverrideIn | None = Field(
        None, description="`in_the_past`, for more time that has begun already"
    )

    def as_change(self) -> BlockChange:
        facts = {name: value for name, value in self if name not in {"version", "override"}}
        override = self.override.as_override() if self.override else NOTHING
        return BlockChange(**facts, expected_version=self.version, override=override)


class BlockPartOut(Schema):
    starts_at: Instant
    ends_at: Instant


class BlockOut(Schema):
    """``parts``: what it takes; with gaps when it was asked for the rest."""

    id: UUID
    kind: BlockKind
    staff_id: UUID | None
    unit_id: UUID | None
    starts_at: Instant
    ends_at: Instant
    parts: list[BlockPartOut]
    version: int


class Blocks(Schema):
    items: list[BlockOut]
    next_cursor: str | None


def block_out(block: Block, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": block.pk,
        "kind": block.kind,
        "staff_id": block.staff_id,
        "unit_id": block.unit_id,
        "starts_at": block.starts_at.astimezone(zone),
        "ends_at": block.ends_at.astimezone(zone),
        "parts": [
            {
                "starts_at": part.during.lower.astimezone(zone),
                "ends_at": part.during.upper.astimezone(zone),
            }
            for part in block.allocations.all()
        ],
        "version": block.version,
    }
