"""How an endpoint says who may call it."""

from dataclasses import dataclass

from django.http import HttpRequest

from shared_apps.core.actor import Actor, ActorKind
from shared_apps.core.errors import Forbidden, Unauthenticated
from shared_apps.core.requests import actor_of


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
    """``auth=Open("why")``: anybody, for the reason given. Bad credentials are still refused."""

    why: str

    def __call__(self, request: HttpRequest) -> Actor:
        return actor_of(request)
