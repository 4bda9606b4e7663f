"""How an endpoint says who may call it."""

from dataclasses import dataclass

from django.http import HttpRequest

from shared_apps.core.actor import Actor, ActorKind
from shared_apps.core.errors import Forbidden, Unauthenticated
from shared_apps.core.ratelimit import count
from shared_apps.core.requests import READING, actor_of, network_of


@dataclass(frozen=True, slots=True)
class May:
    """``auth=May(BOOK)``: 401 for a stranger, 403 for an account without the right."""

    permission: str

    def __call__(self, request: HttpRequest) -> Actor:
        actor = actor_of(request)
        if actor.kind is ActorKind.GUEST:
            raise Unauthenticated
        if not actor.may(self.permission):
            raise Forbidden
        return actor


@dataclass(frozen=True, slots=True)
class Open:
    """``auth=Open("why")``: anybody, for the reason given. Bad credentials are still refused.

    What anybody may read has a rate: a guest's whole network shares one, an account has its own.
    """

    why: str

    def __call__(self, request: HttpRequest) -> Actor:
        actor = actor_of(request)
        if request.method in READING:
            count("public_read", reader_of(request, actor))
        return actor


def reader_of(request: HttpRequest, actor: Actor) -> str:
    """Whose rate a look counts against: a guest's whole network's, or the account's own."""
    return network_of(request) if actor.kind is ActorKind.GUEST else actor.key
