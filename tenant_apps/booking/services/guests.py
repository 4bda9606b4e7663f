"""For whom somebody may book, and which card that is."""

from dataclasses import dataclass
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Forbidden
from tenant_apps.booking.permissions import BOOK, BOOK_FOR_SELF
from tenant_apps.clients.errors import CodeRefused, ContactRefused
from tenant_apps.clients.proofs import proven_email
from tenant_apps.clients.selectors import card_of_person, clients_of, get_client, is_reached_by
from tenant_apps.clients.services import add_client, checked_contact
from tenant_apps.clients.types import Contact
from tenants.selectors import current_salon


@dataclass(frozen=True, slots=True)
class Guest:
    """``client_id``: a card that exists. ``vouched``: the person and the card belong together,
    so the client's own time is claimed too; what a stranger types claims nobody's."""

    vouched: bool
    client_id: UUID | None = None
    contact: Contact | None = None

    def card(self, actor: Actor) -> UUID | None:
        """The card's id; somebody new gets one now. ``None``: nobody was named."""
        if self.client_id or self.contact is None:
            return self.client_id
        return add_client(contact=self.contact, confirmed=self.vouched, actor=actor).pk


def checked_guest(client: UUID | Contact | None, proof: str, actor: Actor) -> Guest:
    """Staff vouch for anybody, others for whom they have proven to be.

    Raises ``Forbidden``, ``ContactRefused`` or that there is no such card.
    """
    if client is None:
        if not actor.may(BOOK):
            raise ContactRefused(fields={"client": ContactRefused.message})
        return Guest(vouched=False)
    if isinstance(client, UUID):
        return Guest(vouched=True, client_id=_allowed_card(client, actor))
    contact = checked_contact(client, country=current_salon().country)
    if proof:
        if proven_email(proof) != contact.email:
            raise ContactRefused(fields={"client.proof": CodeRefused.message})
        return Guest(vouched=True, client_id=card_of_person(contact), contact=contact)
    return Guest(vouched=actor.may(BOOK), contact=contact)


def is_still_theirs(client_id: UUID | None, said: UUID | Contact | None, actor: Actor) -> bool:
    """Whether who says again whom a visit is for may have the same answer again: somebody else's
    by now, it is shown to staff alone. Raises ``ContactRefused``."""
    if actor.may(BOOK):
        return True
    if client_id is None or said is None:
        return False
    if isinstance(said, UUID):
        return client_id == said
    return is_reached_by(client_id, checked_contact(said, country=current_salon().country))


def _allowed_card(client_id: UUID, actor: Actor) -> UUID:
    if not actor.may(BOOK):
        actor.require(BOOK_FOR_SELF)
        if actor.id is None or client_id not in clients_of(actor.id):
            raise Forbidden
    return get_client(client_id).pk
