"""Every visit twice: as the journal remembers it, and as the tables record it.

Both in order of the visit's id and a few rows at a time, however many there are. To agree
while people book, both must be read in one snapshot.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.core.events import Event
from shared_apps.journal.codec import rebuild
from shared_apps.journal.selectors import Entry, history
from tenant_apps.booking.events import AppointmentBooked, AppointmentCancelled
from tenant_apps.booking.history import (
    AllocationState,
    AppointmentState,
    BrokenHistory,
    LineState,
    PhaseState,
    VisitState,
    fold,
)
from tenant_apps.booking.models import Allocation, Appointment, Line, Phase

EVENTS: dict[str, type[Event]] = {
    event.name: event for event in (AppointmentBooked, AppointmentCancelled)
}
APPOINTMENT = ("id", "client_id", "state", "channel", "language", "version")
LINE = (
    "id",
    "appointment_id",
    "position",
    "option_id",
    "requested_staff_id",
    "performer_id",
    "state",
    "cancel_reason_code",
    "level_at_booking",
    "list_price",
    "price",
    "price_kind",
    "currency",
    "tax_category",
)
PHASE = ("id", "line_id", "position", "kind", "starts_at", "minutes", "staff_id")
ALLOCATION = ("id", "phase_id", "staff_id", "unit_id", "client_id", "shared_by", "during")

Rows = Iterator[tuple[Any, ...]]


def remembered_visits() -> Iterator[VisitState]:
    """Raises ``BrokenHistory`` where the journal itself makes no sense."""
    for _visit_id, entries in groupby(history("appointment"), key=attrgetter("stream_id")):
        yield fold(map(_event, entries))


def recorded_visits() -> Iterator[VisitState]:
    lines = _Children(Line.objects.all(), "appointment_id", LINE)
    phases = _Children(Phase.objects.all(), "line__appointment_id", PHASE)
    allocations = _Children(Allocation.objects.all(), "phase__line__appointment_id", ALLOCATION)
    for row in Appointment.objects.order_by("id").values_list(*APPOINTMENT).iterator():
        visit = AppointmentState(**dict(zip(APPOINTMENT, row, strict=True)))
        yield VisitState(
            visit,
            frozenset(LineState(**found) for found in lines.of(visit.id)),
            frozenset(PhaseState(**found) for found in phases.of(visit.id)),
            frozenset(_allocation(found) for found in allocations.of(visit.id)),
        )


class _Children:
    """Rows that belong to visits, handed out visit by visit in the order of their ids."""

    def __init__(self, rows: "QuerySet[Any]", visit_id: str, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._rows: Rows = iter(rows.order_by(visit_id).values_list(visit_id, *columns).iterator())
        self._ahead = next(self._rows, None)

    def of(self, visit_id: UUID) -> Iterator[dict[str, Any]]:
        while self._ahead is not None and self._ahead[0] == visit_id:
            yield dict(zip(self._columns, self._ahead[1:], strict=True))
            self._ahead = next(self._rows, None)


def _allocation(found: dict[str, Any]) -> AllocationState:
    during = found.pop("during")
    starts_at: datetime = during.lower
    return AllocationState(**found, starts_at=starts_at, ends_at=during.upper)


def _event(entry: Entry) -> Event:
    if entry.event not in EVENTS:
        raise BrokenHistory(f"{entry.stream_id}: unknown event {entry.event}")
    return rebuild(
        EVENTS[entry.event],
        stream_id=entry.stream_id,
        version=entry.version,
        days=entry.days,
        data=entry.data,
    )
