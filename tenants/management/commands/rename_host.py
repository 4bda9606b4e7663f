from argparse import ArgumentParser
from typing import Any

from shared_apps.core.actor import Actor
from tenants.management.confirmed import SalonCommand
from tenants.services import rename_host


class Command(SalonCommand):
    help = "Give a salon another address. The old one rests for 180 days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", required=True, metavar="SLUG", help="the new name")

    def carry_out(self, slug: str, actor: Actor, options: dict[str, Any]) -> str:
        card = rename_host(slug=slug, new_slug=options["to"], actor=actor)
        return f"{slug} is now {card.slug}, at {card.host}."
