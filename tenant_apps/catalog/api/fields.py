"""Fields that a salon adds of its own."""

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
from tenant_apps.catalog.api import field_schemas as schemas
from tenant_apps.catalog.permissions import EDIT_CATALOG, SEE_CATALOG
from tenant_apps.catalog.schemas import VersionIn
from tenant_apps.catalog.services import fields

router = Router(tags=["catalog"])


@router.get(
    "/custom-fields",
    operation_id="listCustomFields",
    auth=May(SEE_CATALOG),
    response={200: schemas.CustomFields, **problems(401, 403, 422)},
)
def list_custom_fields(
    request: HttpRequest, cursor: str | None = None, limit: PageSize = 100
) -> dict[str, Any]:
    """All fields in their order, the archived included."""
    page = offset_page(selectors.custom_fields(), cursor=cursor, limit=limit)
    return {
        "items": [schemas.field_out(field) for field in page.items],
        "next_cursor": page.next_cursor,
    }


@router.post(
    "/custom-fields",
    operation_id="createCustomField",
    auth=May(EDIT_CATALOG),
    response={201: schemas.CustomFieldOut, **problems(401, 403, 409, 422)},
)
def create_custom_field(
    request: HttpRequest,
    payload: schemas.CustomFieldIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Ask for something more wherever a service is edited."""
    field = fields.add_custom_field(
        actor=actor_of(request),
        attempt=attempt_of(request, "createCustomField", idempotency_key),
        **dict(payload),
    )
    return Status(201, schemas.field_out(field))


@router.patch(
    "/custom-fields/{uuid:field_id}",
    operation_id="updateCustomField",
    auth=May(EDIT_CATALOG),
    response={200: schemas.CustomFieldOut, **problems(401, 403, 404, 409, 422)},
)
def update_custom_field(
    request: HttpRequest, field_id: UUID, payload: schemas.CustomFieldPatch
) -> dict[str, Any]:
    """Change what is sent. Values that no longer fit stay until their service is saved again."""
    fields.change_custom_field(
        field_id=field_id,
        version=payload.version,
        actor=actor_of(request),
        **payload.sent(),
    )
    return _shown(field_id)


@router.post(
    "/custom-fields/{uuid:field_id}/archive",
    operation_id="archiveCustomField",
    auth=May(EDIT_CATALOG),
    response={200: schemas.CustomFieldOut, **problems(401, 403, 404, 409, 422)},
)
def archive_custom_field(
    request: HttpRequest, field_id: UUID, payload: VersionIn
) -> dict[str, Any]:
    """Stop asking for it. What was written into it comes back with it."""
    fields.archive_custom_field(field_id=field_id, version=payload.version, actor=actor_of(request))
    return _shown(field_id)


@router.post(
    "/custom-fields/{uuid:field_id}/restore",
    operation_id="restoreCustomField",
    auth=May(EDIT_CATALOG),
    response={200: schemas.CustomFieldOut, **problems(401, 403, 404, 409, 422)},
)
def restore_custom_field(
    request: HttpRequest, field_id: UUID, payload: VersionIn
) -> dict[str, Any]:
    fields.restore_custom_field(field_id=field_id, version=payload.version, actor=actor_of(request))
    return _shown(field_id)


@router.put(
    "/custom-fields/order",
    operation_id="orderCustomFields",
    auth=May(EDIT_CATALOG),
    response={204: None, **problems(401, 403, 422)},
)
def order_custom_fields(request: HttpRequest, payload: schemas.FieldOrderIn) -> Status[None]:
    """Put all fields of an entity that are not archived in this order."""
    fields.order_custom_fields(entity=payload.entity, ids=payload.ids, actor=actor_of(request))
    return Status(204, None)


def _shown(field_id: UUID) -> dict[str, Any]:
    return schemas.field_out(selectors.get_custom_field(field_id))
