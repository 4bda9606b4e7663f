"""Taking back the last step of a visit, with the time that it had given away."""

from collections.abc import Callable
from typing import Any

import pytest

from shared_apps.core.money import Money
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.errors import WrongState
from tenant_apps.booking.models import Allocation
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.progress import (
    arrive_appointment,
    complete_appointment,
    start_appointment,
)
from tenant_apps.booking.services.undo import undo_status
from tenant_apps.catalog.enums import PriceKind
from tenants.types import SalonCard
from tests.booking.changes import (
    OWNER,
    WORK,
    add,
    agree,
    asked,
    book,
    change,
    nth,
    plan,
    sell,
    takes,
)
from tests.booking.conftest import Clock
from tests.booking.test_visits_of_all_kinds import team_of_two
from tests.booking.visits import CUT, MENS, TINT, do, line_of, states, times, told
from tests.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(clock: Clock, reception: Desk) -> dict[str, Any]:
    """A cut from ten to ten to eleven, then a tint."""
    booked: dict[str, Any] = reception.book(clock.text(10), CUT, TINT).json()
    return booked


def everything(salon: SalonCard) -> list[Any]:
    """Each allocation with all it says."""
    with salon_scope(salon):
        return list(Allocation.objects.order_by("id").values())


def now(desk: Desk, visit: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = desk.get(f"/booking/appointments/{visit['id']}").json()
    return found


def test_step_by_step_a_visit_goes_back_to_where_it_began(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    planned = everything(salon)
    clock.move(10, 5)
    for step in ("arrive", "start", "complete"):
        do(reception, visit, step)
    assert everything(salon) != planned

    assert states(do(reception, visit, "undo")) == ("in_service", "in_service", "arrived")
    assert everything(salon) == planned
    assert times(visit, salon)[0] == (clock.at(10, 5), None)
    assert states(do(reception, visit, "undo")) == ("arrived", "arrived", "arrived")
    assert times(visit, salon) == [(None, None)] * 6
    assert states(do(reception, visit, "undo")) == ("confirmed", "confirmed", "confirmed")
    refusal = do(reception, visit, "undo")

    assert (refusal.status_code, refusal.json()["code"]) == (409, "wrong_state")
    assert refusal.json()["state"] == "confirmed"
    assert everything(salon) == planned
    assert told(salon)[4:] == ["status_undone"] * 3


def test_after_an_undo_the_visit_goes_on_and_back_again(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    clock.move(10)
    for step in ("arrive", "undo", "start", "undo", "arrive", "start"):
        assert do(reception, visit, step).status_code == 200

    assert states(do(reception, visit, "undo")) == ("arrived", "arrived", "arrived")
    assert states(do(reception, visit, "undo")) == ("confirmed", "confirmed", "confirmed")
    assert told(salon)[-1] == "status_undone"


@pytest.mark.parametrize("step", ["no-show", "cancel", "complete"])
def test_what_was_freed_is_taken_again_exactly_as_it_was(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard, step: str
) -> None:
    planned, before = everything(salon), now(reception, visit)
    clock.move(10, 20)
    assert do(reception, visit, step).status_code == 200
    assert everything(salon) != planned

    undone = do(reception, visit, "undo")

    assert undone.json() == before | {"version": 3}
    assert everything(salon) == planned
    assert told(salon)[-1] == "status_undone"


def test_one_line_comes_back_without_the_others(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    planned = everything(salon)
    do(reception, visit, "arrive")
    do(reception, visit, f"lines/{visit['lines'][1]['id']}/cancel", {"reason": "client"})

    undone = do(reception, visit, "undo")

    assert states(undone) == ("arrived", "arrived", "arrived")
    assert undone.json()["total"] == visit["total"]
    assert everything(salon) == planned
    assert told(salon)[-2:] == ["line_cancelled", "status_undone"]


def test_after_a_move_the_client_can_still_be_said_not_to_be_here(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    """But a line that was left out before does not come back to another time."""
    do(reception, visit, f"lines/{visit['lines'][1]['id']}/cancel")
    do(reception, visit, "arrive")
    moved = do(reception, visit, "reschedule", {"starts_at": clock.text(14)})
    assert moved.status_code == 200, moved.content

    undone = do(reception, visit, "undo")
    refusal = do(reception, visit, "undo")

    assert states(undone) == ("confirmed", "confirmed", "cancelled")
    assert undone.json()["starts_at"] == clock.text(14)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "wrong_state")
    assert told(salon)[-2:] == ["appointment_moved", "status_undone"]


def test_a_line_that_was_left_out_before_a_move_stays_so_whatever_is_taken_back(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    """Taking the arrival back would make the line confirmed, of which the move took no time."""
    do(reception, visit, "arrive")
    do(reception, visit, f"lines/{visit['lines'][1]['id']}/cancel")
    assert do(reception, visit, "reschedule", {"starts_at": clock.text(13)}).status_code == 200
    planned = everything(salon)

    refusal = do(reception, visit, "undo")

    assert (refusal.status_code, refusal.json()["code"]) == (409, "wrong_state")
    assert states(reception.get(f"/booking/appointments/{visit['id']}")) == (
        "arrived",
        "arrived",
        "cancelled",
    )
    assert everything(salon) == planned
    assert told(salon)[-1] == "appointment_moved"


def test_time_that_a_hold_left_to_expire_comes_back(
    clock: Clock, reception: Desk, salon: SalonCard
) -> None:
    visit = reception.book(clock.text(16), MENS).json()
    do(reception, visit, "cancel")
    body = {
        "starts_at": clock.text(16),
        "lines": [{"option_id": reception.option(MENS)["id"]}],
    }
    held = reception.post("/booking/holds", body)
    assert held.status_code == 201, held.content
    taken_by_hold = do(reception, visit, "undo")
    clock.move(8, 30)

    undone = do(reception, visit, "undo")

    assert taken_by_hold.json()["code"] == "slot_taken"
    assert states(undone) == ("confirmed", "confirmed")
    assert told(salon)[-2:] == ["hold_released", "status_undone"]


def test_a_line_that_ended_early_gets_its_time_back_though_the_next_has_begun(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard
) -> None:
    planned = everything(salon)
    clock.move(10)
    do(reception, visit, "start")
    clock.move(10, 20)
    do(reception, visit, "complete", line_of(visit, 0))
    do(reception, visit, "start", line_of(visit, 1))

    assert states(do(reception, visit, "undo")) == ("in_service", "completed", "arrived")
    assert states(do(reception, visit, "undo")) == ("in_service", "in_service", "arrived")
    assert everything(salon) == planned


@pytest.mark.parametrize("step", ["no-show", "cancel", "complete"])
def test_time_that_was_sold_meanwhile_does_not_come_back(
    clock: Clock, reception: Desk, visit: dict[str, Any], salon: SalonCard, step: str
) -> None:
    clock.move(10)
    do(reception, visit, step)
    buyer = reception.book(clock.text(11), MENS).json()
    after = everything(salon)

    refusal = do(reception, visit, "undo")

    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    assert everything(salon) == after
    assert told(salon)[-1] == "appointment_booked"
    do(reception, buyer, "cancel")
    assert do(reception, visit, "undo").status_code == 200


def test_a_step_is_taken_back_on_its_own_day_only(
    clock: Clock, reception: Desk, visit: dict[str, Any]
) -> None:
    clock.move(10)
    do(reception, visit, "complete")
    clock.move(7, days=1)

    late = do(reception, visit, "undo")
    clock.move(23, 59)
    in_time = do(reception, visit, "undo")

    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    assert (late.json()["state"], late.json()["possible"]) == ("completed", [])
    assert states(in_time) == ("confirmed", "confirmed", "confirmed")


def test_a_cancelled_visit_comes_back_as_long_as_it_is_to_come(
    clock: Clock, reception: Desk
) -> None:
    visit = reception.book(clock.text(10, days=2), CUT).json()
    do(reception, visit, "cancel")
    clock.move(7, days=1)

    assert states(do(reception, visit, "undo")) == ("confirmed", "confirmed")


def test_an_undo_names_the_version_it_takes_back(
    clock: Clock, reception: Desk, visit: dict[str, Any]
) -> None:
    """So the same request twice does not take back two steps."""
    do(reception, visit, "arrive")
    do(reception, visit, "start")

    first = do(reception, visit, "undo", {"version": 3})
    again = do(reception, visit, "undo", {"version": 3})

    assert states(first)[0] == "arrived"
    assert (again.status_code, again.json()["code"]) == (409, "stale")


# What somebody changed on purpose, a step that is taken back has not done


@pytest.mark.parametrize("step", [arrive_appointment, start_appointment])
def test_taking_a_step_back_leaves_what_was_changed_since(
    clock: Clock, in_salon: SalonCard, step: Callable[..., None]
) -> None:
    option = sell("One", (WORK, 30))
    team_of_two(option)
    visit = book(clock.at(10), asked(option))
    clock.move(10)
    step(appointment_id=visit, actor=OWNER)
    change(visit, 0, own_minutes=(50,))
    planned = plan(visit)

    undo_status(appointment_id=visit, actor=OWNER)

    assert nth(visit, 0).own_minutes == [50]
    assert plan(visit) == planned == [(0, "work", "10:00+50")]
    add(visit, asked(option))
    assert plan(visit) == [*planned, (1, "work", "10:50+30")]
    agree()


def test_a_price_agreed_since_keeps_no_step_from_being_taken_back(
    clock: Clock, in_salon: SalonCard
) -> None:
    quoted = sell("Quoted", (WORK, 30), price_kind=PriceKind.QUOTED)
    team_of_two(quoted)
    visit = book(clock.at(10), asked(quoted), asked(quoted))
    cancel_line(appointment_id=visit, line_id=nth(visit, 1).pk, actor=OWNER)
    change(visit, 0, price=Money(9900, "GBP"))

    undo_status(appointment_id=visit, actor=OWNER)

    assert [nth(visit, place).state for place in (0, 1)] == ["confirmed"] * 2
    assert nth(visit, 0).price == 9900
    cancel_line(appointment_id=visit, line_id=nth(visit, 1).pk, actor=OWNER)
    change(visit, 0, price=Money(9800, "GBP"), own_minutes=(40,))
    with pytest.raises(WrongState):
        undo_status(appointment_id=visit, actor=OWNER)
    agree()


def test_a_visit_that_was_over_early_goes_on_though_its_price_was_agreed_then(
    clock: Clock, in_salon: SalonCard
) -> None:
    quoted = sell("Quoted", (WORK, 30), price_kind=PriceKind.QUOTED)
    team_of_two(quoted)
    visit = book(clock.at(10), asked(quoted))
    clock.move(10)
    start_appointment(appointment_id=visit, actor=OWNER)
    planned = takes(visit)
    clock.move(10, 10)
    complete_appointment(appointment_id=visit, actor=OWNER)
    assert takes(visit) != planned
    change(visit, 0, price=Money(9900, "GBP"))

    undo_status(appointment_id=visit, actor=OWNER)

    assert (nth(visit, 0).state, nth(visit, 0).price) == ("in_service", 9900)
    assert takes(visit) == planned
    agree()
