from dataclasses import asdict, replace
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from shared_apps.core.auth import May
from shared_apps.core.http import problems
from shared_apps.core.requests import actor_of
from tenant_apps.booking.permissions import EDIT_RULES, SEE_ANY
from tenant_apps.booking.schemas import Strict
from tenant_apps.booking.selectors.setup import read_rules, rules_version
from tenant_apps.booking.services.rules import change_rules

router = Router(tags=["booking"])


class RulesIn(Strict):
    """What is left out stays as it is.

    - ``grid_minutes``: visits begin at multiples of these on the clock.
    - ``notice_minutes`` and ``horizon_days``: how soon and how far ahead guests may book.
    - ``hold_minutes``: how long a chosen time is kept for somebody without a name.
    - ``min_gap_minutes``: the shortest time worth selling; 0 means any.
    - ``approve_online``: what guests book is a request until the salon confirms it.
    """

    grid_minutes: Literal[5, 10, 15, 20, 30, 60] | None = None
    notice_minutes: int | None = Field(None, ge=0, le=60 * 24 * 60)
    horizon_days: int | None = Field(None, ge=1, le=730)
    free_cancel_hours: int | None = Field(None, ge=0, le=24 * 30)
    hold_minutes: int | None = Field(None, ge=1, le=60)
    min_gap_minutes: int | None = Field(None, ge=0, le=240)
    approve_online: bool | None = None
    version: int | None = None


class RulesOut(Schema):
    grid_minutes: int
    notice_minutes: int
    horizon_days: int
    free_cancel_hours: int
    hold_minutes: int
    min_gap_minutes: int
    approve_online: bool
    version: int


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
    rules = replace(read_rules(), **changes)
    version = change_rules(rules=rules, actor=actor_of(request), expected_version=payload.version)
    return {**asdict(rules), "version": version}
