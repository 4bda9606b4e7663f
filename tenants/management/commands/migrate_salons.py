"""Migrate first, then deploy: template, script, pool and every salon to the head."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from tqdm import tqdm

from shared_apps.core.db import sqlstate_of
from tenants.models import SchemaStep
from tenants.schema import template
from tenants.schema.climb import Behind, Outcome, salons_behind
from tenants.schema.direct import Work, alone, as_owner, connect
from tenants.schema.errors import AlreadyRunning, SchemaTrouble
from tenants.schema.fleet import CanaryFailed, Fleet
from tenants.schema.ladder import Disk, recorded_steps

PUBLIC_IS_BEHIND = frozenset({"42P01", "42703"})  # no such table, no such column


class Command(BaseCommand):
    help = (
        "Bring the template schema, its script, the pool and every salon to the head. "
        "Runs as the owner role; safe to kill and to repeat."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when anything is behind")
        parser.add_argument("--salon", metavar="SLUG", help="this salon only")
        parser.add_argument("--jobs", type=int, default=2, help="how many salons at once")

    def handle(
        self, *, check: bool, salon: str | None, jobs: int, verbosity: int, **options: Any
    ) -> None:
        self.is_quiet = verbosity == 0
        try:
            if check:
                self._check(salon)
                return
            with as_owner(), alone(Work.MIGRATING):
                self._bring_to_head(salon, jobs)
        except AlreadyRunning:
            raise CommandError(
                "Another migrate_salons is at work on this database; wait until it ends."
            ) from None
        except SchemaTrouble as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"PostgreSQL: {error}") from error

    def _check(self, slug: str | None) -> None:
        with _public_tables():
            is_at_head = template.is_at_head()
        if not is_at_head:
            raise CommandError("The template schema or its script is behind.")
        with connect() as session:
            behind = salons_behind(session, len(recorded_steps()), slug=slug)
        if behind:
            raise CommandError(f"{len(behind)} salons are behind: {_names(behind)}")
        self._say("Everything is at the head.")

    def _bring_to_head(self, slug: str | None, jobs: int) -> None:
        with _public_tables():
            template.grant_public()
        disk = Disk()
        self._climb_template(disk)
        steps = recorded_steps()
        failures: list[Outcome] = []
        tried: set[Behind] = set()
        while salons := self._behind(len(steps), slug, tried):
            tried.update(salons)
            failures += self._climb_salons(disk, steps, salons, jobs)
        if failures:
            raise CommandError(_report(failures))
        self._say(f"{len(tried)} salons climbed; everything is at version {len(steps)}.")

    def _climb_template(self, disk: Disk) -> None:
        missing = disk.missing_from(recorded_steps())
        with self._bar("template", len(missing)) as bar:
            template.bring_template_to_head(disk, on_step=lambda _step: bar.update())

    def _behind(self, head: int, slug: str | None, tried: set[Behind]) -> list[Behind]:
        with connect() as session:
            return [s for s in salons_behind(session, head, slug=slug) if s not in tried]

    def _climb_salons(
        self, disk: Disk, steps: list[SchemaStep], salons: list[Behind], jobs: int
    ) -> list[Outcome]:
        fleet = Fleet(disk, steps, jobs=jobs)
        with self._bar("salons", fleet.count(salons)) as bar:
            try:
                return fleet.bring_to_head(salons, on_done=bar.update)
            except CanaryFailed as error:
                raise CommandError(f"{_report(error.failures)}\nStopped: {error}.") from error

    def _bar(self, what: str, total: int) -> "tqdm[Any]":
        return tqdm(desc=what, total=total, unit="", disable=self.is_quiet or not total)

    def _say(self, text: str) -> None:
        if not self.is_quiet:
            self.stdout.write(text)


@contextmanager
def _public_tables() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        if sqlstate_of(error) not in PUBLIC_IS_BEHIND:
            raise
        raise CommandError(
            f"The public tables are behind; run migrate_schemas --shared first.\n{error}"
        ) from error


def _names(salons: Sequence[Behind], most: int = 20) -> str:
    more = f" and {len(salons) - most} more" if len(salons) > most else ""
    return ", ".join(map(str, salons[:most])) + more


def _report(failures: Sequence[Outcome]) -> str:
    lines = [f"  {outcome.salon}: {outcome.error.splitlines()[0]}" for outcome in failures]
    return "\n".join([f"{len(failures)} salons could not climb:", *lines])
