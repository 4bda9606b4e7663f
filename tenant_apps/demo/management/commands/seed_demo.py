from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from tqdm import tqdm

from tenant_apps.demo.checksum import checksum_of
from tenant_apps.demo.salons import SALONS
from tenant_apps.demo.seeding import PasswordsGone, Plan, demo_salons, seed_demo
from tenant_apps.demo.users import UsersFile
from tenants.errors import NoSalonReady


class Command(BaseCommand):
    help = (
        "Open six salons with teams, clients and eight weeks of visits; what was before --today is "
        "over, done or missed. The same --seed and --today give the same salons. Writes the "
        "sign-ins to $PARLOUR_HOME/demo-users.json."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
        parser.add_argument("--weeks", type=int, default=4, help="of visits, each way")
        parser.add_argument("--checksum", action="store_true", help="print it when all is there")

    def handle(
        self,
        *,
        seed: int,
        today: date | None,
        weeks: int,
        checksum: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        file = UsersFile(Path(settings.PARLOUR_HOME))
        there = demo_salons()
        if len(there) == len(SALONS) and file.is_finished:
            self._say(f"The demo salons are there already; sign-ins are in {file.path}.", verbosity)
        else:
            plan = Plan(seed=seed, today=today or localdate(), span=timedelta(weeks=weeks))
            self._seed(plan, file, len(there), verbosity)
        if checksum:
            there = demo_salons()
            self.stdout.write(checksum_of(there[salon.slug] for salon in SALONS))

    def _seed(self, plan: Plan, file: UsersFile, there: int, verbosity: int) -> None:
        days = (len(SALONS) - there) * len(plan.days)
        try:
            with tqdm(total=days, desc="salon days", unit="", disable=verbosity == 0) as bar:
                seed_demo(plan, file=file, on_day=bar.update)
        except PasswordsGone:
            raise CommandError(
                f"The demo salons are open but {file.path} with their passwords is gone. Restore "
                "the file, or close them: manage.py close_salon SLUG --confirm."
            ) from None
        except NoSalonReady:
            raise CommandError(
                "No schema is ready for a salon: is the provisioner running?"
            ) from None
        self._say(f"Six salons are open; sign-ins are in {file.path}.", verbosity)

    def _say(self, text: str, verbosity: int) -> None:
        if verbosity:
            self.stderr.write(text)
