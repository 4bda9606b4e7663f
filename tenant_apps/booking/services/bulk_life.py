"""What became of visits that the bulk writer has placed, before they are written.

Each step is checked and done as at the desk, at a moment of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.models import uuid7
from tenant_apps.booking.enums import AbsenceReason, State
from tenant_apps.booking.events import (
    AppointmentArrived,
    AppointmentCompleted,
    AppointmentNoShow,
    AppointmentOverbooked,
    AppointmentStarted,
    LineReassigned,
    VisitEvent,
)
from tenant_apps.booking.models import Allocation, Line
from tenant_apps.booking.permissions import NO_SHOW, OVERBOOK, PROGRESS, REASSIGN
from tenant_apps.booking.policies.life import Doing
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.bulk import EnteredVisit
from tenant_apps.booking.services.course import become, begin, end
from tenant_apps.booking.services.life import check_line, check_visit, cut_off, taken_by
from tenant_apps.booking.services.rows import visit_event


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """The client came, and each line began and was done at these moments, in their order."""

    arrived_at: datetime
    lines: Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """Nobody came, which the desk noted at that moment."""

    at: datetime


Outcome = Served | Missed


def overbooked(
    entered: EnteredVisit, *, at: datetime, reason: str, actor: Actor, zone: ZoneInfo
) -> EnteredVisit:
    """The visit once another was entered ``beside`` it."""
    actor.require(OVERBOOK)
    entered.rows.appointment.version += 1
    event = visit_event(AppointmentOverbooked, entered.rows, zone, reason=reason)
    return replace(entered, history=(*entered.history, (event, actor, at)))


def handed_over(
    entered: EnteredVisit,
    staff_id: UUID,
    *,
    at: datetime,
    reason: AbsenceReason,
    actor: Actor,
    zone: ZoneInfo,
) -> EnteredVisit:
    """The visit once a colleague, whose time ``OpenDays.hand_over`` has taken, does its line."""
    actor.require(REASSIGN)
    (line,) = entered.rows.lines
    absent_id, line.performer_id = line.performer_id, staff_id
    for phase in entered.rows.phases:
        if phase.staff_id == absent_id:
            phase.staff_id = staff_id
    for taken in entered.rows.allocations:
        if taken.staff_id == absent_id:
            taken.staff_id, taken.pk = staff_id, uuid7()
            taken.shared_by = taken.pk
    entered.rows.appointment.version += 1
    event = visit_event(LineReassigned, entered.rows, zone, reason=reason)
    return replace(entered, history=(*entered.history, (event, actor, at)))


def with_outcome(
    entered: EnteredVisit, outcome: Outcome, *, actor: Actor, zone: ZoneInfo
) -> EnteredVisit:
    """The visit and its history once ``outcome`` is known. Raises ``WrongState`` for moments at
    which the service would."""
    rows = entered.rows
    told = (
        _missed(rows, outcome, actor, zone)
        if isinstance(outcome, Missed)
        else _served(rows, outcome, actor, zone)
    )
    return replace(entered, history=(*entered.history, *((e, actor, at) for e, at in told)))


Told = list[tuple[VisitEvent, datetime]]


def _missed(rows: VisitRows, missed: Missed, actor: Actor, zone: ZoneInfo) -> Told:
    actor.require(NO_SHOW)
    check_visit(rows, Doing.NO_SHOW, missed.at)
    _free_from(rows, rows.allocations, missed.at)
    become(State.NO_SHOW, rows)
    return [(visit_event(AppointmentNoShow, rows, zone), missed.at)]


def _served(rows: VisitRows, served: Served, actor: Actor, zone: ZoneInfo) -> Told:
    actor.require(PROGRESS)
    check_visit(rows, Doing.ARRIVE, served.arrived_at)
    become(State.ARRIVED, rows)
    told: Told = [(visit_event(AppointmentArrived, rows, zone), served.arrived_at)]
    lines = list(zip(rows.lines, served.lines, strict=True))
    steps = [(begun, Doing.START, line) for line, (begun, _done) in lines]
    steps += [(done, Doing.COMPLETE, line) for line, (_begun, done) in lines]
    for moment, doing, line in sorted(steps, key=_by_moment):
        step = _start if doing is Doing.START else _complete
        check_line(rows, line, doing, moment)
        told.append((step(rows, line, moment, zone), moment))
    return told


def _by_moment(step: tuple[datetime, Doing, Line]) -> tuple[datetime, bool, int]:
    """Whoever goes over to the next line has done the one before."""
    moment, doing, line = step
    return moment, doing is Doing.START, line.position


def _start(rows: VisitRows, line: Line, moment: datetime, zone: ZoneInfo) -> VisitEvent:
    begin(rows, [line], moment)
    return visit_event(AppointmentStarted, rows, zone)


def _complete(rows: VisitRows, line: Line, moment: datetime, zone: ZoneInfo) -> VisitEvent:
    end(rows, [line], moment)
    _free_from(rows, taken_by(rows, [line]), moment)
    return visit_event(AppointmentCompleted, rows, zone)


def _free_from(rows: VisitRows, allocations: Sequence[Allocation], moment: datetime) -> None:
    _cut, unused = cut_off(allocations, moment)
    gone = {taken.pk for taken in unused}
    rows.allocations = [taken for taken in rows.allocations if taken.pk not in gone]
