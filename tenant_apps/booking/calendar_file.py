"""A visit as an iCalendar file (RFC 5545)."""

from datetime import UTC

from django.utils.timezone import now
from icalendar import Calendar, Event, vText

from tenant_apps.booking.enums import State
from tenant_apps.booking.links import manage_url
from tenant_apps.booking.types import AppointmentView
from tenants.selectors import current_salon


def appointment_ics(view: AppointmentView) -> bytes:
    """One event; its UID stays, its SEQUENCE grows, so that calendars update instead of adding."""
    salon = current_salon()
    event = Event()
    event.add("uid", f"{view.id}@{salon.host}")
    event.add("sequence", view.version - 1)
    event.add("dtstamp", now())
    event.add("dtstart", view.starts_at.astimezone(UTC))
    event.add("dtend", view.ends_at.astimezone(UTC))
    services = ", ".join(line.service_name for line in view.going)
    event.add("summary", f"{services} · {salon.name}")
    place = ", ".join(filter(None, [salon.street, f"{salon.postal_code} {salon.city}".strip()]))
    if place:
        event["location"] = vText(place)
    event.add("description", manage_url(view))
    event.add("url", manage_url(view))
    event.add("status", "CONFIRMED" if view.state == State.CONFIRMED else "CANCELLED")
    calendar = Calendar()
    calendar.add("prodid", "-//Parlour//Booking//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
