"""Moving a visit: the old time back and the new one taken, or nothing at all."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Line
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def move(desk: Desk, visit: dict[str, Any], starts_at: str, **more: Any) -> Any:
    token = visit["manage_url"].rpartition("/")[2]
    signed = {} if desk.token else {"Manage-Token": token}
    return desk.post(
        f"/booking/appointments/{visit['id']}/reschedule",
        {"starts_at": starts_at, **more},
        **signed,
    )


def test_a_moved_visit_leaves_its_old_time(desk: Desk) -> None:
    starts = [start["starts_at"] for start in desk.starts(CUT, TINT)]
    visit = desk.book(starts[0], CUT, TINT).json()

    moved = move(desk, visit, starts[-1])

    assert moved.status_code == 200, moved.content
    after = moved.json()
    assert (after["starts_at"], after["version"], after["state"]) == (
        starts[-1],
        2,
        "confirmed",
    )
    assert [line["id"] for line in after["lines"]] == [line["id"] for line in visit["lines"]]
    assert after["total"] == visit["total"]
    assert desk.first_start(CUT, TINT) == starts[0]
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []


def test_a_visit_may_move_onto_itself(desk: Desk) -> None:
    start = desk.first_start(CUT)
    visit = desk.book(start, CUT).json()
    later = (datetime.fromisoformat(start) + timedelta(minutes=15)).isoformat()
    assert move(desk, visit, later).status_code == 200
    assert move(desk, visit, start).status_code == 200


def test_a_price_that_has_changed_since_stays_as_it_was_booked(reception: Desk, desk: Desk) -> None:
    starts = [start["starts_at"] for start in desk.starts(CUT)]
    visit = desk.book(starts[0], CUT).json()
    with salon_scope(desk.salon):
        Line.objects.update(price=1, list_price=1)
    assert move(reception, visit, starts[5]).json()["total"]["amount"] == 1


def test_a_taken_time_is_refused_and_nothing_moves(reception: Desk, desk: Desk) -> None:
    starts = [start["starts_at"] for start in desk.starts(CUT)]
    visit = desk.book(starts[0], CUT).json()
    desk.book(starts[-1], CUT)
    with salon_scope(desk.salon):
        before = set(Allocation.objects.values_list("pk", flat=True))

    refusal = move(reception, visit, starts[-1])

    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    assert refusal.json()["alternatives"]
    with salon_scope(desk.salon):
        assert set(Allocation.objects.values_list("pk", flat=True)) == before
    on_purpose = {"codes": ["slot_taken"], "reason": "regular_client"}
    assert move(reception, visit, starts[-1], override=on_purpose).status_code == 200
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []


def test_a_stranger_moves_nobodys_visit(desk: Desk, other_desk: Desk) -> None:
    starts = [start["starts_at"] for start in desk.starts(CUT)]
    visit = desk.book(starts[0], CUT).json()
    body = {"starts_at": starts[3]}
    path = f"/booking/appointments/{visit['id']}/reschedule"
    assert desk.post(path, body).status_code == 404
    token = visit["manage_url"].rpartition("/")[2]
    assert other_desk.post(path, body, **{"Manage-Token": token}).status_code == 404


def test_a_cancelled_visit_is_not_moved(reception: Desk) -> None:
    starts = [start["starts_at"] for start in reception.starts(CUT)]
    visit = reception.book(starts[0], CUT).json()
    reception.post(f"/booking/appointments/{visit['id']}/cancel")
    refusal = move(reception, visit, starts[2])
    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_movable")


def test_an_older_version_is_not_moved(reception: Desk) -> None:
    starts = [start["starts_at"] for start in reception.starts(CUT)]
    visit = reception.book(starts[0], CUT).json()
    assert move(reception, visit, starts[2], version=1).status_code == 200
    refusal = move(reception, visit, starts[4], version=1)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "stale")


def test_a_line_nobody_knows_is_named(reception: Desk) -> None:
    starts = [start["starts_at"] for start in reception.starts(CUT)]
    visit = reception.book(starts[0], CUT).json()
    stranger = {"line_id": visit["id"], "staff_id": None}
    refusal = move(reception, visit, starts[2], staff=[stranger])
    assert refusal.status_code == 422
    assert list(refusal.json()["fields"]) == [f"staff.{visit['id']}"]


def test_a_visit_in_the_past_or_outside_the_rota_is_refused_as_a_booking_is(desk: Desk) -> None:
    start = desk.first_start(CUT)
    visit = desk.book(start, CUT).json()
    assert move(desk, visit, "2020-01-01T10:00:00+00:00").json()["code"] == "in_the_past"
    assert move(desk, visit, start[:11] + "03:00:00+00:00").json()["code"] == "not_offered"
