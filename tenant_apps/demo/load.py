"""Many small salons, for benchmarks of many schemas."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from django.db import connection

from shared_apps.core.scope import public_scope
from tenant_apps.demo.salons import LINDEN_MANCHESTER, DemoSalon
from tenant_apps.demo.seeding import Plan, open_patiently
from tenant_apps.demo.users import ROLES, Hashes
from tenants.enums import SalonState
from tenants.schema.direct import Work, alone, as_owner
from tenants.schema.errors import AlreadyRunning, NotTheOwner
from tenants.schema.pool import make_ready_schema, ready_count
from tenants.selectors import cards_in
from tenants.types import SalonCard

OnDone = Callable[[], object]
BATCH = 50


def seed_small(numbers: Sequence[int], plan: Plan, password_hash: str, *, on_done: OnDone) -> None:
    """The salons of these numbers; those of an earlier run count."""
    there = open_salons()
    for first in range(0, len(numbers), BATCH):
        with schemas() as provide:
            for number in numbers[first : first + BATCH]:
                salon = small_salon(number)
                if salon.slug not in there:
                    provide()
                    open_patiently(salon, plan, same_hash(salon, password_hash))
                on_done()
        # A backend remembers every table it has seen, and slows down with their number.
        connection.close()


def small_salon(number: int) -> DemoSalon:
    """Three people and about two hundred visits in eight weeks."""
    return replace(
        LINDEN_MANCHESTER,
        slug=f"load-{number:04}",
        name=f"Load {number}",
        units=(("chair", 3),),
        team=LINDEN_MANCHESTER.team[1:4],
        cards=80,
        utilisation=0.36,
    )


def open_salons() -> dict[str, SalonCard]:
    with public_scope():
        return {card.slug: card for card in cards_in(SalonState.ACTIVE, SalonState.SUSPENDED)}


def same_hash(salon: DemoSalon, password_hash: str) -> Hashes:
    return {salon.email(role): password_hash for role in ROLES}


@contextmanager
def schemas() -> Iterator[Callable[[], object]]:
    """A call before each salon: makes a schema when none is ready and we are the owner without
    a provisioner at work. Otherwise the provisioner's pool is waited for."""
    with ExitStack() as stack:
        try:
            stack.enter_context(as_owner())
            stack.enter_context(alone(Work.PROVISIONING))
        except (NotTheOwner, AlreadyRunning):
            yield lambda: None
        else:
            yield lambda: ready_count() or make_ready_schema()
