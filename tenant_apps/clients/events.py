from dataclasses import dataclass
from typing import ClassVar

from shared_apps.core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientAdded(Event):
    """A card was opened. ``fields`` names what was filled in, never with what."""

    name: ClassVar[str] = "clients.client_added"
    stream: ClassVar[str] = "client"

    confirmed: bool
    fields: tuple[str, ...]
