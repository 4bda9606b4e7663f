"""Signed texts that mean something at one salon only."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
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


def sign_ids(*values: UUID, purpose: str) -> str:
    """As ``sign_id``, for several that only mean something together, in their order."""
    said = urlsafe_b64encode(b"".join(value.bytes for value in values)).decode().rstrip("=")
    return signing.Signer(salt=_salt(purpose)).sign(said).replace(":", ".")


def read_ids(token: str, *, purpose: str) -> tuple[UUID, ...]:
    """The ids inside; none for anything that was not signed here for this purpose."""
    try:
        said = signing.Signer(salt=_salt(purpose)).unsign(token.replace(".", ":"))
    except signing.BadSignature:
        return ()
    found = urlsafe_b64decode(said + "=" * (-len(said) % 4))
    return tuple(UUID(bytes=found[at : at + 16]) for at in range(0, len(found), 16))


def sign_text(value: str, *, purpose: str) -> str:
    """A token for a text, with the time of signing inside."""
    return signing.dumps(value, salt=_salt(purpose))


def read_text(token: str, *, purpose: str, lives: timedelta) -> str | None:
    """The text inside, or ``None`` when it was not signed here for this purpose or is too old."""
    try:
        return str(signing.loads(token, salt=_salt(purpose), max_age=lives))
    except signing.BadSignature:
        return None
