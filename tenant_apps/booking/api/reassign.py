from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Router

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.requests import actor_of
from tenant_apps.booking.api import reassign_schemas as schemas
from tenant_apps.booking.permissions import REASSIGN
from tenant_apps.booking.services import reassign
from tenants.selectors import current_salon

router = Router(tags=["booking"])


@router.post(
    "/appointments/reassign",
    operation_id="reassignLines",
    auth=May(REASSIGN),
    response={200: schemas.ReassignOut, **problems(401, 403, 422)},
)
def reassign_lines(request: HttpRequest, payload: schemas.ReassignIn) -> dict[str, Any]:
    """Hand to colleagues what somebody who is not there was to do, or see who could have it.

    Each visit goes as a whole or stays; those that stay say why, and the others go. Prices stay
    as agreed.
    """
    actor, absence = actor_of(request), payload.as_absence()
    if payload.preview:
        found = reassign.preview_handover(absence=absence, actor=actor)
    else:
        found = reassign.reassign_lines(absence=absence, reason=payload.reason, actor=actor)
    timezone = current_salon().timezone
    zone = ZoneInfo(timezone)
    return {"timezone": timezone, "lines": [schemas.handover_out(each, zone) for each in found]}
