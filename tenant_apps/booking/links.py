"""The signed link by which a guest comes back to a visit."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from shared_apps.core.actor import Actor, Channel
from shared_apps.core.requests import actor_of
from shared_apps.core.signing import read_id, sign_id
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import LinkEnded, NoSuchAppointment
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.types import AppointmentView
from tenants.selectors import current_salon, salon_url

PURPOSE = "manage-appointment"
LIVES_AFTER_VISIT = timedelta(days=30)
HEADER = "Manage-Token"


def manage_token(appointment_id: UUID) -> str:
    return sign_id(appointment_id, purpose=PURPOSE)


def manage_url(appointment_id: UUID) -> str:
    return f"{salon_url(current_salon())}/manage/{manage_token(appointment_id)}"


def ics_url(appointment_id: UUID) -> str:
    return f"{salon_url(current_salon())}/calendar/{manage_token(appointment_id)}.ics"


def linked_appointment(token: str, *, moment: datetime) -> AppointmentView:
    """Today's state of the visit. Raises ``LinkEnded`` when its time is over.

    No link stands for what is only held: whoever holds it has its token.
    """
    appointment_id = read_id(token, purpose=PURPOSE)
    if appointment_id is None:
        raise NoSuchAppointment
    appointment = get_appointment(appointment_id)
    if appointment.state == State.HELD:
        raise NoSuchAppointment
    if moment > appointment.ends_at + LIVES_AFTER_VISIT:
        raise LinkEnded
    return appointment


def visitor(request: HttpRequest, *, moment: datetime) -> Actor:
    """The caller, entrusted with the visit whose token comes in the ``Manage-Token`` header."""
    actor = actor_of(request)
    token = request.headers.get(HEADER)
    return holding(actor, token, moment=moment) if token else actor


def holding(actor: Actor, token: str, *, moment: datetime) -> Actor:
    appointment = linked_appointment(token, moment=moment)
    return replace(actor, channel=Channel.WEB, holds=frozenset({appointment.id}))
