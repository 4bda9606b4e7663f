"""What strangers may set off."""

from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.ratelimit import count, count_everywhere
from tenant_apps.booking.permissions import BOOK
from tenant_apps.clients.types import Contact


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
