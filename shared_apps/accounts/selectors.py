from uuid import UUID

from django.utils.timezone import now

from shared_apps.accounts.errors import InvalidToken
from shared_apps.accounts.models import Account, Session
from shared_apps.accounts.roles import permissions_of
from shared_apps.accounts.tokens import Use, read
from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.errors import NotFound

KINDS = {"hq": ActorKind.HQ, "operator": ActorKind.OPERATOR}


def get_account(account_id: UUID) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def actor_for(account: Account, *, channel: Channel = Channel.API) -> Actor:
    kind = next((KINDS[role] for role in account.roles if role in KINDS), ActorKind.ACCOUNT)
    return Actor(
        kind=kind, id=account.pk, permissions=permissions_of(account.roles), channel=channel
    )


def actor_with_token(token: str) -> Actor:
    """Who holds this access token. One query; a session that was ended is refused at once."""
    claims = read(token, use=Use.ACCESS)
    session = (
        Session.objects.select_related("account")
        .filter(pk=claims.session_id, account_id=claims.account_id, ended_at=None)
        .filter(expires_at__gt=now(), account__is_active=True)
        .first()
    )
    if session is None:
        raise InvalidToken
    return actor_for(session.account)
