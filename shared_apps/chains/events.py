from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainFounded(Event):
    name: ClassVar[str] = "chains.chain_founded"
    stream: ClassVar[str] = "chain"

    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SalonJoined(Event):
    name: ClassVar[str] = "chains.salon_joined"
    stream: ClassVar[str] = "chain"

    salon_id: UUID
    since: date
