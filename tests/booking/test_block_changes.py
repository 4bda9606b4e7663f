"""A block at another time, of another length or kind, or in another's column."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import now

from shared_apps.accounts.enums import Role
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation
from tenant_apps.catalog.models import Unit
from tests.booking.test_blocks import (
    CUT,
    TUESDAY,
    ZONE,
    at,
    block,
    colleague,
    on_offer,
    parts,
)
from tests.booking.test_holds import hold, run_out
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
WEDNESDAY = TUESDAY + timedelta(days=1)


def change(desk: Desk, made: dict[str, Any], **changes: Any) -> Any:
    return desk.patch(f"/booking/blocks/{made['id']}", changes)


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def chair(desk: Desk) -> str:
    with salon_scope(desk.salon):
        return str(Unit.objects.order_by("position").values_list("id", flat=True)[0])


@pytest.fixture
def made(reception: Desk, anna: str) -> dict[str, Any]:
    """Anna's training from ten to eleven."""
    found: dict[str, Any] = block(reception, at(10), at(11), staff_id=anna).json()
    return found


def told(desk: Desk) -> list[tuple[str, int, list[date]]]:
    """The blocks' events; journal and tables agree."""
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []
        entries = JournalEntry.objects.filter(stream="block").order_by("id")
        return [(e.event.removeprefix("booking."), e.version, e.days) for e in entries]


def test_a_block_gives_its_old_time_back_and_takes_the_new(
    desk: Desk, reception: Desk, made: dict[str, Any]
) -> None:
    answer = change(reception, made, starts_at=at(12), ends_at=at(13), version=1)

    assert answer.status_code == 200
    assert answer.json() == made | {
        "starts_at": at(12),
        "ends_at": at(13),
        "parts": [{"starts_at": at(12), "ends_at": at(13)}],
        "version": 2,
    }
    left = on_offer(desk)
    assert at(10) in left
    assert at(12) not in left
    assert desk.book(at(10), CUT).status_code == 201
    assert desk.book(at(12), CUT).json()["code"] == "slot_taken"
    assert told(desk) == [("block_created", 1, [TUESDAY]), ("block_changed", 2, [TUESDAY])]


def test_both_days_are_told(desk: Desk, reception: Desk, made: dict[str, Any]) -> None:
    later = {"starts_at": at(10, day=WEDNESDAY), "ends_at": at(11, day=WEDNESDAY)}

    assert change(reception, made, **later).status_code == 200

    assert told(desk)[-1] == ("block_changed", 2, [TUESDAY, WEDNESDAY])


def test_its_own_time_counts_as_free(reception: Desk, made: dict[str, Any]) -> None:
    longer = change(reception, made, starts_at=at(9, 30), ends_at=at(11, 30))
    assert parts(longer) == [(at(9, 30), at(11, 30))]
    shorter = change(reception, made, starts_at=at(10, 15), ends_at=at(10, 45))
    assert parts(shorter) == [(at(10, 15), at(10, 45))]


def test_what_is_left_out_stays(desk: Desk, reception: Desk, made: dict[str, Any]) -> None:
    longer = change(reception, made, ends_at=at(11, 30)).json()
    assert longer == made | {
        "ends_at": at(11, 30),
        "parts": [{"starts_at": at(10), "ends_at": at(11, 30)}],
        "version": 2,
    }
    meeting = change(reception, made, kind="meeting").json()
    assert meeting == longer | {"kind": "meeting", "version": 3}
    assert change(reception, made, kind="meeting", ends_at=at(11, 30)).json() == meeting
    assert change(reception, made).json() == meeting
    assert [event for event, _version, _days in told(desk)] == [
        "block_created",
        "block_changed",
        "block_changed",
    ]


def test_a_block_moves_to_another_column(
    desk: Desk, reception: Desk, made: dict[str, Any], anna: str, chair: str
) -> None:
    _beth, beth = colleague(desk, Role.STYLIST)

    moved = change(reception, made, staff_id=beth).json()
    assert moved == made | {"staff_id": beth, "version": 2}
    assert at(10) in on_offer(desk)
    to_unit = change(reception, made, unit_id=chair, kind="out_of_service").json()

    assert (to_unit["staff_id"], to_unit["unit_id"]) == (None, chair)
    with salon_scope(desk.salon):
        (taken,) = Allocation.objects.all()
        assert (taken.staff_id, str(taken.unit_id)) == (None, chair)
    back = change(reception, made, staff_id=anna, kind="training").json()
    assert back == made | {"version": 4}
    assert len(told(desk)) == 4


def test_what_is_in_the_way_refuses_it_and_nothing_changes(
    desk: Desk, reception: Desk, made: dict[str, Any], anna: str
) -> None:
    visit = desk.book(at(12), CUT).json()

    refusal = change(reception, made, ends_at=at(12, 30), kind="meeting")

    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    assert {met["appointment_id"] for met in refusal.json()["in_the_way"]} == {visit["id"]}
    span = {"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()}
    assert reception.get("/booking/blocks", span).json()["items"] == [made]
    assert desk.book(at(10), CUT).json()["code"] == "slot_taken"
    assert [event for event, _version, _days in told(desk)] == ["block_created"]


def test_the_rest_takes_what_is_free_around_it(
    desk: Desk, reception: Desk, made: dict[str, Any]
) -> None:
    desk.book(at(12), CUT)

    answer = change(reception, made, ends_at=at(14), rest=True)

    (first, second) = parts(answer)
    assert first == (at(10), at(12))
    assert second[1] == at(14)
    kept = change(reception, made, kind="meeting")  # its gap stays
    assert (kept.status_code, parts(kept)) == (200, [first, second])
    assert change(reception, made, ends_at=at(15)).json()["code"] == "slot_taken"
    told(desk)


def test_the_rest_fills_the_gap_that_a_visit_has_left(
    desk: Desk, reception: Desk, anna: str
) -> None:
    visit = reception.book(at(10), CUT).json()
    made = block(reception, at(9), at(13), staff_id=anna, rest=True).json()
    assert len(made["parts"]) == 2
    reception.post(f"/booking/appointments/{visit['id']}/cancel")

    assert parts(change(reception, made, rest=True)) == [(at(9), at(13))]
    told(desk)


def test_a_hold_that_ran_out_gives_way(desk: Desk, reception: Desk, made: dict[str, Any]) -> None:
    held = hold(desk, at(12), CUT).json()
    refusal = change(reception, made, ends_at=at(13))
    assert {met["appointment_id"] for met in refusal.json()["in_the_way"]} == {held["id"]}
    run_out(desk)

    assert parts(change(reception, made, ends_at=at(13))) == [(at(10), at(13))]
    told(desk)


def test_a_visit_put_upon_a_block_stays_where_it_is(
    desk: Desk, reception: Desk, made: dict[str, Any]
) -> None:
    over = {"codes": ["slot_taken"], "reason": "regular"}
    assert reception.book(at(10), CUT, override=over).status_code == 201

    assert change(reception, made, ends_at=at(11, 30)).json()["code"] == "slot_taken"
    assert change(reception, made, kind="meeting").status_code == 200
    assert change(reception, made, starts_at=at(14), ends_at=at(15)).status_code == 200

    told(desk)
    assert reception.book(at(10), CUT).json()["code"] == "slot_taken"


def test_an_older_version_is_refused(reception: Desk, made: dict[str, Any]) -> None:
    assert change(reception, made, ends_at=at(11, 30), version=1).status_code == 200
    refusal = change(reception, made, ends_at=at(12), version=1)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "stale")
    assert refusal.json()["version"] == 2


def test_a_removed_block_is_not_there_to_change(reception: Desk, made: dict[str, Any]) -> None:
    path = f"/api/v1/booking/blocks/{made['id']}"
    reception.client.delete(path, headers=reception.headers())
    refusal = change(reception, made, ends_at=at(12))
    assert (refusal.status_code, refusal.json()["code"]) == (404, "block_not_found")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"starts_at": at(9, day=date(2020, 3, 3))}, "in_the_past", "starts_at"),
        ({"starts_at": "2199-12-31T23:59:00-12:00"}, "too_far", "starts_at"),
        ({"ends_at": "9999-12-31T23:59:00-12:00"}, "invalid", "ends_at"),
        ({"ends_at": at(10)}, "invalid", "ends_at"),
        ({"starts_at": at(11)}, "invalid", "ends_at"),
        ({"ends_at": at(10, day=TUESDAY + timedelta(days=367))}, "invalid", "ends_at"),
        ({"starts_at": at(10).replace(":00:00", ":00:01")}, "invalid", "starts_at"),
        ({"starts_at": "2030-01-01T10:00:00"}, "invalid", "starts_at"),
        ({"staff_id": str(uuid4())}, "invalid", "staff_id"),
        ({"unit_id": str(uuid4())}, "invalid", "unit_id"),
        ({"staff_id": str(uuid4()), "unit_id": str(uuid4())}, "invalid", "staff_id"),
        ({"kind": "out_of_service"}, "invalid", "kind"),
        ({"kind": "siesta"}, "invalid", "kind"),
        ({"until": at(12)}, "invalid", "until"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_its_field(
    reception: Desk, made: dict[str, Any], changes: dict[str, Any], code: str, field: str
) -> None:
    refusal = change(reception, made, **changes)

    problem = refusal.json()
    assert (refusal.status_code, problem["code"], list(problem["fields"])) == (422, code, [field])


def test_what_runs_may_end_earlier_or_later_without_an_override(reception: Desk, anna: str) -> None:
    today = now().astimezone(ZONE).replace(second=0, microsecond=0)

    def minute(shift: int) -> str:
        return (today + timedelta(minutes=shift)).isoformat()

    override = {"codes": ["in_the_past"], "reason": "ill"}
    running = block(reception, minute(-30), minute(30), staff_id=anna, override=override).json()

    assert change(reception, running, ends_at=minute(20)).status_code == 200
    assert change(reception, running, ends_at=minute(40)).status_code == 200
    assert change(reception, running, starts_at=minute(-20)).status_code == 200
    earlier = change(reception, running, starts_at=minute(-40))
    assert (earlier.json()["code"], list(earlier.json()["fields"])) == (
        "in_the_past",
        ["starts_at"],
    )
    assert change(reception, running, ends_at=minute(-5)).status_code == 200  # it is over
    longer = change(reception, running, ends_at=minute(10))
    assert (longer.json()["code"], list(longer.json()["fields"])) == ("in_the_past", ["ends_at"])
    assert change(reception, running, kind="meeting").status_code == 200
    allowed = change(reception, running, ends_at=minute(10), override=override)
    assert (allowed.status_code, allowed.json()["ends_at"]) == (200, minute(10))
    with salon_scope(reception.salon):
        entry = JournalEntry.objects.filter(event="booking.block_changed").latest("id")
        assert (entry.data["overrides"], entry.data["reason"]) == (["in_the_past"], "ill")


def test_who_may_change_must_be_allowed_both_columns(
    desk: Desk, reception: Desk, made: dict[str, Any], anna: str, chair: str
) -> None:
    stylist, own = colleague(desk, Role.STYLIST)
    mine = block(stylist, at(8), at(9), staff_id=own).json()

    assert change(stylist, mine, ends_at=at(9, 30)).status_code == 200
    assert change(stylist, mine, staff_id=anna).status_code == 403
    assert change(stylist, mine, unit_id=chair).status_code == 403
    assert change(stylist, made, staff_id=own).status_code == 403
    assert change(stylist, made, kind="meeting").status_code == 403
    trainee, _own = colleague(desk, Role.TRAINEE)
    assert change(trainee, made, kind="meeting").status_code == 403
    assert change(desk, made, kind="meeting").status_code == 401
    receptionist, _own = colleague(desk, Role.RECEPTIONIST)
    assert change(receptionist, made, staff_id=own).status_code == 200


def test_another_salon_changes_none_of_it(
    reception: Desk, other_desk: Desk, made: dict[str, Any]
) -> None:
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)
    assert change(bruno, made, ends_at=at(12)).status_code == 404
    assert change(reception, made, ends_at=at(12)).status_code == 200
