from typing import Annotated

from ninja import Field, Schema

from tenant_apps.booking import schemas

Lines = Annotated[list[schemas.LineIn], Field(min_length=1, max_length=schemas.MOST_LINES)]


class WaitIn(schemas.Strict):
    lines: Lines


class WaitOut(Schema):
    """``lines[i].staff_ids``: who could do line i then."""

    wait_minutes: int
    starts_at: schemas.Instant
    lines: list[schemas.StaffChoice]


class WalkInIn(schemas.Strict):
    """``client`` left out: somebody whose name nobody asked."""

    lines: Lines
    client: schemas.SomeClient | None = None
