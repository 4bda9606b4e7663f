from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router

from shared_apps.core.auth import Open
from shared_apps.core.http import problems
from tenant_apps.booking import schemas
from tenant_apps.booking.api.appointments import OWN_VISIT
from tenant_apps.booking.api.move_schemas import MoveIn
from tenant_apps.booking.links import visitor
from tenant_apps.booking.selectors.access import visible_appointment
from tenant_apps.booking.services.move import move_appointment

router = Router(tags=["booking"])


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
