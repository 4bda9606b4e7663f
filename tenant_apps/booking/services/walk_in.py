"""Somebody stands at the desk: how long must they wait, and by whom are they served?"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.idempotency import Attempt, once
from tenant_apps.booking.errors import NotToday
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.policies.masks import MINUTE, next_minute
from tenant_apps.booking.selectors.availability import earliest
from tenant_apps.booking.services.book import BookingRequest, book_within
from tenant_apps.booking.types import AskedLine, Start
from tenant_apps.clients.types import Contact
from tenants.selectors import current_salon


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """``start`` and how many whole minutes away it is."""

    start: Start
    minutes: int


def walk_in_wait(
    *, lines: Sequence[AskedLine], actor: Actor, client_id: UUID | None = None
) -> Wait:
    """The first minute today at which all ``lines`` can begin, with this client if they are
    known. Raises ``NotToday``."""
    actor.require(BOOK)
    moment = next_minute(now())
    zone = current_salon().zone
    start = earliest(lines=lines, actor=actor, zone=zone, moment=moment, client_id=client_id)
    if start is None:
        raise NotToday
    return Wait(start=start, minutes=(start.starts_at - moment) // MINUTE)


@retried_once
def book_walk_in(
    *,
    lines: tuple[AskedLine, ...],
    client: UUID | Contact | None,
    actor: Actor,
    attempt: Attempt | None = None,
    language: str = "",
) -> UUID:
    """Take the first minute that is free. Raises ``NotToday``, or ``SlotTaken`` when somebody
    was quicker."""

    def first_minute(planned: UUID) -> UUID:
        client_id = client if isinstance(client, UUID) else None
        wait = walk_in_wait(lines=lines, actor=actor, client_id=client_id)
        request = BookingRequest(
            starts_at=wait.start.starts_at, lines=lines, client=client, language=language
        )
        return book_within(planned, request=request, actor=actor)

    return once(attempt, first_minute)
