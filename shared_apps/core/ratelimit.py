"""How often one caller may knock. Counts live in Redis; without it, in this process."""

import time
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


def count(rule: str, *who: str) -> None:
    """Count one more of ``rule`` for ``who``; raises ``TooMany`` beyond the setting's rate."""
    rate = settings.RATE_LIMITS.get(rule)
    if not rate:
        return
    item = parse(rate)
    key = (rule, str(current_scope().id or "public"), *who)
    try:
        limiter = _shared()
        allowed = limiter.hit(item, *key)
    except (RedisError, StorageError) as error:
        log.warning("rate limits count in this process only", error=str(error))
        limiter = _own()
        allowed = limiter.hit(item, *key)
    if not allowed:
        raise TooMany(retry_after=_seconds_until_free(limiter, item, key))


def _seconds_until_free(
    limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, key: tuple[str, ...]
) -> int:
    reset_at, _remaining = limiter.get_window_stats(item, *key)
    return max(1, round(reset_at - time.time()))
