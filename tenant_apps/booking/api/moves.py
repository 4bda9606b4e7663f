from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Field, Router
from pydantic import AwareDatetime

from shared_apps.core.auth import Open
from shared_apps.core.http import problems
from tenant_apps.booking import schemas
from tenant_apps.booking.api.appointments import OWN_VISIT
from tenant_apps.booking.links import visitor
from tenant_apps.booking.selectors.access import visible_appointment
from tenant_apps.booking.services.book import NOTHING
from tenant_apps.booking.services.move import MoveRequest, move_appointment

router = Router(tags=["booking"])


class StaffIn(schemas.Strict):
    """``staff_id`` null: anyone."""

    line_id: UUID
    staff_id: UUID | None


class MoveIn(schemas.Strict):
    """``staff``: who does a line from now on. Lines that are not named stay with their person,
    or go to another when nobody in particular was asked for and that person is not free."""

    starts_at: AwareDatetime
    staff: Annotated[list[StaffIn], Field(max_length=schemas.MOST_LINES)] = []
    version: int | None = None
    override: schemas.OverrideIn | None = None

    def as_request(self) -> MoveRequest:
        return MoveRequest(
            starts_at=self.starts_at,
            staff={chosen.line_id: chosen.staff_id for chosen in self.staff},
            expected_version=self.version,
            override=self.override.as_override() if self.override else NOTHING,
        )


@router.post(
    "/appointments/{uuid:appointment_id}/reschedule",
    operation_id="rescheduleAppointment",
    auth=Open(OWN_VISIT),
    response={200: schemas.AppointmentOut, **problems(401, 403, 404, 409, 410, 422)},
)
def reschedule_appointment(
    request: HttpRequest, appointment_id: UUID, payload: MoveIn
) -> dict[str, Any]:
    """Move the visit to another time, or to other people. Its price stays as it was booked."""
    actor = visitor(request, moment=now())
    move_appointment(appointment_id=appointment_id, request=payload.as_request(), actor=actor)
    sight = visible_appointment(appointment_id, actor)
    return schemas.appointment_out(sight.view, with_link=sight.with_link)
