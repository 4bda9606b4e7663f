"""The base of commands that change a salon's life: they do nothing without ``--confirm SLUG``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shared_apps.core.actor import Actor, Channel, system
from shared_apps.core.errors import DomainError
from shared_apps.core.scope import public_scope
from tenants.permissions import CLOSE_SALON, RENAME_HOST, SUSPEND_SALON

AT_THE_CONSOLE = frozenset({SUSPEND_SALON, CLOSE_SALON, RENAME_HOST})


class SalonCommand(BaseCommand):
    """``slug`` names the salon, and ``--confirm`` must repeat it."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the salon's name on the net")
        parser.add_argument("--confirm", metavar="SLUG", help="repeat the slug to go ahead")

    def handle(self, *args: Any, slug: str, confirm: str | None, **options: Any) -> None:
        if confirm != slug:
            raise CommandError(f"Nothing done. Repeat the salon to go ahead: --confirm {slug}")
        try:
            with public_scope():
                self.stdout.write(
                    self.carry_out(
                        slug, system(Channel.COMMAND, permissions=AT_THE_CONSOLE), options
                    )
                )
        except DomainError as refusal:
            fields = "; ".join(f"{name}: {text}" for name, text in refusal.fields.items())
            raise CommandError(f"{refusal} {fields}".strip()) from refusal

    def carry_out(self, slug: str, actor: Actor, options: dict[str, Any]) -> str:
        """Do it and say what was done."""
        raise NotImplementedError
