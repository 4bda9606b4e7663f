"""The same seed and day, the same salon."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from tenant_apps.demo.checksum import checksum_of
from tenant_apps.demo.salons import OLA, SALONS, TILLY, DemoSalon
from tenant_apps.demo.seeding import Plan, open_demo_salon
from tests.demo.conftest import AUTUMN, no_passwords

SHORT = replace(AUTUMN, span=timedelta(days=2))


def checksum(salon: DemoSalon, plan: Plan) -> str:
    with transaction.atomic():
        card = open_demo_salon(salon, plan, no_passwords(salon))
        found = checksum_of([card])
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("salon", [OLA, replace(TILLY, cards=150)], ids=lambda salon: salon.slug)
def test_the_same_seed_gives_the_same_checksum(db: None, salon: DemoSalon) -> None:
    first = checksum(salon, SHORT)
    assert checksum(salon, SHORT) == first
    assert checksum(salon, replace(SHORT, seed=8)) != first
    assert checksum(salon, replace(SHORT, today=SHORT.today + timedelta(days=1))) != first


def test_slugs_and_accents_are_fit_for_use() -> None:
    assert len({salon.slug for salon in SALONS}) == 6
    assert {salon.country for salon in SALONS} == {"DE", "GB", "PL"}
    assert all(len(salon.accent) == 7 and salon.accent.startswith("#") for salon in SALONS)
