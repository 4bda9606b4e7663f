"""Whose visit is it? Staff by permission, clients their own, guests by a signed link."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared_apps.core.actor import Actor
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import NoSuchAppointment, NoSuchParty
from tenant_apps.booking.models import Appointment, Party
from tenant_apps.booking.permissions import CANCEL_ANY, SEE_ANY
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.selectors.parties import get_party
from tenant_apps.booking.types import AppointmentView, PartyView
from tenant_apps.clients.selectors import clients_of


def may_act_on(appointment: Appointment, actor: Actor, *, permission: str) -> bool:
    if actor.may(permission) or appointment.pk in actor.holds:
        return True
    return actor.id is not None and appointment.client_id in clients_of(actor.id)


def may_act_on_party(
    party: Party, visits: Iterable[Appointment], actor: Actor, *, permission: str
) -> bool:
    """Whoever arranged it may, by their account or by the link to their own visit."""
    if actor.may(permission):
        return True
    own = {visit.pk for visit in visits if visit.client_id == party.organiser_id}
    if party.organiser_id is not None and not own.isdisjoint(actor.holds):
        return True
    return actor.id is not None and party.organiser_id in clients_of(actor.id)


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


def visible_party(party_id: UUID, actor: Actor) -> "PartySight":
    """Somebody else's party answers exactly as one that never was."""
    party = Party.objects.filter(pk=party_id).first()
    visits = list(Appointment.objects.filter(party_id=party_id).order_by("id"))
    if party is None or not may_act_on_party(party, visits, actor, permission=SEE_ANY):
        raise NoSuchParty
    with_links = may_act_on_party(party, visits, actor, permission=CANCEL_ANY)
    return PartySight(get_party(party_id), with_links)


@dataclass(frozen=True, slots=True)
class PartySight:
    """As ``Sight``; the links are those of all visits."""

    view: PartyView
    with_links: bool


def still_held(appointment_id: UUID) -> UUID | None:
    """The visit, while its token still stands for its time; a visit that was confirmed is
    nobody's to see as free."""
    held = Appointment.objects.filter(pk=appointment_id, state=State.HELD)
    return appointment_id if held.exists() else None
