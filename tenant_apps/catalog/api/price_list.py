"""Services: what hangs in the window, and what whoever edits the price list works on."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import May, Open
from shared_apps.core.http import problems
from shared_apps.core.paging import PageSize, offset_page
from shared_apps.core.requests import actor_of, attempt_of
from tenant_apps.catalog import schemas as offer
from tenant_apps.catalog import selectors
from tenant_apps.catalog.api import service_schemas as schemas
from tenant_apps.catalog.permissions import EDIT_CATALOG, SEE_CATALOG
from tenant_apps.catalog.schemas import OrderIn, VersionIn
from tenant_apps.catalog.services import price_list

router = Router(tags=["catalog"])


@router.get(
    "/services",
    operation_id="listServices",
    auth=Open("the price list hangs in the window"),
    response={200: offer.Services, **problems(422, 429)},
)
def list_services(
    request: HttpRequest,
    cursor: str | None = None,
    limit: PageSize = 100,
) -> dict[str, Any]:
    """Services with their options, in the order of the price list."""
    page = offset_page(selectors.services_on_offer(), cursor=cursor, limit=limit)
    parts = selectors.parts_of(page.items)
    return {
        "items": [offer.service_out(service, parts) for service in page.items],
        "next_cursor": page.next_cursor,
    }


@router.get(
    "/price-list",
    operation_id="getPriceList",
    auth=May(SEE_CATALOG),
    response={200: schemas.PriceList, **problems(401, 403, 422)},
)
def get_price_list(
    request: HttpRequest,
    archived: bool = False,
    cursor: str | None = None,
    limit: PageSize = 100,
) -> dict[str, Any]:
    """Every service with all that is known of it, sold online or not; or the archived ones."""
    page = offset_page(selectors.whole_price_list(archived=archived), cursor=cursor, limit=limit)
    return {
        "items": [schemas.service_full(service) for service in page.items],
        "next_cursor": page.next_cursor,
    }


@router.post(
    "/services",
    operation_id="createService",
    auth=May(EDIT_CATALOG),
    response={201: schemas.ServiceFull, **problems(401, 403, 422)},
)
def create_service(
    request: HttpRequest,
    payload: schemas.ServiceIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Put a service on the price list, last in its category."""
    service = price_list.add_service(
        actor=actor_of(request),
        attempt=attempt_of(request, "createService", idempotency_key),
        **payload.sent(),
    )
    return Status(201, _shown(service.pk))


@router.get(
    "/services/{uuid:service_id}",
    operation_id="getService",
    auth=May(SEE_CATALOG),
    response={200: schemas.ServiceFull, **problems(401, 403, 404)},
)
def get_service(request: HttpRequest, service_id: UUID) -> dict[str, Any]:
    return _shown(service_id)


@router.patch(
    "/services/{uuid:service_id}",
    operation_id="updateService",
    auth=May(EDIT_CATALOG),
    response={200: schemas.ServiceFull, **problems(401, 403, 404, 409, 422)},
)
def update_service(
    request: HttpRequest, service_id: UUID, payload: schemas.ServicePatch
) -> dict[str, Any]:
    """Change what is sent. Visits that are booked keep what they were booked with."""
    price_list.change_service(
        service_id=service_id,
        version=payload.version,
        actor=actor_of(request),
        **payload.sent(),
    )
    return _shown(service_id)


@router.post(
    "/services/{uuid:service_id}/archive",
    operation_id="archiveService",
    auth=May(EDIT_CATALOG),
    response={200: schemas.ServiceFull, **problems(401, 403, 404, 409, 422)},
)
def archive_service(request: HttpRequest, service_id: UUID, payload: VersionIn) -> dict[str, Any]:
    """Take it off the price list. Visits that are booked stay."""
    price_list.archive_service(
        service_id=service_id, version=payload.version, actor=actor_of(request)
    )
    return _shown(service_id)


@router.post(
    "/services/{uuid:service_id}/restore",
    operation_id="restoreService",
    auth=May(EDIT_CATALOG),
    response={200: schemas.ServiceFull, **problems(401, 403, 404, 409, 422)},
)
def restore_service(request: HttpRequest, service_id: UUID, payload: VersionIn) -> dict[str, Any]:
    """Put an archived service back in its place."""
    price_list.restore_service(
        service_id=service_id, version=payload.version, actor=actor_of(request)
    )
    return _shown(service_id)


@router.put(
    "/categories/{uuid:category_id}/services/order",
    operation_id="orderServices",
    auth=May(EDIT_CATALOG),
    response={204: None, **problems(401, 403, 404, 422)},
)
def order_services(request: HttpRequest, category_id: UUID, payload: OrderIn) -> Status[None]:
    """Put all services of a category that are not archived in this order."""
    price_list.order_services(category_id=category_id, ids=payload.ids, actor=actor_of(request))
    return Status(204, None)


def _shown(service_id: UUID) -> dict[str, Any]:
    return schemas.service_full(selectors.service_in_full(service_id))
