"""One service more for a visit that is there already."""

from uuid import UUID

import pytest

from shared_apps.core.actor import Channel, system
from shared_apps.core.errors import Forbidden, Invalid, Stale
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import InThePast, NotOffered, SlotTaken, WrongOrder, WrongState
from tenant_apps.booking.models import Allocation, Appointment, ClientTiming, Line, Phase
from tenant_apps.booking.services.add_line import MoreRequest, add_line
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.progress import (
    arrive_appointment,
    complete_appointment,
    start_appointment,
)
from tenant_apps.booking.services.undo import undo_status
from tenant_apps.booking.types import Override
from tenant_apps.catalog.enums import AddonPlace
from tenant_apps.catalog.models import Unit
from tenant_apps.catalog.types import Need, PhaseTerms
from tenant_apps.clients.models import Client
from tests.booking.changes import (
    CLEANUP,
    ON_PURPOSE,
    OWNER,
    PROCESSING,
    WORK,
    add,
    agree,
    asked,
    book,
    change,
    finish,
    nth,
    plan,
    sell,
    takes,
    whole,
)
from tests.booking.conftest import Clock
from tests.booking.test_visits_of_all_kinds import team_of_two

pytestmark = pytest.mark.usefixtures("nothing_is_forgotten")


def colour_and_cut() -> tuple[UUID, UUID]:
    colour = sell("Colour", (WORK, 30), (PROCESSING, 30), finish(30), (CLEANUP, 5), sequence=10)
    return colour, sell("Cut", (WORK, 40), finish(20), sequence=20, price=2000)


def test_a_cut_behind_a_colour_takes_over_the_finish(clock: Clock) -> None:
    colour, cut = colour_and_cut()
    bea, _cara = team_of_two(colour, cut)
    visit = book(clock.at(10), asked(colour, staff_id=bea))
    first = nth(visit, 0)

    line = add(visit, asked(cut, staff_id=bea))

    assert plan(visit) == [
        (0, "work", "10:00+30"),
        (0, "processing", "10:30+30"),
        (0, "cleanup", "12:10+5"),
        (1, "work", "11:00+40"),
        (1, "work", "11:40+30"),
    ]
    assert (line.price, line.state, line.requested_staff_id) == (2000, "confirmed", bea)
    assert nth(visit, 0).price == first.price
    entry = JournalEntry.objects.filter(stream="appointment").order_by("-version")[0]
    assert (entry.event, entry.version) == ("booking.appointment_changed", 2)


def test_the_people_stay_though_somebody_else_is_cheaper_to_find(clock: Clock) -> None:
    one, two = sell("One", (WORK, 30)), sell("Two", (WORK, 30))
    bea, cara = team_of_two(one, two)
    visit = book(clock.at(10), asked(one, staff_id=cara))
    line = add(visit, asked(two))
    assert (nth(visit, 0).performer_id, line.performer_id in {bea, cara}) == (cara, True)
    assert line.requested_staff_id is None


def test_an_add_on_goes_into_the_gap_of_its_line(clock: Clock) -> None:
    tint = sell("Tint", (WORK, 30), (PROCESSING, 30), (WORK, 20))
    brows = sell("Brows", (WORK, 15), addon_place=AddonPlace.DURING, sold_alone=False)
    bea, cara = team_of_two(tint, brows)
    visit = book(clock.at(10), asked(tint, staff_id=bea))
    parent = nth(visit, 0)

    with pytest.raises(Invalid) as refusal:
        add(visit, asked(brows))
    assert list(refusal.value.fields) == ["line.option_id"]
    line = add(visit, asked(brows, staff_id=cara), parent_line_id=parent.pk)

    assert line.parent_line_id == parent.pk
    assert plan(visit)[3] == (1, "work", "10:30+15")
    again = add(visit, asked(brows, staff_id=bea), parent_line_id=parent.pk)
    assert (again.position, plan(visit)[4]) == (2, (2, "work", "10:45+15"))


def test_a_bundle_comes_as_its_parts_with_its_price(clock: Clock) -> None:
    cut = sell("Plain", (WORK, 30))
    hands, feet = sell("Hands", (WORK, 60)), sell("Feet", (WORK, 50), price=1000)
    both = sell("Both", price=3600, parts=(hands, feet))
    team = team_of_two(cut, hands, feet)
    visit = book(clock.at(10), asked(cut))

    first = add(visit, asked(both))

    lines = Line.objects.filter(appointment_id=visit, bundle_option_id=both).order_by("position")
    assert [(line.price, line.position) for line in lines] == [(2700, 1), (900, 2)]
    assert first == lines[0]
    assert {line.performer_id for line in lines} == set(team)
    assert [row[2] for row in plan(visit)] == ["10:00+30", "10:30+60", "10:30+50"]
    add(visit, asked(cut))
    assert [row[2] for row in plan(visit)][-1] == "11:30+30"


def test_what_is_over_stays_and_what_has_begun_keeps_its_times(clock: Clock) -> None:
    one, two = sell("One", (WORK, 30)), sell("Two", (WORK, 30), (CLEANUP, 5))
    bea, _cara = team_of_two(one, two)
    visit = book(clock.at(10), asked(one, staff_id=bea), asked(two, staff_id=bea))
    clock.move(10, 3)
    start_appointment(appointment_id=visit, actor=OWNER)
    clock.move(10, 20)
    complete_appointment(appointment_id=visit, line_id=nth(visit, 0).pk, actor=OWNER)
    clock.move(10, 35)
    start_appointment(appointment_id=visit, line_id=nth(visit, 1).pk, actor=OWNER)
    over = list(Phase.objects.filter(line=nth(visit, 0)).values())
    cut_short = list(Allocation.objects.filter(phase__line=nth(visit, 0)).values())
    begun = Phase.objects.filter(line=nth(visit, 1)).order_by("position")[0]

    line = add(visit, asked(one, staff_id=bea))

    assert list(Phase.objects.filter(line=nth(visit, 0)).values()) == over
    assert list(Allocation.objects.filter(phase__line=nth(visit, 0)).values()) == cut_short
    now_ = Phase.objects.get(pk=begun.pk)
    assert (now_.starts_at, now_.actual_start) == (begun.starts_at, clock.at(10, 35))
    assert [row for row in plan(visit) if row[0] == 2] == [(2, "work", "11:00+30")]
    assert (line.state, Appointment.objects.get(pk=visit).state) == ("arrived", "in_service")
    undo_status(appointment_id=visit, actor=OWNER)
    assert Phase.objects.get(pk=begun.pk).actual_start is None
    assert [each.state for each in Line.objects.order_by("position")] == [
        "completed",
        "arrived",
        "arrived",
    ]


def test_an_add_on_goes_into_what_is_left_of_a_gap(clock: Clock) -> None:
    tint = sell("Tint", (WORK, 30), (PROCESSING, 40), (WORK, 20))
    brows = sell("Brows", (WORK, 15), addon_place=AddonPlace.DURING)
    bea, cara = team_of_two(tint, brows)
    visit = book(clock.at(10), asked(tint, staff_id=bea))
    clock.move(10)
    start_appointment(appointment_id=visit, actor=OWNER)
    clock.move(10, 50)
    line = add(visit, asked(brows, staff_id=cara), parent_line_id=nth(visit, 0).pk)
    assert (1, "work", "10:50+15") in plan(visit)
    start_appointment(appointment_id=visit, line_id=line.pk, actor=OWNER)
    clock.move(10, 53)
    with pytest.raises(NotOffered):  # the gap is over at 11:10
        add(visit, asked(brows, staff_id=bea), parent_line_id=nth(visit, 0).pk)
    change(visit, 0, own_minutes=(30, 40, 30))
    assert (1, "work", "10:50+15") in plan(visit)


def test_it_is_refused_with_other_times_when_somebody_comes_after(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, _cara = team_of_two(one)
    visit = book(clock.at(10), asked(one, staff_id=bea))
    book(clock.at(10, 45), asked(one, staff_id=bea), client=None)
    before = whole(visit)

    with pytest.raises(SlotTaken) as refusal:
        add(visit, asked(one, staff_id=bea))

    assert whole(visit) == before
    assert refusal.value.extra["alternatives"]
    assert add(visit, asked(one)).performer_id != bea  # anyone: a colleague is free


def test_cleaning_up_behind_it_has_to_fit_too(clock: Clock) -> None:
    one, dirty = sell("One", (WORK, 30)), sell("Dirty", (WORK, 30), (CLEANUP, 10))
    bea, _cara = team_of_two(one, dirty)
    visit = book(clock.at(10), asked(one, staff_id=bea))
    book(clock.at(11), asked(one, staff_id=bea), client=None)
    with pytest.raises(SlotTaken):
        add(visit, asked(dirty, staff_id=bea))
    add(visit, asked(one, staff_id=bea))


def test_on_purpose_it_goes_beside_the_next(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, _cara = team_of_two(one)
    visit = book(clock.at(10), asked(one, staff_id=bea))
    other = book(clock.at(10, 45), asked(one, staff_id=bea), client=None)

    add(visit, asked(one, staff_id=bea), override=ON_PURPOSE)

    assert (str(bea), "10:30-11:00") in takes(visit)
    last = JournalEntry.objects.filter(stream_id=other).order_by("-version")[0]
    assert last.event == "booking.appointment_overbooked"
    with pytest.raises(SlotTaken):
        book(clock.at(10, 50), asked(one, staff_id=bea), client=None)
    # What it has beside the other it has, and nobody is asked again.
    change(visit, 0, own_minutes=(25,))
    assert (str(bea), "10:25-10:55") in takes(visit)


def test_what_lies_outside_the_rota_already_is_not_asked_again(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, _cara = team_of_two(one)
    off = Override(codes=frozenset({"not_offered"}), reason="regular_client")
    visit = book(clock.at(22), asked(one, staff_id=bea), override=off)
    change(visit, 0, own_minutes=(20,))
    assert plan(visit) == [(0, "work", "22:00+20")]
    with pytest.raises(NotOffered):
        add(visit, asked(one, staff_id=bea))
    add(visit, asked(one, staff_id=bea), override=off)


def test_a_visit_that_nobody_came_to_is_over(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, _cara = team_of_two(one)
    visit = book(clock.at(10), asked(one, staff_id=bea))
    clock.move(10, 20)
    add(visit, asked(one))  # late, and may come still
    clock.move(12)
    with pytest.raises(InThePast):
        add(visit, asked(one))
    late = Override(codes=frozenset({"in_the_past"}), reason="entered_late")
    add(visit, asked(one), override=late)


@pytest.mark.parametrize("ended", [State.CANCELLED, State.COMPLETED])
def test_what_has_ended_gets_nothing_more(clock: Clock, ended: State) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    if ended is State.CANCELLED:
        cancel_appointment(appointment_id=visit, actor=OWNER)
    else:
        clock.move(10)
        start_appointment(appointment_id=visit, actor=OWNER)
        complete_appointment(appointment_id=visit, actor=OWNER)
    with pytest.raises(WrongState):
        add(visit, asked(one))


def test_the_order_of_services_holds_for_what_comes_later_too(clock: Clock) -> None:
    colour, cut = colour_and_cut()
    team_of_two(colour, cut)
    visit = book(clock.at(10), asked(cut))
    with pytest.raises(WrongOrder) as refusal:
        add(visit, asked(colour))
    assert list(refusal.value.fields) == ["line.option_id"]


def test_a_parent_has_to_be_a_line_of_this_visit_that_is_to_come(clock: Clock) -> None:
    tint = sell("Tint", (WORK, 30), (PROCESSING, 30), (WORK, 20))
    brows = sell("Brows", (WORK, 15), addon_place=AddonPlace.AFTER)
    team_of_two(tint, brows)
    visit, other = book(clock.at(10), asked(tint)), book(clock.at(14), asked(tint), client=None)
    with pytest.raises(Invalid) as refusal:
        add(visit, asked(brows), parent_line_id=nth(other, 0).pk)
    assert list(refusal.value.fields) == ["parent_line_id"]
    line = add(visit, asked(brows), parent_line_id=nth(visit, 0).pk)
    with pytest.raises(Invalid):
        add(visit, asked(brows), parent_line_id=line.pk)
    with pytest.raises(Invalid) as refusal:
        add(visit, asked(tint), parent_line_id=nth(visit, 0).pk)
    assert list(refusal.value.fields) == ["line.option_id"]


def test_whoever_saw_an_older_visit_is_told(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    add(visit, asked(one), expected_version=1)
    with pytest.raises(Stale):
        add(visit, asked(one), expected_version=1)


def test_only_who_may_change_visits_may_add(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    for actor in (system(Channel.WEB), system(Channel.STAFF, permissions=frozenset())):
        with pytest.raises(Forbidden):
            add_line(appointment_id=visit, request=MoreRequest(line=asked(one)), actor=actor)


def test_a_clients_own_timing_counts_for_what_is_added(clock: Clock) -> None:
    one, two = sell("One", (WORK, 30)), sell("Two", (WORK, 30))
    team_of_two(one, two)
    visit = book(clock.at(10), asked(one))
    client = Client.objects.get()
    ClientTiming.objects.create(client=client, option_id=two, minutes=[50])
    ClientTiming.objects.create(client=client, option_id=one, minutes=[99])
    assert add(visit, asked(two)).own_minutes == [50]
    assert [row[2] for row in plan(visit)] == ["10:00+30", "10:30+50"]


def test_the_chair_that_is_had_stays(clock: Clock) -> None:
    """Though another one stands first in the salon."""
    need = (Need(kinds=("chair",)),)
    one = sell("One", PhaseTerms(kind=WORK, minutes=30, needs=need))
    bea, _cara = team_of_two(one)
    chairs = list(
        Unit.objects.filter(kind="chair").order_by("position").values_list("id", flat=True)
    )
    visit = book(clock.at(10), asked(one, staff_id=bea, unit_ids=frozenset({chairs[-1]})))
    assert (str(chairs[-1]), "10:00-10:30") in takes(visit)
    add(visit, asked(one, staff_id=bea))
    assert (str(chairs[-1]), "10:00-10:30") in takes(visit)


def test_where_the_client_goes_away_in_between_the_rest_stays(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, cara = team_of_two(one)
    visit = book(clock.at(10), *(asked(one, staff_id=bea) for _line in range(3)))
    cancel_line(appointment_id=visit, line_id=nth(visit, 1).pk, actor=OWNER)
    book(clock.at(10, 30), asked(one, staff_id=bea), client=None)
    there = set(Allocation.objects.filter(phase__line=nth(visit, 0)).values_list("id", flat=True))

    add(visit, asked(one, staff_id=cara))

    assert [row[2] for row in plan(visit)] == ["10:00+30", "10:30+30", "11:00+30", "11:30+30"]
    left = Allocation.objects.filter(phase__line=nth(visit, 0)).values_list("id", flat=True)
    assert set(left) == there
    change(visit, 0, staff_id=cara)
    change(visit, 0, own_minutes=(60,))
    assert [row[2] for row in plan(visit)][::2] == ["10:00+60", "11:00+30"]
    change(visit, 0, own_minutes=(65,))
    assert [row[2] for row in plan(visit)][::2] == ["10:00+65", "11:05+30"]


def test_a_line_that_grows_into_the_next_moves_it(clock: Clock) -> None:
    """Nobody is had by two at once, though both were free."""
    one = sell("One", (WORK, 30))
    bea, cara = team_of_two(one)
    lines = [asked(one, staff_id=bea), asked(one, staff_id=bea), asked(one, staff_id=cara)]
    visit = book(clock.at(10), *lines, client=None)
    cancel_line(appointment_id=visit, line_id=nth(visit, 1).pk, actor=OWNER)
    change(visit, 0, own_minutes=(70,))
    assert [row[2] for row in plan(visit)][::2] == ["10:00+70", "11:10+30"]


def test_arrival_can_be_taken_back_after_something_was_added(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    arrive_appointment(appointment_id=visit, actor=OWNER)
    add(visit, asked(one))
    undo_status(appointment_id=visit, actor=OWNER)
    assert [each.state for each in Line.objects.all()] == ["confirmed", "confirmed"]


def test_nothing_that_freed_time_is_taken_back_over_an_addition(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit = book(clock.at(10), asked(one), asked(one))
    cancel_line(appointment_id=visit, line_id=nth(visit, 1).pk, actor=OWNER)
    add(visit, asked(one))
    with pytest.raises(WrongState):
        undo_status(appointment_id=visit, actor=OWNER)


def test_what_was_added_moves_with_the_visit(clock: Clock) -> None:
    colour, cut = colour_and_cut()
    bea, _cara = team_of_two(colour, cut)
    visit = book(clock.at(10), asked(colour, staff_id=bea))
    add(visit, asked(cut, staff_id=bea))
    request = MoveRequest(starts_at=clock.at(13))
    move_appointment(appointment_id=visit, request=request, actor=OWNER)
    assert [row[2] for row in plan(visit)][-1] == "14:40+30"
    agree()
