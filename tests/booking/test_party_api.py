"""Parties over HTTP: two salons, staff, guests and people with an account."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Appointment, Party
from tenant_apps.booking.selectors import together
from tests.booking.conftest import Clock
from tests.booking.visits import hire
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
MENS = "Men’s cut"


def party(desk: Desk, starts_at: str, **said: Any) -> dict[str, Any]:
    line = {"option_id": desk.option(MENS)["id"]}
    return {
        "starts_at": starts_at,
        "members": [{"lines": [line], "client": GUEST}, {"lines": [line]}],
    } | said


def book(desk: Desk, body: dict[str, Any], key: str | None = None) -> Any:
    return desk.post("/booking/parties", body, **{"Idempotency-Key": key or str(uuid4())})


def starts(desk: Desk, clock: Clock, people: int = 2, **said: Any) -> list[Any]:
    line = {"option_id": desk.option(MENS)["id"]}
    days = {"first_day": clock.day.isoformat(), "last_day": clock.day.isoformat()}
    members = {"members": [{"lines": [line]}] * people} if people else {}
    body = {**members, **days, **said}
    answer = desk.post("/booking/availability/parties", body)
    assert answer.status_code == 200, answer.content
    found: list[Any] = [start for day in answer.json()["days"] for start in day["starts"]]
    return found


@pytest.fixture
def two(reception: Desk, salon: Any) -> Desk:
    """Anna and somebody else who cuts men's hair."""
    hire(salon, "Beth", MENS)
    return reception


def test_a_guest_books_what_was_offered_and_comes_back_by_the_link(
    two: Desk, desk: Desk, clock: Clock
) -> None:
    offered = starts(desk, clock)
    assert starts(desk, clock, people=3) == []
    body = party(desk, offered[0]["starts_at"])

    answer = book(desk, body, key="once")

    assert answer.status_code == 201, answer.content
    found = answer.json()
    one, other = found["appointments"]
    assert (one["client"]["name"], other["client"]["id"]) == (GUEST["name"], None)
    assert one["party_id"] == other["party_id"] == found["id"]
    assert one["starts_at"] == other["starts_at"] == offered[0]["starts_at"]
    assert {one["lines"][0]["staff_id"], other["lines"][0]["staff_id"]} == {
        who for each in offered[0]["members"] for who in each["staff_ids"]
    }
    assert book(desk, body, key="once").json() == found
    with salon_scope(desk.salon):
        assert (Party.objects.count(), Appointment.objects.count()) == (1, 2)
    link, companions = (visit["manage_url"].rpartition("/")[2] for visit in (one, other))
    path = f"/booking/parties/{found['id']}"
    assert desk.get(path).status_code == 404
    assert desk.get(path, **{"Manage-Token": companions}).status_code == 404
    assert desk.get(path, **{"Manage-Token": link}).json() == found
    later = starts(desk, clock)[-1]["starts_at"]
    moved = desk.post(f"{path}/reschedule", {"starts_at": later}, **{"Manage-Token": link})
    assert [visit["starts_at"] for visit in moved.json()["appointments"]] == [later, later]
    off = desk.post(f"{path}/cancel", **{"Manage-Token": link})
    assert [visit["state"] for visit in off.json()["appointments"]] == ["cancelled"] * 2
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []


def test_a_party_that_is_somebody_elses_by_now_is_not_shown_again_to_who_booked_it(
    two: Desk, desk: Desk, clock: Clock
) -> None:
    body = party(desk, clock.text(10))
    found = book(desk, body, key="once").json()
    path = f"/booking/appointments/{found['appointments'][0]['id']}/client"
    pia = {"name": "Pia", "email": "pia@example.com"}
    assert two.put(path, {"client": pia}).status_code == 200

    again = book(desk, body, key="once")

    assert (again.status_code, again.json()["code"]) == (404, "party_not_found")
    link = {"Manage-Token": found["appointments"][0]["manage_url"].rpartition("/")[2]}
    assert desk.get(f"/booking/parties/{found['id']}", **link).status_code == 404
    assert "Pia" not in again.content.decode()


def test_each_of_a_guests_party_counts_as_a_booking(
    two: Desk, desk: Desk, clock: Clock, settings: LazySettings
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "guest_booking": "5/hour"}
    hours = iter(range(9, 17))

    def booked(caller: Desk) -> int:
        return int(book(caller, party(caller, clock.text(next(hours)))).status_code)

    assert [booked(desk) for _time in range(3)] == [201, 201, 429]
    assert booked(two) == 201


def test_the_desk_sees_who_belongs_together(two: Desk, clock: Clock) -> None:
    made = book(two, party(two, clock.text(10))).json()
    alone = two.book(clock.text(14), MENS).json()

    day = {"from": clock.day.isoformat(), "to": clock.day.isoformat()}
    (found,) = two.get("/booking/diary", day).json()["days"]
    by_id = {visit["id"]: visit["party_id"] for visit in found["visits"]}
    ids = [visit["id"] for visit in made["appointments"]]
    assert by_id == {ids[0]: made["id"], ids[1]: made["id"], alone["id"]: None}
    clock.move(8, 5)
    before = {**day, "as_of": clock.at(8, 1).isoformat()}
    (known,) = two.get("/booking/diary", before).json()["days"]
    assert {visit["id"]: visit["party_id"] for visit in known["visits"]} == by_id
    one = two.get(f"/booking/appointments/{ids[0]}").json()
    assert (one["party_id"], alone["party_id"]) == (made["id"], None)


def test_a_time_that_is_gone_answers_with_the_nearest_for_all(two: Desk, clock: Clock) -> None:
    two.book(clock.text(10), MENS)

    answer = book(two, party(two, clock.text(10)))

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    nearest = answer.json()["alternatives"]
    assert len(nearest) == 6
    assert {len(start["members"]) for start in nearest} == {2}
    assert book(two, party(two, nearest[0]["starts_at"])).status_code == 201


def test_staff_move_and_cancel_with_the_version_they_saw(two: Desk, clock: Clock) -> None:
    made = book(two, party(two, clock.text(10))).json()
    path = f"/booking/parties/{made['id']}"
    body = {"starts_at": clock.text(12), "version": made["version"]}

    moved = two.post(f"{path}/reschedule", body)

    assert moved.json()["version"] == made["version"] + 1
    assert two.post(f"{path}/reschedule", body).json()["code"] == "stale"
    assert two.post(f"{path}/cancel", {"version": 1}).json()["code"] == "stale"
    said = {"version": 2, "reason": "mistake"}
    assert two.post(f"{path}/cancel", said).status_code == 200
    assert two.post(f"{path}/cancel").json()["code"] == "not_cancellable"


def test_a_party_that_is_moved_finds_its_own_time_free(two: Desk, clock: Clock) -> None:
    made = book(two, party(two, clock.text(10))).json()

    own = datetime.fromisoformat(clock.text(10, 15)).isoformat()
    assert own not in {start["starts_at"] for start in starts(two, clock)}
    moved = starts(two, clock, moving=made["id"])
    assert own in {start["starts_at"] for start in moved}
    assert starts(two, clock, people=0, moving=made["id"]) == moved
    two.post(f"/booking/parties/{made['id']}/cancel")
    body = {"first_day": str(clock.day), "last_day": str(clock.day), "moving": made["id"]}
    gone = two.post("/booking/availability/parties", body)
    assert (gone.status_code, gone.json()["code"]) == (409, "not_movable")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"members": []}, {"members"}),
        ({"starts_at": "2026-01-01T10:00:00"}, {"starts_at"}),
        ({"organiser_id": "x"}, {"organiser_id"}),
    ],
)
def test_bad_input_names_its_field(
    two: Desk, clock: Clock, changes: dict[str, Any], fields: set[str]
) -> None:
    answer = book(two, party(two, clock.text(10)) | changes)

    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == fields


def test_a_long_search_says_from_where_to_ask_again(
    two: Desk, salon: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the second day somebody is busy, so that the answer for the first will not do."""
    hire(salon, "Cleo", MENS)
    two.book(clock.text(10, days=1), MENS)
    line = {"option_id": two.option(MENS)["id"]}
    last = clock.day + timedelta(days=2)
    body = {"members": [{"lines": [line]}] * 2, "last_day": str(last)}
    path = "/booking/availability/parties"
    whole = two.post(path, body | {"first_day": str(clock.day)}).json()
    assert (len(whole["days"]), whole["next_day"]) == (3, None)
    monkeypatch.setattr(together, "MOST_STEPS", 0)

    found, asked = [], [str(clock.day)]
    while asked[-1]:
        answer = two.post(path, body | {"first_day": asked[-1]}).json()
        found += answer["days"]
        asked.append(answer["next_day"])

    assert len(asked) > 2
    assert [times_of(day) for day in found] == [times_of(day) for day in whole["days"]]
    assert all(times_of(day) and day["complete"] for day in found)


def times_of(day: Any) -> list[str]:
    return [start["starts_at"] for start in day["starts"]]


def test_a_day_that_was_not_worked_out_is_not_shown_as_full(
    two: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = {"option_id": two.option(MENS)["id"]}
    body = {"members": [{"lines": [line]}] * 2, "first_day": str(clock.day)}
    path = "/booking/availability/parties"
    monkeypatch.setattr(together, "MOST_OF_A_DAY", -1)

    answer = two.post(path, body | {"last_day": str(clock.day + timedelta(days=1))}).json()

    assert [(day["starts"], day["complete"]) for day in answer["days"]] == [([], False)] * 2


def test_a_search_goes_no_further_than_a_month(two: Desk, clock: Clock) -> None:
    last = (clock.day + timedelta(days=31)).isoformat()
    line = {"option_id": two.option(MENS)["id"]}
    body = {
        "members": [{"lines": [line]}] * 2,
        "first_day": clock.day.isoformat(),
        "last_day": last,
    }

    answer = two.post("/booking/availability/parties", body)

    assert (answer.status_code, set(answer.json()["fields"])) == (422, {"last_day"})


def test_another_salon_knows_nothing_of_it(two: Desk, other_desk: Desk, clock: Clock) -> None:
    made = book(two, party(two, clock.text(10))).json()
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)
    path = f"/booking/parties/{made['id']}"

    assert bruno.get(path).json()["code"] == "party_not_found"
    moved = bruno.post(f"{path}/reschedule", {"starts_at": clock.text(12)})
    assert moved.json()["code"] == "party_not_found"
    assert bruno.post(f"{path}/cancel").json()["code"] == "party_not_found"
    with salon_scope(other_desk.salon):
        assert not Party.objects.exists()
    assert two.get(path).json() == made
