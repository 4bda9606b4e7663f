import json
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from shared_apps.core.auth import May
from shared_apps.core.days import check_span
from shared_apps.core.errors import Invalid
from shared_apps.core.http import problems
from tenant_apps.booking.api import diary_schemas as schemas
from tenant_apps.booking.api.diary_json import diary_out
from tenant_apps.booking.permissions import SEE_ANY
from tenant_apps.booking.selectors.diary import read_diary
from tenant_apps.booking.selectors.diary_types import Asked
from tenants.selectors import current_salon

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
router = Router(tags=["booking"])


@router.get(
    "/diary",
    operation_id="getDiary",
    auth=May(SEE_ANY),
    response={200: schemas.DiaryOut, **problems(401, 403, 422)},
)
def get_diary(request: HttpRequest, query: Query[schemas.DiaryQuery]) -> HttpResponse:
    """Who comes when to whom, who works when, and what deserves a look. Cancelled visits and
    holds that have run out are left out."""
    check_span(query.first, query.last)
    moment = now()
    _check_as_of(query.as_of, moment)
    diary = read_diary(
        Asked(
            first=query.first,
            last=query.last,
            zone=current_salon().zone,
            moment=query.as_of or moment,
            staff_id=query.staff_id,
            as_of=query.as_of,
        )
    )
    return HttpResponse(json.dumps(diary_out(diary)), content_type="application/json")


def _check_as_of(as_of: datetime | None, moment: datetime) -> None:
    if as_of is None:
        return
    if as_of > moment:
        raise Invalid(fields={"as_of": _("This moment is still to come.")})
    if as_of < BEGINNING:
        raise Invalid(fields={"as_of": _("There is no diary that long ago or that far ahead.")})
