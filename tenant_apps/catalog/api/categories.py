"""The sections of the price list, for whoever edits it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.paging import PageSize, offset_page
from shared_apps.core.requests import actor_of, attempt_of
from tenant_apps.catalog import selectors
from tenant_apps.catalog.api import category_schemas as schemas
from tenant_apps.catalog.permissions import EDIT_CATALOG, SEE_CATALOG
from tenant_apps.catalog.schemas import OrderIn, VersionIn
from tenant_apps.catalog.services import categories

router = Router(tags=["catalog"])


@router.get(
    "/categories",
    operation_id="listCategories",
    auth=May(SEE_CATALOG),
    response={200: schemas.Categories, **problems(401, 403, 422)},
)
def list_categories(
    request: HttpRequest, cursor: str | None = None, limit: PageSize = 100
) -> dict[str, Any]:
    """All categories in their order, the archived included."""
    page = offset_page(selectors.categories(), cursor=cursor, limit=limit)
    return {
        "items": [schemas.category_full(category) for category in page.items],
        "next_cursor": page.next_cursor,
    }


@router.post(
    "/categories",
    operation_id="createCategory",
    auth=May(EDIT_CATALOG),
    response={201: schemas.CategoryFull, **problems(401, 403, 422)},
)
def create_category(
    request: HttpRequest,
    payload: schemas.CategoryIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Add a section to the price list, after all others."""
    category = categories.add_category(
        name=payload.name,
        colour=payload.colour,
        actor=actor_of(request),
        attempt=attempt_of(request, "createCategory", idempotency_key),
    )
    return Status(201, schemas.category_full(category))


@router.patch(
    "/categories/{uuid:category_id}",
    operation_id="updateCategory",
    auth=May(EDIT_CATALOG),
    response={200: schemas.CategoryFull, **problems(401, 403, 404, 409, 422)},
)
def update_category(
    request: HttpRequest, category_id: UUID, payload: schemas.CategoryPatch
) -> dict[str, Any]:
    """Change what is sent."""
    categories.change_category(
        category_id=category_id,
        version=payload.version,
        actor=actor_of(request),
        **payload.sent(),
    )
    return _shown(category_id)


@router.post(
    "/categories/{uuid:category_id}/archive",
    operation_id="archiveCategory",
    auth=May(EDIT_CATALOG),
    response={200: schemas.CategoryFull, **problems(401, 403, 404, 409, 422)},
)
def archive_category(request: HttpRequest, category_id: UUID, payload: VersionIn) -> dict[str, Any]:
    """Put away a category of which nothing is sold any more."""
    categories.archive_category(
        category_id=category_id, version=payload.version, actor=actor_of(request)
    )
    return _shown(category_id)


@router.post(
    "/categories/{uuid:category_id}/restore",
    operation_id="restoreCategory",
    auth=May(EDIT_CATALOG),
    response={200: schemas.CategoryFull, **problems(401, 403, 404, 409, 422)},
)
def restore_category(request: HttpRequest, category_id: UUID, payload: VersionIn) -> dict[str, Any]:
    categories.restore_category(
        category_id=category_id, version=payload.version, actor=actor_of(request)
    )
    return _shown(category_id)


@router.put(
    "/categories/order",
    operation_id="orderCategories",
    auth=May(EDIT_CATALOG),
    response={204: None, **problems(401, 403, 422)},
)
def order_categories(request: HttpRequest, payload: OrderIn) -> Status[None]:
    """Put all categories that are not archived in this order."""
    categories.order_categories(ids=payload.ids, actor=actor_of(request))
    return Status(204, None)


def _shown(category_id: UUID) -> dict[str, Any]:
    return schemas.category_full(selectors.get_category(category_id))
