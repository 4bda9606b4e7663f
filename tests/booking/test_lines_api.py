"""Changing a visit through the API: what goes in, what comes out, and whose it may be."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared_apps.accounts.enums import Role
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.models import Appointment, Line
from tenant_apps.catalog.models import Option, Unit
from tests.booking.conftest import Clock
from tests.booking.seen import diary, flags, visits
from tests.booking.visits import CUT, MENS, TINT, do, staff_of, told
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(reception: Desk, clock: Clock) -> dict[str, Any]:
    found: dict[str, Any] = reception.book(clock.text(10), CUT).json()
    return found


def path(visit: dict[str, Any], *more: str) -> str:
    return "/".join(["/booking/appointments", visit["id"], *more])


def line(desk: Desk, service: str, **more: Any) -> dict[str, Any]:
    return {"option_id": desk.option(service)["id"], **more}


def test_a_line_is_added_once_however_often_it_is_sent(
    reception: Desk, visit: dict[str, Any]
) -> None:
    body, key = {"line": line(reception, MENS), "version": 1}, str(uuid4())
    answers = [
        reception.post(path(visit, "lines"), body, **{"Idempotency-Key": key}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    found = answers[0].json()
    assert (found["version"], len(found["lines"])) == (2, 2)
    assert found["lines"][1]["starts_at"] == found["lines"][0]["ends_at"]
    assert found["lines"][1]["requested_staff_id"] is None
    stale = reception.post(path(visit, "lines"), body)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert told(reception.salon) == ["appointment_booked", "appointment_changed"]


def test_a_line_is_changed_and_shows_what_is_its_own(
    reception: Desk, visit: dict[str, Any], anna: str
) -> None:
    with salon_scope(reception.salon):
        usual = Option.objects.get(pk=visit["lines"][0]["option_id"])
        chair = str(Unit.objects.filter(kind=usual.kinds[0]).order_by("-position")[0].pk)
        own = [phase["minutes"] + 5 for phase in usual.phases]
    body = {"own_minutes": own, "unit_ids": [chair], "staff_id": anna, "version": 1}
    answer = reception.patch(path(visit, "lines", visit["lines"][0]["id"]), body)
    assert answer.status_code == 200, answer.content
    (found,) = answer.json()["lines"]
    assert (found["own_minutes"], found["requested_staff_id"]) == (own, anna)
    assert chair in found["unit_ids"]
    (shown,) = visits(diary(reception))[0]["lines"]
    assert (shown["own_minutes"], shown["requested_staff_id"]) == (own, anna)
    nothing = reception.patch(path(visit, "lines", found["id"]), {})
    assert (nothing.status_code, nothing.json()["version"]) == (200, 2)
    back = reception.patch(
        path(visit, "lines", found["id"]), {"own_minutes": None, "staff_id": None}
    ).json()["lines"][0]
    assert (back["own_minutes"], back["requested_staff_id"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"own_minutes": [1]}, "own_minutes"),
        ({"own_minutes": [601, 5, 5]}, "own_minutes.0"),
        ({"option_id": str(uuid4())}, "option_id"),
        ({"unit_ids": [str(uuid4())]}, "unit_ids"),
        ({"staff_id": str(uuid4())}, "staff_id"),
        ({"price": {"amount": -1, "currency": "GBP"}}, "price.amount"),
        ({"minutes": 5}, "minutes"),
    ],
)
def test_what_is_wrong_is_named(
    reception: Desk, visit: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    refusal = reception.patch(path(visit, "lines", visit["lines"][0]["id"]), change)
    assert refusal.status_code == 422, refusal.content
    assert list(refusal.json()["fields"]) == [field]
    fixed = {"price": {"amount": 100, "currency": "GBP"}}
    refusal = reception.patch(path(visit, "lines", visit["lines"][0]["id"]), fixed)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "price_is_fixed")


def test_a_walk_in_is_named(reception: Desk, clock: Clock) -> None:
    clock.move(11)
    body = {"lines": [line(reception, MENS)]}
    walk_in = reception.post("/booking/walk-ins", body).json()
    assert walk_in["client"] == {"id": None, "name": ""}
    contact = {"name": "Olga", "email": "olga@example.com"}
    named = reception.put(path(walk_in, "client"), {"client": contact, "version": 1}).json()
    assert named["client"]["name"] == "Olga"
    nobody = reception.put(path(walk_in, "client"), {"client": None}).json()
    assert nobody["client"]["id"] is None
    by_id = {"client": {"id": named["client"]["id"]}}
    assert reception.put(path(walk_in, "client"), by_id).json()["client"] == named["client"]
    assert reception.put(path(walk_in, "client"), {}).status_code == 422


def test_a_client_in_another_chair_is_refused_without_other_times(
    reception: Desk, clock: Clock, visit: dict[str, Any], beth: str
) -> None:
    body: dict[str, Any] = {"lines": [line(reception, MENS, staff_id=beth)], "client": None}
    other = reception.book(clock.text(10, 15), MENS, **body).json()
    refusal = reception.put(path(other, "client"), {"client": {"id": visit["client"]["id"]}})
    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    assert refusal.json()["alternatives"] == []
    override = {"codes": ["slot_taken"], "reason": "regular_client"}
    body = {"client": {"id": visit["client"]["id"]}, "override": override}
    assert reception.put(path(other, "client"), body).status_code == 200
    stylist = staff_of(reception, reception.salon, Role.TRAINEE)
    assert stylist.put(path(other, "client"), {"client": None}).status_code == 403


def test_reception_chooses_another_chair_at_the_same_time(
    reception: Desk, clock: Clock, visit: dict[str, Any]
) -> None:
    (booked,) = visit["lines"]
    with salon_scope(reception.salon):
        kinds = Option.objects.get(pk=booked["option_id"]).kinds
        units = Unit.objects.filter(kind__in=kinds).exclude(pk__in=booked["unit_ids"])
        free = str(units[0].pk)
    body = {
        "starts_at": visit["starts_at"],
        "units": [{"line_id": booked["id"], "unit_ids": [free]}],
    }
    moved = reception.post(path(visit, "reschedule"), body)
    assert moved.status_code == 200, moved.content
    assert free in moved.json()["lines"][0]["unit_ids"]
    assert flags(diary(reception))[visit["id"]] == ["new_client"]
    token = visit["manage_url"].rpartition("/")[2]
    guest = Desk(reception.salon).post(path(visit, "reschedule"), body, **{"Manage-Token": token})
    assert (guest.status_code, guest.json()["code"]) == (403, "forbidden")


def test_another_salon_knows_none_of_it(
    reception: Desk, other_desk: Desk, visit: dict[str, Any], clock: Clock
) -> None:
    stranger = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)
    theirs = other_desk.get("/catalog/services").json()["items"][0]["name"]
    add = {"line": line(other_desk, theirs)}
    name = {"client": None}
    their = other_desk.book(clock.text(10), theirs).json()
    before = told(reception.salon)
    answers = [
        stranger.post(path(visit, "lines"), add),
        stranger.patch(path(visit, "lines", visit["lines"][0]["id"]), {"own_minutes": None}),
        stranger.put(path(visit, "client"), name),
        stranger.patch(path(their, "lines", visit["lines"][0]["id"]), {"own_minutes": None}),
        stranger.get(f"/booking/clients/{visit['client']['id']}/timings"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    foreign = stranger.post(path(their, "lines"), {"line": line(reception, CUT)})
    assert (foreign.status_code, list(foreign.json()["fields"])) == (422, ["line.option_id"])
    own_client = stranger.put(path(their, "client"), {"client": {"id": visit["client"]["id"]}})
    assert own_client.status_code == 404
    assert told(reception.salon) == before


def test_the_diary_says_when_a_visit_is_left_without_its_finish(
    reception: Desk, clock: Clock, beth: str, anna: str
) -> None:
    with salon_scope(reception.salon):
        for service in (TINT, CUT):
            option = Option.objects.get(pk=reception.option(service)["id"])
            work = [phase for phase in option.phases if phase["kind"] == "work"]
            work[-1]["merge_key"] = "finish"
            option.save()
        renew()
    lines = [line(reception, TINT, staff_id=anna), line(reception, CUT, staff_id=beth)]
    visit = reception.book(clock.text(10), lines=lines).json()
    assert "unfinished" not in flags(diary(reception))[visit["id"]]
    gap = clock.at(10) + timedelta(minutes=75)
    body: dict[str, Any] = {"lines": [line(reception, MENS, staff_id=anna)], "client": None}
    assert reception.book(gap.isoformat(), MENS, **body).status_code == 201
    cancelled = do(reception, visit, f"lines/{visit['lines'][1]['id']}/cancel")
    assert cancelled.status_code == 200
    assert "unfinished" in flags(diary(reception))[visit["id"]]
    with salon_scope(reception.salon):
        assert Line.objects.filter(appointment_id=visit["id"]).count() == 2
        assert Appointment.objects.get(pk=visit["id"]).state == "confirmed"
