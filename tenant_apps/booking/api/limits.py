"""What strangers may set off."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import HttpRequest

from shared_apps.core.actor import Actor
from shared_apps.core.auth import reader_of
from shared_apps.core.ratelimit import count, count_everywhere
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.types import AskedLine
from tenant_apps.clients.types import Contact

A_MONTH = 28


def guest_bookings_limited(
    actor: Actor, network: str, client: UUID | Contact | None, *, visits: int = 1
) -> None:
    """So many ``visits`` without an account from one network. And so many letters to one address
    from all salons together, for a stranger may name anybody's."""
    if actor.may(BOOK):
        return
    count("guest_booking", network, times=visits)
    if isinstance(client, Contact) and client.email:
        count_everywhere("letter", client.email.strip().lower())


def count_looks(
    request: HttpRequest,
    actor: Actor,
    lines: Sequence[AskedLine],
    first: date,
    last: date,
    *,
    counted: int = 0,
) -> None:
    """Looking for a time for many lines in many days is as much work as several looks, and counts
    as such: a month counts once for each line. ``counted``: so many have been already."""
    services = sum(1 + len(line.addons) for line in lines)
    looks = max(1, services * ((last - first).days + 1) // A_MONTH) - counted
    if looks:
        count("public_read", reader_of(request, actor), times=looks)
