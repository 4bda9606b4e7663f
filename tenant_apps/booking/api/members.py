"""One member of the team. Here and not with the team, for who leaves it leaves visits behind."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.requests import actor_of
from tenant_apps.booking.api import member_schemas as schemas
from tenant_apps.booking.services import rota
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.selectors import get_member as read_member
from tenants.selectors import current_salon

router = Router(tags=["staff"])


@router.get(
    "/members/{uuid:member_id}",
    operation_id="getMember",
    auth=May(EDIT_TEAM),
    response={200: schemas.MemberOfTeam, **problems(401, 403, 404)},
)
def get_member(request: HttpRequest, member_id: UUID) -> dict[str, Any]:
    return schemas.member_out(read_member(member_id))


@router.patch(
    "/members/{uuid:member_id}",
    operation_id="updateMember",
    auth=May(EDIT_TEAM),
    response={200: schemas.ChangedMember, **problems(401, 403, 404, 409, 422)},
)
def update_member(
    request: HttpRequest, member_id: UUID, payload: schemas.MemberPatch
) -> dict[str, Any]:
    """Change what is named and leave the rest. Visits that are booked stay as they are; those
    that somebody leaves behind are listed."""
    outside = rota.change_member(
        member_id=member_id,
        change=payload.as_change(),
        expected_version=payload.version,
        actor=actor_of(request),
    )
    return schemas.changed_out(read_member(member_id), outside, current_salon().zone)
