from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import SetupEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionFact:
    """What an option cost and took from then on: minor units by level, minutes by phase.
    ``parts`` are the options of a bundle."""

    option_id: UUID
    price_kind: str
    currency: str
    prices: Mapping[str, int]
    minutes: tuple[int, ...]
    parts: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryAdded(SetupEvent):
    name: ClassVar[str] = "catalog.category_added"
    stream: ClassVar[str] = "category"

    colour: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryChanged(SetupEvent):
    """``fields`` names what changed. Archived and restored are changes of ``archived_at``."""

    name: ClassVar[str] = "catalog.category_changed"
    stream: ClassVar[str] = "category"

    fields: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceAdded(SetupEvent):
    name: ClassVar[str] = "catalog.service_added"
    stream: ClassVar[str] = "service"

    category_id: UUID
    option_ids: tuple[UUID, ...]
    options: tuple[OptionFact, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceChanged(SetupEvent):
    """``fields`` as in ``CategoryChanged``; ``options`` are those on sale from then on, or
    none where they did not change."""

    name: ClassVar[str] = "catalog.service_changed"
    stream: ClassVar[str] = "service"

    fields: tuple[str, ...]
    archived: bool
    options: tuple[OptionFact, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitKindAdded(SetupEvent):
    name: ClassVar[str] = "catalog.unit_kind_added"
    stream: ClassVar[str] = "unit_kind"

    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitKindChanged(SetupEvent):
    name: ClassVar[str] = "catalog.unit_kind_changed"
    stream: ClassVar[str] = "unit_kind"

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitKindRemoved(SetupEvent):
    name: ClassVar[str] = "catalog.unit_kind_removed"
    stream: ClassVar[str] = "unit_kind"

    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitAdded(SetupEvent):
    name: ClassVar[str] = "catalog.unit_added"
    stream: ClassVar[str] = "unit"

    kind: str
    places: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitChanged(SetupEvent):
    name: ClassVar[str] = "catalog.unit_changed"
    stream: ClassVar[str] = "unit"

    fields: tuple[str, ...]
    active: bool
    places: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomFieldAdded(SetupEvent):
    name: ClassVar[str] = "catalog.custom_field_added"
    stream: ClassVar[str] = "custom_field"

    entity: str
    key: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomFieldChanged(SetupEvent):
    name: ClassVar[str] = "catalog.custom_field_changed"
    stream: ClassVar[str] = "custom_field"

    fields: tuple[str, ...]
    archived: bool
