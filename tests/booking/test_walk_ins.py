"""Somebody stands at the desk."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate, now

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.models import Allocation
from tenant_apps.booking.services.rota import set_hours
from tenant_apps.staff.models import Closure, RotaPattern
from tenant_apps.staff.permissions import EDIT_ROTA
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT = "Women’s cut and finish"
ALWAYS = [(weekday, 0, 24 * 60) for weekday in range(7)]


@pytest.fixture
def reception(desk: Desk) -> Desk:
    """In a salon that never sleeps: the tests run at any hour."""
    with salon_scope(desk.salon):
        RotaPattern.objects.update(weeks=[ALWAYS])
        set_hours(week=ALWAYS, actor=system(Channel.COMMAND, permissions=frozenset({EDIT_ROTA})))
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def lines(desk: Desk) -> dict[str, Any]:
    return {"lines": [{"option_id": desk.option(CUT)["id"]}]}


def test_whoever_walks_in_is_served_from_the_next_minute_on(reception: Desk) -> None:
    wait = reception.post("/booking/walk-ins/wait", lines(reception))
    if wait.status_code == 409:  # too late for today's last cut
        assert wait.json()["code"] == "not_today"
        return
    first = reception.post("/booking/walk-ins", lines(reception))

    assert wait.json()["wait_minutes"] == 0
    assert first.status_code == 201, first.content
    assert first.json()["client"]["name"] == ""
    starts_at = datetime.fromisoformat(first.json()["starts_at"])
    assert starts_at.second == 0
    assert timedelta(0) <= starts_at - now() < timedelta(minutes=1)
    with salon_scope(reception.salon):
        ends_at = max(taken.during.upper for taken in Allocation.objects.exclude(staff=None))
    longer = reception.post("/booking/walk-ins/wait", lines(reception))
    if longer.status_code == 200:
        assert datetime.fromisoformat(longer.json()["starts_at"]) == ends_at
        assert longer.json()["wait_minutes"] > 30


def test_on_a_closed_day_there_is_nobody_today(reception: Desk) -> None:
    with salon_scope(reception.salon):
        for day in (-1, 0, 1):
            Closure.objects.create(date=localdate() + timedelta(days=day), reason="holiday")
    refusal = reception.post("/booking/walk-ins/wait", lines(reception))
    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_today")


def test_strangers_do_not_walk_in_over_the_wire(desk: Desk) -> None:
    assert desk.post("/booking/walk-ins", lines(desk)).status_code == 401
