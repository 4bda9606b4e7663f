from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import SetupEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryAdded(SetupEvent):
    name: ClassVar[str] = "catalog.category_added"
    stream: ClassVar[str] = "category"

    colour: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceAdded(SetupEvent):
    name: ClassVar[str] = "catalog.service_added"
    stream: ClassVar[str] = "service"

    category_id: UUID
    option_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitAdded(SetupEvent):
    name: ClassVar[str] = "catalog.unit_added"
    stream: ClassVar[str] = "unit"

    kind: str
