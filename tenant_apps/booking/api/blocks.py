from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Query, Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import May
from shared_apps.core.days import Days, check_span
from shared_apps.core.http import problems
from shared_apps.core.paging import PageSize, offset_page
from shared_apps.core.requests import actor_of, attempt_of
from tenant_apps.booking.api import block_schemas as schemas
from tenant_apps.booking.permissions import BLOCK, SEE_ANY
from tenant_apps.booking.selectors.blocks import blocks_between, get_block
from tenant_apps.booking.services import blocks
from tenants.selectors import current_salon

router = Router(tags=["booking"])


@router.get(
    "/blocks",
    operation_id="listBlocks",
    auth=May(SEE_ANY),
    response={200: schemas.Blocks, **problems(401, 403, 422)},
)
def list_blocks(
    request: HttpRequest,
    days: Query[Days],
    staff_id: UUID | None = None,
    unit_id: UUID | None = None,
    cursor: str | None = None,
    limit: PageSize = 100,
) -> dict[str, Any]:
    """What is blocked on these days, of everybody and everything or of one."""
    check_span(days.first, days.last)
    zone = _zone()
    found = blocks_between(days.first, days.last, zone, staff_id=staff_id, unit_id=unit_id)
    page = offset_page(found, cursor=cursor, limit=limit)
    return {
        "items": [schemas.block_out(block, zone) for block in page.items],
        "next_cursor": page.next_cursor,
    }


@router.post(
    "/blocks",
    operation_id="createBlock",
    auth=May(BLOCK),
    response={201: schemas.BlockOut, **problems(401, 403, 404, 409, 422)},
)
def create_block(
    request: HttpRequest,
    payload: schemas.BlockIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Keep time free of visits. A stylist blocks their own, reception anybody's and any unit's."""
    block_id = blocks.create_block(
        request=payload.as_request(),
        actor=actor_of(request),
        attempt=attempt_of(request, "createBlock", idempotency_key),
    )
    return Status(201, schemas.block_out(get_block(block_id), _zone()))


@router.patch(
    "/blocks/{uuid:block_id}",
    operation_id="changeBlock",
    auth=May(BLOCK),
    response={200: schemas.BlockOut, **problems(401, 403, 404, 409, 422)},
)
def change_block(
    request: HttpRequest, block_id: UUID, payload: schemas.BlockPatch
) -> dict[str, Any]:
    """Another time, length or kind, or another's column. Its own time counts as free."""
    blocks.change_block(block_id=block_id, change=payload.as_change(), actor=actor_of(request))
    return schemas.block_out(get_block(block_id), _zone())


@router.delete(
    "/blocks/{uuid:block_id}",
    operation_id="removeBlock",
    auth=May(BLOCK),
    response={204: None, **problems(401, 403, 404, 409, 422)},
)
def remove_block(request: HttpRequest, block_id: UUID, version: int | None = None) -> Status[None]:
    """Its time can be booked again at once. ``version`` as last seen; left out: any."""
    blocks.remove_block(block_id=block_id, actor=actor_of(request), expected_version=version)
    return Status(204, None)


def _zone() -> ZoneInfo:
    return current_salon().zone
