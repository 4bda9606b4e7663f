from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from shared_apps.core.scope import public_scope
from shared_apps.outbox.selectors import dead_letters
from shared_apps.outbox.services import revive


class Command(BaseCommand):
    help = "List the messages that no handler could digest; --retry runs them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", metavar="ID", help="a message's id, or 'all'")

    def handle(self, *args: Any, retry: str | None, **options: Any) -> None:
        with public_scope():
            if retry:
                self._retry(retry)
            else:
                self._list()

    def _list(self) -> None:
        for message in dead_letters():
            self.stdout.write(
                f"{message.pk}  {message.dead_at:%Y-%m-%d %H:%M}  salon {message.salon_id}  "
                f"{message}  {message.error}"
            )

    def _retry(self, which: str) -> None:
        try:
            ids = (
                list(dead_letters().values_list("pk", flat=True))
                if which == "all"
                else [UUID(which)]
            )
        except ValueError as error:
            raise CommandError(f"{which!r} is not a message id") from error
        revived = sum(revive(message_id) for message_id in ids)
        if not revived and which != "all":
            raise CommandError(f"no dead letter has the id {which}")
        self.stdout.write(f"{revived} will be tried again")
