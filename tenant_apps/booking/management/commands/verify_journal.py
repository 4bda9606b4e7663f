"""Does the journal still tell what the tables say?"""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from tqdm import tqdm

from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.journal.selectors import gaps
from tenant_apps.booking.history import BrokenHistory, differences
from tenant_apps.booking.selectors.recorded import (
    recorded_blocks,
    recorded_parties,
    recorded_visits,
    remembered,
    unstaffed,
)
from tenants.enums import SalonState
from tenants.selectors import cards_in
from tenants.types import SalonCard

OPEN = (SalonState.ACTIVE, SalonState.SUSPENDED)


class Command(BaseCommand):
    help = (
        "Fold every salon's journal and compare it with appointment, party, line, phase, "
        "allocation and block; look for lines that take nobody's time and for gaps in every "
        "stream. Exits 1 and prints each difference."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--salon", metavar="SLUG", help="this salon only")

    def handle(self, *, salon: str | None, **options: Any) -> None:
        with public_scope():
            cards = [card for card in cards_in(*OPEN) if salon in {None, card.slug}]
        if salon and not cards:
            raise CommandError(f"There is no open salon {salon}.")
        found = 0
        for where, problem in self._problems(cards):
            found += 1
            tqdm.write(f"{where}: {problem}", file=self.stdout)
        if found:
            raise CommandError(f"{found} differences between journal and tables.")
        self.stdout.write(f"Journal and tables agree in {len(cards)} salons.")

    def _problems(self, cards: list[SalonCard]) -> Iterator[tuple[str, str]]:
        with public_scope():
            for gap in gaps():
                yield "public", gap
        for card in tqdm(cards, unit="salon", disable=None, leave=False):
            with salon_scope(card), one_snapshot():
                for problem in salon_problems():
                    yield card.slug, problem


def salon_problems() -> Iterator[str]:
    """Everything that is wrong in the salon at hand."""
    yield from gaps()
    try:
        yield from differences(remembered("appointment"), recorded_visits())
        yield from differences(remembered("party"), recorded_parties())
        yield from differences(remembered("block"), recorded_blocks())
    except BrokenHistory as broken:
        yield str(broken)
    for visit_id, line_id in unstaffed():
        yield f"visit {visit_id}, line {line_id} takes no time of whoever is to do it"


@contextmanager
def one_snapshot() -> Iterator[None]:
    """See the database as of one moment, although people go on booking."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
