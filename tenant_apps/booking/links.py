"""The signed link by which a guest comes back to a visit.

It is signed for the visit and for whose it is: named somebody else's, a visit is as unknown to an
old link as to a stranger's, and the new client has a link of their own.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from shared_apps.core.actor import Actor, Channel
from shared_apps.core.requests import actor_of
from shared_apps.core.signing import read_ids, sign_ids
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import LinkEnded, NoSuchAppointment
from tenant_apps.booking.selectors.appointments import get_appointment
from tenant_apps.booking.types import AppointmentView
from tenants.selectors import current_salon, salon_url

PURPOSE = "manage-appointment"
LIVES_AFTER_VISIT = timedelta(days=30)
HEADER = "Manage-Token"


def manage_token(visit: AppointmentView) -> str:
    return sign_ids(*_signed_for(visit), purpose=PURPOSE)


def manage_url(visit: AppointmentView) -> str:
    return f"{salon_url(current_salon())}/manage/{manage_token(visit)}"


def ics_url(visit: AppointmentView) -> str:
    return f"{salon_url(current_salon())}/calendar/{manage_token(visit)}.ics"


def _signed_for(visit: AppointmentView) -> tuple[UUID, ...]:
    return (visit.id, visit.client_id) if visit.client_id else (visit.id,)


def linked_appointment(token: str, *, moment: datetime) -> AppointmentView:
    """Today's state of the visit. Raises ``LinkEnded`` when its time is over, and
    ``NoSuchAppointment`` when it is somebody else's by now.

    No link stands for what is only held: whoever holds it has its token.
    """
    ids = read_ids(token, purpose=PURPOSE)
    if not ids:
        raise NoSuchAppointment
    appointment = get_appointment(ids[0])
    if ids != _signed_for(appointment) or appointment.state == State.HELD:
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
