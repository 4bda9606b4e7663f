"""A visit with all its rows, and what the journal says of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.db import rows as read
from tenant_apps.booking.errors import NoSuchAppointment
from tenant_apps.booking.events import BlockFact, LineFact, PhaseFact, TakenFact, VisitFact
from tenant_apps.booking.models import Allocation, Appointment, Block, Line, Phase
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.selectors.calendar import local_days

PLANNED = """
SELECT min(phase.starts_at), max(phase.starts_at + phase.minutes * interval '1 minute')
FROM booking_phase AS phase JOIN booking_line AS line ON line.id = phase.line_id
WHERE line.appointment_id = %s
"""


@dataclass(slots=True)
class VisitRows:
    """Lines and phases in their order."""

    appointment: Appointment
    lines: list[Line] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime:
        return min(phase.starts_at for phase in self.phases)

    @property
    def ends_at(self) -> datetime:
        """When everybody and everything is free again by plan."""
        return max(planned_end(phase) for phase in self.phases)

    def days(self, zone: ZoneInfo) -> tuple[date, ...]:
        return local_days(self.starts_at, (self.ends_at - self.starts_at) // MINUTE, zone)


def planned_end(phase: Phase) -> datetime:
    return phase.starts_at + phase.minutes * MINUTE


def subject_of(taken: Allocation) -> UUID:
    """Whose time it takes: a member's, a unit's or a client's."""
    found = taken.staff_id or taken.unit_id or taken.client_id
    assert found is not None  # noqa: S101 booking_allocation_one_subject
    return found


def planned_days(
    appointment_id: UUID, zone: ZoneInfo, *, and_at: datetime | None = None
) -> set[date]:
    """The salon days that a visit touches by plan, and those that it would touch at another time.
    One query. Raises ``NoSuchAppointment``."""
    ((starts_at, ends_at),) = read(PLANNED, appointment_id)
    if starts_at is None:
        raise NoSuchAppointment
    minutes = (ends_at - starts_at) // MINUTE
    return {day for at in (starts_at, and_at) if at for day in local_days(at, minutes, zone)}


def locked_visit(appointment_id: UUID) -> VisitRows:
    """The visit, which nobody else changes until this transaction ends. Four queries.

    Raises ``NoSuchAppointment``.
    """
    return _with_rows(
        Appointment.objects.select_for_update(no_key=True).filter(pk=appointment_id).first()
    )


def glanced_visit(appointment_id: UUID) -> VisitRows:
    """The visit as it is at a glance: nobody is kept from changing it. Four queries.

    Raises ``NoSuchAppointment``.
    """
    return _with_rows(Appointment.objects.filter(pk=appointment_id).first())


def _with_rows(found: Appointment | None) -> VisitRows:
    if found is None:
        raise NoSuchAppointment
    return VisitRows(
        found,
        list(Line.objects.filter(appointment=found).order_by("position")),
        list(Phase.objects.filter(line__appointment=found).order_by("line__position", "position")),
        list(Allocation.objects.filter(phase__line__appointment=found).order_by("id")),
    )


def visit_fact(rows: VisitRows) -> VisitFact:
    """What the journal keeps of a visit: everything but the secret of a hold."""
    visit = rows.appointment
    phases = defaultdict[UUID, list[Phase]](list)
    takes = defaultdict[UUID, list[Allocation]](list)
    for phase in rows.phases:
        phases[phase.line_id].append(phase)
    for taken in rows.allocations:
        assert taken.phase_id is not None  # noqa: S101 a visit's come from its phases
        takes[taken.phase_id].append(taken)
    return VisitFact(
        state=visit.state,
        client_id=visit.client_id,
        channel=visit.channel,
        language=visit.language,
        party_id=visit.party_id,
        expires_at=visit.expires_at,
        moves_count=visit.moves_count,
        lines=tuple(
            _line_fact(
                line, tuple(_phase_fact(found, takes[found.pk]) for found in phases[line.pk])
            )
            for line in rows.lines
        ),
    )


def block_fact(block: Block, allocations: Iterable[Allocation]) -> BlockFact:
    return BlockFact(
        kind=block.kind,
        staff_id=block.staff_id,
        unit_id=block.unit_id,
        starts_at=block.starts_at,
        ends_at=block.ends_at,
        takes=_taken(allocations),
    )


def _line_fact(line: Line, phases: Iterable[PhaseFact]) -> LineFact:
    return LineFact(
        id=line.pk,
        position=line.position,
        state=line.state,
        cancel_reason_code=line.cancel_reason_code,
        parallel_group=line.parallel_group,
        parent_line_id=line.parent_line_id,
        bundle_option_id=line.bundle_option_id,
        option_id=line.option_id,
        requested_staff_id=line.requested_staff_id,
        performer_id=line.performer_id,
        level=line.level_at_booking,
        list_price=line.list_price,
        price=line.price,
        price_kind=line.price_kind,
        currency=line.currency,
        tax_category=line.tax_category,
        own_minutes=None if line.own_minutes is None else tuple(line.own_minutes),
        phases=tuple(phases),
    )


def _phase_fact(phase: Phase, taken: Iterable[Allocation]) -> PhaseFact:
    return PhaseFact(
        id=phase.pk,
        kind=phase.kind,
        starts_at=phase.starts_at,
        minutes=phase.minutes,
        staff_id=phase.staff_id,
        with_client=phase.with_client,
        actual_start=phase.actual_start,
        actual_end=phase.actual_end,
        takes=_taken(taken),
    )


def _taken(allocations: Iterable[Allocation]) -> tuple[TakenFact, ...]:
    return tuple(_taken_fact(taken) for taken in sorted(allocations, key=lambda taken: taken.pk))


def _taken_fact(taken: Allocation) -> TakenFact:
    subject, subject_id = next(
        (kind, found)
        for kind in ("staff", "unit", "client")
        if (found := getattr(taken, f"{kind}_id"))
    )
    return TakenFact(
        id=taken.pk,
        subject=subject,
        subject_id=subject_id,
        starts_at=taken.during.lower,
        ends_at=taken.during.upper,
        shared_by=taken.shared_by,
        expires_at=taken.expires_at,
    )
