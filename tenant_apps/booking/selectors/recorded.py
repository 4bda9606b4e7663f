"""Every visit, party and block twice: as the journal remembers it, and as the tables record it.

Both in order of their ids and a few rows at a time, however many there are. To agree while
people book, both must be read in one snapshot.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import F, Model, QuerySet

from shared_apps.core.db import rows as read
from shared_apps.journal.codec import rebuild
from shared_apps.journal.selectors import Entry, history, history_of
from tenant_apps.booking.events import (
    BLOCK_EVENTS,
    PARTY_EVENTS,
    VISIT_EVENTS,
    PartyFact,
    VisitEvent,
)
from tenant_apps.booking.history import BookingEvent, BrokenHistory, Known, Told, fold
from tenant_apps.booking.models import Allocation, Appointment, Block, Line, Party, Phase
from tenant_apps.booking.selectors.visits import VisitRows, block_fact, visit_fact

EVENTS: dict[str, type[BookingEvent]] = {**VISIT_EVENTS, **PARTY_EVENTS, **BLOCK_EVENTS}


UNSTAFFED = """
SELECT DISTINCT line.appointment_id, line.id
FROM booking_line AS line JOIN booking_phase AS phase ON phase.line_id = line.id
WHERE line.state IN ('held', 'requested', 'confirmed', 'arrived', 'in_service')
  AND phase.staff_id IS NOT NULL
  AND NOT EXISTS (
      SELECT FROM booking_allocation AS taken
      WHERE taken.phase_id = phase.id AND taken.staff_id = phase.staff_id
  )
ORDER BY line.appointment_id, line.id
"""


def unstaffed() -> Iterator[tuple[UUID, UUID]]:
    """Visits and their lines that are to be had, or are being had, by somebody whose time they
    do not take."""
    yield from read(UNSTAFFED)


def remembered(stream: str) -> Iterator[Known]:
    """``appointment``, ``party`` or ``block``. Raises ``BrokenHistory`` where the journal makes
    no sense."""
    for _id, entries in groupby(history(stream), key=attrgetter("stream_id")):
        yield fold(map(event_of, entries))


def story_of(appointment_id: UUID) -> list[Told]:
    """All that happened to one visit, in order, and when it was recorded."""
    entries = history_of("appointment", appointment_id)
    events = ((entry.recorded_at, event_of(entry)) for entry in entries)
    return [Told(at, event) for at, event in events if isinstance(event, VisitEvent)]


def recorded_visits() -> Iterator[Known]:
    lines = _Children(Line.objects.order_by("appointment_id", "position"), "appointment_id")
    phases = _Children(_by_visit(Phase.objects.all(), "line__", "position"), "visit_id")
    taken = _Children(_by_visit(Allocation.objects.all(), "phase__line__", "id"), "visit_id")
    for visit in Appointment.objects.order_by("id").iterator():
        found = VisitRows(visit, lines.of(visit.pk), phases.of(visit.pk), taken.of(visit.pk))
        yield Known(visit.pk, visit.version, visit_fact(found))


def recorded_parties() -> Iterator[Known]:
    visits = _Children(
        Appointment.objects.filter(party__isnull=False).order_by("party_id", "id"), "party_id"
    )
    for party in Party.objects.order_by("id").iterator():
        visit_ids = tuple(visit.pk for visit in visits.of(party.pk))
        yield Known(
            party.pk, party.version, PartyFact(organiser_id=party.organiser_id, visit_ids=visit_ids)
        )


def recorded_blocks() -> Iterator[Known]:
    taken = _Children(
        Allocation.objects.filter(block__isnull=False).order_by("block_id", "id"), "block_id"
    )
    for block in Block.objects.order_by("id").iterator():
        yield Known(block.pk, block.version, block_fact(block, taken.of(block.pk)))


def _by_visit(rows: "QuerySet[Any]", path: str, then: str) -> "QuerySet[Any]":
    """What hangs under visits; a block's allocations do not."""
    found = rows.annotate(visit_id=F(f"{path}appointment_id"))
    ordered: QuerySet[Any] = found.filter(visit_id__isnull=False).order_by("visit_id", then)
    return ordered


class _Children:
    """Rows that belong to something, handed out thing by thing in the order of their ids."""

    def __init__(self, rows: "QuerySet[Any]", parent: str) -> None:
        self._parent = attrgetter(parent)
        self._rows: Iterator[Model] = iter(rows.iterator())
        self._ahead = next(self._rows, None)

    def of(self, parent_id: UUID) -> list[Any]:
        found = []
        while self._ahead is not None and self._parent(self._ahead) == parent_id:
            found.append(self._ahead)
            self._ahead = next(self._rows, None)
        return found


def event_of(entry: Entry) -> BookingEvent:
    """Raises ``BrokenHistory`` for an event that no visit, party or block knows."""
    if entry.event not in EVENTS:
        raise BrokenHistory(f"{entry.stream_id}: unknown event {entry.event}")
    return rebuild(
        EVENTS[entry.event],
        stream_id=entry.stream_id,
        version=entry.version,
        days=entry.days,
        data=entry.data,
    )
