"""Signed texts that mean something at one salon only."""

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
