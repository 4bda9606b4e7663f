"""What tests of the bulk writer plan, and everything that is left of it."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.timezone import localdate

from shared_apps.core.actor import Channel, system
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.models import Allocation, Appointment, DiaryDay, Line, Phase
from tenant_apps.booking.permissions import BOOK, BOOK_OFF_RULES, CANCEL_ANY, NO_SHOW, PROGRESS
from tenant_apps.booking.services.bulk import (
    EnteredVisit,
    OpenDays,
    PlannedVisit,
    open_days,
    read_offer,
)
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.selectors import all_option_terms

DESK = system(
    Channel.STAFF,
    permissions=frozenset({BOOK, BOOK_OFF_RULES, CANCEL_ANY, PROGRESS, NO_SHOW}),
)
TUESDAY = localdate() + timedelta(days=(1 - localdate().weekday()) % 7 + 7)
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OUTBOX = (
    "SELECT handler, event, version, stream_id, entry_id, salon_id FROM public.outbox_message"
    " ORDER BY 1, 2, 3"
)


def option(name: str) -> UUID:
    return next(pk for pk, terms in all_option_terms().items() if terms.service_name == name)


def asked(*names: str) -> tuple[AskedLine, ...]:
    return tuple(AskedLine(option_id=option(name)) for name in names)


def at(hour: int, minute: int, zone: ZoneInfo, day: date = TUESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def opened(zone: ZoneInfo) -> OpenDays:
    return open_days(read_offer(), TUESDAY, TUESDAY, zone)


def plan(
    starts_at: datetime, *names: str, client_id: UUID | None = None, **changes: Any
) -> PlannedVisit:
    known: dict[str, Any] = {
        "starts_at": starts_at,
        "lines": asked(*names),
        "client_id": client_id,
        "claimed": client_id is not None,
        "actor": DESK,
        "booked_at": starts_at - timedelta(days=3),
        "language": "en",
    }
    return PlannedVisit(**known | changes)


def enter(days: OpenDays, visit: PlannedVisit, zone: ZoneInfo) -> EnteredVisit:
    entered = days.enter(visit, zone)
    assert entered is not None
    return entered


def recorded() -> str:
    """Every row and journal entry of visits; clocks aside, new ids by order of appearance."""
    rows = [
        list(Appointment.objects.values()),
        list(Line.objects.order_by("position").values()),
        list(Phase.objects.order_by("line__position", "position").values()),
        list(
            Allocation.objects.order_by(
                "phase__line__position", "phase__position", "staff", "unit", "client"
            ).values()
        ),
        list(JournalEntry.objects.filter(stream="appointment").order_by("version").values()),
        [str(day) for day in DiaryDay.objects.order_by("date")],
        outbox(),
    ]
    text = json.dumps(rows, default=str, indent=1)
    offer = read_offer()
    staying = {
        *map(str, offer.setup.options),
        *(str(member.staff_id) for member in offer.setup.performers),
        *(str(unit.unit_id) for unit in offer.setup.units),
    }
    for number, pk in enumerate(dict.fromkeys(UUID_TEXT.findall(text))):
        if pk not in staying:
            text = text.replace(pk, f"<{number}>")
    clocks = ("created_at", "updated_at", "recorded_at", "transaction_id")
    return "\n".join(
        line for line in text.splitlines() if not any(f'"{clock}"' in line for clock in clocks)
    )


def outbox() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(OUTBOX)
        return list(cursor.fetchall())
