from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.requests import actor_of
from tenant_apps.booking.api.timing_schemas import TimingsIn, TimingsOut
from tenant_apps.booking.permissions import CHANGE_ANY, SEE_ANY
from tenant_apps.booking.selectors.timings import timings_of
from tenant_apps.booking.services.timings import put_timings

router = Router(tags=["booking"])


@router.get(
    "/clients/{uuid:client_id}/timings",
    operation_id="getClientTimings",
    auth=May(SEE_ANY),
    response={200: TimingsOut, **problems(401, 403, 404)},
)
def get_timings(request: HttpRequest, client_id: UUID) -> Any:
    """How long services take with this client, where that is not as usual."""
    return timings_of(client_id)


@router.put(
    "/clients/{uuid:client_id}/timings",
    operation_id="putClientTimings",
    auth=May(CHANGE_ANY),
    response={200: TimingsOut, **problems(401, 403, 404, 409, 422)},
)
def replace_timings(request: HttpRequest, client_id: UUID, payload: TimingsIn) -> Any:
    """Holds for what is booked from now on; visits that are booked keep their time."""
    put_timings(
        client_id=client_id,
        timings=[(each.option_id, tuple(each.minutes)) for each in payload.timings],
        actor=actor_of(request),
        expected_version=payload.version,
    )
    return timings_of(client_id)
