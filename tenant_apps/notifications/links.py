"""The signed link by which an owner confirms an e-mail address."""

from uuid import UUID

from shared_apps.core.signing import read_id, sign_id
from tenants.selectors import current_salon, salon_url

PURPOSE = "confirm-email"


def confirm_url(account_id: UUID) -> str:
    return f"{salon_url(current_salon())}/confirm/{sign_id(account_id, purpose=PURPOSE)}"


def account_in(token: str) -> UUID | None:
    return read_id(token, purpose=PURPOSE)
