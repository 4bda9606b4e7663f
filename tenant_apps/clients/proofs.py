"""Proving that one reads an e-mail address: a code goes there, a signed proof comes back."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.signing import read_text, sign_text
from shared_apps.journal.services import publish
from tenant_apps.clients.errors import CodeRefused
from tenant_apps.clients.events import ContactCodeRequested, ContactProven
from tenant_apps.clients.models import ContactCode

CODE_LIVES = timedelta(minutes=10)
PROOF_LIVES = timedelta(minutes=30)
MOST_TRIES = 5
PURPOSE = "contact-proof"


@transaction.atomic
def request_code(*, email: str, language: str, actor: Actor) -> None:
    """Send six digits to ``email``. A newer code replaces an older one."""
    code = ContactCode.objects.create(
        email=email.lower(),
        code=f"{secrets.randbelow(10**6):06}",
        language=language,
        expires_at=now() + CODE_LIVES,
    )
    publish(ContactCodeRequested(stream_id=code.pk, version=1), actor=actor)


def prove_contact(*, email: str, code: str, actor: Actor) -> str:
    """The proof for the right code. Raises ``CodeRefused``; a try counts even when refused."""
    if not _is_right(email=email.lower(), code=code, actor=actor):
        raise CodeRefused
    return sign_text(email.lower(), purpose=PURPOSE)


def proven_email(proof: str) -> str | None:
    """The address that this proof is about, while it lives."""
    return read_text(proof, purpose=PURPOSE, lives=PROOF_LIVES)


def find_code(code_id: UUID) -> ContactCode | None:
    """A code that is still good for something."""
    return ContactCode.objects.filter(pk=code_id, expires_at__gt=now()).first()


def forget_old_codes() -> int:
    deleted, _by_model = ContactCode.objects.filter(expires_at__lt=now()).delete()
    return deleted


@transaction.atomic
def _is_right(*, email: str, code: str, actor: Actor) -> bool:
    sent = (
        ContactCode.objects.select_for_update(no_key=True)
        .filter(email=email, expires_at__gt=now())
        .order_by("-id")
        .first()
    )
    if sent is None or sent.tries >= MOST_TRIES:
        return False
    if not constant_time_compare(sent.code, code):
        sent.tries += 1
        sent.save(update_fields=["tries", "updated_at"])
        return False
    publish(ContactProven(stream_id=sent.pk, version=2), actor=actor)
    sent.delete()
    return True
