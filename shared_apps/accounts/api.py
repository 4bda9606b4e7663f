from django.http import HttpRequest
from ninja import Router, Status

from shared_apps.accounts import schemas, selectors, services
from shared_apps.accounts.models import Account
from shared_apps.accounts.permissions import SEE_SELF
from shared_apps.accounts.types import Tokens
from shared_apps.core.auth import May, Open
from shared_apps.core.http import problems
from shared_apps.core.ratelimit import count
from shared_apps.core.requests import actor_of, network_of

router = Router(tags=["auth"])
STRANGER = "a stranger signs in here"


@router.post(
    "/token",
    operation_id="createToken",
    auth=Open(STRANGER),
    response={200: schemas.TokensOut, **problems(401, 422, 429)},
)
def create_token(request: HttpRequest, payload: schemas.SignIn) -> Tokens:
    """Exchange e-mail and password for a pair of tokens, good at this host only."""
    count("sign_in", "network", network_of(request))
    count("sign_in", "address", payload.email.lower())
    return services.sign_in(email=payload.email, password=payload.password)


@router.post(
    "/token/refresh",
    operation_id="refreshToken",
    auth=Open("the refresh token itself is the credential"),
    response={200: schemas.TokensOut, **problems(401, 422, 429)},
)
def refresh_token(request: HttpRequest, payload: schemas.Refresh) -> Tokens:
    """The next pair; the refresh token sent is spent, and ends the session if it comes back."""
    count("sign_in", "network", network_of(request))
    return services.renew(refresh=payload.refresh)


@router.post(
    "/token/revoke",
    operation_id="revokeToken",
    auth=Open("the refresh token itself is the credential"),
    response={204: None, **problems(401, 422)},
)
def revoke_token(request: HttpRequest, payload: schemas.Refresh) -> Status[None]:
    """Sign out: the session's tokens stop working at once."""
    services.sign_out(refresh=payload.refresh)
    return Status(204, None)


@router.get(
    "/me",
    operation_id="getMe",
    auth=May(SEE_SELF),
    response={200: schemas.Me, **problems(401)},
)
def get_me(request: HttpRequest) -> Account:
    """Whom the token belongs to."""
    account_id = actor_of(request).id
    assert account_id is not None  # noqa: S101 May() lets no guest through
    return selectors.get_account(account_id)
