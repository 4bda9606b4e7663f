"""Reactions to what happened. Ids in; what a message says is read when it is sent."""

from tenant_apps.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentMoved,
    ClientNamed,
    StatusUndone,
    VisitEvent,
)
from tenant_apps.clients.events import ContactCodeRequested
from tenant_apps.notifications import services


def confirm_booking(event: AppointmentBooked | AppointmentConfirmed) -> None:
    services.send_confirmation(appointment_id=event.stream_id, version=event.version)


def announce_move(event: AppointmentMoved) -> None:
    services.send_move(appointment_id=event.stream_id, version=event.version)


def announce_change(event: VisitEvent) -> None:
    """Other services or other people at the same time."""
    services.send_change(appointment_id=event.stream_id, version=event.version)


def greet_client(event: ClientNamed) -> None:
    services.send_naming(appointment_id=event.stream_id, version=event.version)


def announce_undo(event: StatusUndone) -> None:
    services.send_undo(appointment_id=event.stream_id, version=event.version)


def announce_cancellation(event: AppointmentCancelled) -> None:
    services.send_cancellation(appointment_id=event.stream_id, version=event.version)


def send_contact_code(event: ContactCodeRequested) -> None:
    services.send_contact_code(code_id=event.stream_id)
