import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Status
from ninja.params.functions import Header

from shared_apps.core.actor import ActorKind
from shared_apps.core.auth import Open
from shared_apps.core.days import check_span
from shared_apps.core.errors import Invalid
from shared_apps.core.http import problems
from shared_apps.core.idempotency import Attempt, checked_key
from shared_apps.core.requests import actor_of, network_of
from tenant_apps.booking import schemas
from tenant_apps.booking.api.limits import count_looks, guest_bookings_limited
from tenant_apps.booking.api.offer_schemas import AvailabilityOut, AvailabilityQuery
from tenant_apps.booking.links import visitor
from tenant_apps.booking.selectors import access, answers, appointments
from tenant_apps.booking.services import book, cancel, finding
from tenant_apps.booking.types import AskedLine, DayOffer
from tenants.selectors import current_salon

router = Router(tags=["booking"])
OWN_VISIT = "a guest holds the visit's signed link; everybody else is asked for the right"


@router.get(
    "/availability",
    operation_id="getAvailability",
    auth=Open("anybody may see which times are free"),
    response={200: AvailabilityOut, **problems(422, 429)},
)
def get_availability(request: HttpRequest, query: Query[AvailabilityQuery]) -> HttpResponse:
    """Every start that the caller could book now, with who could do each line."""
    check_span(query.first, query.last)
    actor, lines, salon = actor_of(request), _asked(query.line), current_salon()
    count_looks(request, actor, lines, query.first, query.last, counted=1)

    def render(offers: list[DayOffer]) -> bytes:
        days = [
            {
                "date": offer.date.isoformat(),
                "starts": [finding.start_as_json(start) for start in offer.starts],
            }
            for offer in offers
        ]
        return json.dumps({"timezone": salon.timezone, "days": days}).encode()

    body = answers.availability_as(
        render,
        first=query.first,
        last=query.last,
        lines=lines,
        actor=actor,
        zone=salon.zone,
        moment=now(),
    )
    return HttpResponse(body, content_type="application/json")


@router.post(
    "/appointments",
    operation_id="bookAppointment",
    auth=Open("guests book from the public page"),
    response={201: schemas.AppointmentOut, **problems(401, 403, 404, 409, 422, 429)},
)
def book_appointment(
    request: HttpRequest,
    payload: schemas.BookIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Book a visit of one or more lines. Guests must send an ``Idempotency-Key``."""
    actor = actor_of(request)
    key = checked_key(idempotency_key, required=actor.kind is ActorKind.GUEST)
    wish = payload.as_request(language=get_language() or "")
    guest_bookings_limited(actor, network_of(request), wish.client)
    view = book.book_and_show(
        request=wish,
        actor=actor,
        attempt=Attempt(actor, "bookAppointment", key, request.body) if key else None,
    )
    return Status(201, schemas.appointment_out(view))


@router.get(
    "/appointments/{uuid:appointment_id}",
    operation_id="getAppointment",
    auth=Open(OWN_VISIT),
    response={200: schemas.AppointmentOut, **problems(401, 404, 410, 429)},
)
def get_appointment(request: HttpRequest, appointment_id: UUID) -> dict[str, Any]:
    """A visit's state now. Guests send the token of their link as ``Manage-Token``."""
    actor = visitor(request, moment=now())
    sight = access.visible_appointment(appointment_id, actor)
    return schemas.appointment_out(sight.view, with_link=sight.with_link)


@router.post(
    "/appointments/{uuid:appointment_id}/cancel",
    operation_id="cancelAppointment",
    auth=Open(OWN_VISIT),
    response={200: schemas.AppointmentOut, **problems(401, 403, 404, 409, 410, 422)},
)
def cancel_appointment(
    request: HttpRequest, appointment_id: UUID, payload: schemas.CancelIn | None = None
) -> dict[str, Any]:
    """Cancel the visit; its time is free at once."""
    cancel.cancel_appointment(
        appointment_id=appointment_id,
        actor=visitor(request, moment=now()),
        expected_version=payload.version if payload else None,
        reason=payload.reason if payload else None,
    )
    return schemas.appointment_out(appointments.get_appointment(appointment_id))


def _asked(lines: list[str]) -> list[AskedLine]:
    if len(lines) > schemas.MOST_LINES:
        raise Invalid(fields={"line": _("Ask for at most 10 services at once.")})
    return [_asked_line(place, text) for place, text in enumerate(lines)]


def _asked_line(place: int, text: str) -> AskedLine:
    option, _at, staff = text.partition("@")
    try:
        return AskedLine(option_id=UUID(option), staff_id=UUID(staff) if staff else None)
    except ValueError as error:
        message = _("Write an option's id, or an option's and a person's id joined by @.")
        raise Invalid(fields={f"line.{place}": message}) from error
