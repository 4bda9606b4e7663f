"""Giving time back."""

from datetime import datetime
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
from tenant_apps.booking.models import Allocation, Appointment, Line, Phase
from tenant_apps.booking.permissions import CANCEL_ANY
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.selectors.access import may_act_on
from tenant_apps.booking.selectors.calendar import local_days
from tenant_apps.booking.services.days import lock_days
from tenants.selectors import current_salon


@transaction.atomic
def cancel_appointment(
    *, appointment_id: UUID, actor: Actor, expected_version: int | None = None
) -> None:
    """Cancel the whole visit; what it took is free at once. History stays.

    Raises ``NoSuchAppointment`` also for somebody else's, ``NotCancellable``, ``Stale``.
    """
    appointment = _locked(appointment_id)
    if not may_act_on(appointment, actor, permission=CANCEL_ANY):
        raise NoSuchAppointment
    if expected_version not in {None, appointment.version}:
        raise Stale(extra={"version": appointment.version})
    starts_at, minutes = _extent(appointment_id)
    if appointment.state != State.CONFIRMED or (starts_at <= now() and not actor.may(CANCEL_ANY)):
        raise NotCancellable(extra={"state": appointment.state})
    days = local_days(starts_at, minutes, ZoneInfo(current_salon().timezone))
    lock_days(days)
    reason = CancelReason.SALON if actor.may(CANCEL_ANY) else CancelReason.CLIENT
    _free(appointment, reason)
    publish(
        AppointmentCancelled(
            stream_id=appointment_id, version=appointment.version, days=days, reason=reason
        ),
        actor=actor,
    )


def _locked(appointment_id: UUID) -> Appointment:
    appointment = (
        Appointment.objects.select_for_update(no_key=True).filter(pk=appointment_id).first()
    )
    if appointment is None:
        raise NoSuchAppointment
    return appointment


def _extent(appointment_id: UUID) -> tuple[datetime, int]:
    """When the visit begins, and after how many minutes its last phase ends."""
    phases = Phase.objects.filter(line__appointment_id=appointment_id)
    spans = list(phases.values_list("starts_at", "minutes"))
    starts_at = min(start for start, _minutes in spans)
    ends_at = max(start + minutes * MINUTE for start, minutes in spans)
    return starts_at, (ends_at - starts_at) // MINUTE


def _free(appointment: Appointment, reason: CancelReason) -> None:
    appointment.state = State.CANCELLED
    appointment.version += 1
    appointment.save(update_fields=["state", "version", "updated_at"])
    Line.objects.filter(appointment=appointment).update(
        state=State.CANCELLED, cancel_reason_code=reason, updated_at=now()
    )
    Allocation.objects.filter(phase__line__appointment=appointment).delete()
