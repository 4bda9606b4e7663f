from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonCard:
    """What a request needs to know of its salon; small enough to keep in every process."""

    id: UUID
    schema_name: str
    schema_version: int
    state: str
    slug: str
    host: str
    name: str
    trade: str
    country: str
    currency: str
    timezone: str
    language: str
    accent: str = ""
    tagline: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
    is_confirmed: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What the salon tells of itself. ``accent`` is ``#rrggbb``, ``phone`` E.164."""

    accent: str = ""
    tagline: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    phone: str = ""
