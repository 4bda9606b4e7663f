"""Who does something, and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from shared_apps.core.errors import Forbidden


class ActorKind(StrEnum):
    ACCOUNT = "account"
    GUEST = "guest"
    HQ = "hq"
    OPERATOR = "operator"
    SYSTEM = "system"


class Channel(StrEnum):
    """Through which door a command came; kept in the journal."""

    WEB = "web"
    API = "api"
    STAFF = "staff"
    COMMAND = "command"
    TASK = "task"
    IMPORT = "import"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Goes into every command. ``holds`` are objects that a signed link entrusts to a guest."""

    kind: ActorKind
    id: UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    channel: Channel = Channel.API
    holds: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        """Stable text for the journal's neighbours: idempotency keys and rate limits."""
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        if not self.may(permission):
            raise Forbidden


def system(channel: Channel, *, permissions: frozenset[str] = frozenset()) -> Actor:
    """The platform itself: a task, a command line, a seed."""
    return Actor(kind=ActorKind.SYSTEM, channel=channel, permissions=permissions)
