from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tenant_apps.demo.salons import OTTILIE, DemoSalon
from tenant_apps.demo.seeding import Plan, open_demo_salon
from tenant_apps.demo.users import ROLES, Hashes
from tenants.types import SalonCard

# The clocks go back in the night to 25 October 2026.
AUTUMN = Plan(seed=7, today=date(2026, 10, 22), span=timedelta(days=5))
REFERENCE = replace(OTTILIE, cards=400)


def no_passwords(salon: DemoSalon) -> Hashes:
    return {salon.email(role): "!" for role in ROLES}


@pytest.fixture(scope="module")
def ottilie(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SalonCard]:
    """The reference salon with eleven days of visits, seeded once for the module's tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield open_demo_salon(REFERENCE, AUTUMN, no_passwords(REFERENCE))
        transaction.set_rollback(True)
