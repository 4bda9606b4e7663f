"""Holds: time kept for somebody who is still choosing or writing their name."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.money import Money
from shared_apps.core.signing import read_id, sign_id
from shared_apps.core.wall import DAY, at_wall
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.errors import (
    HoldExpired,
    NoSuchHold,
    SlotTaken,
    TooManyHolds,
)
from tenant_apps.booking.events import (
    AppointmentConfirmed,
    AppointmentHeld,
    AppointmentRequested,
)
from tenant_apps.booking.models import Appointment, Phase
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.selectors.calendar import worked_minutes
from tenant_apps.booking.selectors.limits import check_sold_to
from tenant_apps.booking.selectors.setup import Setup, setup_now
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.allocations import keep_for_good, take
from tenant_apps.booking.services.deciding import check_overrides, price_changed
from tenant_apps.booking.services.expiry import give_back
from tenant_apps.booking.services.finding import Place, Wish, days_of, find_place
from tenant_apps.booking.services.guests import checked_guest, is_still_theirs
from tenant_apps.booking.services.overbook import make_room
from tenant_apps.booking.services.rows import (
    VisitHead,
    build_rows,
    claims,
    store,
    visit_event,
)
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.clients.types import Contact
from tenants.selectors import current_salon

PURPOSE = "hold"
AN_ORDINARY_VISIT = 150
# Or whoever replaces a hold by itself would keep it for ever.
MOST_REPLACEMENTS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldRequest:
    """``replaces``: the token of a hold that is given back for this one, whose time counts as
    free. ``network``: where the request comes from, for limits."""

    starts_at: datetime
    lines: tuple[AskedLine, ...]
    replaces: str = ""
    network: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """Whom the held visit is for; as in ``BookingRequest``."""

    client: UUID | Contact | None
    proof: str = ""
    expected_total: Money | None = None
    language: str = ""
    override: Override = NOTHING


def hold_token(appointment_id: UUID) -> str:
    """What makes a hold its owner's. The same for a request that is sent again."""
    return sign_id(appointment_id, purpose=PURPOSE)


def held_by(token: str) -> UUID:
    """The visit that ``token`` holds or held. Raises ``NoSuchHold``."""
    found = read_id(token, purpose=PURPOSE)
    if found is None:
        raise NoSuchHold
    return found


@retried_once
def create_hold(*, request: HoldRequest, actor: Actor, attempt: Attempt | None = None) -> UUID:
    """Take the time of a visit for a few minutes, for whoever has its token.

    Raises what booking raises for a time that cannot be had, and ``TooManyHolds``.
    """
    return once(attempt, lambda planned: _hold(planned, request, actor))


def _hold(appointment_id: UUID, request: HoldRequest, actor: Actor) -> UUID:
    wish = Wish(starts_at=request.starts_at, lines=request.lines, is_for_nobody=True)
    replaced = _hold_replaced(request, wish, actor) if request.replaces else None
    if replaced and replaced.appointment.state != State.HELD:
        replaced = None
    replacements = replaced.appointment.moves_count + 1 if replaced else 0
    if replacements > MOST_REPLACEMENTS:
        raise TooManyHolds
    ignoring = replaced.appointment.pk if replaced else None
    place = find_place(replace(wish, ignoring=ignoring), actor)
    if replaced:
        give_back(replaced, CancelReason.CLIENT, actor=actor)
    moment, is_guest = now(), not actor.may(BOOK)
    network = _hashed(request.network) if is_guest else ""
    head = VisitHead(
        appointment_id=appointment_id,
        client_id=None,
        claimed=False,
        channel=actor.channel,
        language=request.language,
        state=State.HELD,
        hold_key=sha256(hold_token(appointment_id).encode()).hexdigest(),
        held_from=network,
        moves_count=replacements,
        expires_at=moment + timedelta(minutes=place.setup.rules.hold_minutes),
    )
    rows = build_rows(head, place.demand, place.placed, place.window)
    if is_guest:
        _check_room(network, rows, place, moment)
    store(rows, visit_event(AppointmentHeld, rows, place.zone), actor=actor)
    return appointment_id


def _hold_replaced(request: HoldRequest, wish: Wish, actor: Actor) -> VisitRows:
    """With the days of the new one: two who replace theirs crosswise would wait for each other
    if each locked first what they have."""
    return hold_visit(held_by(request.replaces), also=days_of(wish, actor))


def _hashed(network: str) -> str:
    return salted_hmac(
        f"parlour.hold:{current_salon().id}", network, algorithm="sha256"
    ).hexdigest()


def _check_room(network: str, rows: VisitRows, place: Place, moment: datetime) -> None:
    """Strangers may keep a few times each, and together only a share of what a day has, or one
    ordinary visit."""
    zone = place.zone
    held = Appointment.objects.filter(state=State.HELD, expires_at__gt=moment, held_from__gt="")
    if held.filter(held_from=network).count() >= settings.HOLDS_PER_NETWORK:
        raise TooManyHolds
    day = rows.starts_at.astimezone(zone).date()
    midnight, next_midnight = at_wall(day, 0, zone), at_wall(day + DAY, 0, zone)
    minutes = Phase.objects.filter(
        line__appointment__in=held,
        staff__isnull=False,
        starts_at__range=(midnight, next_midnight),
    ).aggregate(sum=Sum("minutes", default=0))["sum"]
    mine = sum(phase.minutes for phase in rows.phases if phase.staff_id)
    share = settings.HOLDS_SHARE * worked_minutes(place.setup, day, zone)
    if minutes + mine > max(share, AN_ORDINARY_VISIT):
        raise TooManyHolds


@retried_once
def release_hold(*, token: str, actor: Actor) -> None:
    """Give the time back. Releasing twice is no error. Raises ``NoSuchHold``."""
    with transaction.atomic():
        _release(held_by(token), actor)


def _release(appointment_id: UUID, actor: Actor) -> None:
    rows = hold_visit(appointment_id)
    if rows.appointment.state == State.HELD:
        give_back(rows, CancelReason.CLIENT, actor=actor)


@retried_once
def confirm_hold(*, appointment_id: UUID, token: str, request: Confirmation, actor: Actor) -> None:
    """Make the held time somebody's visit. Confirming what is confirmed changes nothing.

    Raises ``NoSuchHold``, ``HoldExpired``, ``PriceChanged``, what the client's data lack, and
    ``SlotTaken`` when the client is somewhere else in the salon then, unless that is overridden.
    """
    check_overrides(request.override.codes, actor)
    with transaction.atomic():
        if held_by(token) != appointment_id:
            raise NoSuchHold
        rows = hold_visit(appointment_id)
        if rows.appointment.state in {State.CONFIRMED, State.REQUESTED}:
            if not is_still_theirs(rows.appointment.client_id, request.client, actor):
                raise HoldExpired
            return
        _check_still_held(rows)
        _check_total(rows, request.expected_total)
        zone = current_salon().zone
        guest = checked_guest(request.client, request.proof, actor)
        setup = setup_now()
        check_sold_to(_sold_as(rows, setup), actor, guest.client_id)
        needs_approval = setup.rules.approve_online and not actor.may(BOOK)
        rows.appointment.client_id = guest.card(actor)
        rows.appointment.language = request.language or rows.appointment.language
        _confirm(rows, State.REQUESTED if needs_approval else State.CONFIRMED)
        if guest.vouched:
            _claim(rows, request.override, zone, actor)
        kind = AppointmentRequested if needs_approval else AppointmentConfirmed
        event = visit_event(
            kind,
            rows,
            zone,
            reason=request.override.reason,
            overrides=sorted(request.override.codes),
        )
        publish(event, actor=actor)


def _claim(rows: VisitRows, override: Override, zone: ZoneInfo, actor: Actor) -> None:
    """Take the client's own time; people and units are held already."""
    claimed = claims(rows)
    rows.allocations.extend(claimed)
    if SlotTaken.code in override.codes:
        make_room(claimed, zone, actor=actor, reason=override.reason)
    take(claimed)


def _sold_as(rows: VisitRows, setup: Setup) -> list[tuple[str, OptionTerms]]:
    """What the lines were asked for as, by their places; what is gone since binds nobody."""
    asked = [(line.position, line.bundle_option_id or line.option_id) for line in rows.lines]
    return [
        (f"lines.{place}.option_id", setup.options[pk])
        for place, pk in asked
        if pk in setup.options
    ]


def _check_still_held(rows: VisitRows) -> None:
    visit = rows.appointment
    if visit.state != State.HELD or visit.expires_at is None or visit.expires_at <= now():
        raise HoldExpired


def _check_total(rows: VisitRows, expected: Money | None) -> None:
    total = Money(sum(line.price for line in rows.lines), rows.lines[0].currency)
    if expected and expected != total:
        raise price_changed(total)


def _confirm(rows: VisitRows, state: State) -> None:
    visit = rows.appointment
    visit.state, visit.hold_key, visit.held_from, visit.expires_at = state, "", "", None
    visit.moves_count = 0
    visit.version += 1
    visit.save()
    for line in rows.lines:
        line.state = state
        line.save(update_fields=["state", "updated_at"])
    keep_for_good(rows.allocations)
