from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.requests import actor_of
from tenant_apps.booking.api.rule_schemas import RulesIn, RulesOut
from tenant_apps.booking.permissions import EDIT_RULES, SEE_ANY
from tenant_apps.booking.selectors.setup import read_rules, rules_version
from tenant_apps.booking.services.rules import change_rules

router = Router(tags=["booking"])


@router.get(
    "/rules",
    operation_id="getBookingRules",
    auth=May(SEE_ANY),
    response={200: RulesOut, **problems(401, 403)},
)
def get_rules(request: HttpRequest) -> dict[str, Any]:
    """How the salon sells its time online."""
    return {**asdict(read_rules()), "version": rules_version()}


@router.patch(
    "/rules",
    operation_id="updateBookingRules",
    auth=May(EDIT_RULES),
    response={200: RulesOut, **problems(401, 403, 409, 422)},
)
def update_rules(request: HttpRequest, payload: RulesIn) -> dict[str, Any]:
    """Holds for what is booked from now on; visits that are booked stay."""
    changes = payload.dict(exclude={"version"}, exclude_none=True)
    change_rules(changes=changes, actor=actor_of(request), expected_version=payload.version)
    return {**asdict(read_rules()), "version": rules_version()}
