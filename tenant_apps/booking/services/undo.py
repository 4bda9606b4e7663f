"""Taking back the last step of a visit's life."""

from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from tenant_apps.booking.errors import SlotTaken, WrongState
from tenant_apps.booking.events import LineFact, StatusUndone, TakenFact
from tenant_apps.booking.history import TakenBack, last_step
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.booking.permissions import UNDO
from tenant_apps.booking.policies.life import Doing, is_undoable, possible
from tenant_apps.booking.selectors.parties import is_crowded
from tenant_apps.booking.selectors.recorded import story_of
from tenant_apps.booking.selectors.visits import VisitRows
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
        if was[line.pk] != became[line.pk] and line.state == became[line.pk].state
    ]
    for line in changed:
        before = was[line.pk]
        line.state, line.cancel_reason_code = before.state, before.cancel_reason_code
        _restore_times(phases_of(rows, [line]), before)
    return changed


def _restore_times(phases: list[Phase], line: LineFact) -> None:
    was = {phase.id: (phase.actual_start, phase.actual_end) for phase in line.phases}
    for phase in phases:  # of a visit that was moved since they are others
        if was.get(phase.pk) not in {None, (phase.actual_start, phase.actual_end)}:
            phase.actual_start, phase.actual_end = was[phase.pk]
            phase.save(update_fields=["actual_start", "actual_end"])


def _give_back_what_it_took(rows: VisitRows, step: TakenBack) -> None:
    """Phases that the step had added: cleaning up behind lines that were left."""
    if not step.added:
        return
    free(rows, [taken for taken in rows.allocations if taken.phase_id in step.added])
    Phase.objects.filter(pk__in=step.added).delete()
    rows.phases = [phase for phase in rows.phases if phase.pk not in step.added]


def _take_again(rows: VisitRows, step: TakenBack) -> None:
    """Delete what an early end had cut short, and insert the whole of it. Locks the days."""
    freed = [_allocation(phase_id, taken) for phase_id, taken in step.freed]
    if not freed:
        return
    again = {taken.pk for taken in freed}
    free(rows, [taken for taken in rows.allocations if taken.pk in again])
    release_expired_holds()
    take(freed)
    if rows.appointment.party_id and is_crowded(rows.appointment.pk):
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
