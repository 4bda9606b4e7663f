"""Who calls: the bearer of a token, or a guest. Nothing else can say so."""

from functools import cache

from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.errors import InvalidToken
from shared_apps.accounts.selectors import actor_with_token
from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.requests import GetResponse


class ActorMiddleware:
    """Gives the request ``resolve_actor()``, asked at most once and only where it matters."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.resolve_actor = cache(lambda: _resolve(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _resolve(request: HttpRequest) -> Actor:
    header = request.headers.get("Authorization", "")
    if not header:
        return Actor(kind=ActorKind.GUEST, channel=Channel.WEB)
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidToken
    return actor_with_token(token.strip())
