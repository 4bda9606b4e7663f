"""Salons to measure in: like the reference salon of twelve, and many small ones."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from django.utils.timezone import localdate

from shared_apps.accounts.services import hash_password
from shared_apps.core.scope import public_scope
from tenant_apps.demo.load import open_salons, same_hash, schemas, seed_small, small_salon
from tenant_apps.demo.salons import OTTILIE
from tenant_apps.demo.seeding import Plan, open_patiently
from tenant_apps.demo.xl import MONTHS, xl_salon
from tenants.models import Salon
from tenants.schema import pool
from tests.benchmarks.environment import ENVIRONMENT
from tests.benchmarks.system import System
from tests.database import APP, ROOT

SEED = 1
PASSWORD = "a horse reads maps"
MANY, FURNISHERS = 20, 2
MONTH = 33  # tomorrow and the thirty days after, on whichever side of midnight


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


def reference_salons(count: int) -> list[str]:
    """Twelve people, eight weeks of visits each. Answers their slugs."""
    there = open_salons()
    plan = Plan(seed=SEED, today=localdate())
    wanted = [replace(OTTILIE, slug=f"reference-{number}") for number in range(1, count + 1)]
    with schemas() as provide:
        for salon in wanted:
            if salon.slug not in there:
                provide()
                open_patiently(salon, plan, same_hash(salon, password_hash()))
    return [salon.slug for salon in wanted]


def large_salon(*, breaks_in_rota: bool) -> str:
    """Forty people, and the visits that such a salon has in its diary for the coming month.
    Answers its slug. With ``breaks_in_rota`` a third of the team has breaks that float."""
    slug = "large-with-breaks" if breaks_in_rota else "large"
    if slug not in open_salons():
        salon = replace(
            xl_salon(1 / MONTHS),
            slug=slug,
            utilisation=OTTILIE.utilisation,
            breaks_in_rota=breaks_in_rota,
        )
        with schemas() as provide:
            provide()
            plan = ComingMonth(seed=SEED, today=localdate())
            open_patiently(salon, plan, same_hash(salon, password_hash()))
    return slug


class ComingMonth(Plan):
    """Nothing but what is booked ahead."""

    @property
    def days(self) -> list[date]:
        return [self.today + timedelta(days=number) for number in range(MONTH)]


def small_salons(system: System, count: int) -> list[str]:
    """Three people each, and hardly any visits. Answers their slugs."""
    there = open_salons()
    missing = [number for number in range(1, count + 1) if small_salon(number).slug not in there]
    if len(missing) < MANY:
        seed_small(missing, plan_of_small(), password_hash(), on_done=lambda: None)
    else:
        _furnish_side_by_side(system, missing)
    return [small_salon(number).slug for number in range(1, count + 1)]


def plan_of_small() -> Plan:
    return Plan(seed=SEED, today=localdate(), span=timedelta(0))


def _furnish_side_by_side(system: System, numbers: Sequence[int]) -> None:
    """As many processes as there are cores, while this one makes the schemas they need."""
    furnishers = [_furnisher(system, numbers[place::FURNISHERS]) for place in range(FURNISHERS)]
    with schemas():
        for _number in numbers:
            pool.make_ready_schema()
    for furnisher in furnishers:
        assert furnisher.wait() == 0, "a furnisher failed: see above"


def _furnisher(system: System, numbers: Sequence[int]) -> "subprocess.Popen[str]":
    furnisher = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.furnisher"],
        cwd=ROOT,
        env=system.stack.environment(APP, **ENVIRONMENT),
        stdin=subprocess.PIPE,
        text=True,
    )
    assert furnisher.stdin is not None
    furnisher.stdin.write(json.dumps({"numbers": numbers, "password_hash": password_hash()}))
    furnisher.stdin.close()
    return furnisher


def schemas_there() -> int:
    """Of open salons and of the pool: migrate_salons makes no difference."""
    with public_scope():
        return Salon.objects.count()


def fill_up(total: int) -> None:
    """Ready schemas until there are ``total`` salons, open or not."""
    with schemas():
        while schemas_there() < total:
            pool.make_ready_schema()
