from typing import Any

from django.core.management.commands import makemigrations

from shared_apps.core.scope import public_scope


class Command(makemigrations.Command):
    """Django's, which compares with the history of the public schema when it can be reached."""

    def handle(self, *args: Any, **options: Any) -> None:
        with public_scope():
            super().handle(*args, **options)
