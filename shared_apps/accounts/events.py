from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared_apps.core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountOpened(Event):
    name: ClassVar[str] = "accounts.account_opened"
    stream: ClassVar[str] = "account"

    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailConfirmed(Event):
    name: ClassVar[str] = "accounts.email_confirmed"
    stream: ClassVar[str] = "account"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionStarted(Event):
    name: ClassVar[str] = "accounts.session_started"
    stream: ClassVar[str] = "session"

    account_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRenewed(Event):
    name: ClassVar[str] = "accounts.session_renewed"
    stream: ClassVar[str] = "session"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionEnded(Event):
    """``reason``: ``signed_out`` or ``refresh_reused`` (a stolen token came back)."""

    name: ClassVar[str] = "accounts.session_ended"
    stream: ClassVar[str] = "session"

    reason: str
