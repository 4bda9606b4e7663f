"""Handing the visits of somebody who is not there to colleagues."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.errors import DomainError, Invalid
from shared_apps.core.models import uuid7
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import AbsenceReason
from tenant_apps.booking.errors import NobodyDoesThis, NotOffered, SlotTaken, WrongState
from tenant_apps.booking.events import LineReassigned
from tenant_apps.booking.models import Allocation, Phase
from tenant_apps.booking.permissions import REASSIGN
from tenant_apps.booking.policies.handover import without
from tenant_apps.booking.policies.life import WAITING
from tenant_apps.booking.selectors.absence import calendar_of, colleagues, duty_of
from tenant_apps.booking.selectors.handover import Absence, Handover, plan_handover, refusal
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.selectors.visits import VisitRows, planned_end
from tenant_apps.booking.services.allocations import take
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.services.life import free, line_of, phases_of
from tenant_apps.booking.services.rows import visit_event
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.staff.errors import NoSuchMember
from tenant_apps.staff.selectors import get_member
from tenants.selectors import current_salon

REFUSALS = {error.code: error for error in (SlotTaken, NotOffered)}


def preview_handover(*, absence: Absence, actor: Actor) -> list[Handover]:
    """Who could take over what. Nothing is changed. Raises ``Invalid``, ``NobodyDoesThis``."""
    actor.require(REASSIGN)
    try:
        get_member(absence.staff_id)
    except NoSuchMember as error:
        raise Invalid(fields={"staff_id": NoSuchMember.message}) from error
    return with_setup(
        lambda setup: plan_handover(setup, absence, current_salon().zone, moment=now())
    )


def reassign_lines(*, absence: Absence, reason: AbsenceReason, actor: Actor) -> list[Handover]:
    """Hand everything over, each visit in a transaction of its own, as a whole or not at all.

    One whose colleague was taken meanwhile stays and says so; the others go. Prices stay as
    they were agreed. Raises what ``preview_handover`` does.
    """
    planned = preview_handover(absence=absence, actor=actor)
    by_visit = attrgetter("line.appointment_id")
    done = {
        found.line.line_id: found
        for _id, visit in groupby(sorted(planned, key=by_visit), key=by_visit)
        for found in _hand_over(list(visit), absence.staff_id, reason, actor)
    }
    return [done[found.line.line_id] for found in planned]


def _hand_over(
    visit: Sequence[Handover], absent_id: UUID, reason: AbsenceReason, actor: Actor
) -> list[Handover]:
    to = {each.line.line_id: each.staff_id for each in visit if each.outcome == "proposed"}
    try:
        _move(
            appointment_id=visit[0].line.appointment_id,
            absent_id=absent_id,
            to={line_id: staff_id for line_id, staff_id in to.items() if staff_id},
            reason=reason,
            actor=actor,
        )
    except DomainError as refused:
        return [replace(each, outcome="stays", code=refused.code) for each in visit]
    return [replace(each, outcome="moved") if each.line.line_id in to else each for each in visit]


@retried_once
@transaction.atomic
def _move(
    *,
    appointment_id: UUID,
    absent_id: UUID,
    to: Mapping[UUID, UUID],
    reason: AbsenceReason,
    actor: Actor,
) -> None:
    """Raises ``SlotTaken``, ``NotOffered``, ``NobodyDoesThis``, ``WrongState``."""
    if not to:
        return
    rows, zone = hold_visit(appointment_id), current_salon().zone
    phases = {line_id: _duties(rows, line_id, absent_id) for line_id in to}
    with_setup(lambda setup: _check_free(setup, rows, phases, absent_id, to))
    for line_id, staff_id in to.items():
        line = line_of(rows, line_id)
        if line.performer_id == absent_id:
            line.performer_id = staff_id
            line.save(update_fields=["performer", "updated_at"])
        _give(rows, phases[line_id], absent_id, staff_id)
    rows.appointment.version += 1
    rows.appointment.save(update_fields=["version", "updated_at"])
    publish(visit_event(LineReassigned, rows, zone, reason=reason), actor=actor)


def _duties(rows: VisitRows, line_id: UUID, absent_id: UUID) -> list[Phase]:
    """What is theirs in the line still."""
    line = line_of(rows, line_id)
    found = [phase for phase in phases_of(rows, [line]) if phase.staff_id == absent_id]
    if line.state not in WAITING or not found:
        raise WrongState(extra={"state": line.state, "possible": []})
    return found


def _check_free(
    setup: Setup,
    rows: VisitRows,
    phases: Mapping[UUID, Sequence[Phase]],
    absent_id: UUID,
    to: Mapping[UUID, UUID],
) -> None:
    spans = {
        line_id: [(phase.starts_at, planned_end(phase)) for phase in found]
        for line_id, found in phases.items()
    }
    every = [span for found in spans.values() for span in found]
    calendar = calendar_of(setup, set(to.values()), every, current_salon().zone, moment=now())
    if calendar.has_expired:
        release_expired_holds()
    left = calendar.free
    for line_id, staff_id in to.items():
        able = colleagues(setup, absent_id, line_of(rows, line_id).option_id)
        if staff_id not in able:
            raise NobodyDoesThis
        duty = duty_of(line_id, spans[line_id], able, calendar.window)
        if code := refusal(calendar, left, staff_id, duty):
            raise REFUSALS[code]
        left = without(left, staff_id, duty)


def _give(rows: VisitRows, phases: Sequence[Phase], absent_id: UUID, staff_id: UUID) -> None:
    for phase in phases:
        phase.staff_id = staff_id
        phase.save(update_fields=["staff"])
    ids = {phase.pk for phase in phases}
    theirs = [
        taken for taken in rows.allocations if taken.staff_id == absent_id and taken.phase_id in ids
    ]
    free(rows, theirs)
    given = [_allocation(taken, staff_id) for taken in theirs]
    take(given)
    rows.allocations += given


def _allocation(taken: Allocation, staff_id: UUID) -> Allocation:
    """The same time of somebody else, shared with nothing."""
    own = uuid7()
    return Allocation(
        id=own, staff_id=staff_id, during=taken.during, shared_by=own, phase_id=taken.phase_id
    )
