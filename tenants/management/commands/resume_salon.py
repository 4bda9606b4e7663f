from typing import Any

from shared_apps.core.actor import Actor
from tenants.management.confirmed import SalonCommand
from tenants.services import resume_salon


class Command(SalonCommand):
    help = "Put a suspended salon back on the net."

    def carry_out(self, slug: str, actor: Actor, options: dict[str, Any]) -> str:
        resume_salon(slug=slug, actor=actor)
        return f"{slug} is open again."
