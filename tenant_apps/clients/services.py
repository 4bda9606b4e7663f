from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.copying import inserting
from shared_apps.journal.services import publish
from tenant_apps.clients.errors import ContactRefused
from tenant_apps.clients.events import AccessGiven, ClientAdded
from tenant_apps.clients.models import Client, ClientAccess
from tenant_apps.clients.policies import e164, is_a_name, is_email, tidy_name
from tenant_apps.clients.types import Contact


def checked_contact(contact: Contact, *, country: str) -> Contact:
    """Tidied, or ``ContactRefused`` naming each field. An e-mail address or phone is needed."""
    problems: dict[str, str | Promise] = {}
    name, email = tidy_name(contact.name), contact.email.strip().lower()
    phone = contact.phone.strip()
    if not is_a_name(name):
        problems["client.name"] = _("Tell us your name.")
    if not email and not phone:
        problems["client.email"] = _("Leave an e-mail address or a phone number.")
    if email and not is_email(email):
        problems["client.email"] = _("This is not an e-mail address.")
    number = e164(phone, country=country) if phone else ""
    if number is None:
        problems["client.phone"] = _("This is not a phone number.")
    if problems:
        raise ContactRefused(fields=problems)
    return Contact(name=name, email=email, phone=number or "", language=contact.language)


def checked_email(raw: str) -> str:
    """Tidied, or ``ContactRefused``."""
    email = raw.strip().lower()
    if not is_email(email):
        raise ContactRefused(fields={"email": _("This is not an e-mail address.")})
    return email


def card_row(contact: Contact, *, confirmed: bool) -> Client:
    return Client(
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
        is_confirmed=confirmed,
    )


def card_event(client: Client) -> ClientAdded:
    filled = tuple(name for name in ("name", "email", "phone", "language") if getattr(client, name))
    return ClientAdded(stream_id=client.pk, version=1, confirmed=client.is_confirmed, fields=filled)


@transaction.atomic(savepoint=False)
def add_client(*, contact: Contact, confirmed: bool, actor: Actor) -> Client:
    """Open a card. ``contact`` has been checked."""
    client = card_row(contact, confirmed=confirmed)
    publish(card_event(client), actor=actor, after=[inserting([client])])
    return client


@transaction.atomic
def give_access(*, account_id: UUID, client_id: UUID, actor: Actor) -> None:
    """Let an account book for a client. Once is enough."""
    access, is_new = ClientAccess.objects.get_or_create(account_id=account_id, client_id=client_id)
    if is_new:
        publish(
            AccessGiven(stream_id=access.pk, version=1, account_id=account_id, client_id=client_id),
            actor=actor,
        )
