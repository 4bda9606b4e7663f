"""A visit's life at the desk: confirmed, here, served, done, or nobody came."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared_apps.accounts.enums import Role
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Allocation, Appointment, BookingRules, Line, Phase
from tenants.types import SalonCard
from tests.booking.conftest import Clock
from tests.booking.visits import (
    CUT,
    MENS,
    TINT,
    do,
    line_of,
    staff_of,
    states,
    taken,
    times,
    told,
    utc,
)
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
STEPS = ("confirm", "arrive", "start", "complete", "no-show", "undo")


@pytest.fixture
def visit(clock: Clock, reception: Desk) -> dict[str, Any]:
    """A cut from ten to ten to eleven, then five minutes of cleanup."""
    booked: dict[str, Any] = reception.book(clock.text(10), CUT).json()
    assert booked["state"] == "confirmed"
    return booked


# From booked to done


def test_a_visit_goes_its_way_and_each_step_is_remembered(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(9, 50)
    assert states(do(reception, visit, "arrive")) == ("arrived", "arrived")
    started = clock.move(10, 5)
    assert states(do(reception, visit, "start")) == ("in_service", "in_service")
    ended = clock.move(10, 58)
    answer = do(reception, visit, "complete")
    assert states(answer) == ("completed", "completed")

    assert answer.json()["version"] == 4
    assert answer.json()["starts_at"] == visit["starts_at"]
    assert times(visit, salon) == [(started, None), (None, ended)]
    assert told(salon) == [
        "appointment_booked",
        "appointment_arrived",
        "appointment_started",
        "appointment_completed",
    ]


def test_a_step_that_was_taken_already_is_taken_once(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    """Also when the repeated request names the version of before."""
    clock.move(10)
    for step in ("confirm", "arrive", "start", "complete"):
        version = reception.get(f"/booking/appointments/{visit['id']}").json()["version"]
        first = do(reception, visit, step, {"version": version})
        again = do(reception, visit, step, {"version": version})
        assert first.status_code == again.status_code == 200
        assert first.json() == again.json()

    assert len(told(salon)) == 4


def test_nobody_has_to_arrive_before_they_are_served(
    clock: Clock, reception: Desk, visit: dict[str, Any]
) -> None:
    assert states(do(reception, visit, "start")) == ("in_service", "in_service")


def test_a_visit_that_nobody_started_can_be_done_once_its_time_has_come(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(9, 59)
    early = do(reception, visit, "complete")
    ended = clock.move(10, 30)
    done = do(reception, visit, "complete")

    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert states(done) == ("completed", "completed")
    assert times(visit, salon) == [(None, None), (None, ended)]


def test_a_step_that_is_not_possible_says_what_is(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(10)
    do(reception, visit, "start")

    refusal = do(reception, visit, "no-show")

    assert refusal.status_code == 409
    assert refusal["Content-Type"] == "application/problem+json"
    problem = refusal.json()
    assert (problem["code"], problem["state"]) == ("wrong_state", "in_service")
    assert problem["possible"] == ["complete", "undo"]
    assert told(salon) == ["appointment_booked", "appointment_started"]


@pytest.mark.parametrize("step", ["confirm", "arrive", "start", "no-show", "undo"])
def test_a_step_from_an_older_sight_of_the_visit_is_refused(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard, step: str
) -> None:
    clock.move(10)
    with salon_scope(salon):
        state = State.REQUESTED if step == "confirm" else State.CONFIRMED
        Appointment.objects.update(state=state)

    refusal = do(reception, visit, step, {"version": 7})

    assert (refusal.status_code, refusal.json()["code"]) == (409, "stale")
    assert refusal.json()["version"] == 1


def test_the_salon_says_yes_to_a_request(clock: Clock, desk: Desk, salon: SalonCard) -> None:
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    with salon_scope(salon):
        BookingRules.objects.update_or_create(only=True, defaults={"approve_online": True})
        renew()
    visit = desk.book(clock.text(10), CUT).json()
    assert visit["state"] == "requested"

    refused = do(reception, visit, "arrive")
    confirmed = do(reception, visit, "confirm")

    assert refused.json()["possible"] == ["confirm", "cancel"]
    assert states(confirmed) == ("confirmed", "confirmed")
    assert told(salon) == ["appointment_requested", "appointment_confirmed"]
    undone = do(reception, visit, "undo")
    assert (undone.status_code, undone.json()["state"]) == (409, "confirmed")


# An early end


def test_finishing_early_frees_the_rest_at_once(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(10)
    do(reception, visit, "start")
    clock.move(10, 20)
    do(reception, visit, "complete")

    whole = f"{utc(clock, 10)}-{utc(clock, 10, 20)}"
    assert sorted(taken(salon)) == [("client", whole), ("staff", whole), ("unit", whole)]
    assert told(salon)[-1] == "appointment_completed"
    assert reception.book(clock.text(10, 20), CUT).status_code == 201


def test_taking_longer_moves_nobody(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    reception.book(clock.text(10, 55), CUT)
    before = taken(salon)
    clock.move(10)
    do(reception, visit, "start")
    clock.move(11, 30)
    do(reception, visit, "complete")

    assert taken(salon) == before
    assert told(salon)[-1] == "appointment_completed"


# One line and another


@pytest.fixture
def two_lines(clock: Clock, reception: Desk) -> dict[str, Any]:
    """A tint from ten, of three phases, then a cut; what is cleaned up is so at the end."""
    booked: dict[str, Any] = reception.book(clock.text(10), TINT, CUT).json()
    return booked


def test_lines_are_started_and_done_one_by_one(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(10)
    assert states(do(reception, two_lines, "start")) == ("in_service", "in_service", "arrived")
    clock.move(11, 20)
    done = do(reception, two_lines, "complete", line_of(two_lines, 0))
    assert states(done) == ("in_service", "completed", "arrived")
    begun = do(reception, two_lines, "start")
    assert states(begun) == ("in_service", "completed", "in_service")
    again = do(reception, two_lines, "complete", line_of(two_lines, 0))
    assert states(again) == ("in_service", "completed", "in_service")
    done = do(reception, two_lines, "complete", line_of(two_lines, 1))
    assert states(done) == ("completed", "completed", "completed")

    assert told(salon) == [
        "appointment_booked",
        "appointment_started",
        "appointment_completed",
        "appointment_started",
        "appointment_completed",
    ]


def test_a_later_line_may_be_started_first(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    started = clock.move(10)

    answer = do(reception, two_lines, "start", line_of(two_lines, 1))

    assert states(answer) == ("in_service", "arrived", "in_service")
    assert [began for began, _ended in times(two_lines, salon)] == [None] * 3 + [started, None]


def test_a_line_done_early_frees_its_own_time_only(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    with salon_scope(salon):
        cut = Phase.objects.filter(line_id=two_lines["lines"][1]["id"])
        its_own = set(cut.values_list("allocations__id", flat=True))
    clock.move(10)
    do(reception, two_lines, "start")
    moment = clock.move(10, 10)
    do(reception, two_lines, "complete", line_of(two_lines, 0))

    with salon_scope(salon):
        left = Allocation.objects.filter(during__endswith__gt=moment)
        assert set(left.values_list("id", flat=True)) == its_own
    assert told(salon)[-1] == "appointment_completed"


def test_a_line_of_another_visit_is_unknown(
    clock: Clock, reception: Desk, two_lines: dict[str, Any]
) -> None:
    other = reception.book(clock.text(15), CUT).json()

    answers = [
        do(reception, two_lines, "start", line_of(other, 0)),
        do(reception, two_lines, "complete", line_of(other, 0)),
        do(reception, two_lines, f"lines/{other['lines'][0]['id']}/cancel"),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (404, "line_not_found")
    ] * 3


def test_leaving_out_a_line_frees_it_and_nothing_else(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    tint, cut = two_lines["lines"]
    path = f"lines/{tint['id']}/cancel"

    answer = do(reception, two_lines, path, {"reason": "client", "version": 1})
    again = do(reception, two_lines, path, {"version": 1})

    assert states(answer) == ("confirmed", "cancelled", "confirmed")
    assert answer.json() == again.json()
    assert answer.json()["total"] == cut["price"]
    assert answer.json()["starts_at"] == cut["starts_at"]
    assert told(salon) == ["appointment_booked", "line_cancelled"]
    with salon_scope(salon):
        lines = Allocation.objects.values_list("phase__line_id", flat=True)
        assert {str(pk) for pk in lines} == {cut["id"]}
        entry = JournalEntry.objects.get(event="booking.line_cancelled")
        assert entry.data["reason"] == "client"
    assert reception.book(clock.text(10), MENS).status_code == 201


def test_what_a_line_cleaned_up_for_another_is_cleaned_up_behind_that(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    """Tint and cut are had on one chair, which is cleaned once, after the cut."""
    _tint, cut = two_lines["lines"]
    before = taken(salon)
    assert f"{utc(clock, 11, 30)}-{utc(clock, 12, 20)}" in {span for _kind, span in before}

    do(reception, two_lines, f"lines/{cut['id']}/cancel")

    after = taken(salon)
    cleaned = f"{utc(clock, 11, 30)}-{utc(clock, 11, 35)}"
    assert [kind for kind, span in after if span == cleaned] == ["staff", "unit"]
    assert {span for _kind, span in after} - {span for _kind, span in before} == {cleaned}
    assert max(span for _kind, span in after) == cleaned
    assert told(salon)[-1] == "line_cancelled"
    busy = reception.book(clock.text(11, 30), MENS)
    assert busy.json()["code"] == "slot_taken"
    assert reception.book(clock.text(11, 35), MENS).status_code == 201


def test_a_line_that_needs_no_cleaning_up_is_left_as_it_is(
    clock: Clock, reception: Desk, salon: SalonCard
) -> None:
    visit = reception.book(clock.text(10), "Child’s cut, under 12", CUT).json()

    do(reception, visit, f"lines/{visit['lines'][1]['id']}/cancel")

    assert max(span for _kind, span in taken(salon)).endswith(utc(clock, 10, 25))
    assert told(salon)[-1] == "line_cancelled"


def test_with_its_last_line_a_visit_is_cancelled(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    for line in two_lines["lines"]:
        answer = do(reception, two_lines, f"lines/{line['id']}/cancel", {"reason": "mistake"})

    assert states(answer) == ("cancelled", "cancelled", "cancelled")
    assert answer.json()["total"] == two_lines["total"]
    assert taken(salon) == []
    assert told(salon) == ["appointment_booked", "line_cancelled", "appointment_cancelled"]


def test_a_visit_whose_other_lines_are_done_is_done_without_the_last(
    clock: Clock, reception: Desk, two_lines: dict[str, Any], salon: SalonCard
) -> None:
    tint, cut = two_lines["lines"]
    clock.move(10)
    do(reception, two_lines, "start")
    do(reception, two_lines, "complete", line_of(two_lines, 0))

    answer = do(reception, two_lines, f"lines/{cut['id']}/cancel")

    assert states(answer) == ("completed", "completed", "cancelled")
    assert told(salon)[-1] == "line_cancelled"
    refused = do(reception, two_lines, f"lines/{tint['id']}/cancel")
    assert (refused.json()["code"], refused.json()["state"]) == ("wrong_state", "completed")


# Nobody came


def test_a_no_show_is_one_from_the_beginning_on_and_frees_what_is_left(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(9, 59)
    early = do(reception, visit, "no-show")
    clock.move(10, 15)
    answer = do(reception, visit, "no-show")
    again = do(reception, visit, "no-show")

    assert early.json()["code"] == "wrong_state"
    assert early.json()["possible"] == ["arrive", "start", "cancel"]
    assert states(answer) == states(again) == ("no_show", "no_show")
    used = f"{utc(clock, 10)}-{utc(clock, 10, 15)}"
    assert sorted(taken(salon)) == [("client", used), ("staff", used), ("unit", used)]
    assert told(salon) == ["appointment_booked", "appointment_no_show"]
    assert reception.book(clock.text(10, 15), CUT).status_code == 201


# Cancelling


@pytest.mark.parametrize("reason", [None, "client", "salon", "mistake"])
def test_reception_says_why_a_visit_is_cancelled(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard, reason: str | None
) -> None:
    clock.move(10, 5)
    do(reception, visit, "arrive")

    answer = do(reception, visit, "cancel", {"reason": reason} if reason else None)

    assert states(answer) == ("cancelled", "cancelled")
    assert taken(salon) == []
    with salon_scope(salon):
        entry = JournalEntry.objects.get(event="booking.appointment_cancelled")
        assert entry.data["reason"] == (reason or "salon")


def test_a_guest_cancels_for_themselves_only(clock: Clock, desk: Desk, salon: SalonCard) -> None:
    visit = desk.book(clock.text(12), CUT).json()
    link = {"Manage-Token": visit["manage_url"].rsplit("/", 1)[1]}
    path = f"/booking/appointments/{visit['id']}/cancel"

    refused = desk.post(path, {"reason": "salon"}, **link)
    clock.move(12)
    late = desk.post(path, {"reason": "client"}, **link)
    clock.move(11, 59)
    cancelled = desk.post(path, {"reason": "client"}, **link)

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (late.status_code, late.json()["code"]) == (409, "not_cancellable")
    assert (late.json()["state"], late.json()["possible"]) == ("confirmed", [])
    assert states(cancelled) == ("cancelled", "cancelled")


def test_who_is_being_served_cannot_be_cancelled(
    clock: Clock, reception: Desk, visit: dict[str, Any]
) -> None:
    do(reception, visit, "start")

    refusal = do(reception, visit, "cancel")

    assert (refusal.status_code, refusal.json()["code"]) == (409, "not_cancellable")
    assert refusal.json()["possible"] == ["complete", "undo"]


# Bad input, rights, and the salon next door


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("arrive", {"version": "old"}, "version"),
        ("start", {"line_id": "first"}, "line_id"),
        ("complete", {"surprise": 1}, "surprise"),
        ("cancel", {"reason": "expired"}, "reason"),
        ("cancel", {"reason": "bored"}, "reason"),
        (f"lines/{UUID(int=0)}/cancel", {"reason": 3}, "reason"),
    ],
)
def test_bad_input_is_named_and_nothing_happens(
    reception: Desk,
    visit: dict[str, Any],
    salon: SalonCard,
    step: str,
    body: dict[str, Any],
    field: str,
) -> None:
    refusal = do(reception, visit, step, body)

    assert refusal.status_code == 422
    assert list(refusal.json()["fields"]) == [field]
    assert told(salon) == ["appointment_booked"]


MAY = {
    Role.MANAGER: {*STEPS, "cancel", "leave out"},
    Role.RECEPTIONIST: {*STEPS, "cancel", "leave out"},
    Role.STYLIST: {*STEPS, "cancel", "leave out"},
    Role.TRAINEE: {"arrive", "start", "complete"},
    Role.CHAIR_RENTER: set(),
    Role.ACCOUNTANT: set(),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_do_its_part(
    clock: Clock, desk: Desk, salon: SalonCard, visit: dict[str, Any], role: Role
) -> None:
    """Whoever may not is told so; for the others it is the visit's state that decides, and here
    it is a hold, with which nothing of this can be done."""
    with salon_scope(salon):
        Appointment.objects.update(state=State.HELD, hold_key="x", expires_at=clock.at(12))
        Line.objects.update(state=State.HELD)
    staff = staff_of(desk, salon, role)
    paths = {step: step for step in (*STEPS, "cancel")}
    paths["leave out"] = f"lines/{uuid4()}/cancel"

    answers = {name: do(staff, visit, path).status_code for name, path in paths.items()}

    refusals = {"cancel": 404}  # a guest's link may cancel, so it is not refused at the door
    assert answers == {
        name: (404 if name == "leave out" else 409)
        if name in MAY[role]
        else refusals.get(name, 403)
        for name in paths
    }


def test_a_stranger_is_asked_to_sign_in(desk: Desk, visit: dict[str, Any]) -> None:
    for step in STEPS:
        assert do(desk, visit, step).status_code == 401
    assert do(desk, visit, f"lines/{visit['lines'][0]['id']}/cancel").status_code == 401


def test_who_may_not_cancel_gets_no_link_to_do_so(
    clock: Clock, desk: Desk, salon: SalonCard, visit: dict[str, Any]
) -> None:
    trainee = staff_of(desk, salon, Role.TRAINEE)

    answer = do(trainee, visit, "arrive").json()

    assert (answer["state"], answer["manage_url"], answer["ics_url"]) == ("arrived", None, None)


def test_a_visit_of_another_salon_is_unknown(
    clock: Clock, other_desk: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)

    for step in (*STEPS, "cancel", f"lines/{visit['lines'][0]['id']}/cancel"):
        answer = do(bruno, visit, step)
        assert (answer.status_code, answer.json()["code"]) == (404, "appointment_not_found")
    assert told(salon) == ["appointment_booked"]
