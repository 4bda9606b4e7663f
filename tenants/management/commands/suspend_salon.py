from typing import Any

from shared_apps.core.actor import Actor
from tenants.management.confirmed import SalonCommand
from tenants.services import suspend_salon


class Command(SalonCommand):
    help = "Take a salon off the net until it is resumed."

    def carry_out(self, slug: str, actor: Actor, options: dict[str, Any]) -> str:
        suspend_salon(slug=slug, actor=actor)
        return f"{slug} is suspended."
