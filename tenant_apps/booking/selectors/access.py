"""Whose visit is it? Staff by permission, clients their own, guests by a signed link."""

from dataclasses import dataclass
from uuid import UUID

from shared_apps.core.actor import Actor
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import NoSuchAppointment
from tenant_apps.booking.models import Appointment
from tenant_apps.booking.permissions import CANCEL_ANY, SEE_ANY
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.types import AppointmentView
from tenant_apps.clients.selectors import clients_of


def may_act_on(appointment: Appointment, actor: Actor, *, permission: str) -> bool:
    if actor.may(permission) or appointment.pk in actor.holds:
        return True
    return actor.id is not None and appointment.client_id in clients_of(actor.id)


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor sees of a visit; the link, with which one may cancel, not by seeing alone."""

    view: AppointmentView
    with_link: bool


def visible_appointment(appointment_id: UUID, actor: Actor) -> Sight:
    """Somebody else's visit answers exactly as one that never was."""
    appointment = Appointment.objects.filter(pk=appointment_id).first()
    if appointment is None or not may_act_on(appointment, actor, permission=SEE_ANY):
        raise NoSuchAppointment
    with_link = may_act_on(appointment, actor, permission=CANCEL_ANY)
    return Sight(get_appointment(appointment_id), with_link)


def still_held(appointment_id: UUID) -> UUID | None:
    """The visit, while its token still stands for its time; a visit that was confirmed is
    nobody's to see as free."""
    held = Appointment.objects.filter(pk=appointment_id, state=State.HELD)
    return appointment_id if held.exists() else None
