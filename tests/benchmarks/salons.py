"""Salons to measure in: like the reference salon of twelve, and many small ones."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from django.utils.timezone import localdate

from shared_apps.accounts.services import hash_password
from shared_apps.core.scope import public_scope
from tenant_apps.demo.load import open_salons, same_hash, schemas, seed_small, small_salon
from tenant_apps.demo.salons import OTTILIE
from tenant_apps.demo.seeding import Plan, open_patiently
from tenants.models import Salon
from tenants.schema import pool

SEED = 1
PASSWORD = "a horse reads maps"


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


def small_salons(count: int) -> list[str]:
    """Three people each, and hardly any visits. Answers their slugs."""
    plan = Plan(seed=SEED, today=localdate(), span=timedelta(0))
    seed_small(count, plan, password_hash(), on_done=lambda: None)
    return [small_salon(number).slug for number in range(1, count + 1)]


def schemas_there() -> int:
    """Of open salons and of the pool: migrate_salons makes no difference."""
    with public_scope():
        return Salon.objects.count()


def fill_up(total: int) -> None:
    """Ready schemas until there are ``total`` salons, open or not."""
    with schemas():
        while schemas_there() < total:
            pool.make_ready_schema()
