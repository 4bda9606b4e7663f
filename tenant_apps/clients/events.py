from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactCodeRequested(Event):
    """Somebody wants to prove an e-mail address; the code itself is in its own row."""

    name: ClassVar[str] = "clients.contact_code_requested"
    stream: ClassVar[str] = "contact_code"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactProven(Event):
    name: ClassVar[str] = "clients.contact_proven"
    stream: ClassVar[str] = "contact_code"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessGiven(Event):
    """An account may act for a client."""

    name: ClassVar[str] = "clients.access_given"
    stream: ClassVar[str] = "client_access"

    account_id: UUID
    client_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientAdded(Event):
    """A card was opened. ``fields`` names what was filled in, never with what."""

    name: ClassVar[str] = "clients.client_added"
    stream: ClassVar[str] = "client"

    confirmed: bool
    fields: tuple[str, ...]
