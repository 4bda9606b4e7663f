from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Query, Router

from shared_apps.core.auth import May
from shared_apps.core.days import Days, check_span
from shared_apps.core.http import problems
from tenant_apps.staff import selectors
from tenant_apps.staff.api import plan_schemas
from tenant_apps.staff.api import rota_schemas as schemas
from tenant_apps.staff.permissions import EDIT_ROTA, SEE_ROTA
from tenants.selectors import current_salon

router = Router(tags=["rota"])
A_YEAR = 366


@router.get(
    "",
    operation_id="getRota",
    auth=May(SEE_ROTA),
    response={200: schemas.RotaOut, **problems(401, 403, 422)},
)
def get_rota(request: HttpRequest, query: Query[schemas.RotaQuery]) -> dict[str, Any]:
    """Who works when and why, on at most 31 days. Of everybody unless ``staff_id`` says whose."""
    check_span(query.first, query.last)
    zone = current_salon().zone
    view = selectors.rota_view(query.first, query.last, zone, staff_ids=query.staff_id)
    return schemas.rota_out(view, zone)


@router.get(
    "/plan",
    operation_id="getRotaPlan",
    auth=May(EDIT_ROTA),
    response={200: plan_schemas.RotaPlanOut, **problems(401, 403, 422)},
    by_alias=True,
)
def get_rota_plan(request: HttpRequest, query: Query[schemas.RotaQuery]) -> dict[str, Any]:
    """What is written down for at most 31 days: hours, patterns and exceptions, to be changed."""
    check_span(query.first, query.last)
    plan = selectors.rota_plan(query.first, query.last, staff_ids=query.staff_id)
    return plan_schemas.plan_out(plan, query.first, query.last)


@router.get(
    "/holiday-proposals",
    operation_id="listHolidayProposals",
    auth=May(EDIT_ROTA),
    response={200: schemas.Holidays, **problems(401, 403, 422)},
)
def list_holiday_proposals(request: HttpRequest, days: Query[Days]) -> dict[str, Any]:
    """Public holidays, within a year, on which the salon is not closed yet. Close them, or not."""
    check_span(days.first, days.last, longest=A_YEAR)
    found = selectors.holiday_proposals(
        days.first,
        days.last,
        country=current_salon().country,
        language=get_language() or current_salon().language,
    )
    return {"items": [{"date": holiday.date, "name": holiday.name} for holiday in found]}
