"""Taking back the last step of a visit's life."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.copying import insert
from shared_apps.core.db import retried_once
from tenant_apps.booking.errors import SlotTaken, WrongState
from tenant_apps.booking.events import LineFact, PhaseFact, StatusUndone, TakenFact
from tenant_apps.booking.history import TakenBack, last_step
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.booking.permissions import UNDO
from tenant_apps.booking.policies.life import WAITING, Doing, is_undoable, possible
from tenant_apps.booking.selectors.parties import is_crowded
from tenant_apps.booking.selectors.recorded import story_of
from tenant_apps.booking.selectors.visits import VisitRows, subject_of
from tenant_apps.booking.services.allocations import take
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.services.life import (
    check_version,
    free,
    going,
    phases_of,
    save_states,
    starts_at,
)
from tenant_apps.booking.services.rows import tell
from tenant_apps.booking.services.visits import hold_visit
from tenants.selectors import current_salon

OUT_OF_THE_WAY = 1000


@retried_once
@transaction.atomic
def undo_status(*, appointment_id: UUID, actor: Actor, expected_version: int | None = None) -> None:
    """One step back, on its day or while the visit is to come.

    What the step gave back is taken again exactly as it was planned. Raises ``SlotTaken`` when
    somebody has it by now, ``NoSuchAppointment``, ``WrongState``, ``Stale``.
    """
    actor.require(UNDO)
    rows = hold_visit(appointment_id)
    check_version(rows, expected_version)
    step = _undoable_step(rows)
    changed = _restore(rows, step)
    _give_back_what_it_took(rows, step)
    _restore_plans(rows, step)
    _take_again(rows, step)
    rows.appointment.version += 1
    save_states(rows, changed)
    tell(StatusUndone, rows, current_salon().zone, actor=actor)


def _undoable_step(rows: VisitRows) -> TakenBack:
    visit, moment = rows.appointment, now()
    begins, step = starts_at(rows, going(rows)), last_step(story_of(visit.pk))
    if step is None or not is_undoable(step.at, begins, moment, current_salon().zone):
        able = possible(visit.state, starts_at=begins, moment=moment)
        raise WrongState(
            extra={
                "state": visit.state,
                "possible": [str(doing) for doing in able if doing is not Doing.UNDO],
            }
        )
    return step


def _restore(rows: VisitRows, step: TakenBack) -> list[Line]:
    """The states and actual times of before; the lines that the step had changed, and nobody
    since."""
    was = {line.id: line for line in step.before.lines}
    became = {line.id: line for line in step.after.lines}
    if step.before.state != step.after.state:
        rows.appointment.state = step.before.state
    changed = [
        line
        for line in rows.lines
        if was.get(line.pk) != became.get(line.pk) and line.state == became[line.pk].state
    ]
    for line in changed:
        before = was[line.pk]
        line.state, line.cancel_reason_code = before.state, before.cancel_reason_code
        _restore_terms(line, before, became[line.pk])
        _restore_times(phases_of(rows, [line]), before)
    return [*changed, *_waiting_too(rows, became.keys())]


def _waiting_too(rows: VisitRows, known: Collection[UUID]) -> list[Line]:
    """What came to the visit after the step waits as the visit does again."""
    state = rows.appointment.state
    later = [line for line in rows.lines if line.pk not in known and line.state in WAITING]
    for line in later:
        line.state = state if state in WAITING else line.state
    return later


def _restore_terms(line: Line, before: LineFact, became: LineFact) -> None:
    """What placing the line anew may have changed of it; what somebody changed on purpose, before
    the step or since, stays."""
    if _terms(before) == _terms(became):
        return
    line.parallel_group = before.parallel_group
    line.own_minutes = None if before.own_minutes is None else list(before.own_minutes)
    line.save(update_fields=["parallel_group", "own_minutes", "updated_at"])


def _terms(line: LineFact) -> tuple[object, ...]:
    return line.parallel_group, line.own_minutes


def _restore_times(phases: list[Phase], line: LineFact) -> None:
    was = {phase.id: (phase.actual_start, phase.actual_end) for phase in line.phases}
    for phase in phases:  # of a visit that was moved since they are others
        if was.get(phase.pk) not in {None, (phase.actual_start, phase.actual_end)}:
            phase.actual_start, phase.actual_end = was[phase.pk]
            phase.save(update_fields=["actual_start", "actual_end"])


def _give_back_what_it_took(rows: VisitRows, step: TakenBack) -> None:
    took = step.taken
    if took:
        free(rows, [taken for taken in rows.allocations if taken.pk in took])


def _restore_plans(rows: VisitRows, step: TakenBack) -> None:
    """The phases of lines that the step had placed anew. Nothing is taken for those that are
    gone, or for those that come back, yet: a visit that was placed anew since has no such step
    to take back."""
    was = {
        phase.id: (line_id, place, phase)
        for line_id, phases in step.replanned.items()
        for place, phase in enumerate(phases)
    }
    mine = [phase for phase in rows.phases if phase.line_id in step.replanned]
    gone = {phase.pk for phase in mine} - was.keys()
    stays = {phase.pk: phase for phase in mine if phase.pk in was}
    Phase.objects.filter(pk__in=gone).delete()
    Phase.objects.filter(pk__in=stays).update(position=F("position") + OUT_OF_THE_WAY)
    for pk, phase in stays.items():
        _plan_as(phase, *was[pk][1:])
        phase.save()
    back = [
        _plan_as(Phase(id=pk, line_id=line_id), place, fact)
        for pk, (line_id, place, fact) in was.items()
        if pk not in stays
    ]
    for phase in back:
        fact = was[phase.pk][2]
        phase.actual_start, phase.actual_end = fact.actual_start, fact.actual_end
    insert(back)
    turn = {line.pk: line.position for line in rows.lines}
    left = [phase for phase in rows.phases if phase.pk not in gone]
    rows.phases = sorted([*left, *back], key=lambda each: (turn[each.line_id], each.position))


def _plan_as(phase: Phase, place: int, fact: PhaseFact) -> Phase:
    phase.position, phase.kind, phase.with_client = place, fact.kind, fact.with_client
    phase.starts_at, phase.minutes, phase.staff_id = fact.starts_at, fact.minutes, fact.staff_id
    return phase


def _take_again(rows: VisitRows, step: TakenBack) -> None:
    """Delete what an early end had cut short, and insert the whole of it. Locks the days."""
    freed = [_allocation(phase_id, taken) for phase_id, taken in step.freed]
    if not freed:
        return
    again = {taken.pk for taken in freed}
    free(rows, [taken for taken in rows.allocations if taken.pk in again])
    release_expired_holds()
    take(freed)
    if rows.appointment.party_id and is_crowded(
        rows.appointment.pk, [subject_of(taken) for taken in freed]
    ):
        raise SlotTaken
    rows.allocations += freed


def _allocation(phase_id: UUID, taken: TakenFact) -> Allocation:
    return Allocation(
        id=taken.id,
        **{f"{taken.subject}_id": taken.subject_id},
        during=DateTimeTZRange(taken.starts_at, taken.ends_at),
        shared_by=taken.shared_by,
        expires_at=taken.expires_at,
        phase_id=phase_id,
    )
