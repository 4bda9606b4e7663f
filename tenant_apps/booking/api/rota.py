"""Changes of who works when. Each answers with the visits that lie outside now."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from shared_apps.core.auth import May
from shared_apps.core.days import check_day, check_span
from shared_apps.core.http import problems
from shared_apps.core.requests import actor_of
from tenant_apps.booking.api import rota_schemas as schemas
from tenant_apps.booking.permissions import SEE_ANY
from tenant_apps.booking.selectors.outside import Outside, outside_rota
from tenant_apps.booking.services import rota
from tenant_apps.staff.permissions import APPROVE_TIME_OFF, EDIT_ROTA, REQUEST_TIME_OFF
from tenants.selectors import current_salon

router = Router(tags=["rota"])
A_YEAR = 366


@router.get(
    "/outside",
    operation_id="listOutside",
    auth=May(SEE_ANY),
    response={200: schemas.RotaChange, **problems(401, 403, 422)},
)
def list_outside(request: HttpRequest, query: Query[schemas.OutsideQuery]) -> dict[str, Any]:
    """Visits to come, within a year, in which somebody does not work: by the rota of now, or
    because they have left the team."""
    check_span(query.first, query.last, longest=A_YEAR)
    zone = current_salon().zone
    found = outside_rota(query.first, query.last, zone, staff_ids=query.staff_id or None)
    return schemas.change_out(found, zone)


@router.put(
    "/members/{uuid:staff_id}/patterns/{valid_from}",
    operation_id="setRotaPattern",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 404, 422)},
)
def set_rota_pattern(
    request: HttpRequest, staff_id: UUID, valid_from: date, payload: schemas.RotaPatternIn
) -> dict[str, Any]:
    """The weeks that somebody works by from that day on, until a later pattern begins."""
    check_day(valid_from, "valid_from")
    return _answer(
        rota.set_rota(
            member_id=staff_id,
            valid_from=valid_from,
            **payload.as_arguments(),
            actor=actor_of(request),
        )
    )


@router.put(
    "/members/{uuid:staff_id}/days/{day}",
    operation_id="setRotaDay",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 404, 422)},
)
def set_rota_day(
    request: HttpRequest, staff_id: UUID, day: date, payload: schemas.RotaDayIn
) -> dict[str, Any]:
    """What is different for somebody on one day, in place of what was said of it before."""
    check_day(day, "day")
    return _answer(
        rota.set_rota_day(
            member_id=staff_id, date=day, change=payload.as_change(), actor=actor_of(request)
        )
    )


@router.delete(
    "/members/{uuid:staff_id}/days/{day}",
    operation_id="clearRotaDay",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 404, 422)},
)
def clear_rota_day(request: HttpRequest, staff_id: UUID, day: date) -> dict[str, Any]:
    """The day is as the pattern says again."""
    check_day(day, "day")
    return _answer(rota.clear_rota_day(member_id=staff_id, date=day, actor=actor_of(request)))


@router.put(
    "/hours",
    operation_id="setSalonHours",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 422)},
)
def set_salon_hours(request: HttpRequest, payload: schemas.SalonHoursIn) -> dict[str, Any]:
    """The salon's ordinary week."""
    return _answer(rota.set_hours(week=payload.as_week(), actor=actor_of(request)))


@router.put(
    "/special-hours/{day}",
    operation_id="setSpecialHours",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 422)},
)
def set_special_hours(
    request: HttpRequest, day: date, payload: schemas.SpecialHoursIn
) -> dict[str, Any]:
    """Other hours than the week's on one day."""
    check_day(day, "day")
    return _answer(
        rota.set_special_hours(date=day, spans=payload.as_spans(), actor=actor_of(request))
    )


@router.delete(
    "/special-hours/{day}",
    operation_id="clearSpecialHours",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 404, 422)},
)
def clear_special_hours(request: HttpRequest, day: date) -> dict[str, Any]:
    """The day has the hours of its week again."""
    check_day(day, "day")
    return _answer(rota.clear_special_hours(date=day, actor=actor_of(request)))


@router.post(
    "/closures",
    operation_id="closeDay",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 409, 422)},
)
def close_day(request: HttpRequest, payload: schemas.ClosureIn) -> dict[str, Any]:
    """The salon stays shut on that day, and after midnight what belongs to it."""
    check_day(payload.date, "date")
    return _answer(
        rota.close_day(date=payload.date, reason=payload.reason, actor=actor_of(request))
    )


@router.delete(
    "/closures/{day}",
    operation_id="reopenDay",
    auth=May(EDIT_ROTA),
    response={200: schemas.RotaChange, **problems(401, 403, 404, 422)},
)
def reopen_day(request: HttpRequest, day: date) -> dict[str, Any]:
    check_day(day, "day")
    return _answer(rota.reopen_day(date=day, actor=actor_of(request)))


@router.post(
    "/time-off/{uuid:time_off_id}/approve",
    operation_id="approveTimeOff",
    auth=May(APPROVE_TIME_OFF),
    response={200: schemas.RotaChange, **problems(401, 403, 404, 409)},
)
def approve_time_off(request: HttpRequest, time_off_id: UUID) -> dict[str, Any]:
    """From now on it wins over everything. Visits of those days stay where they are."""
    return _answer(rota.approve_time_off(time_off_id=time_off_id, actor=actor_of(request)))


@router.post(
    "/time-off/{uuid:time_off_id}/withdraw",
    operation_id="withdrawTimeOff",
    auth=May(REQUEST_TIME_OFF),
    response={200: schemas.RotaChange, **problems(401, 403, 404, 409)},
)
def withdraw_time_off(request: HttpRequest, time_off_id: UUID) -> dict[str, Any]:
    """One's own while it is not approved yet; any for whoever may approve."""
    return _answer(rota.withdraw_time_off(time_off_id=time_off_id, actor=actor_of(request)))


def _answer(outside: Iterable[Outside]) -> dict[str, Any]:
    return schemas.change_out(outside, current_salon().zone)
