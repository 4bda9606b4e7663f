"""Production: nothing has a default that would be unsafe to forget."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.env import env
from shared_apps.core.logs import configure

for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_URL", "EMAIL_URL"):
    if not env(name):
        raise ImproperlyConfigured(f"Set the {name} environment variable")

DEBUG = False
DEV_MAILBOX = False
LOGGING = configure("ecs", level=env("LOG_LEVEL", default="INFO"))

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Whether browsers preload that is decided by who owns the domain, for all of it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
