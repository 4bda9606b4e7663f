"""One visit as people see it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, Sum

from shared_apps.core.money import Money
from tenant_apps.booking.errors import NoSuchAppointment
from tenant_apps.booking.models import Line
from tenant_apps.booking.types import AppointmentView, LineView
from tenant_apps.catalog.enums import PhaseKind

COLUMNS = (
    "id",
    "option_id",
    "option__service__name",
    "option__name",
    "performer_id",
    "performer__name",
    "state",
    "price",
    "currency",
    "begins",
    "client_minutes",
    "appointment__state",
    "appointment__version",
    "appointment__language",
    "appointment__client_id",
    "appointment__client__name",
    "appointment__client__email",
)


def get_appointment(appointment_id: UUID) -> AppointmentView:
    """One query. Lines in their order; a line ends when the client may leave the chair."""
    rows = (
        Line.objects.filter(appointment_id=appointment_id)
        .annotate(
            begins=Min("phases__starts_at"),
            client_minutes=Sum("phases__minutes", filter=~Q(phases__kind=PhaseKind.CLEANUP)),
        )
        .order_by("position")
        .values_list(*COLUMNS)
    )
    found = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    if not found:
        raise NoSuchAppointment
    lines = tuple(_line(row) for row in found)
    first = found[0]
    return AppointmentView(
        id=appointment_id,
        state=first["appointment__state"],
        version=first["appointment__version"],
        language=first["appointment__language"],
        client_id=first["appointment__client_id"],
        client_name=first["appointment__client__name"] or "",
        client_email=first["appointment__client__email"] or "",
        starts_at=min(line.starts_at for line in lines),
        ends_at=max(line.ends_at for line in lines),
        lines=lines,
    )


def _line(row: dict[str, Any]) -> LineView:
    begins: datetime = row["begins"]
    return LineView(
        id=row["id"],
        option_id=row["option_id"],
        service_name=row["option__service__name"],
        option_name=row["option__name"],
        staff_id=row["performer_id"],
        staff_name=row["performer__name"],
        starts_at=begins,
        ends_at=begins + timedelta(minutes=row["client_minutes"]),
        state=row["state"],
        price=Money(row["price"], row["currency"]),
    )
