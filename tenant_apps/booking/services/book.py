"""Booking a visit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.money import Money
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import NoSuchAppointment, SlotTaken
from tenant_apps.booking.events import AppointmentBooked, AppointmentRequested, VisitEvent
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.selectors.appointments import get_appointment, written_view
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.finding import Place, Wish, find_place, in_the_coming_week, taken
from tenant_apps.booking.services.guests import checked_guest, is_still_theirs
from tenant_apps.booking.services.overbook import make_room
from tenant_apps.booking.services.rows import VisitHead, build_rows, store, visit_event
from tenant_apps.booking.types import NOTHING, AppointmentView, AskedLine, Override
from tenant_apps.clients.types import Contact

Show = Callable[[AppointmentView], None]


def show_nobody(_view: AppointmentView) -> None:
    """Whoever books does not look at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingRequest:
    """``client`` is a card's id, the contact of somebody who gets a card of their own, or
    nobody (a walk-in).

    With ``proof`` that they read that e-mail address they get the card they have already.
    """

    starts_at: datetime
    lines: tuple[AskedLine, ...]
    client: UUID | Contact | None
    proof: str = ""
    expected_total: Money | None = None
    language: str = ""
    override: Override = NOTHING


def book_and_show(
    *, request: BookingRequest, actor: Actor, attempt: Attempt | None = None
) -> AppointmentView:
    """``book_appointment``, and the visit as people see it: as it was written just now, or as
    it is when an attempt before this one wrote it, unless it is somebody else's by now."""
    seen: list[AppointmentView] = []
    appointment_id = book_appointment(
        request=request, actor=actor, attempt=attempt, show=seen.append
    )
    written = next((view for view in seen if view.id == appointment_id), None)
    return written or _still_theirs(get_appointment(appointment_id), request, actor)


def _still_theirs(view: AppointmentView, request: BookingRequest, actor: Actor) -> AppointmentView:
    if not is_still_theirs(view.client_id, request.client, actor):
        raise NoSuchAppointment
    return view


def book_appointment(
    *,
    request: BookingRequest,
    actor: Actor,
    attempt: Attempt | None = None,
    show: Show = show_nobody,
) -> UUID:
    """Take the time for every line, or nothing.

    Raises ``SlotTaken`` with the nearest alternatives, ``NotOffered``, ``InThePast``,
    ``TooSoon``, ``TooFar``, ``PriceChanged``, or an error that names the line or field.
    """
    try:
        return _book_once(request=request, actor=actor, attempt=attempt, show=show)
    except SlotTaken as refusal:
        if refusal.extra.get("alternatives"):
            raise
        # Only now, when the day is no longer locked: a long search must not hold up others.
        guest = checked_guest(request.client, request.proof, actor)
        wish = Wish(starts_at=request.starts_at, lines=request.lines, client_id=guest.client_id)
        raise taken(in_the_coming_week(wish, actor)) from refusal


@retried_once
def _book_once(
    *, request: BookingRequest, actor: Actor, attempt: Attempt | None, show: Show
) -> UUID:
    return once(
        attempt, lambda planned: book_within(planned, request=request, actor=actor, show=show)
    )


def book_within(
    appointment_id: UUID, *, request: BookingRequest, actor: Actor, show: Show = show_nobody
) -> UUID:
    """``book_appointment`` as part of a command that has a transaction, under this id.

    ``show`` is given the visit, unless its client's card was there before: its name is not
    known here.
    """
    guest = checked_guest(request.client, request.proof, actor)
    place = find_place(
        Wish(
            starts_at=request.starts_at,
            lines=request.lines,
            client_id=guest.client_id,
            total=request.expected_total,
            overrides=request.override.codes,
        ),
        actor,
    )
    needs_approval = place.setup.rules.approve_online and not actor.may(BOOK)
    head = VisitHead(
        appointment_id=appointment_id,
        client_id=guest.card(actor),
        claimed=guest.vouched,
        channel=actor.channel,
        language=request.language,
        state=State.REQUESTED if needs_approval else State.CONFIRMED,
    )
    kind = AppointmentRequested if needs_approval else AppointmentBooked
    rows = take(head, place, kind, actor=actor, override=request.override)
    if guest.client_id is None:
        show(written_view(rows, place.demand, guest.contact))
    return appointment_id


def take(
    head: VisitHead, place: Place, kind: type[VisitEvent], *, actor: Actor, override: Override
) -> VisitRows:
    """Write a new visit into the place that was found for it, and say so."""
    rows = build_rows(head, place.demand, place.placed, place.window)
    overrides: tuple[str, ...] = tuple(sorted(override.codes))
    if SlotTaken.code in override.codes:
        make_room(rows.allocations, place.zone, actor=actor, reason=override.reason)
    event = visit_event(kind, rows, place.zone, reason=override.reason, overrides=overrides)
    store(rows, event, actor=actor)
    return rows
