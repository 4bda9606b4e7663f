"""From a host name to a salon: this process first, then Redis, then the directory."""

import json
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, fields
from uuid import UUID

import structlog
from django.core.cache import caches
from redis.exceptions import RedisError

from shared_apps.core.scope import public_scope
from tenants import selectors
from tenants.types import SalonCard

KEPT_HERE = 30.0
KEPT_IN_REDIS = 300
UNKNOWN_IN_REDIS = 1
CHANGED_IN_REDIS = 10
MOST_HOSTS = 5_000
UNKNOWN, CHANGED = "unknown", "changed"

SHAPE = {field.name for field in fields(SalonCard)}

log = structlog.get_logger(__name__)


class HostCache:
    """The hosts that this process met lately. Unknown hosts are never kept here, so that a
    new salon is found at once though somebody asked for it before."""

    def __init__(self) -> None:
        self._cards: OrderedDict[str, tuple[float, SalonCard]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, host: str) -> SalonCard | None:
        with self._lock:
            found = self._cards.get(host)
            if found is None or found[0] < time.monotonic():
                return None
            self._cards.move_to_end(host)
            return found[1]

    def put(self, host: str, card: SalonCard) -> None:
        with self._lock:
            self._cards[host] = (time.monotonic() + KEPT_HERE, card)
            while len(self._cards) > MOST_HOSTS:
                self._cards.popitem(last=False)

    def drop(self, host: str) -> None:
        with self._lock:
            self._cards.pop(host, None)

    def clear(self) -> None:
        with self._lock:
            self._cards.clear()


here = HostCache()


def salon_at(host: str) -> SalonCard | None:
    """The salon behind a normalised host, whatever its state; ``None`` for an unknown host."""
    card = here.get(host)
    if card is None:
        card = _from_redis_or_directory(host)
        if card is not None:
            here.put(host, card)
    return card


def reread(card: SalonCard) -> SalonCard:
    """The same salon as the directory knows it now."""
    forget(card.host)
    return salon_at(card.host) or card


def forget(*hosts: str) -> None:
    """After a commit that changed what these hosts mean. Other processes follow in 30 s.

    A mark stays for a while, so that a reader who began before the commit cannot write an
    old answer back.
    """
    for host in hosts:
        here.drop(host)
    try:
        caches["platform"].set_many({_key(host): CHANGED for host in hosts}, CHANGED_IN_REDIS)
    except RedisError as error:
        log.warning("hosts not forgotten in Redis", error=str(error))


def _key(host: str) -> str:
    return f"host:{host}"


def _from_redis_or_directory(host: str) -> SalonCard | None:
    try:
        kept = caches["platform"].get(_key(host))
        if kept == UNKNOWN:
            return None
        if kept and kept != CHANGED and (card := _decode(kept)):
            return card
    except RedisError as error:
        log.warning("host looked up without Redis", error=str(error))
        return _from_directory(host)
    card = _from_directory(host)
    _keep(host, card)
    return card


def _from_directory(host: str) -> SalonCard | None:
    with public_scope():
        return selectors.card_at_host(host)


def _keep(host: str, card: SalonCard | None) -> None:
    value, seconds = (_encode(card), KEPT_IN_REDIS) if card else (UNKNOWN, UNKNOWN_IN_REDIS)
    try:
        caches["platform"].add(_key(host), value, seconds)
    except RedisError as error:
        log.warning("host not kept in Redis", error=str(error))


def _encode(card: SalonCard) -> str:
    return json.dumps({**asdict(card), "id": card.id.hex})


def _decode(text: str) -> SalonCard | None:
    """``None`` for what another release wrote, while both are at work."""
    kept = json.loads(text)
    if kept.keys() != SHAPE:
        return None
    return SalonCard(**{**kept, "id": UUID(hex=kept["id"])})
