"""Tests: the application's role, cheap passwords, no limits but those a test sets."""

from config.settings.base import *  # noqa: F403

SECRET_KEY = "test-only-" + "x" * 40
DEBUG = False
DEV_MAILBOX = True
PASSWORD_HASHERS = ["tests.hashers.CheapArgon2"]
RATE_LIMITS = {}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
