from typing import Any

from django.http import HttpRequest
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.auth import May, Open
from shared_apps.core.http import problems
from shared_apps.core.paging import PageSize, offset_page
from shared_apps.core.requests import actor_of, attempt_of
from tenant_apps.catalog.selectors import all_option_terms
from tenant_apps.staff import selectors
from tenant_apps.staff.api import team_schemas as schemas
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services import team

router = Router(tags=["staff"])


@router.get(
    "",
    operation_id="listStaff",
    auth=Open("clients choose by whom they are served"),
    response={200: schemas.Members, **problems(422, 429)},
)
def list_staff(
    request: HttpRequest,
    cursor: str | None = None,
    limit: PageSize = 100,
) -> dict[str, Any]:
    """The team that clients may choose, with what each does, for how much and how long."""
    page = offset_page(selectors.team_on_show(), cursor=cursor, limit=limit)
    terms = all_option_terms()
    return {
        "items": [schemas.member_out(member, terms) for member in page.items],
        "next_cursor": page.next_cursor,
    }


@router.get(
    "/members",
    operation_id="listMembers",
    auth=May(EDIT_TEAM),
    response={200: schemas.TeamMembers, **problems(401, 403, 422)},
)
def list_members(
    request: HttpRequest,
    cursor: str | None = None,
    limit: PageSize = 100,
) -> dict[str, Any]:
    """Everybody with all that can be changed of them; those who have left at the end."""
    page = offset_page(selectors.team(), cursor=cursor, limit=limit)
    return {
        "items": [schemas.team_member_out(member) for member in page.items],
        "next_cursor": page.next_cursor,
    }


@router.post(
    "/members",
    operation_id="createMember",
    auth=May(EDIT_TEAM),
    response={201: schemas.TeamMember, **problems(401, 403, 404, 409, 422)},
)
def create_member(
    request: HttpRequest,
    payload: schemas.MemberIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Somebody joins the team. Until they have a rota they work at no time."""
    member = team.add_member(
        **payload.as_arguments(),
        actor=actor_of(request),
        attempt=attempt_of(request, "createMember", idempotency_key),
    )
    return Status(201, schemas.team_member_out(selectors.get_member(member.pk)))
