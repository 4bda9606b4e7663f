"""How often one caller may knock. Counts live in Redis; without it, in this process."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

import structlog
from django.conf import settings
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from shared_apps.core.errors import TooMany
from shared_apps.core.scope import current_scope

log = structlog.get_logger(__name__)


@lru_cache
def _shared() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(storage_from_string(settings.REDIS_URL))


@lru_cache
def _own() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(MemoryStorage())


def count(rule: str, *who: str, times: int = 1) -> None:
    """Count so many more of ``rule`` for ``who``, all of them or none; raises ``TooMany`` beyond
    the setting's rate."""
    _ask(rule, who, counting=True, times=times)


def count_everywhere(rule: str, *who: str) -> None:
    """``count``, for all salons together: for what their number would multiply."""
    _ask(rule, who, counting=True, where="everywhere")


def make_sure_of_room(rule: str, *who: str) -> None:
    """Raises ``TooMany`` when one more of ``rule`` would be too many; counts nothing."""
    _ask(rule, who, counting=False)


def note(rule: str, *who: str) -> None:
    """Count what has happened already, when it is too late to refuse it."""
    with suppress(TooMany):
        count(rule, *who)


def _ask(
    rule: str, who: tuple[str, ...], *, counting: bool, where: str = "", times: int = 1
) -> None:
    rate = settings.RATE_LIMITS.get(rule)
    if not rate:
        return
    item = _rate(rate)
    key = (rule, where or str(current_scope().id or "public"), *who)
    try:
        limiter = _shared()
        allowed = _allows(limiter, counting)(item, *key, cost=times)
    except (RedisError, StorageError) as error:
        log.warning("rate limits count in this process only", error=str(error))
        limiter = _own()
        allowed = _allows(limiter, counting)(item, *key, cost=times)
    if not allowed:
        raise TooMany(retry_after=_seconds_until_free(limiter, item, key))


@lru_cache
def _rate(text: str) -> RateLimitItem:
    return parse(text)


def _allows(limiter: SlidingWindowCounterRateLimiter, counting: bool) -> Callable[..., bool]:
    return limiter.hit if counting else limiter.test


def _seconds_until_free(
    limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, key: tuple[str, ...]
) -> int:
    reset_at, _remaining = limiter.get_window_stats(item, *key)
    return max(1, round(reset_at - time.time()))
