"""The journal of visits, folded: what appointment, line, phase and allocation must look like.

Pure. A visit's state holds every column that the journal records; only the tables' own
bookkeeping (created_at, updated_at) is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared_apps.core.events import Event
from tenant_apps.booking.enums import State
from tenant_apps.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    LineFact,
    PhaseFact,
    TakenFact,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AppointmentState:
    id: UUID
    client_id: UUID | None
    state: str
    channel: str
    language: str
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LineState:
    id: UUID
    appointment_id: UUID
    position: int
    option_id: UUID
    requested_staff_id: UUID | None
    performer_id: UUID
    state: str
    cancel_reason_code: str
    level_at_booking: str
    list_price: int
    price: int
    price_kind: str
    currency: str
    tax_category: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseState:
    id: UUID
    line_id: UUID
    position: int
    kind: str
    starts_at: datetime
    minutes: int
    staff_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationState:
    id: UUID
    phase_id: UUID
    staff_id: UUID | None
    unit_id: UUID | None
    client_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    shared_by: UUID


RowState = AppointmentState | LineState | PhaseState | AllocationState


@dataclass(frozen=True, slots=True)
class VisitState:
    appointment: AppointmentState
    lines: frozenset[LineState]
    phases: frozenset[PhaseState]
    allocations: frozenset[AllocationState]

    @property
    def id(self) -> UUID:
        return self.appointment.id

    @property
    def rows(self) -> frozenset[RowState]:
        return frozenset({self.appointment, *self.lines, *self.phases, *self.allocations})


class BrokenHistory(Exception):
    """Events that cannot follow one another."""


def fold(events: Iterable[Event]) -> VisitState:
    """The visit after all of its ``events``, which come in order of their versions."""
    visit: VisitState | None = None
    for event in events:
        match event, visit:
            case AppointmentBooked(), None:
                visit = _booked(event)
            case AppointmentCancelled(), VisitState():
                visit = _cancelled(visit, event)
            case _:
                raise BrokenHistory(f"{event.stream_id}: unexpected {event.name} v{event.version}")
    if visit is None:
        raise BrokenHistory("no events")
    return visit


def differences(remembered: Iterable[VisitState], recorded: Iterable[VisitState]) -> Iterator[str]:
    """What the journal tells (``remembered``) against the tables (``recorded``).

    Both come in order of the visit's id, so that neither has to fit in memory.
    """
    for told, found in _paired(iter(remembered), iter(recorded)):
        if told is None and found is not None:
            yield f"visit {found.id} is in the tables and not in the journal"
        elif found is None and told is not None:
            yield f"visit {told.id} is in the journal and not in the tables"
        elif told is not None and found is not None and told != found:
            for side, rows in (
                ("journal", told.rows - found.rows),
                ("tables", found.rows - told.rows),
            ):
                for row in sorted(rows, key=repr):
                    yield f"visit {told.id}, only in the {side}: {row}"


def _paired(
    remembered: Iterator[VisitState], recorded: Iterator[VisitState]
) -> Iterator[tuple[VisitState | None, VisitState | None]]:
    told, found = next(remembered, None), next(recorded, None)
    while told or found:
        if found is None or (told and told.id < found.id):
            yield told, None
            told = next(remembered, None)
        elif told is None or found.id < told.id:
            yield None, found
            found = next(recorded, None)
        else:
            yield told, found
            told, found = next(remembered, None), next(recorded, None)


def _booked(event: AppointmentBooked) -> VisitState:
    lines, phases, allocations = [], [], []
    for place, line in enumerate(event.lines):
        lines.append(_line(event.stream_id, place, line))
        for number, phase in enumerate(line.phases):
            phases.append(_phase(line.id, number, phase))
            allocations += [_allocation(phase.id, taken) for taken in phase.takes]
    return VisitState(
        AppointmentState(
            id=event.stream_id,
            client_id=event.client_id,
            state=State.CONFIRMED,
            channel=event.channel,
            language=event.language,
            version=event.version,
        ),
        frozenset(lines),
        frozenset(phases),
        frozenset(allocations),
    )


def _cancelled(visit: VisitState, event: AppointmentCancelled) -> VisitState:
    return VisitState(
        replace(visit.appointment, state=State.CANCELLED, version=event.version),
        frozenset(
            replace(line, state=State.CANCELLED, cancel_reason_code=event.reason)
            for line in visit.lines
        ),
        visit.phases,
        frozenset(),
    )


def _line(appointment_id: UUID, place: int, fact: LineFact) -> LineState:
    return LineState(
        id=fact.id,
        appointment_id=appointment_id,
        position=place,
        option_id=fact.option_id,
        requested_staff_id=fact.requested_staff_id,
        performer_id=fact.performer_id,
        state=State.CONFIRMED,
        cancel_reason_code="",
        level_at_booking=fact.level,
        list_price=fact.list_price,
        price=fact.price,
        price_kind=fact.price_kind,
        currency=fact.currency,
        tax_category=fact.tax_category,
    )


def _phase(line_id: UUID, number: int, fact: PhaseFact) -> PhaseState:
    return PhaseState(
        id=fact.id,
        line_id=line_id,
        position=number,
        kind=fact.kind,
        starts_at=fact.starts_at,
        minutes=fact.minutes,
        staff_id=fact.staff_id,
    )


def _allocation(phase_id: UUID, fact: TakenFact) -> AllocationState:
    subject: dict[str, Any] = dict.fromkeys(("staff_id", "unit_id", "client_id"))
    subject[f"{fact.subject}_id"] = fact.subject_id
    return AllocationState(
        id=fact.id,
        phase_id=phase_id,
        starts_at=fact.starts_at,
        ends_at=fact.ends_at,
        shared_by=fact.shared_by,
        **subject,
    )
