"""Chairs, cabins, devices and their kinds."""

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
from tenant_apps.catalog.api import unit_schemas as schemas
from tenant_apps.catalog.models import Unit, UnitKind
from tenant_apps.catalog.permissions import EDIT_CATALOG, SEE_CATALOG
from tenant_apps.catalog.schemas import OrderIn
from tenant_apps.catalog.services import units

router = Router(tags=["catalog"])


@router.get(
    "/unit-kinds",
    operation_id="listUnitKinds",
    auth=May(SEE_CATALOG),
    response={200: schemas.UnitKinds, **problems(401, 403, 422)},
)
def list_unit_kinds(
    request: HttpRequest, cursor: str | None = None, limit: PageSize = 100
) -> dict[str, Any]:
    """What a need may ask for."""
    page = offset_page(selectors.unit_kinds(), cursor=cursor, limit=limit)
    return {"items": page.items, "next_cursor": page.next_cursor}


@router.post(
    "/unit-kinds",
    operation_id="createUnitKind",
    auth=May(EDIT_CATALOG),
    response={201: schemas.UnitKindOut, **problems(401, 403, 404, 409, 422)},
)
def create_unit_kind(
    request: HttpRequest,
    payload: schemas.UnitKindIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[UnitKind]:
    kind = units.add_unit_kind(
        code=payload.code,
        name=payload.name,
        actor=actor_of(request),
        attempt=attempt_of(request, "createUnitKind", idempotency_key),
    )
    return Status(201, kind)


@router.patch(
    "/unit-kinds/{uuid:kind_id}",
    operation_id="updateUnitKind",
    auth=May(EDIT_CATALOG),
    response={200: schemas.UnitKindOut, **problems(401, 403, 404, 409, 422)},
)
def update_unit_kind(
    request: HttpRequest, kind_id: UUID, payload: schemas.UnitKindPatch
) -> UnitKind:
    """Rename it; its code stays."""
    units.rename_unit_kind(
        kind_id=kind_id, name=payload.name, version=payload.version, actor=actor_of(request)
    )
    return selectors.get_unit_kind(kind_id)


@router.delete(
    "/unit-kinds/{uuid:kind_id}",
    operation_id="removeUnitKind",
    auth=May(EDIT_CATALOG),
    response={204: None, **problems(401, 403, 404, 409)},
)
def remove_unit_kind(request: HttpRequest, kind_id: UUID) -> Status[None]:
    """Only one that no unit is of and no service needs."""
    units.remove_unit_kind(kind_id=kind_id, actor=actor_of(request))
    return Status(204, None)


@router.put(
    "/unit-kinds/order",
    operation_id="orderUnitKinds",
    auth=May(EDIT_CATALOG),
    response={204: None, **problems(401, 403, 422)},
)
def order_unit_kinds(request: HttpRequest, payload: OrderIn) -> Status[None]:
    units.order_unit_kinds(ids=payload.ids, actor=actor_of(request))
    return Status(204, None)


@router.get(
    "/units",
    operation_id="listUnits",
    auth=May(SEE_CATALOG),
    response={200: schemas.Units, **problems(401, 403, 422)},
)
def list_units(
    request: HttpRequest, cursor: str | None = None, limit: PageSize = 100
) -> dict[str, Any]:
    """All units by kind, in the order they are chosen, those out of service included."""
    page = offset_page(selectors.units(), cursor=cursor, limit=limit)
    return {"items": page.items, "next_cursor": page.next_cursor}


@router.post(
    "/units",
    operation_id="createUnit",
    auth=May(EDIT_CATALOG),
    response={201: schemas.UnitOut, **problems(401, 403, 422)},
)
def create_unit(
    request: HttpRequest,
    payload: schemas.UnitIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[Unit]:
    """Add a unit, after all others of its kind."""
    unit = units.add_unit(
        kind=payload.kind,
        name=payload.name,
        places=payload.places,
        actor=actor_of(request),
        attempt=attempt_of(request, "createUnit", idempotency_key),
    )
    return Status(201, unit)


@router.patch(
    "/units/{uuid:unit_id}",
    operation_id="updateUnit",
    auth=May(EDIT_CATALOG),
    response={200: schemas.UnitOut, **problems(401, 403, 404, 409, 422)},
)
def update_unit(request: HttpRequest, unit_id: UUID, payload: schemas.UnitPatch) -> Unit:
    """Change what is sent: its name, its places, or whether it is in service."""
    units.change_unit(
        unit_id=unit_id,
        version=payload.version,
        actor=actor_of(request),
        **payload.sent(),
    )
    return selectors.get_unit(unit_id)


@router.put(
    "/units/order",
    operation_id="orderUnits",
    auth=May(EDIT_CATALOG),
    response={204: None, **problems(401, 403, 422)},
)
def order_units(request: HttpRequest, payload: schemas.UnitOrderIn) -> Status[None]:
    units.order_units(kind=payload.kind, ids=payload.ids, actor=actor_of(request))
    return Status(204, None)
