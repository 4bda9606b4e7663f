"""Somebody stands at the desk."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.models import Allocation
from tenant_apps.staff.models import Closure
from tests.booking.conftest import Clock
from tests.desk import Desk

pytestmark = pytest.mark.django_db
CUT = "Women’s cut and finish"


def lines(desk: Desk) -> dict[str, Any]:
    return {"lines": [{"option_id": desk.option(CUT)["id"]}]}


def test_whoever_walks_in_is_served_from_the_next_minute_on(clock: Clock, reception: Desk) -> None:
    clock.hands.move_to(clock.at(10, 29) + timedelta(seconds=20))

    wait = reception.post("/booking/walk-ins/wait", lines(reception))
    first = reception.post("/booking/walk-ins", lines(reception))
    longer = reception.post("/booking/walk-ins/wait", lines(reception))

    assert (wait.status_code, wait.json()["wait_minutes"]) == (200, 0)
    assert first.status_code == 201, first.content
    assert first.json()["client"]["name"] == ""
    starts_at = datetime.fromisoformat(first.json()["starts_at"])
    assert starts_at == datetime.fromisoformat(wait.json()["starts_at"]) == clock.at(10, 30)
    with salon_scope(reception.salon):
        ends_at = max(taken.during.upper for taken in Allocation.objects.exclude(staff=None))
    assert longer.status_code == 200, longer.content
    assert datetime.fromisoformat(longer.json()["starts_at"]) == ends_at
    assert longer.json()["wait_minutes"] == (ends_at - starts_at) // timedelta(minutes=1)


@pytest.mark.parametrize("path", ["/booking/walk-ins", "/booking/walk-ins/wait"])
def test_in_the_evening_there_is_nobody_any_more(clock: Clock, reception: Desk, path: str) -> None:
    clock.move(23)
    refusal = reception.post(path, lines(reception))
    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_today")


def test_on_a_closed_day_there_is_nobody_today(reception: Desk) -> None:
    with salon_scope(reception.salon):
        for day in (-1, 0, 1):
            Closure.objects.create(date=localdate() + timedelta(days=day), reason="holiday")
        renew()
    refusal = reception.post("/booking/walk-ins/wait", lines(reception))
    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_today")


def test_strangers_do_not_walk_in_over_the_wire(desk: Desk) -> None:
    assert desk.post("/booking/walk-ins", lines(desk)).status_code == 401
