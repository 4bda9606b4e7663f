"""A guest's visit behind its signed link. Opening it changes nothing."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.pages import public_page
from shared_apps.core.requests import actor_of
from shared_apps.core.words import clock, duration, long_date
from tenant_apps.booking.calendar_file import appointment_ics
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import LinkEnded, NotCancellable
from tenant_apps.booking.links import holding, ics_url, linked_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.types import AppointmentView
from tenants.middleware import salon_of
from tenants.types import SalonCard


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_page(request: HttpRequest, token: str) -> HttpResponse:
    moment = now()
    try:
        if request.method == "POST":
            return _cancel(request, token, moment)
        view = linked_appointment(token, moment=moment)
    except LinkEnded:
        return render(request, "booking/gone.html", {"salon": salon_of(request)}, status=410)
    return render(request, "booking/manage.html", _context(view, salon_of(request), moment))


@public_page
@never_cache
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    try:
        view = linked_appointment(token, moment=now())
    except LinkEnded:
        return render(request, "booking/gone.html", {"salon": salon_of(request)}, status=410)
    response = HttpResponse(appointment_ics(view), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def _cancel(request: HttpRequest, token: str, moment: datetime) -> HttpResponse:
    actor = holding(actor_of(request), token, moment=moment)
    (appointment_id,) = actor.holds
    with suppress(NotCancellable):  # twice, or too late: the page shows today's state
        cancel_appointment(appointment_id=appointment_id, actor=actor)
    return redirect(request.path)


def _context(view: AppointmentView, salon: SalonCard, moment: datetime) -> dict[str, Any]:
    zone, language = salon.zone, get_language() or salon.language
    starts_at, ends_at = view.starts_at.astimezone(zone), view.ends_at.astimezone(zone)
    minutes = int((ends_at - starts_at).total_seconds()) // 60
    return {
        "salon": salon,
        "noindex": True,
        "appointment": {
            "state": view.state,
            "state_label": State(view.state).label,
            "when_label": f"{long_date(starts_at.date(), language)}, {clock(starts_at)}",
            "duration_label": f"{clock(starts_at)}–{clock(ends_at)}, {duration(minutes)}",
            "lines": [
                {
                    "service": ", ".join(filter(None, [line.service_name, line.option_name])),
                    "staff": line.staff_name,
                    "price_label": line.price.formatted(language),
                }
                for line in view.going
            ],
            "total_label": view.total.formatted(language),
            "cancelled": view.state == State.CANCELLED,
            "can_cancel": view.state == State.CONFIRMED and view.starts_at > moment,
        },
        "ics_url": ics_url(view),
        "book_again_url": f"/book?option={view.going[0].option_id}",
    }
