"""A visit goes on: confirmed, here, being served, done; or nobody came.

Each command does nothing when it is done already. Actual times are noted on the phases and move
no plan; an early end gives back what is left.
"""

from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import WrongState
from tenant_apps.booking.events import (
    AppointmentArrived,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentNoShow,
    AppointmentStarted,
)
from tenant_apps.booking.models import Line
from tenant_apps.booking.permissions import BOOK, NO_SHOW, PROGRESS
from tenant_apps.booking.policies.life import WAITING, Doing, possible
from tenant_apps.booking.selectors.visits import VisitRows, locked_visit
from tenant_apps.booking.services.course import become, begin, end
from tenant_apps.booking.services.life import (
    check_line,
    check_version,
    check_visit,
    free_from,
    going,
    line_of,
    phases_of,
    save_states,
    starts_at,
    taken_by,
)
from tenant_apps.booking.services.rows import tell
from tenant_apps.booking.services.visits import hold_visit
from tenants.selectors import current_salon


@transaction.atomic
def confirm_appointment(
    *, appointment_id: UUID, actor: Actor, expected_version: int | None = None
) -> None:
    """The salon says yes to a request. Raises ``NoSuchAppointment``, ``WrongState``, ``Stale``."""
    actor.require(BOOK)
    rows = locked_visit(appointment_id)
    if rows.appointment.state == State.CONFIRMED:
        return
    check_version(rows, expected_version)
    check_visit(rows, Doing.CONFIRM, now())
    save_states(rows, become(State.CONFIRMED, rows))
    tell(AppointmentConfirmed, rows, current_salon().zone, actor=actor)


@transaction.atomic
def arrive_appointment(
    *, appointment_id: UUID, actor: Actor, expected_version: int | None = None
) -> None:
    """The client is here, early or late; the plan stays as it is.

    Raises ``NoSuchAppointment``, ``WrongState``, ``Stale``.
    """
    actor.require(PROGRESS)
    rows = locked_visit(appointment_id)
    if rows.appointment.state == State.ARRIVED:
        return
    check_version(rows, expected_version)
    check_visit(rows, Doing.ARRIVE, now())
    save_states(rows, become(State.ARRIVED, rows))
    tell(AppointmentArrived, rows, current_salon().zone, actor=actor)


@transaction.atomic
def start_appointment(
    *,
    appointment_id: UUID,
    actor: Actor,
    line_id: UUID | None = None,
    expected_version: int | None = None,
) -> None:
    """Somebody begins with one line, or with those that are next by plan.

    While one is being served and others wait, somebody who names neither a line nor the version
    they saw may mean either, and nothing is begun: ``WrongState`` with the ``lines`` that wait.
    Raises ``NoSuchAppointment``, ``NoSuchLine``, ``WrongState``, ``Stale``.
    """
    actor.require(PROGRESS)
    rows = locked_visit(appointment_id)
    if _is_under_way(rows, line_id):
        return
    check_version(rows, expected_version)
    if line_id is None and expected_version is None:
        _check_clear(rows)
    moment, lines = now(), _to_start(rows, line_id)
    if not lines:
        check_visit(rows, Doing.START, moment)
    for line in lines:
        check_line(rows, line, Doing.START, moment)
    changed = begin(rows, lines, moment)
    for line in lines:
        phases_of(rows, [line])[0].save(update_fields=["actual_start"])
    save_states(rows, changed)
    tell(AppointmentStarted, rows, current_salon().zone, actor=actor)


@retried_once
@transaction.atomic
def complete_appointment(
    *,
    appointment_id: UUID,
    actor: Actor,
    line_id: UUID | None = None,
    expected_version: int | None = None,
) -> None:
    """One line is done, or all of them; what is left of its time is free at once.

    Raises ``NoSuchAppointment``, ``NoSuchLine``, ``WrongState``, ``Stale``.
    """
    actor.require(PROGRESS)
    rows, moment = hold_visit(appointment_id), now()
    if _is_done(rows, line_id):
        return
    check_version(rows, expected_version)
    if line_id:
        lines = [line_of(rows, line_id)]
        check_line(rows, lines[0], Doing.COMPLETE, moment)
    else:
        lines = [line for line in going(rows) if line.state != State.COMPLETED]
        check_visit(rows, Doing.COMPLETE, moment)
    for phase in end(rows, lines, moment):
        phase.save(update_fields=["actual_end"])
    free_from(rows, taken_by(rows, lines), moment)
    save_states(rows, lines)
    tell(AppointmentCompleted, rows, current_salon().zone, actor=actor)


@retried_once
@transaction.atomic
def mark_no_show(
    *, appointment_id: UUID, actor: Actor, expected_version: int | None = None
) -> None:
    """The client did not come; what is left of the time is free at once.

    Raises ``NoSuchAppointment``, ``WrongState`` also before the visit begins, ``Stale``.
    """
    actor.require(NO_SHOW)
    rows, moment = hold_visit(appointment_id), now()
    if rows.appointment.state == State.NO_SHOW:
        return
    check_version(rows, expected_version)
    check_visit(rows, Doing.NO_SHOW, moment)
    free_from(rows, rows.allocations, moment)
    save_states(rows, become(State.NO_SHOW, rows))
    tell(AppointmentNoShow, rows, current_salon().zone, actor=actor)


def _is_under_way(rows: VisitRows, line_id: UUID | None) -> bool:
    """Is the line being served, or something of the visit while nothing waits?"""
    if line_id:
        return line_of(rows, line_id).state == State.IN_SERVICE
    return _is_served(rows) and not _waiting(rows)


def _is_done(rows: VisitRows, line_id: UUID | None) -> bool:
    state = line_of(rows, line_id).state if line_id else rows.appointment.state
    return state == State.COMPLETED


def _is_served(rows: VisitRows) -> bool:
    return any(line.state == State.IN_SERVICE for line in rows.lines)


def _waiting(rows: VisitRows) -> list[Line]:
    return [line for line in rows.lines if line.state in WAITING]


def _check_clear(rows: VisitRows) -> None:
    """Is it the next line that is meant, and not once more the one being served?"""
    if not _is_served(rows):
        return
    able = possible(rows.appointment.state, starts_at=starts_at(rows, going(rows)), moment=now())
    raise WrongState(
        extra={
            "state": rows.appointment.state,
            "possible": [str(doing) for doing in able],
            "lines": [str(line.pk) for line in _waiting(rows)],
        }
    )


def _to_start(rows: VisitRows, line_id: UUID | None) -> list[Line]:
    """The line, or all that begin together next."""
    if line_id:
        return [line_of(rows, line_id)]
    waiting = _waiting(rows)
    begins = {line.pk: starts_at(rows, [line]) for line in waiting}
    return [line for line in waiting if begins[line.pk] == min(begins.values())]
