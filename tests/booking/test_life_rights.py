"""What may be asked of a visit's life, by whom, and where."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared_apps.accounts.enums import Role
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Appointment, Line
from tenants.types import SalonCard
from tests.booking.conftest import Clock
from tests.booking.visits import (
    CUT,
    do,
    staff_of,
    told,
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
    it is a hold, which can be given back and nothing else."""
    with salon_scope(salon):
        Appointment.objects.update(state=State.HELD, hold_key="x", expires_at=clock.at(12))
        Line.objects.update(state=State.HELD)
    staff = staff_of(desk, salon, role)
    paths = {step: step for step in (*STEPS, "cancel")}
    paths["leave out"] = f"lines/{uuid4()}/cancel"

    answers = {name: do(staff, visit, path).status_code for name, path in paths.items()}

    done = {"cancel": 200, "leave out": 404}
    refusals = {"cancel": 404}  # a guest's link may cancel, so it is not refused at the door
    assert answers == {
        name: done.get(name, 409) if name in MAY[role] else refusals.get(name, 403)
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
