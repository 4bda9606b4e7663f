"""Accounts and their sessions, in whichever scope is in force."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from shared_apps.accounts.enums import Role
from shared_apps.accounts.errors import EmailTaken, InvalidToken, WrongCredentials
from shared_apps.accounts.events import (
    AccountOpened,
    EmailConfirmed,
    SessionEnded,
    SessionRenewed,
    SessionStarted,
)
from shared_apps.accounts.models import Account, Session
from shared_apps.accounts.selectors import actor_for
from shared_apps.accounts.tokens import Claims, Use, read, write
from shared_apps.accounts.types import Tokens
from shared_apps.core.actor import Actor
from shared_apps.core.db import UNIQUE_VIOLATION, refused_as
from shared_apps.core.errors import Invalid
from shared_apps.journal.services import publish

SESSIONS_KEPT = timedelta(days=7)


def check_new_password(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Raises ``Invalid`` with every reason why ``password`` is too weak."""
    try:
        validate_password(password, user=Account(email=email, name=name))
    except ValidationError as error:
        raise Invalid(fields={field: " ".join(error.messages)}) from error


@transaction.atomic
def open_account(
    *,
    email: str,
    name: str,
    password_hash: str,
    roles: Sequence[Role],
    actor: Actor,
    language: str = "",
    confirmed: bool = False,
) -> Account:
    """``password_hash`` comes from ``hash_password``: argon2 is slow, so outside transactions."""
    with refused_as(UNIQUE_VIOLATION, EmailTaken):
        account = Account.objects.create(
            email=email.lower(),
            name=name,
            password=password_hash,
            roles=list(roles),
            language=language,
            email_confirmed_at=now() if confirmed else None,
        )
    publish(
        AccountOpened(stream_id=account.pk, version=account.version, roles=tuple(roles)),
        actor=actor,
    )
    return account


def hash_password(password: str) -> str:
    return make_password(password)


@transaction.atomic
def confirm_email(*, account_id: UUID, actor: Actor) -> Account:
    """The address is proven to be theirs. Once is enough."""
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    if account.email_confirmed_at is None:
        account.email_confirmed_at = now()
        account.version += 1
        account.save(update_fields=["email_confirmed_at", "version", "updated_at"])
        publish(EmailConfirmed(stream_id=account.pk, version=account.version), actor=actor)
    return account


def sign_in(*, email: str, password: str) -> Tokens:
    """A new session. Takes as long for an unknown address as for a wrong password."""
    account = Account.objects.filter(email=email.lower(), is_active=True).first()
    if account is None:
        make_password(password)
        raise WrongCredentials
    if not check_password(password, account.password):
        raise WrongCredentials
    return _start_session(account)


@transaction.atomic
def _start_session(account: Account) -> Tokens:
    moment = now()
    session = Session.objects.create(
        account=account, expires_at=moment + settings.REFRESH_TOKEN_LIFETIME
    )
    publish(
        SessionStarted(stream_id=session.pk, version=1, account_id=account.pk),
        actor=actor_for(account),
    )
    return _tokens(session)


def renew(*, refresh: str) -> Tokens:
    """The next pair for a refresh token, which is thereby spent.

    A spent token that comes back was copied: the whole session ends.
    """
    tokens = _renew(read(refresh, use=Use.REFRESH))
    if tokens is None:
        raise InvalidToken
    return tokens


@transaction.atomic
def _renew(claims: Claims) -> Tokens | None:
    session = _live_session(claims)
    if session is None:
        return None
    if claims.generation != session.generation:
        _end(session, reason="refresh_reused")
        return None
    session.generation += 1
    session.expires_at = now() + settings.REFRESH_TOKEN_LIFETIME
    session.save(update_fields=["generation", "expires_at", "updated_at"])
    publish(
        SessionRenewed(stream_id=session.pk, version=session.generation),
        actor=actor_for(session.account),
    )
    return _tokens(session)


@transaction.atomic
def sign_out(*, refresh: str) -> None:
    """End the session; its access tokens stop working at once."""
    session = _live_session(read(refresh, use=Use.REFRESH))
    if session is not None:
        _end(session, reason="signed_out")


def forget_old_sessions() -> int:
    """Delete sessions a week after they ended or ran out, in the scope at hand."""
    edge = now() - SESSIONS_KEPT
    old = Session.objects.filter(Q(expires_at__lt=edge) | Q(ended_at__lt=edge))
    deleted, _by_model = old.delete()
    return deleted


def _live_session(claims: Claims) -> Session | None:
    return (
        Session.objects.select_for_update(no_key=True, of=("self",))
        .select_related("account")
        .filter(pk=claims.session_id, account_id=claims.account_id)
        .filter(ended_at=None, expires_at__gt=now(), account__is_active=True)
        .first()
    )


def _end(session: Session, *, reason: str) -> None:
    session.ended_at = now()
    session.save(update_fields=["ended_at", "updated_at"])
    publish(
        SessionEnded(stream_id=session.pk, version=session.generation + 1, reason=reason),
        actor=actor_for(session.account),
    )


def _tokens(session: Session) -> Tokens:
    claims = Claims(session.account_id, session.pk, session.generation)
    moment = now()
    return Tokens(
        access=write(claims, use=Use.ACCESS, issued_at=moment),
        refresh=write(claims, use=Use.REFRESH, issued_at=moment),
        expires_in=int(settings.ACCESS_TOKEN_LIFETIME.total_seconds()),
    )
