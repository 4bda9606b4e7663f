import secrets
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from tqdm import tqdm

from shared_apps.accounts.services import hash_password
from tenant_apps.demo.load import seed_small
from tenant_apps.demo.seeding import Plan
from tenant_apps.demo.xl import months_to, seed_xl
from tenants.errors import NoSalonReady


class Command(BaseCommand):
    help = (
        "Open salons for load tests: --salons N small ones, or one very large one (--xl). Killed "
        "runs are continued. As the owner role it makes the schemas itself."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--salons", type=int, metavar="N")
        what.add_argument("--xl", action="store_true")
        parser.add_argument("--scale", type=float, default=1.0, help="of --xl, 0.01 for a try")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")

    def handle(
        self,
        *,
        salons: int | None,
        xl: bool,
        scale: float,
        seed: int,
        today: date | None,
        verbosity: int,
        **options: Any,
    ) -> None:
        plan = Plan(seed=seed, today=today or localdate())
        password = secrets.token_urlsafe(12)
        password_hash = hash_password(password)
        total, unit = (len(months_to(plan.today, scale)), "month") if xl else (salons, "salon")
        try:
            with tqdm(total=total, unit=unit, disable=verbosity == 0) as bar:
                if xl:
                    seed_xl(scale, plan, password_hash, on_month=bar.update)
                else:
                    numbers = range(1, (salons or 0) + 1)
                    seed_small(numbers, plan, password_hash, on_done=bar.update)
        except NoSalonReady:
            raise CommandError(
                "No schema is ready for a salon: is the provisioner running?"
            ) from None
        if verbosity:
            self.stdout.write(
                f"Salons opened by this run: owner@<slug>.example signs in with {password}"
            )
