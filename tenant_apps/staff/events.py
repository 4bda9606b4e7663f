from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import SetupEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberJoined(SetupEvent):
    name: ClassVar[str] = "staff.member_joined"
    stream: ClassVar[str] = "member"

    level: str
    option_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaSet(SetupEvent):
    name: ClassVar[str] = "staff.rota_set"
    stream: ClassVar[str] = "rota_pattern"

    member_id: UUID
    valid_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursSet(SetupEvent):
    name: ClassVar[str] = "staff.hours_set"
    stream: ClassVar[str] = "salon_hours"


@dataclass(frozen=True, kw_only=True, slots=True)
class DayClosed(SetupEvent):
    name: ClassVar[str] = "staff.day_closed"
    stream: ClassVar[str] = "closure"

    reason: str
