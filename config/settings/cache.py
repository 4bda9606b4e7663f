"""Redis. A key belongs to a salon, or says that it belongs to the platform."""

from config.settings.env import env

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
# May be one that evicts; the other also holds what must not be lost.
MASKS_REDIS_URL = env("MASKS_REDIS_URL", default=REDIS_URL)

CACHES = {
    "default": {
        "BACKEND": "shared_apps.core.redis_cache.OneClientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "shared_apps.core.cache.salon_key",
        "TIMEOUT": 300,
    },
    "masks": {
        "BACKEND": "shared_apps.core.redis_cache.OneClientRedisCache",
        "LOCATION": MASKS_REDIS_URL,
        "KEY_FUNCTION": "shared_apps.core.cache.salon_key",
        "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
    },
    "platform": {
        "BACKEND": "shared_apps.core.redis_cache.OneClientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "platform",
        "TIMEOUT": 300,
    },
}
