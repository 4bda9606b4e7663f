from typing import Annotated
from uuid import UUID

from ninja import Field

from tenant_apps.booking import schemas
from tenant_apps.booking.services.move import MoveRequest
from tenant_apps.booking.types import NOTHING


class StaffIn(schemas.Strict):
    """``staff_id`` null: anyone."""

    line_id: UUID
    staff_id: UUID | None


class UnitsIn(schemas.Strict):
    """The chair or room to have a line on."""

    line_id: UUID
    unit_ids: Annotated[list[UUID], Field(min_length=1, max_length=schemas.MOST_PHASES)]


class MoveIn(schemas.Strict):
    """``staff``: who does a line from now on. Lines that are not named stay with their person,
    or go to another when nobody in particular was asked for and that person is not free.

    ``units`` is for staff to say; with the same ``starts_at`` the visit only changes its chair.
    """

    starts_at: schemas.Moment
    staff: Annotated[list[StaffIn], Field(default_factory=list, max_length=schemas.MOST_LINES)]
    units: Annotated[list[UnitsIn], Field(default_factory=list, max_length=schemas.MOST_LINES)]
    version: int | None = None
    override: schemas.OverrideIn | None = None

    def as_request(self) -> MoveRequest:
        return MoveRequest(
            starts_at=self.starts_at,
            staff={chosen.line_id: chosen.staff_id for chosen in self.staff},
            units={chosen.line_id: frozenset(chosen.unit_ids) for chosen in self.units},
            expected_version=self.version,
            override=self.override.as_override() if self.override else NOTHING,
        )
