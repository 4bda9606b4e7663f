from uuid import UUID

from tenant_apps.clients.errors import NoSuchClient
from tenant_apps.clients.models import Client, ClientAccess
from tenant_apps.clients.types import Contact


def get_client(client_id: UUID) -> Client:
    """The card itself, or the one it was merged into."""
    client = Client.objects.select_related("merged_into").filter(pk=client_id).first()
    if client is None:
        raise NoSuchClient
    return client.merged_into or client


def locked_client(client_id: UUID) -> Client:
    """``get_client``, which nobody else changes until this transaction ends."""
    kept = get_client(client_id)
    return Client.objects.select_for_update(no_key=True).get(pk=kept.pk)


def clients_of(account_id: UUID) -> frozenset[UUID]:
    """Whom this account may book for."""
    return frozenset(
        ClientAccess.objects.filter(account_id=account_id).values_list("client_id", flat=True)
    )


def card_of_person(contact: Contact) -> UUID | None:
    """The confirmed card of somebody who has proven ``contact.email``.

    Families share an address, so the name decides; of several cards none is chosen.
    """
    found = list(
        Client.objects.filter(
            email=contact.email, name__iexact=contact.name, is_confirmed=True, merged_into=None
        ).values_list("id", flat=True)[:2]
    )
    return found[0] if len(found) == 1 else None


def is_reached_by(client_id: UUID, contact: Contact) -> bool:
    """Whether the card has this e-mail address or this telephone number."""
    card = get_client(client_id)
    by_email = bool(contact.email) and card.email == contact.email
    return by_email or (bool(contact.phone) and card.phone == contact.phone)


def is_contact_of(client_id: UUID, contact: Contact) -> bool:
    """Whether the card says this very name, e-mail address and telephone number."""
    card = get_client(client_id)
    return (card.name, card.email, card.phone) == (contact.name, contact.email, contact.phone)
