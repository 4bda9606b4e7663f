"""Redis. A key belongs to a salon, or says that it belongs to the platform."""

from config.settings.env import env

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "shared_apps.core.cache.salon_key",
        "TIMEOUT": 300,
    },
    "platform": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "platform",
        "TIMEOUT": 300,
    },
}
