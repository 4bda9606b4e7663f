from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.booking import schemas

Lines = Annotated[list[schemas.LineIn], Field(min_length=1, max_length=schemas.MOST_LINES)]


class WaitIn(schemas.Strict):
    """``client_id``: a card whose own time must be free, and with whom it takes their time."""

    lines: Lines
    client_id: UUID | None = None


class WaitOut(Schema):
    """``lines[i].staff_ids``: who could do line i then."""

    wait_minutes: int
    starts_at: schemas.Instant
    lines: list[schemas.StaffChoice]


class WalkInIn(schemas.Strict):
    """``client`` left out: somebody whose name nobody asked."""

    lines: Lines
    client: schemas.SomeClient | None = None
