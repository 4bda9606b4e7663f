from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router

from shared_apps.core.actor import Actor
from shared_apps.core.auth import May, Open
from shared_apps.core.http import problems
from shared_apps.core.requests import actor_of, network_of
from tenant_apps.booking import schemas
from tenant_apps.booking.api.hold_schemas import ConfirmIn
from tenant_apps.booking.api.life_schemas import CancelLineIn, LineStepIn, StepIn
from tenant_apps.booking.api.limits import guest_bookings_limited
from tenant_apps.booking.permissions import BOOK, CANCEL_ANY, NO_SHOW, PROGRESS, UNDO
from tenant_apps.booking.selectors.access import visible_appointment
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.services import lines, progress, undo
from tenant_apps.booking.services.holds import confirm_hold

router = Router(tags=["booking"])
ANSWERS: Any = {200: schemas.AppointmentOut, **problems(401, 403, 404, 409, 422)}


@router.post(
    "/appointments/{uuid:appointment_id}/confirm",
    operation_id="confirmAppointment",
    auth=Open("guests hold a token of their own; a request is for staff to confirm"),
    response={**ANSWERS, **problems(429)},
)
def confirm_appointment(
    request: HttpRequest, appointment_id: UUID, payload: ConfirmIn | None = None
) -> dict[str, Any]:
    """Make a held time somebody's visit, or say yes to a visit that was requested."""
    actor, asked = actor_of(request), payload or ConfirmIn()
    if asked.hold:
        confirmation = asked.as_confirmation(language=get_language() or "")
        guest_bookings_limited(actor, network_of(request), confirmation.client)
        confirm_hold(
            appointment_id=appointment_id, token=asked.hold, request=confirmation, actor=actor
        )
        return schemas.appointment_out(get_appointment(appointment_id))
    May(BOOK)(request)
    progress.confirm_appointment(
        appointment_id=appointment_id, actor=actor, expected_version=asked.version
    )
    return _shown(appointment_id, actor)


@router.post(
    "/appointments/{uuid:appointment_id}/arrive",
    operation_id="arriveAppointment",
    auth=May(PROGRESS),
    response=ANSWERS,
)
def arrive_appointment(
    request: HttpRequest, appointment_id: UUID, payload: StepIn | None = None
) -> dict[str, Any]:
    """The client is here, early or late. The plan stays as it is."""
    actor, step = actor_of(request), payload or StepIn()
    progress.arrive_appointment(
        appointment_id=appointment_id, actor=actor, expected_version=step.version
    )
    return _shown(appointment_id, actor)


@router.post(
    "/appointments/{uuid:appointment_id}/start",
    operation_id="startAppointment",
    auth=May(PROGRESS),
    response=ANSWERS,
)
def start_appointment(
    request: HttpRequest, appointment_id: UUID, payload: LineStepIn | None = None
) -> dict[str, Any]:
    """Begin with one line, or with those that are next by plan."""
    actor, step = actor_of(request), payload or LineStepIn()
    progress.start_appointment(
        appointment_id=appointment_id,
        actor=actor,
        line_id=step.line_id,
        expected_version=step.version,
    )
    return _shown(appointment_id, actor)


@router.post(
    "/appointments/{uuid:appointment_id}/complete",
    operation_id="completeAppointment",
    auth=May(PROGRESS),
    response=ANSWERS,
)
def complete_appointment(
    request: HttpRequest, appointment_id: UUID, payload: LineStepIn | None = None
) -> dict[str, Any]:
    """One line is done, or the whole visit; what is left of its time is free at once."""
    actor, step = actor_of(request), payload or LineStepIn()
    progress.complete_appointment(
        appointment_id=appointment_id,
        actor=actor,
        line_id=step.line_id,
        expected_version=step.version,
    )
    return _shown(appointment_id, actor)


@router.post(
    "/appointments/{uuid:appointment_id}/no-show",
    operation_id="markNoShow",
    auth=May(NO_SHOW),
    response=ANSWERS,
)
def mark_no_show(
    request: HttpRequest, appointment_id: UUID, payload: StepIn | None = None
) -> dict[str, Any]:
    """The client did not come. From the visit's beginning on; the rest of its time is free."""
    actor, step = actor_of(request), payload or StepIn()
    progress.mark_no_show(appointment_id=appointment_id, actor=actor, expected_version=step.version)
    return _shown(appointment_id, actor)


@router.post(
    "/appointments/{uuid:appointment_id}/undo",
    operation_id="undoStatus",
    auth=May(UNDO),
    response=ANSWERS,
)
def undo_status(
    request: HttpRequest, appointment_id: UUID, payload: StepIn | None = None
) -> dict[str, Any]:
    """Take the visit's last step back, with the time that it had freed.

    Send ``version``: without it a repeated request takes back one step more.
    """
    actor, step = actor_of(request), payload or StepIn()
    undo.undo_status(appointment_id=appointment_id, actor=actor, expected_version=step.version)
    return _shown(appointment_id, actor)


@router.post(
    "/appointments/{uuid:appointment_id}/lines/{uuid:line_id}/cancel",
    operation_id="cancelLine",
    auth=May(CANCEL_ANY),
    response=ANSWERS,
)
def cancel_line(
    request: HttpRequest, appointment_id: UUID, line_id: UUID, payload: CancelLineIn | None = None
) -> dict[str, Any]:
    """Leave out one service that has not begun, with its add-ons. The last one cancels the
    visit."""
    actor, step = actor_of(request), payload or CancelLineIn()
    lines.cancel_line(
        appointment_id=appointment_id,
        line_id=line_id,
        actor=actor,
        expected_version=step.version,
        reason=step.reason,
    )
    return _shown(appointment_id, actor)


def _shown(appointment_id: UUID, actor: Actor) -> dict[str, Any]:
    """The visit as it is now; the link, with which one may cancel, only for who may do so."""
    sight = visible_appointment(appointment_id, actor)
    return schemas.appointment_out(sight.view, with_link=sight.with_link)
