from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.notifications.post import PostOffice, open_post_office


@pytest.fixture
def post(settings: Settings) -> Iterator[PostOffice]:
    """Django sends through a real mail server, not into pytest's list."""
    with open_post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = office.hostname, office.port
        settings.DEFAULT_FROM_EMAIL = "Parlour <no-reply@parlour.example>"
        yield office
