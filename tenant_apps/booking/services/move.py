"""Moving a visit to another time or to other people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.copying import insert
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Invalid, Stale
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import (
    HoldExpired,
    NoSuchAppointment,
    NotMovable,
    NotOffered,
    SlotTaken,
)
from tenant_apps.booking.events import AppointmentMoved
from tenant_apps.booking.models import Line, Phase
from tenant_apps.booking.permissions import MOVE_ANY
from tenant_apps.booking.selectors.access import may_act_on
from tenant_apps.booking.selectors.visits import VisitRows, glanced_visit
from tenant_apps.booking.services.allocations import take
from tenant_apps.booking.services.finding import Place, Wish, find_place, in_the_coming_week, taken
from tenant_apps.booking.services.life import free
from tenant_apps.booking.services.overbook import make_room
from tenant_apps.booking.services.rows import VisitHead, build_rows, visit_event
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenants.selectors import current_salon

MOVABLE = frozenset({State.HELD, State.REQUESTED, State.CONFIRMED, State.ARRIVED})


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveRequest:
    """``staff``: by line, who does it from now on; ``None`` means anyone. A line that is not
    named stays with its performer, or, if nobody in particular was asked for, goes to somebody
    else when its performer is not free then."""

    starts_at: datetime
    staff: Mapping[UUID, UUID | None] = field(default_factory=dict)
    expected_version: int | None = None
    override: Override = NOTHING


def move_appointment(*, appointment_id: UUID, request: MoveRequest, actor: Actor) -> None:
    """Give the old time back and take the new one, or change nothing. Prices stay.

    Raises ``NoSuchAppointment`` also for somebody else's, ``NotMovable``, ``Stale``, and what
    booking raises for a time that cannot be had.
    """
    try:
        _move_once(appointment_id=appointment_id, request=request, actor=actor)
    except SlotTaken as refusal:
        if refusal.extra.get("alternatives"):
            raise
        wish = _wish(glanced_visit(appointment_id), request, requested=True)
        raise taken(in_the_coming_week(wish, actor)) from refusal


@retried_once
@transaction.atomic
def _move_once(*, appointment_id: UUID, request: MoveRequest, actor: Actor) -> None:
    zone = current_salon().zone
    rows = hold_visit(appointment_id, also=[request.starts_at.astimezone(zone).date()])
    _check(rows, request, actor)
    left = rows.days(zone)
    place = _place(rows, request, actor)
    is_claimed = _claimed(rows) is not None
    free(rows, rows.allocations)
    _forget_phases(rows)
    phases = _settle(rows, place, is_claimed=is_claimed)
    overrides = tuple(sorted(request.override.codes))
    if SlotTaken.code in overrides:
        make_room(rows, zone, actor=actor, reason=request.override.reason)
    _store(rows, phases)
    publish(
        visit_event(
            AppointmentMoved,
            rows,
            zone,
            also=left,
            reason=request.override.reason,
            overrides=overrides,
        ),
        actor=actor,
    )


def _check(rows: VisitRows, request: MoveRequest, actor: Actor) -> None:
    visit = rows.appointment
    if not may_act_on(visit, actor, permission=MOVE_ANY):
        raise NoSuchAppointment
    if request.expected_version not in {None, visit.version}:
        raise Stale(extra={"version": visit.version})
    if visit.expires_at is not None and visit.expires_at <= now():
        raise HoldExpired
    has_begun = rows.starts_at <= now() and not actor.may(MOVE_ANY)
    if visit.state not in MOVABLE or has_begun:
        raise NotMovable(extra={"state": visit.state})
    unknown = request.staff.keys() - {line.pk for line in _live(rows)}
    if unknown:
        raise Invalid(fields={f"staff.{min(unknown)}": NoSuchAppointment.message})


def _live(rows: VisitRows) -> list[Line]:
    return [line for line in rows.lines if line.state != State.CANCELLED]


def _place(rows: VisitRows, request: MoveRequest, actor: Actor) -> Place:
    """With the same people if they are free then, otherwise with others where nobody minds."""
    wish = _wish(rows, request, requested=False)
    try:
        return find_place(wish, actor)
    except (SlotTaken, NotOffered):
        easier = _wish(rows, request, requested=True)
        if easier == wish:
            raise
        return find_place(easier, actor)


def _wish(rows: VisitRows, request: MoveRequest, *, requested: bool) -> Wish:
    """With those who do it now, or with those who were ``requested``."""
    live = _live(rows)
    usual = attrgetter("requested_staff_id" if requested else "performer_id")
    return Wish(
        starts_at=request.starts_at,
        lines=_asked(live, {line.pk: request.staff.get(line.pk, usual(line)) for line in live}),
        client_id=_claimed(rows),
        ignoring=rows.appointment.pk,
        overrides=request.override.codes,
        is_again=True,
    )


Chosen = Mapping[UUID, UUID | None]
"""By line, who is to do it."""


def _tops(live: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """Each line with its add-ons. One whose line was cancelled stands for itself."""
    ids = {line.pk for line in live}
    return [
        (line, [addon for addon in live if addon.parent_line_id == line.pk])
        for line in live
        if line.parent_line_id not in ids
    ]


def _asked(live: Sequence[Line], staff: Chosen) -> tuple[AskedLine, ...]:
    """The same visit again. What came as a bundle is its parts by now."""
    return tuple(
        replace(
            _line_again(line, staff[line.pk]),
            parallel_group=line.parallel_group,
            addons=tuple(_line_again(addon, staff[addon.pk]) for addon in addons),
        )
        for line, addons in _tops(live)
    )


def _line_again(line: Line, staff_id: UUID | None) -> AskedLine:
    own = line.own_minutes
    return AskedLine(
        option_id=line.option_id,
        staff_id=staff_id,
        own_minutes=None if own is None else tuple(own),
    )


def _claimed(rows: VisitRows) -> UUID | None:
    """The client, if their own time is taken with the visit's."""
    return next((taken.client_id for taken in rows.allocations if taken.client_id), None)


def _forget_phases(rows: VisitRows) -> None:
    """Cancelled lines keep theirs, as history."""
    live = {line.pk for line in _live(rows)}
    Phase.objects.filter(line_id__in=live).delete()
    rows.phases = [phase for phase in rows.phases if phase.line_id not in live]


def _settle(rows: VisitRows, place: Place, *, is_claimed: bool) -> list[Phase]:
    """Hang new phases and allocations under the lines that are there already."""
    visit = rows.appointment
    head = VisitHead(
        appointment_id=visit.pk,
        client_id=visit.client_id,
        claimed=is_claimed,
        channel=visit.channel,
        language=visit.language,
        expires_at=visit.expires_at,
        party_id=visit.party_id,
    )
    built = build_rows(head, place.demand, place.placed, place.window)
    there = [one for line, addons in _tops(_live(rows)) for one in (line, *addons)]
    for line, new in zip(there, built.lines, strict=True):
        line.performer_id = new.performer_id
        for phase in built.phases:
            if phase.line is new:
                phase.line = line
    rows.phases += built.phases
    rows.allocations = built.allocations
    visit.version += 1
    visit.moves_count += 1
    return built.phases


def _store(rows: VisitRows, phases: list[Phase]) -> None:
    rows.appointment.save(update_fields=["version", "moves_count", "updated_at"])
    for line in _live(rows):
        line.save(update_fields=["performer", "updated_at"])
    insert(phases)
    take(rows.allocations)
