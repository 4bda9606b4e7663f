"""Booking: the one way in which time gets taken, whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import EXCLUSION_VIOLATION, refused_as, retried_once
from shared_apps.core.errors import Forbidden
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.money import Money
from tenant_apps.booking.errors import (
    InThePast,
    NotOffered,
    PriceChanged,
    SlotTaken,
    TooFar,
    TooSoon,
)
from tenant_apps.booking.events import AppointmentBooked
from tenant_apps.booking.permissions import BOOK, BOOK_FOR_SELF, BOOK_OFF_RULES
from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.policies.placing import Placed, place_visit
from tenant_apps.booking.selectors.availability import (
    availability,
    bounds_for,
    nearest,
    offers,
)
from tenant_apps.booking.selectors.calendar import (
    Calendar,
    local_days,
    read_calendar,
    read_rules,
    window_of,
)
from tenant_apps.booking.selectors.demand import Demand, read_demand
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.rows import VisitHead, build_rows, store, tell
from tenant_apps.booking.types import AskedLine, Rules, Start
from tenant_apps.clients.errors import CodeRefused, ContactRefused
from tenant_apps.clients.proofs import proven_email
from tenant_apps.clients.selectors import card_of_person, clients_of, get_client
from tenant_apps.clients.services import add_client, checked_contact
from tenant_apps.clients.types import Contact
from tenants.selectors import current_salon

A_WEEK = timedelta(days=7)
NO_AMOUNT = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingRequest:
    """``client`` is a card's id, or the contact of somebody who gets a card of their own.

    With ``proof`` that they read that e-mail address they get the card they have already.
    """

    starts_at: datetime
    lines: tuple[AskedLine, ...]
    client: UUID | Contact
    proof: str = ""
    expected_total: Money | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Guest:
    """``client_id``: a card that exists. ``vouched``: the person and the card belong together,
    so the client's own time is claimed too; what a stranger types claims nobody's."""

    vouched: bool
    client_id: UUID | None = None
    contact: Contact | None = None


def book_appointment(
    *, request: BookingRequest, actor: Actor, attempt: Attempt | None = None
) -> UUID:
    """Take the time for every line, or nothing.

    Raises ``SlotTaken`` with the nearest alternatives, ``NotOffered``, ``InThePast``,
    ``TooSoon``, ``TooFar``, ``PriceChanged``, or an error that names the line or field.
    """
    try:
        return _book_once(request=request, actor=actor, attempt=attempt)
    except SlotTaken as refusal:
        if refusal.extra.get("alternatives"):
            raise
        # Only now, when the day is no longer locked: a long search must not hold up others.
        raise _taken(_in_the_coming_week(request, actor)) from refusal


@retried_once
def _book_once(*, request: BookingRequest, actor: Actor, attempt: Attempt | None) -> UUID:
    return once(attempt, lambda planned: _book(planned, request=request, actor=actor))


def _book(appointment_id: UUID, *, request: BookingRequest, actor: Actor) -> UUID:
    zone = ZoneInfo(current_salon().timezone)
    demand, rules = read_demand(request.lines, actor), read_rules()
    _check_bounds(request.starts_at, actor, rules, zone)
    guest = _checked_guest(request, actor)
    days = local_days(request.starts_at, demand.longest, zone)
    lock_days(days)
    window = window_of(days[0], days[-1], zone, beyond=demand.longest)
    calendar = read_calendar(demand, window, zone, client_id=guest.client_id)
    placed = _place(request, demand, calendar, rules, actor, zone)
    head = VisitHead(
        appointment_id=appointment_id,
        client_id=guest.client_id or _new_card(guest, actor),
        claimed=guest.vouched,
        channel=actor.channel,
        language=request.language,
    )
    rows = build_rows(head, demand, placed, window)
    with refused_as(EXCLUSION_VIOLATION, SlotTaken):
        store(rows)
    tell(AppointmentBooked, rows, zone, actor=actor)
    return appointment_id


def _check_bounds(starts_at: datetime, actor: Actor, rules: Rules, zone: ZoneInfo) -> None:
    moment = now()
    if starts_at < moment:
        raise InThePast(fields={"starts_at": InThePast.message})
    bounds = bounds_for(actor, rules, moment, zone)
    if starts_at < bounds.earliest:
        raise TooSoon(fields={"starts_at": TooSoon.message})
    if starts_at >= bounds.before:
        raise TooFar(fields={"starts_at": TooFar.message})


def _checked_guest(request: BookingRequest, actor: Actor) -> _Guest:
    """For whom ``actor`` may book. Staff vouch for anybody, others for whom they have proven."""
    if isinstance(request.client, UUID):
        return _Guest(vouched=True, client_id=_allowed_card(request.client, actor))
    contact = checked_contact(request.client, country=current_salon().country)
    if request.proof:
        if proven_email(request.proof) != contact.email:
            raise ContactRefused(fields={"client.proof": CodeRefused.message})
        return _Guest(vouched=True, client_id=card_of_person(contact), contact=contact)
    return _Guest(vouched=actor.may(BOOK), contact=contact)


def _allowed_card(client_id: UUID, actor: Actor) -> UUID:
    if not actor.may(BOOK):
        actor.require(BOOK_FOR_SELF)
        if actor.id is None or client_id not in clients_of(actor.id):
            raise Forbidden
    return get_client(client_id).pk


def _new_card(guest: _Guest, actor: Actor) -> UUID:
    assert guest.contact is not None  # noqa: S101 whoever has no card came with a contact
    return add_client(contact=guest.contact, confirmed=guest.vouched, actor=actor).pk


def _place(
    request: BookingRequest,
    demand: Demand,
    calendar: Calendar,
    rules: Rules,
    actor: Actor,
    zone: ZoneInfo,
) -> list[Placed]:
    window = calendar.window
    start, rest = divmod(request.starts_at - window.start, MINUTE)
    day = request.starts_at.astimezone(zone).date()
    on_grid = (
        actor.may(BOOK_OFF_RULES) or grid_on(day, rules.grid_minutes, window, zone) >> start & 1
    )
    if rest or not on_grid:
        raise NotOffered(fields={"starts_at": NotOffered.message})
    preference = {key: -mask.bit_count() for key, mask in calendar.free.staff.items()}
    expected = request.expected_total
    wanted = expected.amount if expected else None
    if expected and expected.currency != demand.terms[0].currency:
        wanted = NO_AMOUNT
    free = calendar.free
    placed = place_visit(demand.visit, free, start, preference=preference, total=wanted)
    if placed is not None:
        return placed
    dearer = expected and place_visit(demand.visit, free, start, preference=preference)
    if dearer:
        raise _price_changed(demand, dearer)
    if place_visit(demand.visit, calendar.rostered, start, preference=preference) is None:
        raise NotOffered(fields={"starts_at": NotOffered.message})
    bounds = bounds_for(actor, rules, now(), zone)
    found = offers(demand, calendar, rules, bounds, [day], zone)
    raise _taken(nearest(found, request.starts_at))


def _price_changed(demand: Demand, placed: Sequence[Placed]) -> PriceChanged:
    total = demand.total(placed)
    return PriceChanged(extra={"total": {"amount": total.amount, "currency": total.currency}})


def _taken(alternatives: Sequence[Start]) -> SlotTaken:
    return SlotTaken(extra={"alternatives": [start_as_json(start) for start in alternatives]})


def _in_the_coming_week(request: BookingRequest, actor: Actor) -> list[Start]:
    zone = ZoneInfo(current_salon().timezone)
    day = request.starts_at.astimezone(zone).date()
    found = availability(
        first=day,
        last=day + A_WEEK,
        lines=request.lines,
        actor=actor,
        zone=zone,
        moment=now(),
        client_id=request.client if isinstance(request.client, UUID) else None,
    )
    return nearest(found, request.starts_at)


def start_as_json(start: Start) -> dict[str, object]:
    return {
        "starts_at": start.starts_at.isoformat(),
        "lines": [{"staff_ids": [str(pk) for pk in ids]} for ids in start.staff_ids],
    }
