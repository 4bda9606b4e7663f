"""What a request carries besides HTTP: an id, a salon, an actor, a key."""

import re
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shared_apps.core.actor import Actor
from shared_apps.core.idempotency import Attempt, checked_key
from shared_apps.core.models import uuid7

# Hexadecimal only: the id stands in the journal, which may never hold a name or a number.
ACCEPTABLE_ID = re.compile(r"[0-9A-Fa-f-]{16,64}\Z")

READING = frozenset({"GET", "HEAD"})

_request_id: ContextVar[str] = ContextVar("request_id", default="")

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id() -> str:
    """The id of the request, task or command at work; empty outside of any."""
    return _request_id.get()


def begin_request(given: str = "") -> str:
    """Name the work that begins, by the caller's id when it is a decent one."""
    chosen = given if ACCEPTABLE_ID.match(given) else uuid7().hex
    _request_id.set(chosen)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=chosen)
    return chosen


def actor_of(request: HttpRequest) -> Actor:
    """Who calls. Resolved on first use, so that public pages never load an account."""
    return cast("Actor", cast("Any", request).resolve_actor())


def attempt_of(request: HttpRequest, route: str, key: str | None) -> Attempt | None:
    """By what ``once`` knows the request again; ``None`` without an ``Idempotency-Key``."""
    found = checked_key(key, required=False)
    return Attempt(actor_of(request), route, found, request.body) if found else None


def network_of(request: HttpRequest) -> str:
    """The caller's network, as limits count it: one IPv4 address or one IPv6 /64."""
    return _network(_client_address(request))


@lru_cache(maxsize=4096)
def _network(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(ip_network((address.packed, 64), strict=False))
        address = address.ipv4_mapped
    return str(ip_network(address))


def _client_address(request: HttpRequest) -> IPv4Address | IPv6Address:
    trusted: int = settings.TRUSTED_PROXIES
    if trusted:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= trusted:
            with suppress(ValueError):
                return ip_address(hops[-trusted])
    return ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1")


class RequestIdMiddleware:
    """Takes a decent ``X-Request-ID`` or makes one; every answer and log line carries it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = begin_request(request.headers.get("X-Request-ID", ""))
        response = self.get_response(request)
        response["X-Request-ID"] = chosen
        return response
