"""People who come together."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import get_language
from ninja import Router, Status
from ninja.params.functions import Header

from shared_apps.core.actor import ActorKind
from shared_apps.core.auth import Open, reader_of
from shared_apps.core.http import problems
from shared_apps.core.idempotency import Attempt, checked_key
from shared_apps.core.ratelimit import count
from shared_apps.core.requests import actor_of, network_of
from tenant_apps.booking import schemas
from tenant_apps.booking.api import party_schemas
from tenant_apps.booking.api.limits import guest_bookings_limited
from tenant_apps.booking.api.search import allowed_client, check_days, minute_of
from tenant_apps.booking.links import visitor
from tenant_apps.booking.selectors.access import visible_party
from tenant_apps.booking.selectors.together import PartySearch, search_together
from tenant_apps.booking.services import parties, party_moves
from tenants.selectors import current_salon

router = Router(tags=["booking"])
OWN_PARTY = "a guest holds the link to the organiser's visit; everybody else is asked for the right"
LONGEST_SPAN = 31


@router.post(
    "/availability/parties",
    operation_id="searchPartyAvailability",
    auth=Open("anybody may see which times are free"),
    response={200: party_schemas.PartySearchOut, **problems(401, 403, 404, 409, 410, 422, 429)},
)
def search_party_availability(
    request: HttpRequest, payload: party_schemas.PartySearchIn
) -> dict[str, Any]:
    """Every start at which the caller could book all of them now, and who would serve them."""
    actor = visitor(request, moment=now())
    # Each is as much work as a search of one.
    people = len(payload.members) or party_schemas.MOST
    count("public_read", reader_of(request, actor), times=people)
    check_days(payload.first_day, payload.last_day, most=LONGEST_SPAN)
    for member in payload.members:
        allowed_client(member.client_id, actor)
    wanted = PartySearch(
        coming=[member.as_companion() for member in payload.members],
        first=payload.first_day,
        last=payload.last_day,
        weekdays=payload.weekdays,
        from_minute=minute_of(payload.from_time, 0),
        until_minute=minute_of(payload.until_time, 24 * 60),
        is_first_only=payload.first_only,
    )
    if payload.moving:
        party_id = visible_party(payload.moving, actor).view.id
        wanted = party_moves.as_booked(party_id, wanted)
    salon = current_salon()
    found = search_together(wanted, actor=actor, zone=salon.zone, moment=now())
    return party_schemas.search_out(found, salon.timezone)


@router.post(
    "/parties",
    operation_id="bookParty",
    auth=Open("guests book from the public page"),
    response={201: party_schemas.PartyOut, **problems(401, 403, 404, 409, 422, 429)},
)
def book_party(
    request: HttpRequest,
    payload: party_schemas.PartyIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Status[dict[str, Any]]:
    """Book a visit for each of two to six people who begin together, or for none of them.
    Guests must send an ``Idempotency-Key``."""
    actor = actor_of(request)
    key = checked_key(idempotency_key, required=actor.kind is ActorKind.GUEST)
    wish = payload.as_request(language=get_language() or "")
    first, visits = wish.members[0].client, len(wish.members)
    guest_bookings_limited(actor, network_of(request), first, visits=visits)
    view = parties.book_party_and_show(
        request=wish,
        actor=actor,
        attempt=Attempt(actor, "bookParty", key, request.body) if key else None,
    )
    return Status(201, party_schemas.party_out(view, with_links=True))


@router.get(
    "/parties/{uuid:party_id}",
    operation_id="getParty",
    auth=Open(OWN_PARTY),
    response={200: party_schemas.PartyOut, **problems(401, 404, 410, 429)},
)
def see_party(request: HttpRequest, party_id: UUID) -> dict[str, Any]:
    """Everybody's visit as it is now."""
    sight = visible_party(party_id, visitor(request, moment=now()))
    return party_schemas.party_out(sight.view, with_links=sight.with_links)


@router.post(
    "/parties/{uuid:party_id}/reschedule",
    operation_id="moveParty",
    auth=Open(OWN_PARTY),
    response={200: party_schemas.PartyOut, **problems(401, 403, 404, 409, 410, 422)},
)
def move_party(
    request: HttpRequest, party_id: UUID, payload: party_schemas.MovePartyIn
) -> dict[str, Any]:
    """Move everybody who is still to come to one time, or nobody. Prices stay."""
    actor = visitor(request, moment=now())
    party_moves.move_party(party_id=party_id, request=payload.as_request(), actor=actor)
    sight = visible_party(party_id, actor)
    return party_schemas.party_out(sight.view, with_links=sight.with_links)


@router.post(
    "/parties/{uuid:party_id}/cancel",
    operation_id="cancelParty",
    auth=Open(OWN_PARTY),
    response={200: party_schemas.PartyOut, **problems(401, 403, 404, 409, 410, 422)},
)
def cancel_party(
    request: HttpRequest, party_id: UUID, payload: schemas.CancelIn | None = None
) -> dict[str, Any]:
    """Cancel the visits of all who are still to come; their time is free at once."""
    actor = visitor(request, moment=now())
    parties.cancel_party(
        party_id=party_id,
        actor=actor,
        expected_version=payload.version if payload else None,
        reason=payload.reason if payload else None,
    )
    sight = visible_party(party_id, actor)
    return party_schemas.party_out(sight.view, with_links=sight.with_links)
