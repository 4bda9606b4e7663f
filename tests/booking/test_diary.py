"""The diary: who comes when, who works when, at which cost, and for whom."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.enums import Role
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.api.diary_schemas import DiaryOut
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Appointment, Phase
from tenant_apps.staff.models import Member, RotaPattern
from tests.booking.seen import DAY, TINT, ZONE, becomes, booked, diary, flags, seen, visits
from tests.booking.test_blocks import TUESDAY, at, block, colleague
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db


# What is shown


def test_a_visit_is_shown_with_its_lines_phases_people_and_units(
    reception: Desk, anna: str
) -> None:
    visit = reception.book(at(10), TINT).json()

    found = diary(reception)

    (shown,) = visits(found)
    (line,) = shown["lines"]
    assert {name: shown[name] for name in ("id", "state", "version", "starts_at", "ends_at")} == {
        name: visit[name] for name in ("id", "state", "version", "starts_at", "ends_at")
    }
    assert shown["client"] == visit["client"]
    (booked_line,) = visit["lines"]
    assert line == line | {
        name: booked_line[name]
        for name in ("id", "option_id", "service_name", "option_name", "staff_id", "price")
    }
    assert [
        (
            phase["kind"],
            phase["starts_at"],
            phase["ends_at"],
            phase["staff_id"],
            phase["with_client"],
        )
        for phase in line["phases"]
    ] == [
        ("work", at(10), at(10, 35), anna, True),
        ("processing", at(10, 35), at(11, 10), None, True),
        ("work", at(11, 10), at(11, 30), anna, True),
        ("cleanup", at(11, 30), at(11, 35), anna, False),
    ]
    units = {unit["id"]: unit["name"] for unit in found["units"]}
    assert {units[pk] for phase in line["phases"] for pk in phase["unit_ids"]} == {"Chair 1"}
    assert [member["name"] for member in found["staff"]] == ["Anna Owner"]


def test_the_answer_is_what_the_documents_say(reception: Desk, anna: str) -> None:
    booked(reception, at(10), TINT)
    block(reception, at(13), at(14), staff_id=anna)
    with salon_scope(reception.salon):
        RotaPattern.objects.update(breaks=[[1, 750, 780], [1, 30, 840, 960]])
        renew()

    found = diary(reception, days=2)

    assert DiaryOut.model_validate(found).model_dump(mode="json", by_alias=True) == found


def test_a_day_has_its_people_hours_breaks_and_counts(reception: Desk, anna: str) -> None:
    with salon_scope(reception.salon):
        RotaPattern.objects.update(breaks=[[1, 750, 780], [1, 30, 840, 960]])
        renew()
    first, second = booked(reception, at(9)), booked(reception, at(10))
    booked(reception, at(11))
    becomes(reception, first, State.ARRIVED)
    becomes(reception, second, State.NO_SHOW)

    (day,) = diary(reception)["days"]

    counts = {
        "visits": 2,
        "arrived": 1,
        "no_shows": 1,
        "booked_minutes": 70,  # thirty each, and five to clean up
        "rostered_minutes": 9 * 60 - 30 - 30,
    }
    assert day["opened"] == [{"starts_at": at(9), "ends_at": at(18)}]
    assert (day["closed"], day["counts"]) == ("", counts)
    assert day["columns"] == [
        {
            "staff_id": anna,
            "working": [
                {"starts_at": at(9), "ends_at": at(12, 30)},
                {"starts_at": at(13), "ends_at": at(18)},
            ],
            "breaks": [{"starts_at": at(12, 30), "ends_at": at(13)}],
            "floating": [{"starts_at": at(14), "ends_at": at(16), "minutes": 30}],
            "off": [],
            "counts": counts,
        }
    ]


def test_blocks_stand_on_their_days_with_what_they_take(reception: Desk, anna: str) -> None:
    booked(reception, at(10))
    training = block(reception, at(9), at(12), staff_id=anna, rest=True).json()
    late = TUESDAY + DAY
    night = block(reception, at(23), at(1, day=late), staff_id=anna).json()

    days = diary(reception, days=3)["days"]

    assert [day["blocks"] for day in days] == [[training, night], [night], []]
    path = f"/api/v1/booking/blocks/{training['id']}"
    reception.client.delete(path, headers=reception.headers())
    assert [day["blocks"] for day in diary(reception)["days"]] == [[night]]


def test_a_visit_over_midnight_stands_on_both_days_and_counts_on_the_first(
    reception: Desk,
) -> None:
    visit_id = booked(reception, at(10))
    with salon_scope(reception.salon):
        later = timedelta(hours=13, minutes=45)
        Phase.objects.update(starts_at=F("starts_at") + later)

    first, second, third = diary(reception, days=3)["days"]

    assert [v["id"] for day in (first, second) for v in day["visits"]] == [visit_id] * 2
    assert [day["counts"]["visits"] for day in (first, second)] == [1, 0]
    assert third["visits"] == []
    assert [v["id"] for v in visits(diary(reception, TUESDAY + DAY))] == [visit_id]


def test_cancelled_visits_and_holds_that_ran_out_are_left_out(reception: Desk) -> None:
    kept, held, gone = (booked(reception, at(hour)) for hour in (9, 11, 13))
    reception.post(f"/booking/appointments/{gone}/cancel")
    hold = {"state": State.HELD, "hold_key": "k" * 64, "expires_at": at(8)}
    with salon_scope(reception.salon):
        Appointment.objects.filter(pk=held).update(**hold)

    before, after = seen(reception, at(7, 59)), seen(reception, at(8))

    assert [visit["id"] for visit in visits(before)] == [kept, held]
    assert [visit["id"] for visit in visits(after)] == [kept]
    assert [visit["expires_at"] for visit in visits(before)] == [None, at(8)]
    assert "held" in flags(before)[held]
    assert before["days"][0]["counts"]["visits"] == 1


def test_one_persons_diary_has_their_column_visits_and_blocks(
    reception: Desk, anna: str, beth: str
) -> None:
    annas, beths = booked(reception, at(10), staff=anna), booked(reception, at(10), staff=beth)
    block(reception, at(13), at(14), staff_id=anna)
    own = block(reception, at(15), at(16), staff_id=beth).json()

    everybody = diary(reception)
    one = diary(reception, staff_id=beth)

    assert {visit["id"] for visit in visits(everybody)} == {annas, beths}
    assert [visit["id"] for visit in visits(one)] == [beths]
    (day,) = one["days"]
    assert [column["staff_id"] for column in day["columns"]] == [beth]
    assert day["blocks"] == [own]
    assert [member["id"] for member in one["staff"]] == [beth]
    assert [member["id"] for member in everybody["staff"]] == [anna, beth]
    nobody = diary(reception, staff_id=str(uuid4()))
    assert (nobody["staff"], visits(nobody)) == ([], [])


def test_who_has_left_keeps_a_column_on_days_with_visits(
    reception: Desk, anna: str, beth: str
) -> None:
    booked(reception, at(10), staff=beth)
    with salon_scope(reception.salon):
        Member.objects.filter(pk=beth).update(is_active=False)

    with_visit, without = diary(reception), diary(reception, TUESDAY + DAY)

    assert [(one["id"], one["is_active"]) for one in with_visit["staff"]] == [
        (anna, True),
        (beth, False),
    ]
    assert [one["id"] for one in without["staff"]] == [anna]


# Cost


NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ")


def cost(desk: Desk, **asked: Any) -> tuple[int, int]:
    """How many visits are shown, and by how many statements."""
    with CaptureQueriesContext(connection) as queries:
        days = diary(desk, **asked)["days"]
    found = [query["sql"] for query in queries if not query["sql"].startswith(NOT_COUNTED)]
    assert len(found) <= (6 if "as_of" in asked else 5), "\n".join(found)
    return sum(len(day["visits"]) for day in days), len(found)


def test_the_diary_costs_the_same_whatever_its_size(reception: Desk, anna: str, beth: str) -> None:
    booked(reception, at(9), staff=anna)
    one, statements = cost(reception)
    assert one == 1
    for hour in range(10, 17):
        for staff in (anna, beth):
            for day in (TUESDAY, TUESDAY + DAY):
                booked(reception, at(hour, day=day), staff=staff)
    block(reception, at(17), at(18), staff_id=anna)

    assert cost(reception, days=7) == (29, statements)
    assert cost(reception) == (15, statements)
    assert cost(reception, days=31, staff_id=anna) == (15, statements)
    as_of = datetime.now(ZONE).isoformat()
    assert cost(reception, days=7, as_of=as_of)[0] == 29


# Who, and what is refused


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MANAGER, 200),
        (Role.RECEPTIONIST, 200),
        (Role.STYLIST, 200),
        (Role.TRAINEE, 200),
        (Role.CHAIR_RENTER, 403),
        (Role.ACCOUNTANT, 403),
    ],
)
def test_the_team_sees_the_diary(desk: Desk, role: Role, status: int) -> None:
    who, _own = colleague(desk, role)
    span = {"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()}

    assert who.get("/booking/diary", span).status_code == status


def test_guests_and_other_salons_see_none_of_it(
    desk: Desk, reception: Desk, other_desk: Desk
) -> None:
    booked(reception, at(10))
    span = {"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()}
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)

    assert desk.get("/booking/diary", span).status_code == 401
    assert visits(bruno.get("/booking/diary", span).json()) == []
    elsewhere = Desk(other_desk.salon, token=reception.token)
    assert elsewhere.get("/booking/diary", span).status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"to": (TUESDAY - DAY).isoformat()}, "to"),
        ({"to": (TUESDAY + 31 * DAY).isoformat()}, "to"),
        ({"from": "1999-12-31"}, "from"),
        ({"from": "soon"}, "from"),
        ({"staff_id": "anna"}, "staff_id"),
        ({"as_of": "2026-01-01T10:00:00"}, "as_of"),
        ({"as_of": "2199-01-01T10:00:00+00:00"}, "as_of"),
        ({"as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_its_field(
    reception: Desk, query: dict[str, str], field: str
) -> None:
    span = {"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()} | query

    refusal = reception.get("/booking/diary", span)

    assert refusal.status_code == 422
    assert list(refusal.json()["fields"]) == [field]
