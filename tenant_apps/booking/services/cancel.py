"""Giving time back."""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Stale
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.errors import NoSuchAppointment, NotCancellable
from tenant_apps.booking.events import AppointmentCancelled
from tenant_apps.booking.models import Allocation
from tenant_apps.booking.permissions import CANCEL_ANY
from tenant_apps.booking.selectors.access import may_act_on
from tenant_apps.booking.selectors.visits import VisitRows, locked_visit
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.rows import visit_event
from tenants.selectors import current_salon


@transaction.atomic
def cancel_appointment(
    *, appointment_id: UUID, actor: Actor, expected_version: int | None = None
) -> None:
    """Cancel the whole visit; what it took is free at once. History stays.

    Raises ``NoSuchAppointment`` also for somebody else's, ``NotCancellable``, ``Stale``.
    """
    rows = locked_visit(appointment_id)
    visit, zone = rows.appointment, ZoneInfo(current_salon().timezone)
    if not may_act_on(visit, actor, permission=CANCEL_ANY):
        raise NoSuchAppointment
    if expected_version not in {None, visit.version}:
        raise Stale(extra={"version": visit.version})
    if visit.state != State.CONFIRMED or (rows.starts_at <= now() and not actor.may(CANCEL_ANY)):
        raise NotCancellable(extra={"state": visit.state})
    lock_days(rows.days(zone))
    reason = CancelReason.SALON if actor.may(CANCEL_ANY) else CancelReason.CLIENT
    give_up(rows, reason)
    save_states(rows)
    free(rows.allocations)
    rows.allocations.clear()
    publish(visit_event(AppointmentCancelled, rows, zone, reason=reason), actor=actor)


def give_up(rows: VisitRows, reason: CancelReason) -> None:
    """What cancelling makes of the rows, before they are written."""
    rows.appointment.state = State.CANCELLED
    rows.appointment.version += 1
    for line in rows.lines:
        line.state, line.cancel_reason_code = State.CANCELLED, reason


def save_states(rows: VisitRows) -> None:
    """Write the state of the visit and of its lines."""
    rows.appointment.save(update_fields=["state", "version", "updated_at"])
    for line in rows.lines:
        line.save(update_fields=["state", "cancel_reason_code", "updated_at"])


def free(allocations: Iterable[Allocation]) -> None:
    Allocation.objects.filter(pk__in=[taken.pk for taken in allocations]).delete()
