"""Changing what a visit is: its services, and whose it is."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.idempotency import Attempt, checked_key
from shared_apps.core.requests import actor_of
from tenant_apps.booking import schemas
from tenant_apps.booking.api.line_schemas import AddLineIn, ChangeLineIn, SetClientIn
from tenant_apps.booking.permissions import CHANGE_ANY
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.services import add_line as adding
from tenant_apps.booking.services import change_line as changing
from tenant_apps.booking.services import set_client as naming

router = Router(tags=["booking"])
REFUSALS: Any = problems(401, 403, 404, 409, 422)


@router.post(
    "/appointments/{uuid:appointment_id}/lines",
    operation_id="addLine",
    auth=May(CHANGE_ANY),
    response={201: schemas.AppointmentOut, **REFUSALS},
)
def add_line(
    request: HttpRequest,
    appointment_id: UUID,
    payload: AddLineIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """One service more, at today's price. The visit keeps its time and its people."""
    actor, key = actor_of(request), checked_key(idempotency_key, required=False)
    adding.add_line(
        appointment_id=appointment_id,
        request=payload.as_request(),
        actor=actor,
        attempt=Attempt(actor, f"addLine {appointment_id}", key, request.body) if key else None,
    )
    return Status(201, schemas.appointment_out(get_appointment(appointment_id)))


@router.patch(
    "/appointments/{uuid:appointment_id}/lines/{uuid:line_id}",
    operation_id="changeLine",
    auth=May(CHANGE_ANY),
    response={200: schemas.AppointmentOut, **REFUSALS},
)
def change_line(
    request: HttpRequest, appointment_id: UUID, line_id: UUID, payload: ChangeLineIn
) -> dict[str, Any]:
    """Have a service in another way: another option, person or chair, for longer; or agree on
    its price."""
    changing.change_line(
        appointment_id=appointment_id,
        line_id=line_id,
        change=payload.as_change(),
        actor=actor_of(request),
        expected_version=payload.version,
        override=payload.as_override(),
    )
    return schemas.appointment_out(get_appointment(appointment_id))


@router.put(
    "/appointments/{uuid:appointment_id}/client",
    operation_id="setClient",
    auth=May(CHANGE_ANY),
    response={200: schemas.AppointmentOut, **REFUSALS},
)
def set_client(request: HttpRequest, appointment_id: UUID, payload: SetClientIn) -> dict[str, Any]:
    """Say whose visit it is, or that it was somebody else's."""
    client, _proof = schemas.as_client(payload.client, language=get_language() or "")
    naming.set_client(
        appointment_id=appointment_id,
        client=client,
        actor=actor_of(request),
        expected_version=payload.version,
        override=payload.as_override(),
    )
    return schemas.appointment_out(get_appointment(appointment_id))
