"""Giving a whole visit's time back."""

from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.errors import Forbidden
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.errors import NoSuchAppointment, NotCancellable, WrongState
from tenant_apps.booking.events import AppointmentCancelled
from tenant_apps.booking.permissions import CANCEL_ANY
from tenant_apps.booking.policies.life import Doing
from tenant_apps.booking.selectors.access import may_act_on
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.expiry import give_back
from tenant_apps.booking.services.life import (
    check_version,
    check_visit,
    free,
    give_up,
    going,
    save_states,
    starts_at,
)
from tenant_apps.booking.services.rows import visit_event
from tenant_apps.booking.services.visits import hold_visit
from tenants.selectors import current_salon

SAID_BY_STAFF = frozenset({CancelReason.CLIENT, CancelReason.SALON, CancelReason.MISTAKE})


@retried_once
@transaction.atomic
def cancel_appointment(
    *,
    appointment_id: UUID,
    actor: Actor,
    expected_version: int | None = None,
    reason: CancelReason | None = None,
) -> None:
    """Cancel the whole visit; what it took is free at once. History stays.

    Only staff may say why; without a ``reason`` it was whoever cancels, the client or the salon.
    They give back what somebody holds, too; nobody else sees a hold without its token.
    Raises ``NoSuchAppointment`` also for somebody else's, ``NotCancellable``, ``Stale``.
    """
    rows = hold_visit(appointment_id)
    if not may_act_on(rows.appointment, actor, permission=CANCEL_ANY):
        raise NoSuchAppointment
    reason = said_reason(reason, actor)
    check_version(rows, expected_version)
    if rows.appointment.state == State.HELD:
        _release(rows, reason, actor)
        return
    check_cancellable(rows, actor)
    free(rows, rows.allocations)
    save_states(rows, give_up(rows, reason))
    publish(
        visit_event(AppointmentCancelled, rows, current_salon().zone, reason=reason), actor=actor
    )


def _release(rows: VisitRows, reason: CancelReason, actor: Actor) -> None:
    if not actor.may(CANCEL_ANY):
        raise NoSuchAppointment
    give_back(rows, reason, actor=actor)


def said_reason(reason: CancelReason | None, actor: Actor) -> CancelReason:
    """Why ``actor`` cancels. Raises ``Forbidden`` when it is not for them to say."""
    usual = CancelReason.SALON if actor.may(CANCEL_ANY) else CancelReason.CLIENT
    if reason not in {None, usual} and not (actor.may(CANCEL_ANY) and reason in SAID_BY_STAFF):
        raise Forbidden
    return reason or usual


def check_cancellable(rows: VisitRows, actor: Actor) -> None:
    """Raises ``NotCancellable``."""
    moment = now()
    try:
        check_visit(rows, Doing.CANCEL, moment)
    except WrongState as wrong:
        raise NotCancellable(extra=wrong.extra) from wrong
    if starts_at(rows, going(rows)) <= moment and not actor.may(CANCEL_ANY):
        raise NotCancellable(extra={"state": rows.appointment.state, "possible": []})
