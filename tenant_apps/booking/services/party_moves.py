"""Moving people who come together: all of them to one time, or nobody."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.errors import DomainError, Invalid
from shared_apps.journal.services import publish
from tenant_apps.booking.errors import NoSuchParty, NotMovable, NotOffered, SlotTaken
from tenant_apps.booking.events import AppointmentMoved, PartyMoved
from tenant_apps.booking.permissions import MOVE_ANY
from tenant_apps.booking.selectors.access import may_act_on_party
from tenant_apps.booking.selectors.parties import live_visits
from tenant_apps.booking.selectors.together import PartySearch
from tenant_apps.booking.selectors.visits import VisitRows, glanced_visit
from tenant_apps.booking.services.again import (
    Again,
    asked_again,
    claimed_client,
    line_again,
    lines_to_come,
)
from tenant_apps.booking.services.finding import Place
from tenant_apps.booking.services.gathering import (
    HeldParty,
    change_party,
    check_party_version,
    hold_party,
    tell_party,
)
from tenant_apps.booking.services.move import MOVABLE
from tenant_apps.booking.services.party_finding import (
    PartyWish,
    days_of_party,
    find_places,
    party_taken,
)
from tenant_apps.booking.services.replacing import put_in, take_out
from tenant_apps.booking.services.rows import visit_event
from tenant_apps.booking.types import NOTHING, Companion, Override
from tenants.selectors import current_salon


@dataclass(frozen=True, kw_only=True, slots=True)
class MovePartyRequest:
    starts_at: datetime
    expected_version: int | None = None
    override: Override = NOTHING


def move_party(*, party_id: UUID, request: MovePartyRequest, actor: Actor) -> None:
    """Give back the time of all who are still to come and take the new one, or change nothing.
    Everybody stays with their people if those are free then. Prices stay.

    Raises ``NoSuchParty`` also for somebody else's, ``NotMovable``, ``Stale``, and what booking
    raises for a time that cannot be had.
    """
    try:
        _move_once(party_id=party_id, request=request, actor=actor)
    except SlotTaken as refusal:
        live = [glanced_visit(visit_id) for visit_id in live_visits(party_id)]
        raise party_taken(_wish(live, request, requested=True), actor) from refusal


def as_booked(party_id: UUID, wanted: PartySearch) -> PartySearch:
    """``wanted`` for those of a party whom ``move_party`` would move, with the lines that it
    would move. Raises ``NotMovable``."""
    live = [glanced_visit(visit_id) for visit_id in live_visits(party_id)]
    if not live:
        raise NotMovable
    for rows in live:
        _check_state(rows)
    return replace(
        wanted,
        coming=tuple(_companion(rows, requested=True) for rows in live),
        ignoring=tuple(rows.appointment.pk for rows in live),
        is_again=True,
    )


@retried_once
@transaction.atomic
def _move_once(*, party_id: UUID, request: MovePartyRequest, actor: Actor) -> None:
    zone = current_salon().zone
    held = hold_party(party_id, also=_days_to_take(party_id, request, actor))
    _check(held, request, actor)
    live, left = held.live, held.days(zone)
    places = _places(live, request, actor)
    agains = [_again(rows, requested=False) for rows in live]
    # All of them, before anybody is put where somebody else was.
    hads = [take_out(rows, again) for rows, again in zip(live, agains, strict=True)]
    for rows, again, place, had in zip(live, agains, places, hads, strict=True):
        put_in(rows, again, place, had, override=request.override, actor=actor)
        _tell(rows, left, zone, request.override, actor)
    change_party(held.party)
    days = left | held.days(zone)
    tell_party(PartyMoved, held.party, held.visits, days, actor=actor, override=request.override)


def _days_to_take(party_id: UUID, request: MovePartyRequest, actor: Actor) -> Collection[date]:
    """All days of the new time, which may end past midnight. At a glance: what is wrong with it
    is said when the party is held."""
    live = [glanced_visit(visit_id) for visit_id in live_visits(party_id)]
    with suppress(DomainError):
        if live:
            return days_of_party(_wish(live, request, requested=True), actor)
    return ()


def _tell(
    rows: VisitRows, left: Collection[date], zone: ZoneInfo, override: Override, actor: Actor
) -> None:
    visit = rows.appointment
    visit.version += 1
    visit.moves_count += 1
    visit.save(update_fields=["version", "moves_count", "updated_at"])
    event = visit_event(
        AppointmentMoved,
        rows,
        zone,
        also=left,
        reason=override.reason,
        overrides=tuple(sorted(override.codes)),
    )
    publish(event, actor=actor)


def _check(held: HeldParty, request: MovePartyRequest, actor: Actor) -> None:
    visits = [rows.appointment for rows in held.visits]
    if not may_act_on_party(held.party, visits, actor, permission=MOVE_ANY):
        raise NoSuchParty
    check_party_version(held.party, request.expected_version)
    if not held.live:
        raise NotMovable
    for rows in held.live:
        _check_state(rows)
        if rows.starts_at <= now() and not actor.may(MOVE_ANY):
            raise NotMovable(extra={"state": rows.appointment.state})


def _check_state(rows: VisitRows) -> None:
    if rows.appointment.state not in MOVABLE:
        raise NotMovable(extra={"state": rows.appointment.state})


def _places(live: Sequence[VisitRows], request: MovePartyRequest, actor: Actor) -> list[Place]:
    """With the same people if they are free then, otherwise with others where nobody minds."""
    same, easier = (_wish(live, request, requested=requested) for requested in (False, True))
    if same != easier:
        with suppress(SlotTaken, NotOffered, Invalid):
            return find_places(same, actor)
    return find_places(easier, actor)


def _wish(live: Sequence[VisitRows], request: MovePartyRequest, *, requested: bool) -> PartyWish:
    return PartyWish(
        starts_at=request.starts_at,
        coming=tuple(_companion(rows, requested=requested) for rows in live),
        ignoring=tuple(rows.appointment.pk for rows in live),
        overrides=request.override.codes,
        is_again=True,
    )


def _companion(rows: VisitRows, *, requested: bool) -> Companion:
    return Companion(lines=_again(rows, requested=requested).asked, client_id=claimed_client(rows))


def _again(rows: VisitRows, *, requested: bool) -> Again:
    """With those who serve them now, or with those who were ``requested``."""
    lines = lines_to_come(rows)
    who = attrgetter("requested_staff_id" if requested else "performer_id")
    return asked_again(lines, {line.pk: line_again(line, who(line)) for line in lines})
