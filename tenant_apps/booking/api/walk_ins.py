from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.idempotency import Attempt, checked_key
from shared_apps.core.requests import actor_of
from tenant_apps.booking import schemas
from tenant_apps.booking.api.walk_in_schemas import WaitIn, WaitOut, WalkInIn
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.services import walk_in

router = Router(tags=["booking"])


@router.post(
    "/walk-ins/wait",
    operation_id="getWalkInWait",
    auth=May(BOOK),
    response={200: WaitOut, **problems(401, 403, 409, 422)},
)
def get_walk_in_wait(request: HttpRequest, payload: WaitIn) -> dict[str, Any]:
    """How long somebody at the desk has to wait for these services. Takes nothing."""
    asked = [line.as_asked() for line in payload.lines]
    wait = walk_in.walk_in_wait(lines=asked, actor=actor_of(request), client_id=payload.client_id)
    return {
        "wait_minutes": wait.minutes,
        "starts_at": wait.start.starts_at,
        "lines": [{"staff_ids": found} for found in wait.start.staff_ids],
    }


@router.post(
    "/walk-ins",
    operation_id="bookWalkIn",
    auth=May(BOOK),
    response={201: schemas.AppointmentOut, **problems(401, 403, 404, 409, 422)},
)
def book_walk_in(
    request: HttpRequest,
    payload: WalkInIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Take the first minute that is free today."""
    actor, language = actor_of(request), get_language() or ""
    key = checked_key(idempotency_key, required=False)
    client, _proof = schemas.as_client(payload.client, language=language)
    appointment_id = walk_in.book_walk_in(
        lines=tuple(line.as_asked() for line in payload.lines),
        client=client,
        actor=actor,
        attempt=Attempt(actor, "bookWalkIn", key, request.body) if key else None,
        language=language,
    )
    return Status(201, schemas.appointment_out(get_appointment(appointment_id)))
