from hashlib import sha256
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.actor import ActorKind
from shared_apps.core.auth import Open
from shared_apps.core.http import problems
from shared_apps.core.idempotency import Attempt, checked_key
from shared_apps.core.ratelimit import count
from shared_apps.core.requests import actor_of, network_of
from tenant_apps.booking.api import hold_schemas as schemas
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.services import holds

router = Router(tags=["booking"])


@router.post(
    "/holds",
    operation_id="createHold",
    auth=Open("guests keep a time while they write their name"),
    response={201: schemas.HoldOut, **problems(401, 404, 409, 422, 429)},
)
def create_hold(
    request: HttpRequest,
    payload: schemas.HoldIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Keep a time for a few minutes. Confirm it by ``confirmAppointment`` with the token."""
    actor, network = actor_of(request), network_of(request)
    key = checked_key(idempotency_key, required=False)
    if not actor.may(BOOK):
        count("guest_hold", network)
    if key and actor.kind is ActorKind.GUEST:  # its answer holds a token: guests share no keys
        key = sha256(f"{network} {key}".encode()).hexdigest()
    appointment_id = holds.create_hold(
        request=payload.as_request(network=network, language=get_language() or ""),
        actor=actor,
        attempt=Attempt(actor, "createHold", key, request.body) if key else None,
    )
    return Status(201, schemas.hold_out(get_appointment(appointment_id), appointment_id))


@router.post(
    "/holds/release",
    operation_id="releaseHold",
    auth=Open("whoever has the token"),
    response={204: None, **problems(401, 404, 422)},
)
def release_hold(request: HttpRequest, payload: schemas.ReleaseIn) -> Status[None]:
    """Give the time back. Doing so twice is no error."""
    holds.release_hold(token=payload.token, actor=actor_of(request))
    return Status(204, None)
