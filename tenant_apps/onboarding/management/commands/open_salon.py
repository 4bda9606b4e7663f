import getpass
from argparse import ArgumentParser
from typing import Any

from shared_apps.core.actor import Actor
from shared_apps.core.scope import public_scope
from tenant_apps.onboarding.services import sign_up
from tenant_apps.onboarding.types import Owner, SignUp
from tenants.enums import Trade
from tenants.management.confirmed import SalonCommand
from tenants.selectors import card_by_id, salon_url


class Command(SalonCommand):
    help = "Open a salon with its owner, price list and hours. Asks for the owner's password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, help="two letters, such as DE")
        parser.add_argument("--trade", required=True, choices=Trade.values)
        parser.add_argument("--owner-name", required=True)
        parser.add_argument("--owner-email", required=True)

    def carry_out(self, slug: str, actor: Actor, options: dict[str, Any]) -> str:
        owner = Owner(
            name=options["owner_name"],
            email=options["owner_email"],
            password=getpass.getpass("The owner's password: "),
        )
        request = SignUp(
            name=options["name"],
            slug=slug,
            country=options["country"],
            trade=Trade(options["trade"]),
            owner=owner,
        )
        salon_id = sign_up(request=request, actor=actor)
        with public_scope():
            card = card_by_id(salon_id)
        return f"{slug} is open at {salon_url(card)}/" if card else f"{slug} was not found"
