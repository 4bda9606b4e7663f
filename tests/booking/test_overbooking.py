"""Overbooking on purpose: by those who may, with a reason, and never by the next in line."""

from typing import Any

import pytest

from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT, TINT = "Women’s cut and finish", "Root tint"
ON_PURPOSE = {"codes": ["slot_taken"], "reason": "regular_client"}


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


def overlapping(desk: Desk) -> int:
    """Pairs of allocations of one person, unit or client that overlap."""
    with salon_scope(desk.salon):
        rows = list(Allocation.objects.values_list("subject_id", "during"))
    return sum(
        one[0] == other[0] and one[1].lower < other[1].upper and other[1].lower < one[1].upper
        for place, one in enumerate(rows)
        for other in rows[place + 1 :]
    )


def test_reception_may_and_the_next_may_not(reception: Desk, desk: Desk) -> None:
    start = desk.first_start(CUT)
    first = reception.book(start, CUT).json()

    assert reception.book(start, CUT).json()["code"] == "slot_taken"
    second = reception.book(start, CUT, override=ON_PURPOSE)

    assert second.status_code == 201, second.content
    assert overlapping(desk) > 0
    assert reception.book(start, CUT).json()["code"] == "slot_taken"
    cancelled = reception.post(f"/booking/appointments/{first['id']}/cancel")
    assert cancelled.status_code == 200
    assert overlapping(desk) == 0
    assert reception.book(start, CUT).json()["code"] == "slot_taken"
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []


def test_a_third_and_a_longer_one_join_the_cluster(reception: Desk, desk: Desk) -> None:
    start = desk.first_start(CUT, TINT)
    visits = [reception.book(start, CUT).json()["id"]]
    for services in ((CUT, TINT), (CUT,), (TINT,)):
        answer = reception.book(start, *services, override=ON_PURPOSE)
        assert answer.status_code == 201, answer.content
        visits.append(answer.json()["id"])
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []
        told = JournalEntry.objects.filter(event="booking.appointment_overbooked")
        assert str(visits[0]) in {str(pk) for pk in told.values_list("stream_id", flat=True)}
    for visit in visits:
        assert reception.post(f"/booking/appointments/{visit}/cancel").status_code == 200
    with salon_scope(desk.salon):
        assert not Allocation.objects.exists()
        assert list(salon_problems()) == []


def test_the_reason_is_in_the_journal(reception: Desk, desk: Desk) -> None:
    start = desk.first_start(CUT)
    reception.book(start, CUT)
    second = reception.book(start, CUT, override=ON_PURPOSE).json()
    with salon_scope(desk.salon):
        data: dict[str, Any] = JournalEntry.objects.get(
            stream_id=second["id"], event="booking.appointment_booked"
        ).data
    assert (data["reason"], data["overrides"]) == ("regular_client", ["slot_taken"])


def test_a_guest_may_override_nothing(desk: Desk) -> None:
    start = desk.first_start(CUT)
    desk.book(start, CUT)
    refusal = desk.book(start, CUT, override=ON_PURPOSE)
    assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")


def test_an_override_names_codes_that_exist_and_a_reason(reception: Desk) -> None:
    start = reception.first_start(CUT)
    for wrong, field in (
        ({"codes": ["anything"], "reason": "why"}, "override.codes.0"),
        ({"codes": [], "reason": "why"}, "override.codes"),
        ({"codes": ["slot_taken"]}, "override.reason"),
        ({"codes": ["slot_taken"], "reason": "My own words, at length"}, "override.reason"),
    ):
        refusal = reception.book(start, CUT, override=wrong)
        assert refusal.status_code == 422
        assert list(refusal.json()["fields"]) == [field]


def test_outside_the_rota_by_override_only(reception: Desk, desk: Desk) -> None:
    night = desk.first_start(CUT)[:11] + "03:00:00+00:00"
    assert reception.book(night, CUT).json()["code"] == "not_offered"
    outside = {"codes": ["not_offered"], "reason": "wedding"}

    first = reception.book(night, CUT, override=outside)

    assert first.status_code == 201, first.content
    again = reception.book(night, CUT, override=outside)
    assert again.json()["code"] == "slot_taken"
    both = {"codes": ["not_offered", "slot_taken"], "reason": "wedding"}
    assert reception.book(night, CUT, override=both).status_code == 201
