"""Tests: the application's role, cheap passwords, no limits but those a test sets."""

from config.settings.base import *  # noqa: F403
from config.settings.env import env

SECRET_KEY = "test-only-" + "x" * 40
DEBUG = False
DEV_MAILBOX = True
PASSWORD_HASHERS = ["tests.hashers.CheapArgon2"]
RATE_LIMITS = {}
STORAGES["default"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}  # noqa: F405
# Straight from the sources, unless a folder is named in which they have been collected.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = not env("STATIC_ROOT", default="")
