"""Moving a visit to another time, to other people or to other chairs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Forbidden, Invalid, Stale
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import (
    HoldExpired,
    NoSuchAppointment,
    NotMovable,
    SlotTaken,
)
from tenant_apps.booking.events import AppointmentChanged, AppointmentMoved
from tenant_apps.booking.permissions import MOVE_ANY
from tenant_apps.booking.selectors.access import may_act_on
from tenant_apps.booking.selectors.visits import VisitRows, glanced_visit
from tenant_apps.booking.services.again import (
    Again,
    asked_again,
    called,
    claimed_client,
    line_again,
    lines_to_come,
    with_what_it_has,
)
from tenant_apps.booking.services.finding import Wish, in_the_coming_week, taken
from tenant_apps.booking.services.life import starts_at
from tenant_apps.booking.services.place_again import as_it_stands_first, first_place, staying
from tenant_apps.booking.services.replacing import put
from tenant_apps.booking.services.rows import visit_event
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenants.selectors import current_salon

MOVABLE = frozenset({State.HELD, State.REQUESTED, State.CONFIRMED, State.ARRIVED})


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveRequest:
    """``staff``: by line, who does it from now on; ``None`` means anyone. A line that is not
    named stays with its performer, or, if nobody in particular was asked for, goes to somebody
    else when its performer is not free then.

    ``units``: by line, the chair or room to have it on; for staff to say. A visit that stays when
    it is keeps the others that it has while they are free.
    """

    starts_at: datetime
    staff: Mapping[UUID, UUID | None] = field(default_factory=dict)
    units: Mapping[UUID, Collection[UUID]] = field(default_factory=dict)
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
        rows = glanced_visit(appointment_id)
        if refusal.extra.get("alternatives") or not lines_to_come(rows):
            raise
        wish = _wish(rows, request, _again(rows, request, requested=True))
        raise taken(in_the_coming_week(wish, actor)) from refusal


@retried_once
@transaction.atomic
def _move_once(*, appointment_id: UUID, request: MoveRequest, actor: Actor) -> None:
    zone = current_salon().zone
    rows = hold_visit(appointment_id, and_at=request.starts_at)
    _check(rows, request, actor)
    left, stays = rows.days(zone), _stays(rows, request)
    again = _again(rows, request, requested=False)
    with called(_names(request, again)):
        _number, place = first_place(_wishes(rows, request), actor)
    put(rows, again, place, override=request.override, actor=actor)
    visit = rows.appointment
    visit.version += 1
    visit.moves_count += not stays
    visit.save(update_fields=["version", "moves_count", "updated_at"])
    publish(
        visit_event(
            AppointmentChanged if stays else AppointmentMoved,
            rows,
            zone,
            also=left,
            reason=request.override.reason,
            overrides=tuple(sorted(request.override.codes)),
        ),
        actor=actor,
    )


def _check(rows: VisitRows, request: MoveRequest, actor: Actor) -> None:
    visit = rows.appointment
    if not may_act_on(visit, actor, permission=MOVE_ANY):
        raise NoSuchAppointment
    if request.units and not actor.may(MOVE_ANY):
        raise Forbidden
    if request.expected_version not in {None, visit.version}:
        raise Stale(extra={"version": visit.version})
    if visit.expires_at is not None and visit.expires_at <= now():
        raise HoldExpired
    has_begun = rows.starts_at <= now() and not actor.may(MOVE_ANY)
    if visit.state not in MOVABLE or has_begun:
        raise NotMovable(extra={"state": visit.state})
    live = {line.pk for line in lines_to_come(rows)}
    for name, said in (("staff", request.staff), ("units", request.units)):
        if unknown := said.keys() - live:
            raise Invalid(fields={f"{name}.{min(unknown)}": NoSuchAppointment.message})


def _names(request: MoveRequest, again: Again) -> dict[str, str]:
    """Where in the request something was said of a line."""
    return {
        f"{again.path_of(line_id)}.{field}": f"{name}.{place}.{field}"
        for name, field, said in (
            ("staff", "staff_id", request.staff),
            ("units", "unit_ids", request.units),
        )
        for place, line_id in enumerate(said)
    }


def _wishes(rows: VisitRows, request: MoveRequest) -> list[Wish]:
    """With the same people if they are free then, otherwise with others where nobody minds. At
    its own time with what it has, too, if nothing speaks against it."""
    same = _wish(rows, request, _again(rows, request, requested=False))
    easier = _wish(rows, request, _again(rows, request, requested=True))
    if same.staying is None:
        return [same, easier]
    had = with_what_it_has(rows, _said(rows, request, requested=False))
    again = asked_again(lines_to_come(rows), had)
    there = replace(_wish(rows, request, again), overrides=frozenset())
    found = as_it_stands_first(rows, again, [there, same, easier])
    return sorted(found, key=lambda wish: bool(wish.overrides))  # the least irregular first


def _wish(rows: VisitRows, request: MoveRequest, again: Again) -> Wish:
    return Wish(
        starts_at=request.starts_at,
        lines=again.asked,
        client_id=claimed_client(rows),
        ignoring=rows.appointment.pk,
        overrides=request.override.codes,
        is_again=True,
        staying=staying(rows, again) if _stays(rows, request) else None,
    )


def _stays(rows: VisitRows, request: MoveRequest) -> bool:
    """Other people or chairs at the same time move nobody."""
    return request.starts_at == starts_at(rows, lines_to_come(rows))


def _again(rows: VisitRows, request: MoveRequest, *, requested: bool) -> Again:
    return asked_again(lines_to_come(rows), _said(rows, request, requested=requested))


def _said(rows: VisitRows, request: MoveRequest, *, requested: bool) -> dict[UUID, AskedLine]:
    """With those who do it now, or with those who were ``requested``."""
    usual = attrgetter("requested_staff_id" if requested else "performer_id")
    return {
        line.pk: replace(
            line_again(line, request.staff.get(line.pk, usual(line))),
            unit_ids=frozenset(request.units.get(line.pk, ())),
        )
        for line in lines_to_come(rows)
    }
