from typing import Any

from shared_apps.core.actor import Actor
from tenants.management.confirmed import SalonCommand
from tenants.services import close_salon


class Command(SalonCommand):
    help = "Close a salon for good. Its data is kept for a while, then dropped."

    def carry_out(self, slug: str, actor: Actor, options: dict[str, Any]) -> str:
        close_salon(slug=slug, actor=actor)
        return f"{slug} is closed."
