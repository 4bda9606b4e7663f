"""What Redis remembers of the days: quick when it knows, right when it does not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from shared_apps.core import cache
from shared_apps.core.scope import public_scope, salon_scope
from tenant_apps.booking.models import Allocation
from tenant_apps.booking.selectors import taken
from tenant_apps.booking.services.days import lock_days
from tenants.types import SalonCard
from tests.desk import Desk

pytestmark = pytest.mark.usefixtures("committed")
CUT = "Women’s cut and finish"


@pytest.fixture
def desk(salon: SalonCard) -> Desk:
    """Outside any transaction, as a request is."""
    cache.leave_redis_alone(0)
    with salon_scope(salon):
        caches["masks"].clear()
    return Desk(salon)


def look(desk: Desk, *, days: int = 7) -> tuple[list[str], list[str]]:
    """The starts on offer, and the statements that were about allocations."""
    first = localdate() + timedelta(days=1)
    asked: dict[str, Any] = {
        "from": first,
        "to": first + timedelta(days=days - 1),
        "line": [desk.option(CUT)["id"]],
    }
    with CaptureQueriesContext(connection) as queries:
        answer = desk.get("/booking/availability", asked)
    assert answer.status_code == 200, answer.content
    starts = [start["starts_at"] for day in answer.json()["days"] for start in day["starts"]]
    spent = [query["sql"] for query in queries.captured_queries]
    return starts, [sql for sql in spent if "booking_allocation" in sql]


def test_what_is_booked_is_off_the_offer_at_once(desk: Desk) -> None:
    starts, _first = look(desk)
    again, asked = look(desk)
    assert again == starts
    assert asked == []
    assert starts

    assert desk.book(starts[0], CUT).status_code == 201

    assert starts[0] not in look(desk)[0]
    assert look(desk)[0] == look(desk)[0]


def test_a_cancelled_or_released_time_is_back_at_once(desk: Desk) -> None:
    starts, _asked = look(desk)
    visit = desk.book(starts[0], CUT).json()
    assert look(desk)[0] != starts
    token = visit["manage_url"].rpartition("/")[2]
    desk.post(f"/booking/appointments/{visit['id']}/cancel", **{"Manage-Token": token})
    assert look(desk)[0] == starts
    lines = [{"option_id": desk.option(CUT)["id"]}]
    held = desk.post("/booking/holds", {"starts_at": starts[0], "lines": lines}).json()
    assert look(desk)[0] != starts
    desk.post("/booking/holds/release", {"token": held["token"]})
    assert look(desk)[0] == starts


def test_a_hold_that_ran_out_is_free_though_nobody_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, _asked = look(desk)
    lines = [{"option_id": desk.option(CUT)["id"]}]
    held = desk.post("/booking/holds", {"starts_at": starts[0], "lines": lines}).json()
    assert look(desk)[0] != starts
    later = datetime.fromisoformat(held["expires_at"])
    monkeypatch.setattr("tenant_apps.booking.api.appointments.now", lambda: later)
    assert look(desk)[0] == starts


def test_who_read_before_a_commit_writes_nothing_old_back(
    desk: Desk, salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, _asked = look(desk)
    with salon_scope(salon):
        caches["masks"].clear()
    really_keep = cache.keep_masks

    def book_first(masks: dict[str, Any]) -> None:
        monkeypatch.setattr(taken, "keep_masks", really_keep)
        assert desk.book(starts[0], CUT).status_code == 201
        really_keep(masks)

    monkeypatch.setattr(taken, "keep_masks", book_first)
    look(desk)

    with salon_scope(salon):
        assert Allocation.objects.exists()
    assert starts[0] not in look(desk)[0]


def test_without_redis_it_is_only_slower(desk: Desk, settings: LazySettings) -> None:
    starts, _asked = look(desk)
    masks = settings.CACHES["masks"]
    settings.CACHES = settings.CACHES | {"masks": masks | {"LOCATION": "redis://127.0.0.1:1/0"}}

    assert look(desk)[0] == starts
    assert desk.book(starts[0], CUT).status_code == 201
    assert starts[0] not in look(desk)[0]


def test_two_salons_share_no_masks(desk: Desk, salon: SalonCard, other_salon: SalonCard) -> None:
    day = localdate()
    with salon_scope(salon):
        cache.keep_masks({f"masks:{day}": {"mine": 1}})
        assert cache.kept_masks([f"masks:{day}"])
    with salon_scope(other_salon):
        assert not cache.kept_masks([f"masks:{day}"])


def test_days_are_forgotten_though_their_scope_was_left_before_the_commit(
    salon: SalonCard, other_salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo salon is opened and furnished in one transaction of the platform's."""
    monkeypatch.setitem(cache._trouble, "until", 0.0)  # another test's Redis was away
    day = localdate()

    def version(card: SalonCard) -> object:
        with salon_scope(card):
            return caches["masks"].get(taken._version_key(day))

    before = version(salon), version(other_salon)
    with public_scope(), transaction.atomic():
        with salon_scope(salon):
            lock_days([day])
        assert version(salon) == before[0]

    assert version(salon) != before[0]
    assert version(other_salon) == before[1]
