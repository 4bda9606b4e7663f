"""What deserves a look in the diary."""

from datetime import datetime

import pytest

from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from tenant_apps.catalog.models import Unit
from tenant_apps.staff.models import Closure, RotaPattern
from tests.booking.conftest import Clock
from tests.booking.seen import MENS, TINT, ZONE, booked, diary, flags, visits, waits
from tests.booking.test_blocks import TUESDAY, at
from tests.desk import Desk

pytestmark = pytest.mark.django_db


def test_a_client_is_new_until_they_have_been_here(clock: Clock, reception: Desk) -> None:
    first = reception.book(at(10), MENS).json()
    again = reception.book(at(12), MENS, client={"id": first["client"]["id"]}).json()
    later = reception.book(at(14), MENS, client={"id": first["client"]["id"]}).json()

    assert flags(diary(reception)) == {
        first["id"]: ["new_client"],
        again["id"]: [],
        later["id"]: [],
    }
    clock.move(10, 10)
    step(reception, first["id"], "no-show")
    assert flags(diary(reception))[again["id"]] == ["new_client"]


def step(desk: Desk, visit_id: str, what: str) -> None:
    answer = desk.post(f"/booking/appointments/{visit_id}/{what}")
    assert answer.status_code == 200, answer.content


def test_who_is_not_here_in_time_is_late_and_holds_up_the_next(
    clock: Clock, reception: Desk
) -> None:
    first, second = booked(reception, at(10)), booked(reception, at(10, 35))

    for hour in (9, 10):
        clock.move(hour)
        assert "late" not in flags(diary(reception))[first]
        assert waits(diary(reception)) == {}
    clock.move(10, 10)
    found = diary(reception)

    assert "late" in flags(found)[first]
    assert "conflict" in flags(found)[second]
    assert "conflict" not in flags(found)[first]
    assert {wait["until"] for wait in waits(found)[second]} == {at(10, 45)}
    assert {wait["appointment_id"] for wait in waits(found)[second]} == {first}
    step(reception, first, "arrive")
    found = flags(diary(reception))
    assert ("late" in found[first], "conflict" in found[second]) == (False, True)


def test_yesterdays_visit_that_nobody_closed_is_late_no_more(clock: Clock, reception: Desk) -> None:
    visit_id = booked(reception, at(10))

    clock.move(7, days=1)

    assert flags(diary(reception))[visit_id] == ["new_client"]


def test_a_visit_that_takes_longer_is_an_overrun(clock: Clock, reception: Desk) -> None:
    first, second = booked(reception, at(10)), booked(reception, at(10, 35))
    clock.move(10)
    step(reception, first, "start")

    clock.move(10, 35)
    assert "overrun" not in flags(diary(reception))[first]
    clock.move(10, 50)
    found = diary(reception)
    assert "overrun" in flags(found)[first]
    assert "late" not in flags(found)[first]
    assert {wait["until"] for wait in waits(found)[second]} == {at(10, 50)}

    step(reception, first, "complete")
    found = diary(reception)
    assert "overrun" not in flags(found)[first]
    assert ("conflict" in flags(found)[second], "late" in flags(found)[second]) == (False, True)


def test_one_persons_diary_shows_that_a_colleague_still_needs_the_chair(
    clock: Clock, reception: Desk, anna: str, beth: str
) -> None:
    with salon_scope(reception.salon):
        chair, *others = Unit.objects.order_by("position")
        Unit.objects.filter(pk__in=[unit.pk for unit in others]).update(is_active=False)
    first = booked(reception, at(10), staff=anna)
    second = booked(reception, at(10, 35), staff=beth)

    clock.move(10, 20)
    found = diary(reception, staff_id=beth)

    assert [visit["id"] for visit in visits(found)] == [second]
    assert waits(found)[second] == [
        {"subject_id": str(chair.pk), "appointment_id": first, "until": at(10, 55)}
    ]


def test_a_visit_on_a_day_closed_meanwhile_is_outside_the_rota(
    clock: Clock, reception: Desk
) -> None:
    visit_id = booked(reception, at(10))
    assert flags(diary(reception))[visit_id] == ["new_client"]
    with salon_scope(reception.salon):
        Closure.objects.create(date=TUESDAY, reason="holiday")

    found = diary(reception)

    assert flags(found)[visit_id] == ["outside_rota", "new_client"]
    (day,) = found["days"]
    assert (day["closed"], day["opened"], day["columns"][0]["working"]) == ("holiday", [], [])
    clock.move(10, 10)
    step(reception, visit_id, "no-show")
    assert "outside_rota" not in flags(diary(reception))[visit_id]


def test_a_visit_in_a_fixed_break_is_outside_the_rota_and_one_beside_it_is_not(
    reception: Desk,
) -> None:
    before, inside = booked(reception, at(11, 55)), booked(reception, at(12, 45))
    with salon_scope(reception.salon):
        RotaPattern.objects.update(breaks=[[1, 750, 780]])
        renew()

    found = flags(diary(reception))

    assert ("outside_rota" in found[before], "outside_rota" in found[inside]) == (False, True)


def test_both_of_an_overbooked_pair_say_so_until_one_is_gone(reception: Desk) -> None:
    first = booked(reception, at(10))
    lines = [{"option_id": reception.option(MENS)["id"]}]
    over = {"codes": ["slot_taken"], "reason": "regular"}
    second = reception.book(at(10, 15), lines=lines, override=over).json()["id"]

    found = flags(diary(reception))

    assert ["overbooked" in found[pk] for pk in (first, second)] == [True, True]
    then = flags(diary(reception, as_of=datetime.now(ZONE).isoformat()))
    assert then == found
    reception.post(f"/booking/appointments/{first}/cancel")
    assert "overbooked" not in flags(diary(reception))[second]
    assert "overbooked" not in flags(diary(reception, as_of=datetime.now(ZONE).isoformat()))[second]


def test_a_visit_that_was_moved_says_so(reception: Desk) -> None:
    visit_id = booked(reception, at(10))

    answer = reception.post(f"/booking/appointments/{visit_id}/reschedule", {"starts_at": at(14)})

    assert answer.status_code == 200, answer.content
    assert flags(diary(reception))[visit_id] == ["new_client", "moved"]


def test_somebody_who_walked_in_without_a_name_has_none(clock: Clock, reception: Desk) -> None:
    clock.move(11)
    lines = [{"option_id": reception.option(MENS)["id"]}]
    visit_id = reception.post("/booking/walk-ins", {"lines": lines}).json()["id"]

    (visit,) = visits(diary(reception))

    assert (visit["id"], visit["client"], visit["flags"]) == (visit_id, None, [])


def test_a_line_that_was_given_up_stays_in_sight_and_counts_for_nothing(reception: Desk) -> None:
    lines = [{"option_id": reception.option(name)["id"]} for name in (MENS, TINT)]
    made = reception.book(at(10), lines=lines).json()
    tint = made["lines"][1]["id"]
    reception.post(f"/booking/appointments/{made['id']}/lines/{tint}/cancel")

    (visit,) = visits(diary(reception))

    assert [line["state"] for line in visit["lines"]] == ["confirmed", "cancelled"]
    assert (visit["starts_at"], visit["ends_at"]) == (at(10), at(10, 30))
    assert diary(reception)["days"][0]["counts"]["booked_minutes"] == 35
