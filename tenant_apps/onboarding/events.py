from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonFurnished(Event):
    """A new salon has its first catalogue, hours and member; its owner can sign in."""

    name: ClassVar[str] = "onboarding.salon_furnished"
    stream: ClassVar[str] = "onboarding"

    owner_account_id: UUID
    trade: str
