from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import May
from shared_apps.core.days import Days, check_span
from shared_apps.core.http import problems
from shared_apps.core.paging import PageSize, offset_page
from shared_apps.core.requests import actor_of, attempt_of
from tenant_apps.staff import selectors
from tenant_apps.staff.api import time_off_schemas as schemas
from tenant_apps.staff.enums import TimeOffState
from tenant_apps.staff.permissions import APPROVE_TIME_OFF, REQUEST_TIME_OFF
from tenant_apps.staff.services import time_off

router = Router(tags=["rota"])
A_YEAR = 366


@router.get(
    "/time-off",
    operation_id="listTimeOff",
    auth=May(REQUEST_TIME_OFF),
    response={200: schemas.TimesOff, **problems(401, 403, 422)},
)
def list_time_off(
    request: HttpRequest,
    days: Query[Days],
    staff_id: UUID | None = None,
    state: TimeOffState | None = None,
    cursor: str | None = None,
    limit: PageSize = 100,
) -> dict[str, Any]:
    """What touches these days, within a year. One's own; everybody's for whoever may approve."""
    check_span(days.first, days.last, longest=A_YEAR)
    found = selectors.visible_times_off(
        days.first, days.last, actor=actor_of(request), member_id=staff_id, state=state
    )
    page = offset_page(found, cursor=cursor, limit=limit)
    return {
        "items": [schemas.time_off_out(row) for row in page.items],
        "next_cursor": page.next_cursor,
    }


@router.post(
    "/time-off",
    operation_id="requestTimeOff",
    auth=May(REQUEST_TIME_OFF),
    response={201: schemas.TimeOffOut, **problems(401, 403, 404, 409, 422)},
)
def request_time_off(
    request: HttpRequest,
    payload: schemas.TimeOffIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """For oneself; whoever may approve also for others. It counts once it is approved."""
    time_off_id = time_off.request_time_off(
        asked=payload.as_asked(),
        member_id=payload.staff_id,
        actor=actor_of(request),
        attempt=attempt_of(request, "requestTimeOff", idempotency_key),
    )
    return Status(201, schemas.time_off_out(selectors.get_time_off(time_off_id)))


@router.post(
    "/time-off/{uuid:time_off_id}/decline",
    operation_id="declineTimeOff",
    auth=May(APPROVE_TIME_OFF),
    response={200: schemas.TimeOffOut, **problems(401, 403, 404, 409)},
)
def decline_time_off(request: HttpRequest, time_off_id: UUID) -> dict[str, Any]:
    time_off.decline_time_off(time_off_id=time_off_id, actor=actor_of(request))
    return schemas.time_off_out(selectors.get_time_off(time_off_id))
