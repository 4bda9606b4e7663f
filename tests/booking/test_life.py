"""A visit's life at the desk: confirmed, here, served, done, or nobody came."""

from typing import Any

import pytest

from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Appointment, BookingRules
from tenants.types import SalonCard
from tests.booking.conftest import Clock
from tests.booking.visits import (
    CUT,
    do,
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
