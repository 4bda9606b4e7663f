"""People who come together: booking all of them at once, and calling all of it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.copying import insert
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Invalid
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.models import uuid7
from shared_apps.core.money import Money
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.errors import NoSuchParty, NotCancellable, SlotTaken
from tenant_apps.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentRequested,
    PartyBooked,
    PartyCancelled,
)
from tenant_apps.booking.models import Party
from tenant_apps.booking.permissions import BOOK, CANCEL_ANY
from tenant_apps.booking.selectors.access import may_act_on_party
from tenant_apps.booking.selectors.parties import get_party
from tenant_apps.booking.selectors.together import of_member
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.cancel import check_cancellable, said_reason
from tenant_apps.booking.services.finding import Place
from tenant_apps.booking.services.gathering import (
    change_party,
    check_party_version,
    hold_party,
    tell_party,
)
from tenant_apps.booking.services.guests import Guest, checked_guest, is_still_theirs
from tenant_apps.booking.services.life import free, give_up, save_states
from tenant_apps.booking.services.overbook import make_room
from tenant_apps.booking.services.party_finding import PartyWish, find_places, party_taken
from tenant_apps.booking.services.rows import VisitHead, build_rows, store, visit_event
from tenant_apps.booking.types import NOTHING, AskedLine, Companion, Override, PartyView
from tenant_apps.clients.types import Contact
from tenants.selectors import current_salon

TWICE = _("This client is named twice.")
NOT_BY_CONTACT = _("Only the salon can name the others. Leave this out.")


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyMember:
    """One of a party; ``client`` and ``proof`` as in ``BookingRequest``. Nobody but staff may
    name others than themselves by a contact: those come along without a card."""

    lines: tuple[AskedLine, ...]
    client: UUID | Contact | None = None
    proof: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyRequest:
    """``organiser``: the card of whoever arranges it; left out, the first one's."""

    starts_at: datetime
    members: tuple[PartyMember, ...]
    organiser: UUID | None = None
    expected_total: Money | None = None
    language: str = ""
    override: Override = NOTHING


def book_party(*, request: PartyRequest, actor: Actor, attempt: Attempt | None = None) -> UUID:
    """Take the time of every one of them, or nothing. They begin together; nobody works for two
    at once, and they share units that have room for them.

    Raises what ``book_appointment`` raises; fields begin with ``members.<number>``.
    """
    try:
        return _book_once(request=request, actor=actor, attempt=attempt)
    except SlotTaken as refusal:
        # Only now, when the day is no longer locked: a long search must not hold up others.
        wish = _wish(request, _checked_guests(request, actor))
        raise party_taken(wish, actor) from refusal


def book_party_and_show(
    *, request: PartyRequest, actor: Actor, attempt: Attempt | None = None
) -> PartyView:
    """``book_party``, and the party as people see it: when an attempt before this one booked it,
    as it is now, unless a visit is somebody else's by now than was said."""
    view = get_party(book_party(request=request, actor=actor, attempt=attempt))
    for visit, member in zip(view.visits, request.members, strict=True):
        if member.client and not is_still_theirs(visit.client_id, member.client, actor):
            raise NoSuchParty
    return view


@retried_once
def _book_once(*, request: PartyRequest, actor: Actor, attempt: Attempt | None) -> UUID:
    return once(attempt, lambda planned: _book(planned, request, actor))


def _book(party_id: UUID, request: PartyRequest, actor: Actor) -> UUID:
    guests = _checked_guests(request, actor)
    organiser = _organiser(request, actor)
    places = find_places(_wish(request, guests), actor)
    cards = [guest.card(actor) for guest in guests]
    party = Party(id=party_id, organiser_id=organiser or cards[0])
    insert([party])
    needs_approval = places[0].setup.rules.approve_online and not actor.may(BOOK)
    ids = sorted(uuid7() for _guest in guests)  # by which they keep their order
    visits = [
        build_rows(
            VisitHead(
                appointment_id=pk,
                client_id=card,
                claimed=guest.vouched,
                channel=actor.channel,
                language=request.language,
                state=State.REQUESTED if needs_approval else State.CONFIRMED,
                party_id=party_id,
            ),
            place.demand,
            place.placed,
            place.window,
        )
        for pk, place, card, guest in zip(ids, places, cards, guests, strict=True)
    ]
    _take(visits, places[0], request.override, actor, needs_approval=needs_approval)
    days = {day for rows in visits for day in rows.days(places[0].zone)}
    tell_party(PartyBooked, party, visits, days, actor=actor, override=request.override)
    return party_id


def _wish(request: PartyRequest, guests: Sequence[Guest]) -> PartyWish:
    return PartyWish(
        starts_at=request.starts_at,
        coming=tuple(
            Companion(lines=member.lines, client_id=guest.client_id)
            for member, guest in zip(request.members, guests, strict=True)
        ),
        total=request.expected_total,
        overrides=request.override.codes,
    )


def _checked_guests(request: PartyRequest, actor: Actor) -> list[Guest]:
    """Of those whom staff do not name only the first needs a card: the one who books."""
    guests: list[Guest] = []
    for number, member in enumerate(request.members):
        with of_member(number):
            guests.append(_checked_guest(member, number, actor))
            card = guests[-1].client_id
            if card and card in {guest.client_id for guest in guests[:-1]}:
                raise Invalid(fields={"client": TWICE})
    return guests


def _checked_guest(member: PartyMember, number: int, actor: Actor) -> Guest:
    if number and not actor.may(BOOK):
        if member.client is None:
            return Guest(vouched=False)
        if isinstance(member.client, Contact):
            raise Invalid(fields={"client": NOT_BY_CONTACT})
    return checked_guest(member.client, member.proof, actor)


def _organiser(request: PartyRequest, actor: Actor) -> UUID | None:
    if request.organiser is None:
        return None
    return checked_guest(request.organiser, "", actor).client_id


def _take(
    visits: Sequence[VisitRows],
    place: Place,
    override: Override,
    actor: Actor,
    *,
    needs_approval: bool,
) -> None:
    """Write them all, and say of each that it was booked."""
    kind = AppointmentRequested if needs_approval else AppointmentBooked
    overrides = tuple(sorted(override.codes))
    if SlotTaken.code in override.codes:
        allocations = [taken for rows in visits for taken in rows.allocations]
        make_room(allocations, place.zone, actor=actor, reason=override.reason)
    for rows in visits:
        event = visit_event(kind, rows, place.zone, reason=override.reason, overrides=overrides)
        store(rows, event, actor=actor)


@retried_once
@transaction.atomic
def cancel_party(
    *,
    party_id: UUID,
    actor: Actor,
    expected_version: int | None = None,
    reason: CancelReason | None = None,
) -> None:
    """Cancel every visit of it that is still to come, or none. Those that were had, missed or
    cancelled stay as they are.

    Raises ``NoSuchParty`` also for somebody else's, ``NotCancellable``, ``Stale``.
    """
    held, zone = hold_party(party_id), current_salon().zone
    visits = [rows.appointment for rows in held.visits]
    if not may_act_on_party(held.party, visits, actor, permission=CANCEL_ANY):
        raise NoSuchParty
    reason = said_reason(reason, actor)
    check_party_version(held.party, expected_version)
    live, days = held.live, held.days(zone)
    if not live:
        raise NotCancellable
    for rows in live:
        check_cancellable(rows, actor)
    for rows in live:
        free(rows, rows.allocations)
        save_states(rows, give_up(rows, reason))
        publish(visit_event(AppointmentCancelled, rows, zone, reason=reason), actor=actor)
    change_party(held.party)
    tell_party(
        PartyCancelled,
        held.party,
        held.visits,
        days,
        actor=actor,
        override=Override(reason=reason),
    )
