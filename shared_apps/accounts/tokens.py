"""JWTs that mean something in one scope only: their audience and their key are the salon's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import jwt
from django.conf import settings
from django.utils.crypto import salted_hmac

from shared_apps.accounts.errors import InvalidToken
from shared_apps.core.models import uuid7
from shared_apps.core.scope import current_scope

ALGORITHM = "HS256"
ISSUER = "parlour"


class Use(StrEnum):
    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Claims:
    account_id: UUID
    session_id: UUID
    generation: int


def audience() -> str:
    return str(current_scope().id or "public")


def _key() -> bytes:
    return salted_hmac("parlour.jwt", audience(), algorithm="sha256").digest()


def write(claims: Claims, *, use: Use, issued_at: datetime) -> str:
    lifetime = (
        settings.ACCESS_TOKEN_LIFETIME if use is Use.ACCESS else settings.REFRESH_TOKEN_LIFETIME
    )
    return jwt.encode(
        {
            "iss": ISSUER,
            "aud": audience(),
            "use": use,
            "sub": str(claims.account_id),
            "sid": str(claims.session_id),
            "gen": claims.generation,
            "jti": uuid7().hex,
            "iat": issued_at,
            "exp": issued_at + lifetime,
        },
        _key(),
        algorithm=ALGORITHM,
    )


def read(token: str, *, use: Use) -> Claims:
    """Raises ``InvalidToken`` for another salon's, an expired, a forged or a misused token."""
    try:
        found = jwt.decode(
            token,
            _key(),
            algorithms=[ALGORITHM],
            audience=audience(),
            issuer=ISSUER,
            options={"require": ["exp", "iat", "aud", "iss", "sub", "sid", "gen", "use"]},
        )
        if found["use"] != use:
            raise InvalidToken
        return Claims(UUID(found["sub"]), UUID(found["sid"]), int(found["gen"]))
    except (jwt.InvalidTokenError, ValueError) as error:
        raise InvalidToken from error
