"""From a placed visit to the rows and the event that record it. Shared with the bulk writer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.models import uuid7
from tenant_apps.booking.enums import State
from tenant_apps.booking.events import AppointmentBooked, LineFact, PhaseFact, TakenFact
from tenant_apps.booking.models import Allocation, Appointment, Line, Phase
from tenant_apps.booking.policies.masks import MINUTE, Window
from tenant_apps.booking.policies.placing import Placed
from tenant_apps.booking.selectors.calendar import local_days
from tenant_apps.booking.selectors.demand import Demand


@dataclass(frozen=True, slots=True)
class VisitRows:
    appointment: Appointment
    lines: list[Line] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitHead:
    """What a visit is besides its lines. ``claimed``: the client's own time is taken too."""

    appointment_id: UUID
    client_id: UUID | None
    claimed: bool
    channel: str
    language: str


def build_rows(
    head: VisitHead, demand: Demand, placed: Sequence[Placed], window: Window
) -> VisitRows:
    rows = VisitRows(
        Appointment(
            id=head.appointment_id,
            client_id=head.client_id,
            state=State.CONFIRMED,
            channel=head.channel,
            language=head.language,
        )
    )
    for place, line in enumerate(placed):
        _add_line(rows, head, demand, place, line, window)
    return rows


def _add_line(
    rows: VisitRows, head: VisitHead, demand: Demand, place: int, placed: Placed, window: Window
) -> None:
    price = demand.price(place, placed.way.staff_id)
    line = Line(
        appointment=rows.appointment,
        position=place,
        option_id=demand.asked[place].option_id,
        requested_staff_id=demand.asked[place].staff_id,
        performer_id=placed.way.staff_id,
        state=State.CONFIRMED,
        level_at_booking=price.level,
        list_price=price.price.amount,
        price=price.price.amount,
        price_kind=price.terms.price_kind,
        currency=price.price.currency,
        tax_category=price.terms.tax_category,
    )
    rows.lines.append(line)
    for number, (at, step) in enumerate(placed.way.offsets()):
        phase = Phase(
            line=line,
            position=number,
            kind=price.terms.phases[number].kind,
            starts_at=window.at(placed.starts + at),
            minutes=step.minutes,
            staff_id=placed.way.staff_id if step.takes_staff else None,
        )
        rows.phases.append(phase)
        claimed = head.client_id if head.claimed and step.takes_client else None
        rows.allocations.extend(_takings(phase, placed.units[number], claimed, head))


def _takings(
    phase: Phase, units: Iterable[UUID], client_id: UUID | None, head: VisitHead
) -> Iterator[Allocation]:
    """A member's time is shared with nothing; units and client with the rest of the visit."""
    during = (phase.starts_at, phase.starts_at + timedelta(minutes=phase.minutes))
    if phase.staff_id:
        own = uuid7()
        yield Allocation(id=own, staff_id=phase.staff_id, during=during, shared_by=own, phase=phase)
    for unit_id in units:
        yield Allocation(unit_id=unit_id, during=during, shared_by=head.appointment_id, phase=phase)
    if client_id:
        yield Allocation(
            client_id=client_id, during=during, shared_by=head.appointment_id, phase=phase
        )


def store(visits: Sequence[VisitRows]) -> None:
    """Insert the rows of one visit or of many, a statement a table."""
    Appointment.objects.bulk_create(visit.appointment for visit in visits)
    Line.objects.bulk_create(line for visit in visits for line in visit.lines)
    Phase.objects.bulk_create(phase for visit in visits for phase in visit.phases)
    Allocation.objects.bulk_create(taken for visit in visits for taken in visit.allocations)


def days_of(rows: VisitRows, zone: ZoneInfo) -> tuple[date, ...]:
    starts_at = min(phase.starts_at for phase in rows.phases)
    ends_at = max(phase.starts_at + phase.minutes * MINUTE for phase in rows.phases)
    return local_days(starts_at, (ends_at - starts_at) // MINUTE, zone)


def booked_event(rows: VisitRows, zone: ZoneInfo) -> AppointmentBooked:
    appointment = rows.appointment
    return AppointmentBooked(
        stream_id=appointment.pk,
        version=appointment.version,
        days=days_of(rows, zone),
        client_id=appointment.client_id,
        channel=appointment.channel,
        language=appointment.language,
        lines=tuple(_line_fact(line, rows) for line in rows.lines),
    )


def _line_fact(line: Line, rows: VisitRows) -> LineFact:
    return LineFact(
        id=line.pk,
        option_id=line.option_id,
        requested_staff_id=line.requested_staff_id,
        performer_id=line.performer_id,
        level=line.level_at_booking,
        list_price=line.list_price,
        price=line.price,
        price_kind=line.price_kind,
        currency=line.currency,
        tax_category=line.tax_category,
        phases=tuple(_phase_fact(phase, rows) for phase in rows.phases if phase.line is line),
    )


def _phase_fact(phase: Phase, rows: VisitRows) -> PhaseFact:
    return PhaseFact(
        id=phase.pk,
        kind=phase.kind,
        starts_at=phase.starts_at,
        minutes=phase.minutes,
        staff_id=phase.staff_id,
        takes=tuple(_taken_fact(taken) for taken in rows.allocations if taken.phase is phase),
    )


def _taken_fact(taken: Allocation) -> TakenFact:
    subject, subject_id = next(
        (kind, found)
        for kind in ("staff", "unit", "client")
        if (found := getattr(taken, f"{kind}_id"))
    )
    starts_at, ends_at = taken.during
    return TakenFact(
        id=taken.pk,
        subject=subject,
        subject_id=subject_id,
        starts_at=starts_at,
        ends_at=ends_at,
        shared_by=taken.shared_by,
    )
