from typing import Any

from django.http import HttpRequest
from ninja import Router

from shared_apps.core.auth import Open
from shared_apps.core.http import problems
from shared_apps.core.paging import PageSize, offset_page
from tenant_apps.catalog import schemas, selectors

router = Router(tags=["catalog"])


@router.get(
    "/services",
    operation_id="listServices",
    auth=Open("the price list hangs in the window"),
    response={200: schemas.Services, **problems(422, 429)},
)
def list_services(
    request: HttpRequest,
    cursor: str | None = None,
    limit: PageSize = 100,
) -> dict[str, Any]:
    """Services with their options, in the order of the price list."""
    page = offset_page(selectors.services_on_offer(), cursor=cursor, limit=limit)
    return {
        "items": [schemas.service_out(service) for service in page.items],
        "next_cursor": page.next_cursor,
    }
