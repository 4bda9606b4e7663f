"""Reactions to what happened. Ids in; what a message says is read when it is sent."""

from tenant_apps.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    VisitEvent,
)
from tenant_apps.clients.events import ContactCodeRequested
from tenant_apps.notifications import services


def confirm_booking(event: AppointmentBooked | AppointmentConfirmed) -> None:
    services.send_confirmation(appointment_id=event.stream_id, version=event.version)


def announce_change(event: VisitEvent) -> None:
    """Another time, other services or people, another client; or one of it taken back. One
    handler for all of them, so that a visit's letters leave one after another."""
    services.send_news(appointment_id=event.stream_id, version=event.version)


def announce_cancellation(event: AppointmentCancelled) -> None:
    services.send_cancellation(appointment_id=event.stream_id, version=event.version)


def send_contact_code(event: ContactCodeRequested) -> None:
    services.send_contact_code(code_id=event.stream_id)
