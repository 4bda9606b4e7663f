"""Leaving out one service of a visit."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.errors import DomainError
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.events import AppointmentCancelled, LineCancelled
from tenant_apps.booking.models import Line
from tenant_apps.booking.permissions import CANCEL_ANY
from tenant_apps.booking.policies.life import WAITING, Doing, visit_state
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.again import (
    TO_COME,
    Again,
    asked_again,
    by_same_people,
    had_as,
    kept_lines,
)
from tenant_apps.booking.services.cancel import said_reason
from tenant_apps.booking.services.finding import Place
from tenant_apps.booking.services.life import (
    check_line,
    check_version,
    free,
    line_of,
    save_states,
    taken_by,
)
from tenant_apps.booking.services.place_again import place_again
from tenant_apps.booking.services.replacing import put
from tenant_apps.booking.services.rows import visit_event
from tenant_apps.booking.services.tidying import keep_cleanup
from tenant_apps.booking.services.visits import hold_visit
from tenant_apps.booking.types import NOTHING
from tenants.selectors import current_salon


@retried_once
@transaction.atomic
def cancel_line(
    *,
    appointment_id: UUID,
    line_id: UUID,
    actor: Actor,
    expected_version: int | None = None,
    reason: CancelReason | None = None,
) -> None:
    """Cancel one service that has not begun, with its add-ons; what they took is free at once.

    When another line was to be finished together with it, what hangs together with that one is
    placed again at its own time, with the same people and a finish of its own. If somebody has
    that time by now, and in every other case, nothing else moves; what the line would have cleaned
    up for others is cleaned up behind them. The visit is cancelled with its last line, and
    completed when all its other lines are.

    Raises ``NoSuchAppointment``, ``NoSuchLine``, ``WrongState``, ``Stale``.
    """
    actor.require(CANCEL_ANY)
    rows, reason = hold_visit(appointment_id), said_reason(reason, actor)
    line = line_of(rows, line_id)
    if line.state == State.CANCELLED:
        return
    check_version(rows, expected_version)
    check_line(rows, line, Doing.CANCEL, now())
    left_out = [line, *_addons(rows, line)]
    found = _placed_without(rows, left_out, actor)
    freed = taken_by(rows, left_out)
    free(rows, freed)
    for each in left_out:
        each.state, each.cancel_reason_code = State.CANCELLED, reason
    if found:
        put(rows, *found, override=NOTHING, actor=actor)
    else:
        keep_cleanup(rows, freed)
    visit = rows.appointment
    visit.version += 1
    visit.state = visit_state([each.state for each in rows.lines], visit.state)
    save_states(rows, left_out)
    kind = AppointmentCancelled if visit.state == State.CANCELLED else LineCancelled
    publish(visit_event(kind, rows, current_salon().zone, reason=reason), actor=actor)


def _placed_without(
    rows: VisitRows, left_out: Collection[Line], actor: Actor
) -> tuple[Again, Place] | None:
    """A place for what is left, if it is to be had in another way now, and can be."""
    kept = kept_lines(rows)
    left = [line for line in kept if line not in left_out]
    if not any(line.state in TO_COME for line in left):
        return None
    try:
        before, after = (
            had_as(asked_again(lines, by_same_people(lines)), actor) for lines in (kept, left)
        )
        if all(before[line_id] == terms for line_id, terms in after.items()):
            return None
        return place_again(rows, by_same_people(left), override=NOTHING, actor=actor)
    except DomainError:
        return None


def _addons(rows: VisitRows, line: Line) -> list[Line]:
    return [
        other for other in rows.lines if other.parent_line_id == line.pk and other.state in WAITING
    ]
