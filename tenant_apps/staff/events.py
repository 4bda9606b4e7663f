"""Facts about the team and its time. Why somebody is off stays on its row, which can be erased."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import Event, SetupEvent
from tenant_apps.staff.types import Shift, WallSpan

BreakFact = tuple[int, ...]
"""``(from, to)``, or floating ``(minutes, from, to)``; in a pattern the weekday comes first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberJoined(SetupEvent):
    name: ClassVar[str] = "staff.member_joined"
    stream: ClassVar[str] = "member"

    level: str
    option_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberChanged(SetupEvent):
    """``changed`` names the fields; the others are as they are now."""

    name: ClassVar[str] = "staff.member_changed"
    stream: ClassVar[str] = "member"

    changed: tuple[str, ...]
    level: str
    option_ids: tuple[UUID, ...]
    is_active: bool
    is_online: bool
    person_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaSet(SetupEvent):
    name: ClassVar[str] = "staff.rota_set"
    stream: ClassVar[str] = "rota_pattern"

    member_id: UUID
    valid_from: date
    valid_until: date | None = None
    anchor: date | None = None
    weeks: tuple[tuple[Shift, ...], ...] = ()
    breaks: tuple[BreakFact, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaDaySet(SetupEvent):
    """``replaced`` and ``breaks`` are null where the pattern's hold."""

    name: ClassVar[str] = "staff.rota_day_set"
    stream: ClassVar[str] = "rota_day"

    member_id: UUID
    replaced: tuple[WallSpan, ...] | None
    added: tuple[WallSpan, ...]
    removed: tuple[WallSpan, ...]
    breaks: tuple[BreakFact, ...] | None
    open_anyway: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaDayCleared(SetupEvent):
    name: ClassVar[str] = "staff.rota_day_cleared"
    stream: ClassVar[str] = "rota_day"

    member_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursSet(SetupEvent):
    name: ClassVar[str] = "staff.hours_set"
    stream: ClassVar[str] = "salon_hours"

    week: tuple[Shift, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialHoursSet(SetupEvent):
    name: ClassVar[str] = "staff.special_hours_set"
    stream: ClassVar[str] = "special_hours"

    spans: tuple[WallSpan, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialHoursCleared(SetupEvent):
    name: ClassVar[str] = "staff.special_hours_cleared"
    stream: ClassVar[str] = "special_hours"


@dataclass(frozen=True, kw_only=True, slots=True)
class DayClosed(SetupEvent):
    name: ClassVar[str] = "staff.day_closed"
    stream: ClassVar[str] = "closure"

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DayReopened(SetupEvent):
    name: ClassVar[str] = "staff.day_reopened"
    stream: ClassVar[str] = "closure"


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOffRequested(Event):
    """It changes nobody's day yet."""

    name: ClassVar[str] = "staff.time_off_requested"
    stream: ClassVar[str] = "time_off"

    member_id: UUID
    first_day: date
    last_day: date
    from_minute: int | None
    until_minute: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOffApproved(SetupEvent):
    name: ClassVar[str] = "staff.time_off_approved"
    stream: ClassVar[str] = "time_off"

    member_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOffDeclined(Event):
    name: ClassVar[str] = "staff.time_off_declined"
    stream: ClassVar[str] = "time_off"

    member_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOffWithdrawn(SetupEvent):
    """``was_approved``: the member works on those days again."""

    name: ClassVar[str] = "staff.time_off_withdrawn"
    stream: ClassVar[str] = "time_off"

    member_id: UUID
    was_approved: bool
