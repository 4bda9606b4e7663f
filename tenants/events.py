from dataclasses import dataclass
from typing import ClassVar

from shared_apps.core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonOpened(Event):
    name: ClassVar[str] = "tenants.salon_opened"
    stream: ClassVar[str] = "salon"

    slug: str
    country: str
    trade: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonSuspended(Event):
    name: ClassVar[str] = "tenants.salon_suspended"
    stream: ClassVar[str] = "salon"


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonResumed(Event):
    name: ClassVar[str] = "tenants.salon_resumed"
    stream: ClassVar[str] = "salon"


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonClosed(Event):
    name: ClassVar[str] = "tenants.salon_closed"
    stream: ClassVar[str] = "salon"

    slug: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HostRenamed(Event):
    name: ClassVar[str] = "tenants.host_renamed"
    stream: ClassVar[str] = "salon"

    slug_before: str
    slug_after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonConfirmed(Event):
    """The owner's e-mail address is proven; search engines may come."""

    name: ClassVar[str] = "tenants.salon_confirmed"
    stream: ClassVar[str] = "salon"


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonDescribed(Event):
    """``fields``: which of them say something now."""

    name: ClassVar[str] = "tenants.salon_described"
    stream: ClassVar[str] = "salon"

    fields: tuple[str, ...]
