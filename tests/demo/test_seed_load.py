"""Salons for load: small ones by number, and the large one month by month."""

from collections import Counter
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shared_apps.accounts.services import sign_in
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Appointment
from tenant_apps.booking.services.bulk import diary_ends
from tenant_apps.demo import xl
from tenant_apps.demo.load import open_salons
from tenant_apps.demo.seeding import Plan
from tenant_apps.demo.xl import Month, months_to, seed_xl
from tests.database import WorkerDatabase

TODAY = date(2026, 11, 18)


def run(**options: Any) -> str:
    out = StringIO()
    call_command("seed_load", today=TODAY, stdout=out, **options)
    return out.getvalue()


def test_the_owner_role_opens_as_many_as_asked(owner: WorkerDatabase) -> None:
    before = len(open_salons())
    said = run(salons=3)
    assert len(open_salons()) == before + 3
    password = said.split()[-1]
    with salon_scope(open_salons()["load-0003"]):
        assert sign_in(email="owner@load-0003.example", password=password)
        assert 120 < Appointment.objects.count() < 300
        assert list(salon_problems()) == []
    run(salons=4)
    assert len(open_salons()) == before + 4


def test_the_application_takes_what_the_pool_has(
    committed: WorkerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.services.LONGEST_WAIT", 0.1)
    with pytest.raises(CommandError, match="is the provisioner running"):
        run(salons=3)
    assert {"load-0001", "load-0002"} <= open_salons().keys()
    assert "load-0003" not in open_salons()


def test_the_large_salon_is_large(committed: WorkerDatabase) -> None:
    """A thousandth of it: one month with a hundredth of its clients."""
    run(xl=True, scale=0.002)
    with salon_scope(open_salons()["xl-load"]):
        assert diary_ends() == date(2026, 11, 28)
        assert 400 < Appointment.objects.count() < 550
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM booking_line")
            (lines,) = cursor.fetchone() or (0,)
        assert 1.3 < lines / Appointment.objects.count() < 2.0
        states = Counter(Appointment.objects.values_list("state", flat=True))
        assert states["completed"] > 100
        assert states["no_show"] > 0
        assert list(salon_problems()) == []


class Killed(BaseException):
    """As by kill -9."""


def test_a_killed_run_goes_on_with_the_next_month(
    committed: WorkerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xl, "VISITS", 4_000)
    plan, scale, months = Plan(seed=1, today=TODAY), 3 / xl.MONTHS, 0

    def die_after_the_first() -> None:
        raise Killed

    def count() -> None:
        nonlocal months
        months += 1

    with pytest.raises(Killed):
        seed_xl(scale, plan, "!", on_month=die_after_the_first)
    with salon_scope(open_salons()["xl-load"]):
        assert diary_ends() == date(2026, 9, 30)
        first_month = set(Appointment.objects.values_list("pk", flat=True))
    seed_xl(scale, plan, "!", on_month=count)
    assert months == 3
    with salon_scope(open_salons()["xl-load"]):
        assert diary_ends() == date(2026, 11, 28)
        assert first_month < set(Appointment.objects.values_list("pk", flat=True))


def test_six_years_are_seventy_two_months() -> None:
    months = months_to(TODAY, 1.0)
    assert (len(months), months[0], months[-1]) == (
        72,
        Month(date(2020, 12, 1)),
        Month(date(2026, 11, 1)),
    )
    assert months_to(TODAY, 0.0) == [Month(date(2026, 11, 1))]
    assert replace(months[38]).days[-1] == date(2024, 2, 29)
