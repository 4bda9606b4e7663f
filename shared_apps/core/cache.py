"""What the salon cache needs: keys that belong to a salon, and a life without Redis."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from django.core.cache import cache, caches
from redis.exceptions import RedisError

from shared_apps.core.scope import NoScope, Scoped, current_scope, salon_scope

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


# Masks live shorter than their versions, so that a lost version never brings an old mask back.
MASKS_LIVE = 10 * 60
VERSIONS_LIVE = 24 * 60 * 60
PAUSE = 5.0
_trouble = {"until": 0.0}
_untold: deque[tuple[Scoped, tuple[str, ...]]] = deque(maxlen=1000)


def kept_masks(keys: Iterable[str]) -> dict[str, Any]:
    """What the masks' Redis knows of ``keys``; nothing while it cannot be reached."""
    found: dict[str, Any] = _asking(lambda: caches["masks"].get_many(keys)) or {}
    return found


def keep_masks(masks: dict[str, Any]) -> None:
    _asking(lambda: caches["masks"].set_many(masks, MASKS_LIVE))


def keep_versions(versions: dict[str, str]) -> None:
    """First versions, of days that have none; without Redis they go untold."""
    _asking(lambda: _set(versions, VERSIONS_LIVE))


def drop_masks(versions: dict[str, str]) -> None:
    """Give days new versions. What Redis cannot be told now it is told before anything else as
    soon as it answers this process again: the others may be reading it all the while."""
    if not _asking(lambda: _set(versions, VERSIONS_LIVE)):
        _untold.append((current_scope(), tuple(versions)))


def _catch_up() -> None:
    """By then nothing may be true any more that was made under those versions: newer ones."""
    with suppress(IndexError):  # another thread may have taken the last one
        while _untold:
            scope, keys = _untold.popleft()
            try:
                with salon_scope(scope):
                    _set({key: uuid4().hex for key in keys}, VERSIONS_LIVE)
            except RedisError:
                _untold.append((scope, keys))
                raise


def _set(values: dict[str, Any], seconds: int) -> bool:
    """One alone needs no transaction of Redis's."""
    if len(values) == 1:
        ((key, value),) = values.items()
        caches["masks"].set(key, value, seconds)
    else:
        caches["masks"].set_many(values, seconds)
    return True


def _asking(do: Callable[[], Any]) -> Any:
    """A Redis that does not answer is left alone for some seconds: it would cost every request
    its time-out."""
    if time.monotonic() < _trouble["until"]:
        return None
    try:
        _catch_up()
        return do()
    except RedisError as error:
        leave_redis_alone(PAUSE)
        log.warning("going on without masks", error=str(error))
        return None


def leave_redis_alone(seconds: float) -> None:
    _trouble["until"] = time.monotonic() + seconds
