"""Facts about visits and blocks.

Every event of a visit carries the whole visit as it is afterwards. So the last one tells
everything: folding a history is reading its end, and the diary as of any moment needs one
event of each visit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import Event, SetupEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenFact:
    """One allocation: ``subject`` is ``staff``, ``unit`` or ``client``."""

    id: UUID
    subject: str
    subject_id: UUID
    starts_at: datetime
    ends_at: datetime
    shared_by: UUID
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseFact:
    id: UUID
    kind: str
    starts_at: datetime
    minutes: int
    staff_id: UUID | None
    takes: tuple[TakenFact, ...]
    with_client: bool = True
    actual_start: datetime | None = None
    actual_end: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFact:
    id: UUID
    position: int
    state: str
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
    cancel_reason_code: str = ""
    parallel_group: int | None = None
    parent_line_id: UUID | None = None
    bundle_option_id: UUID | None = None
    own_minutes: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitFact:
    state: str
    client_id: UUID | None
    channel: str
    language: str
    lines: tuple[LineFact, ...]
    party_id: UUID | None = None
    expires_at: datetime | None = None
    moves_count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitEvent(Event):
    """``visit`` is the whole of it afterwards. ``reason`` is a code; ``overrides`` are the
    refusals that somebody allowed set aside."""

    stream: ClassVar[str] = "appointment"

    visit: VisitFact
    reason: str = ""
    overrides: tuple[str, ...] = ()


class AppointmentBooked(VisitEvent):
    name = "booking.appointment_booked"


class AppointmentHeld(VisitEvent):
    name = "booking.appointment_held"


class AppointmentRequested(VisitEvent):
    name = "booking.appointment_requested"


class AppointmentConfirmed(VisitEvent):
    name = "booking.appointment_confirmed"


class HoldReleased(VisitEvent):
    """Given back by its owner, or run out."""

    name = "booking.hold_released"


class AppointmentArrived(VisitEvent):
    name = "booking.appointment_arrived"


class AppointmentStarted(VisitEvent):
    """The visit, or a further line of it, is being served."""

    name = "booking.appointment_started"


class AppointmentCompleted(VisitEvent):
    """The visit, or one line of it, is done."""

    name = "booking.appointment_completed"


class AppointmentNoShow(VisitEvent):
    name = "booking.appointment_no_show"


class StatusUndone(VisitEvent):
    name = "booking.status_undone"


class AppointmentMoved(VisitEvent):
    """``days`` are those it left and those it came to."""

    name = "booking.appointment_moved"


class AppointmentChanged(VisitEvent):
    """A line came to it, or one is had in another way, for longer or at another price. ``days``
    are also those that it touched before."""

    name = "booking.appointment_changed"


class ClientNamed(VisitEvent):
    """Whose visit it is; nobody's any more, or somebody else's than was thought."""

    name = "booking.client_named"


class AppointmentOverbooked(VisitEvent):
    """Something was put beside this visit on purpose, or taken from there again."""

    name = "booking.appointment_overbooked"


class LineCancelled(VisitEvent):
    name = "booking.line_cancelled"


class LineReassigned(VisitEvent):
    name = "booking.line_reassigned"


class AppointmentCancelled(VisitEvent):
    """All lines are cancelled, and everything they took is free."""

    name = "booking.appointment_cancelled"


VISIT_EVENTS: dict[str, type[VisitEvent]] = {
    event.name: event
    for event in (
        AppointmentBooked,
        AppointmentHeld,
        AppointmentRequested,
        AppointmentConfirmed,
        HoldReleased,
        AppointmentArrived,
        AppointmentStarted,
        AppointmentCompleted,
        AppointmentNoShow,
        StatusUndone,
        AppointmentMoved,
        AppointmentChanged,
        ClientNamed,
        AppointmentOverbooked,
        LineCancelled,
        LineReassigned,
        AppointmentCancelled,
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyFact:
    """Whose visits belong together. What becomes of each is in its own stream."""

    organiser_id: UUID | None
    visit_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyEvent(Event):
    """``reason`` and ``overrides`` as of the visits."""

    stream: ClassVar[str] = "party"

    party: PartyFact
    reason: str = ""
    overrides: tuple[str, ...] = ()


class PartyBooked(PartyEvent):
    name = "booking.party_booked"


class PartyMoved(PartyEvent):
    """All that were still to come, to one time. ``days`` are those left and those come to."""

    name = "booking.party_moved"


class PartyCancelled(PartyEvent):
    """All that were still to come."""

    name = "booking.party_cancelled"


PARTY_EVENTS: dict[str, type[PartyEvent]] = {
    event.name: event for event in (PartyBooked, PartyMoved, PartyCancelled)
}


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockFact:
    kind: str
    staff_id: UUID | None
    unit_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    takes: tuple[TakenFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockEvent(Event):
    """``block`` is the whole of it afterwards; a removed one takes nothing. ``reason`` and
    ``overrides`` as of a visit."""

    stream: ClassVar[str] = "block"

    block: BlockFact
    reason: str = ""
    overrides: tuple[str, ...] = ()


class BlockCreated(BlockEvent):
    name = "booking.block_created"


class BlockChanged(BlockEvent):
    """``days`` are those it left and those it came to."""

    name = "booking.block_changed"


class BlockRemoved(BlockEvent):
    name = "booking.block_removed"


class BlockOverbooked(BlockEvent):
    """A visit was put beside it on purpose."""

    name = "booking.block_overbooked"


BLOCK_EVENTS: dict[str, type[BlockEvent]] = {
    event.name: event for event in (BlockCreated, BlockChanged, BlockRemoved, BlockOverbooked)
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesChanged(SetupEvent):
    """``rules`` by their names, all of them as they are from now on."""

    name: ClassVar[str] = "booking.rules_changed"
    stream: ClassVar[str] = "booking_rules"

    rules: dict[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimingFact:
    option_id: UUID
    minutes: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientTimingsChanged(Event):
    """``timings`` are all that this client has from now on; the stream's id is the client's."""

    name: ClassVar[str] = "booking.client_timings_changed"
    stream: ClassVar[str] = "client_timings"

    timings: tuple[TimingFact, ...]
