from typing import Any

from django.http import HttpRequest
from ninja import Router

from shared_apps.core.auth import Open
from shared_apps.core.http import problems
from shared_apps.core.paging import PageSize, offset_page
from tenant_apps.catalog.selectors import all_option_terms
from tenant_apps.staff import schemas, selectors

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
