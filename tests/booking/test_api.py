"""Booking through the salon's API, as a guest and as staff."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.journal.models import JournalEntry
from shared_apps.outbox.models import OutboxMessage
from tenant_apps.booking.models import Allocation, Appointment
from tenant_apps.clients.models import Client
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def test_a_guest_books_a_time_that_is_on_offer(desk: Desk) -> None:
    start = desk.first_start(CUT)

    response = desk.book(start, CUT)

    assert response.status_code == 201
    visit = response.json()
    (line,) = visit["lines"]
    ends_at = datetime.fromisoformat(start) + timedelta(minutes=50)
    assert visit["starts_at"] == line["starts_at"] == start
    assert datetime.fromisoformat(visit["ends_at"]) == ends_at
    assert (visit["state"], visit["version"], visit["timezone"]) == (
        "confirmed",
        1,
        "Europe/London",
    )
    assert (line["service_name"], line["staff_name"]) == (CUT, "Anna Owner")
    assert visit["total"] == line["price"] == {"amount": 4800, "currency": "GBP"}
    assert visit["manage_url"].startswith("http://anna.localhost:8000/manage/")


def test_a_booked_time_is_off_the_offer_and_refused_with_alternatives(desk: Desk) -> None:
    start = desk.first_start(CUT)
    desk.book(start, CUT)

    refusal = desk.book(start, CUT)

    assert start not in [offer["starts_at"] for offer in desk.starts(CUT)]
    assert refusal.status_code == 409
    assert refusal["Content-Type"] == "application/problem+json"
    problem = refusal.json()
    assert problem["code"] == "slot_taken"
    assert problem["alternatives"] == desk.starts(CUT)[:6]
    assert desk.book(problem["alternatives"][0]["starts_at"], CUT).status_code == 201


def test_during_processing_the_stylist_is_free_for_somebody_else(desk: Desk, salon: Any) -> None:
    start = desk.first_start(TINT)
    desk.book(start, TINT)

    gap_begins = datetime.fromisoformat(start) + timedelta(minutes=35)
    filler = [s["starts_at"] for s in desk.starts("Men’s cut")]

    assert gap_begins.astimezone(ZoneInfo("Europe/London")).isoformat() not in filler
    # A men's cut with its cleanup takes 35 minutes, exactly the 35 that the tint develops; the
    # grid of 15 minutes offers no such start, but reception may take any minute.
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    response = reception.book(gap_begins.isoformat(), "Men’s cut")
    assert response.status_code == 201
    with salon_scope(salon):
        assert Allocation.objects.filter(staff__isnull=False).count() == 5


def test_two_lines_follow_each_other_and_add_up(desk: Desk) -> None:
    start = desk.first_start(CUT, TINT)

    visit = desk.book(start, CUT, TINT).json()

    cut, tint = visit["lines"]
    after_the_cut = datetime.fromisoformat(start) + timedelta(minutes=50)
    assert datetime.fromisoformat(tint["starts_at"]) == after_the_cut
    assert visit["total"]["amount"] == cut["price"]["amount"] + tint["price"]["amount"] == 10300


def test_booking_writes_one_journal_entry_and_one_message(desk: Desk, salon: Any) -> None:
    visit = desk.book(desk.first_start(CUT), CUT).json()

    with salon_scope(salon):
        entry = JournalEntry.objects.get(stream="appointment")
        assert (str(entry.stream_id), entry.version) == (visit["id"], 1)
        assert (entry.actor_kind, entry.channel) == ("guest", "web")
        assert GUEST["name"] not in str(entry.data)
        assert GUEST["email"] not in str(entry.data)
    with public_scope():
        message = OutboxMessage.objects.get(event="booking.appointment_booked")
        assert (message.salon_id, message.entry_id) == (salon.id, entry.pk)


def test_guests_need_an_idempotency_key(desk: Desk) -> None:
    body = {"starts_at": desk.first_start(CUT), "lines": [{"option_id": desk.option(CUT)["id"]}]}

    response = desk.post("/booking/appointments", {**body, "client": GUEST})

    assert response.status_code == 422
    assert list(response.json()["fields"]) == ["Idempotency-Key"]


def test_the_same_request_twice_is_one_visit(desk: Desk, salon: Any) -> None:
    start, key = desk.first_start(CUT), str(uuid4())

    first, second = (desk.book(start, CUT, key=key) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    with salon_scope(salon):
        assert Appointment.objects.count() == Client.objects.count() == 1


def test_the_same_key_for_another_request_is_refused(desk: Desk) -> None:
    first, second = desk.starts(CUT)[:2]
    key = str(uuid4())
    desk.book(first["starts_at"], CUT, key=key)

    response = desk.book(second["starts_at"], CUT, key=key)

    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"


def test_each_guest_gets_a_card_of_their_own_and_claims_nobodys_time(
    desk: Desk, salon: Any
) -> None:
    for start in [s["starts_at"] for s in desk.starts(CUT)][:8:7]:
        assert desk.book(start, CUT).status_code == 201

    with salon_scope(salon):
        cards = list(Client.objects.values_list("email", "is_confirmed"))
        assert cards == [(GUEST["email"], False)] * 2
        assert not Allocation.objects.filter(client__isnull=False).exists()


def test_whom_reception_books_for_is_claimed_too(reception: Desk, salon: Any) -> None:
    start = reception.first_start(CUT)
    visit = reception.book(start, CUT).json()

    with salon_scope(salon):
        taken = Allocation.objects.get(client__isnull=False)
        assert str(taken.client_id) == visit["client"]["id"]
        assert Client.objects.get().is_confirmed


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"starts_at": "2020-01-06T10:00:00+00:00"}, 422, "in_the_past"),
        ({"starts_at": "2099-01-05T10:00:00+00:00"}, 422, "too_far"),
        ({"starts_at": "2026-12-01T10:00:00"}, 422, "invalid"),
        ({"starts_at": "soon"}, 422, "invalid"),
        ({"lines": []}, 422, "invalid"),
        ({"lines": [{"option_id": str(uuid4())}]}, 422, "invalid"),
        ({"client": {"name": "", "email": "a@example.com"}}, 422, "invalid"),
        ({"client": {"name": " \u200b ", "email": "a@example.com"}}, 422, "contact_invalid"),
        ({"client": {"name": "A"}}, 422, "contact_invalid"),
        ({"client": {"name": "A", "email": "a@"}}, 422, "contact_invalid"),
        ({"client": {"name": "A", "phone": "12"}}, 422, "contact_invalid"),
        ({"client": {"id": str(uuid4())}}, 403, "forbidden"),
        ({"expected_total": {"amount": 1, "currency": "GBP"}}, 409, "price_changed"),
        ({"surprise": 1}, 422, "invalid"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    desk: Desk, salon: Any, change: dict[str, Any], status: int, code: str
) -> None:
    change = dict(change)
    starts_at = change.pop("starts_at", None) or desk.first_start(CUT)

    response = desk.book(starts_at, CUT, **change)

    assert (response.status_code, response.json()["code"]) == (status, code)
    with salon_scope(salon):
        assert not Appointment.objects.exists()
        assert not Client.objects.exists()


def test_the_price_that_was_shown_is_the_price_that_is_booked(desk: Desk) -> None:
    start = desk.first_start(CUT)

    refused = desk.book(start, CUT, expected_total={"amount": 4700, "currency": "GBP"})
    booked = desk.book(start, CUT, expected_total={"amount": 4800, "currency": "GBP"})

    assert refused.json()["total"] == {"amount": 4800, "currency": "GBP"}
    assert booked.status_code == 201


def test_a_time_outside_the_hours_or_off_the_grid_is_not_offered(desk: Desk) -> None:
    start = datetime.fromisoformat(desk.first_start(CUT))

    early = desk.book(start.replace(hour=5).isoformat(), CUT)
    odd = desk.book((start + timedelta(minutes=7)).isoformat(), CUT)

    assert [early.json()["code"], odd.json()["code"]] == ["not_offered", "not_offered"]


def test_only_somebody_who_does_the_service_can_be_asked_for(desk: Desk) -> None:
    lines = [{"option_id": desk.option(CUT)["id"], "staff_id": str(uuid4())}]

    response = desk.book(desk.first_start(CUT), CUT, lines=lines)

    assert response.status_code == 422
    assert response.json()["code"] == "nobody_does_this"
    assert list(response.json()["fields"]) == ["lines.0.staff_id"]


# Reading and cancelling


def manage_token(visit: dict[str, Any]) -> str:
    return str(visit["manage_url"].rsplit("/", 1)[1])


def test_a_guest_sees_and_cancels_a_visit_by_its_link_only(desk: Desk, salon: Any) -> None:
    start = desk.first_start(CUT)
    visit = desk.book(start, CUT).json()
    path, token = f"/booking/appointments/{visit['id']}", manage_token(visit)

    assert desk.get(path).status_code == 404
    assert desk.post(f"{path}/cancel").status_code == 404
    assert desk.get(path, **{"Manage-Token": token}).json() == visit
    cancelled = desk.post(f"{path}/cancel", **{"Manage-Token": token})

    assert cancelled.status_code == 200
    assert (cancelled.json()["state"], cancelled.json()["version"]) == ("cancelled", 2)
    with salon_scope(salon):
        assert not Allocation.objects.exists()
        assert list(
            JournalEntry.objects.filter(stream="appointment")
            .order_by("version")
            .values_list("event", "version")
        ) == [("booking.appointment_booked", 1), ("booking.appointment_cancelled", 2)]
    assert desk.book(start, CUT).status_code == 201


def test_the_link_of_one_visit_opens_no_other(desk: Desk) -> None:
    first, second = (desk.book(s["starts_at"], CUT).json() for s in desk.starts(CUT)[:8:7])

    response = desk.get(
        f"/booking/appointments/{second['id']}", **{"Manage-Token": manage_token(first)}
    )

    assert response.status_code == 404


def test_the_link_of_one_salon_opens_nothing_at_another(desk: Desk, other_desk: Desk) -> None:
    visit = desk.book(desk.first_start(CUT), CUT).json()
    path, headers = f"/booking/appointments/{visit['id']}", {"Manage-Token": manage_token(visit)}

    foreign = other_desk.get(path, **headers)
    unknown = other_desk.get(f"/booking/appointments/{uuid4()}", **headers)

    assert foreign.status_code == unknown.status_code == 404
    hide = {"request_id": ""}
    assert foreign.json() | hide == unknown.json() | hide


def test_cancelling_twice_is_refused(reception: Desk) -> None:
    visit = reception.book(reception.first_start(CUT), CUT).json()
    path = f"/booking/appointments/{visit['id']}/cancel"
    reception.post(path)

    again = reception.post(path)

    assert (again.status_code, again.json()["code"]) == (409, "not_cancellable")


def test_cancelling_an_older_version_is_refused(reception: Desk) -> None:
    visit = reception.book(reception.first_start(CUT), CUT).json()

    response = reception.post(f"/booking/appointments/{visit['id']}/cancel", {"version": 7})

    assert (response.status_code, response.json()["code"]) == (409, "stale")


def test_reception_sees_every_visit(desk: Desk, reception: Desk) -> None:
    visit = desk.book(desk.first_start(CUT), CUT).json()

    assert reception.get(f"/booking/appointments/{visit['id']}").json() == visit


# Availability


def test_availability_is_local_days_with_offsets(desk: Desk) -> None:
    monday = datetime.fromisoformat(desk.first_start(CUT)).date()
    response = desk.get(
        "/booking/availability",
        {"from": monday, "to": monday + timedelta(days=2), "line": desk.option(CUT)["id"]},
    )

    body = response.json()
    assert body["timezone"] == "Europe/London"
    assert [day["date"] for day in body["days"]] == [
        (monday + timedelta(days=n)).isoformat() for n in range(3)
    ]
    assert all(
        datetime.fromisoformat(start["starts_at"]).date().isoformat() == day["date"]
        for day in body["days"]
        for start in day["starts"]
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-12-02", "to": "2026-12-01"}, "to"),
        ({"from": "2026-12-01", "to": "2027-01-01"}, "to"),
        ({"from": "yesterday"}, "from"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "from"),
        ({"from": "0001-01-01", "to": "0001-01-01"}, "from"),
        ({"line": "nonsense"}, "line.0"),
        ({"line": str(uuid4())}, "lines.0.option_id"),
    ],
)
def test_a_bad_question_about_availability_names_its_field(
    desk: Desk, query: dict[str, str], field: str
) -> None:
    good = {"from": "2026-12-01", "to": "2026-12-01", "line": desk.option(CUT)["id"]}

    response = desk.get("/booking/availability", good | query)

    assert response.status_code == 422
    assert list(response.json()["fields"]) == [field]


def test_everything_offered_is_bookable(desk: Desk, salon: Any) -> None:
    offers = desk.starts(CUT, TINT, days=7)

    assert len(offers) > 50
    for offer in offers[:: len(offers) // 6]:
        visit = desk.book(offer["starts_at"], CUT, TINT).json()
        cancelled = desk.post(
            f"/booking/appointments/{visit['id']}/cancel", **{"Manage-Token": manage_token(visit)}
        )
        assert cancelled.status_code == 200
