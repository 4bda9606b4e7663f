"""Searching for a time, and asking why there is none."""

from datetime import date, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Router

from shared_apps.core.actor import Actor
from shared_apps.core.auth import May, Open
from shared_apps.core.errors import Forbidden, Invalid
from shared_apps.core.http import problems
from shared_apps.core.ratelimit import count
from tenant_apps.booking import schemas
from tenant_apps.booking.api.limits import count_looks
from tenant_apps.booking.api.search_schemas import ExplainIn, ExplainOut, SearchIn, SearchOut
from tenant_apps.booking.links import visitor
from tenant_apps.booking.permissions import BOOK, SEE_ANY
from tenant_apps.booking.selectors.access import still_held, visible_appointment
from tenant_apps.booking.selectors.explaining import Question, explained
from tenant_apps.booking.selectors.finder import Search, search
from tenant_apps.booking.services.guests import checked_guest
from tenant_apps.booking.services.holds import held_by
from tenant_apps.booking.types import FoundDay, FoundStart
from tenant_apps.clients.selectors import clients_of
from tenants.selectors import current_salon

router = Router(tags=["booking"])
LONGEST_SPAN = 62


@router.post(
    "/availability/search",
    operation_id="searchAvailability",
    auth=Open("anybody may see which times are free"),
    response={200: SearchOut, **problems(401, 403, 404, 410, 422, 429)},
)
def search_availability(request: HttpRequest, payload: SearchIn) -> dict[str, Any]:
    """Every start that the caller could book now, with wishes of all kinds."""
    actor = visitor(request, moment=now())
    check_days(payload.first_day, payload.last_day, most=LONGEST_SPAN)
    lines = [line.as_asked() for line in payload.lines]
    count_looks(request, actor, lines, payload.first_day, payload.last_day)
    zone = current_salon().zone
    wanted = Search(
        lines=lines,
        first=payload.first_day,
        last=payload.last_day,
        weekdays=payload.weekdays,
        from_minute=minute_of(payload.from_time, 0),
        until_minute=minute_of(payload.until_time, 24 * 60),
        client_id=_card(payload, actor),
        ignoring=_own(payload.hold, payload.moving, actor),
        is_moving=_is_moving(payload),
        is_first_only=payload.first_only,
        is_ranked=payload.ranked,
    )
    found = search(wanted, actor=actor, zone=zone, moment=now())
    return {
        "timezone": current_salon().timezone,
        "days": [_day_out(day, is_overview=payload.overview) for day in found],
    }


@router.post(
    "/availability/explain",
    operation_id="explainAvailability",
    auth=May(SEE_ANY),
    response={200: ExplainOut, **problems(401, 403, 404, 422, 429)},
)
def explain_availability(request: HttpRequest, payload: ExplainIn) -> dict[str, Any]:
    """Everything that speaks against a start, for each choice of people."""
    actor = visitor(request, moment=now())
    count("public_read", actor.key)
    question = Question(
        starts_at=payload.starts_at,
        lines=[line.as_asked() for line in payload.lines],
        client_id=payload.client_id,
        ignoring=_own(payload.hold, payload.moving, actor),
        is_moving=_is_moving(payload),
    )
    return explained(question, actor=actor, moment=now())


def check_days(first: date, last: date, *, most: int) -> None:
    if not date(2000, 1, 1) <= first <= date(2200, 1, 1):
        raise Invalid(fields={"first_day": _("There is no diary that long ago or that far ahead.")})
    if last < first:
        raise Invalid(fields={"last_day": _("The last day lies before the first.")})
    if (last - first).days >= most:
        text = _("Ask for at most %(days)s days at once.") % {"days": most}
        raise Invalid(fields={"last_day": text})


def minute_of(clock: time | None, otherwise: int) -> int:
    return otherwise if clock is None else clock.hour * 60 + clock.minute


def allowed_client(client_id: UUID | None, actor: Actor) -> UUID | None:
    if client_id is None or actor.may(BOOK):
        return client_id
    if actor.id is None or client_id not in clients_of(actor.id):
        raise Forbidden
    return client_id


def _own(hold: str | None, moving: UUID | None, actor: Actor) -> UUID | None:
    """The visit whose time counts as free: the one held, or the one that may be moved."""
    if hold:
        return still_held(held_by(hold))
    return visible_appointment(moving, actor).view.id if moving else None


def _card(payload: SearchIn, actor: Actor) -> UUID | None:
    """The card that booking with the same ``client`` would be for, if there is one."""
    if payload.client is None:
        return allowed_client(payload.client_id, actor)
    client, proof = schemas.as_client(payload.client, language="")
    return checked_guest(client, proof, actor).client_id


def _is_moving(payload: SearchIn | ExplainIn) -> bool:
    return payload.moving is not None and not payload.hold


def _day_out(day: FoundDay, *, is_overview: bool) -> dict[str, Any]:
    return {
        "date": day.date,
        "count": len(day.starts),
        "first": day.starts[0].start.starts_at if day.starts else None,
        "starts": [] if is_overview else [_start_out(found) for found in day.starts],
        "complete": day.is_whole,
    }


def _start_out(found: FoundStart) -> dict[str, Any]:
    return {
        "starts_at": found.start.starts_at,
        "lines": [{"staff_ids": ids} for ids in found.start.staff_ids],
        "crumbs": found.crumbs,
    }
