"""Facts about visits: enough to fold appointment, line, phase and allocation from."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenFact:
    """One allocation: ``subject`` is ``staff``, ``unit`` or ``client``."""

    id: UUID
    subject: str
    subject_id: UUID
    starts_at: datetime
    ends_at: datetime
    shared_by: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseFact:
    id: UUID
    kind: str
    starts_at: datetime
    minutes: int
    staff_id: UUID | None
    takes: tuple[TakenFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFact:
    id: UUID
    option_id: UUID
    requested_staff_id: UUID | None
    performer_id: UUID
    level: str
    list_price: int
    price: int
    price_kind: str
    currency: str
    tax_category: str
    phases: tuple[PhaseFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AppointmentBooked(Event):
    name: ClassVar[str] = "booking.appointment_booked"
    stream: ClassVar[str] = "appointment"

    client_id: UUID | None
    channel: str
    language: str
    lines: tuple[LineFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AppointmentCancelled(Event):
    """All lines are cancelled, and everything they took is free."""

    name: ClassVar[str] = "booking.appointment_cancelled"
    stream: ClassVar[str] = "appointment"

    reason: str
