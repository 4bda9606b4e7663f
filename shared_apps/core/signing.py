"""Signed texts that mean something at one salon only."""

from datetime import timedelta
from uuid import UUID

from django.core import signing

from shared_apps.core.scope import current_scope


def _salt(purpose: str) -> str:
    return f"parlour:{purpose}:{current_scope().id or 'public'}"


def sign_id(value: UUID, *, purpose: str) -> str:
    """A short URL-safe token for one id; another purpose or salon does not accept it."""
    return signing.Signer(salt=_salt(purpose)).sign(value.hex).replace(":", ".")


def read_id(token: str, *, purpose: str) -> UUID | None:
    """The id inside, or ``None`` for anything that was not signed here for this purpose."""
    try:
        return UUID(hex=signing.Signer(salt=_salt(purpose)).unsign(token.replace(".", ":")))
    except (signing.BadSignature, ValueError):
        return None


def sign_text(value: str, *, purpose: str) -> str:
    """A token for a text, with the time of signing inside."""
    return signing.dumps(value, salt=_salt(purpose))


def read_text(token: str, *, purpose: str, lives: timedelta) -> str | None:
    """The text inside, or ``None`` when it was not signed here for this purpose or is too old."""
    try:
        return str(signing.loads(token, salt=_salt(purpose), max_age=lives))
    except signing.BadSignature:
        return None
