"""What the salon cache needs: keys that belong to a salon, and a life without Redis."""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from shared_apps.core.scope import NoScope, current_scope

log = structlog.get_logger(__name__)


def salon_key(key: str, key_prefix: str, version: int) -> str:
    """Cache keys of the default cache belong to the salon in scope, by its id."""
    salon_id = current_scope().id
    if salon_id is None:
        raise NoScope("the salon cache was used outside a salon; use the 'platform' cache")
    return f"salon:{salon_id}:{key_prefix}:{version}:{key}"


def remembered(key: str, make: Callable[[], Any], *, seconds: int) -> Any:
    """What ``make`` answered within the last ``seconds``. Without Redis it is only slower."""
    try:
        return cache.get_or_set(key, make, seconds)
    except RedisError as error:
        log.warning("made without the cache", key=key, error=str(error))
        return make()
