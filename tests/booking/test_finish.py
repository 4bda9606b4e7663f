"""Colour and cut share a finish; without the cut the colour gets its own again."""

from uuid import UUID

import pytest

from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.models import Line, Phase
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.progress import start_appointment
from tenant_apps.booking.services.undo import undo_status
from tests.booking.changes import (
    CLEANUP,
    ON_PURPOSE,
    OWNER,
    PROCESSING,
    WORK,
    asked,
    book,
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
TOGETHER = [
    (0, "work", "10:00+30"),
    (0, "processing", "10:30+30"),
    (1, "work", "11:00+40"),
    (1, "work", "11:40+30"),
]
ALONE = [(0, "work", "10:00+30"), (0, "processing", "10:30+30"), (0, "work", "11:00+30")]


@pytest.fixture
def visit(clock: Clock) -> UUID:
    colour, cut = sell_both()
    bea, _cara = team_of_two(colour, cut)
    return book(clock.at(10), asked(colour, staff_id=bea), asked(cut, staff_id=bea))


def sell_both() -> tuple[UUID, UUID]:
    colour = sell("Colour", (WORK, 30), (PROCESSING, 30), finish(30))
    return colour, sell("Cut", (WORK, 40), finish(20))


def leave_out(visit: UUID, place: int) -> None:
    cancel_line(appointment_id=visit, line_id=nth(visit, place).pk, actor=OWNER)


def of_line(visit: UUID, place: int) -> list[tuple[int, str, str]]:
    return [row for row in plan(visit) if row[0] == place]


def test_the_colour_gets_its_finish_when_the_cut_is_left_out(visit: UUID) -> None:
    assert plan(visit) == TOGETHER
    bea = str(nth(visit, 0).performer_id)
    leave_out(visit, 1)
    assert of_line(visit, 0) == ALONE
    assert of_line(visit, 1) == TOGETHER[2:]  # as history
    assert {when for who, when in takes(visit) if who == bea} == {"10:00-10:30", "11:00-11:30"}


def test_undoing_that_brings_everything_back_exactly(visit: UUID) -> None:
    before = whole(visit)
    leave_out(visit, 1)
    undo_status(appointment_id=visit, actor=OWNER)
    assert whole(visit) == before
    leave_out(visit, 0)
    assert [row[2] for row in of_line(visit, 1)] == ["11:00+40", "11:40+20"]
    undo_status(appointment_id=visit, actor=OWNER)
    assert whole(visit) == before


def test_undoing_is_refused_when_the_time_was_sold(visit: UUID, clock: Clock) -> None:
    line = nth(visit, 1)
    leave_out(visit, 1)
    after = whole(visit)
    book(clock.at(11, 30), asked(line.option_id, staff_id=line.performer_id), client=None)
    with pytest.raises(SlotTaken):
        undo_status(appointment_id=visit, actor=OWNER)
    assert whole(visit) == after


def test_what_has_begun_keeps_its_times_when_the_finish_comes_back(
    visit: UUID, clock: Clock
) -> None:
    clock.move(10, 4)
    start_appointment(appointment_id=visit, line_id=nth(visit, 0).pk, actor=OWNER)
    before = whole(visit)
    leave_out(visit, 1)
    assert of_line(visit, 0) == ALONE
    first = Phase.objects.filter(line=nth(visit, 0)).order_by("position")[0]
    assert (first.starts_at, first.actual_start) == (clock.at(10), clock.at(10, 4))
    undo_status(appointment_id=visit, actor=OWNER)
    assert whole(visit) == before


def test_the_line_goes_all_the_same_when_there_is_no_time_for_the_finish(clock: Clock) -> None:
    """Two who did it together, of whom the one with the colour is busy afterwards."""
    colour, cut = sell_both()
    bea, cara = team_of_two(colour, cut)
    visit = book(clock.at(10), asked(colour, staff_id=bea), asked(cut, staff_id=cara))
    book(clock.at(11), asked(cut, staff_id=bea), client=None)
    leave_out(visit, 1)
    assert nth(visit, 1).state == State.CANCELLED
    assert of_line(visit, 0) == ALONE[:2]
    assert {when for who, when in takes(visit) if who == str(cara)} == set()


def test_nobody_else_who_was_put_there_on_purpose_is_in_the_way(clock: Clock) -> None:
    """The cut's time is shared with another visit; the finish is not put there once more."""
    colour, cut = sell_both()
    bea, _cara = team_of_two(colour, cut)
    visit = book(clock.at(10), asked(colour, staff_id=bea), asked(cut, staff_id=bea))
    book(clock.at(11), asked(cut, staff_id=bea), client=None, override=ON_PURPOSE)
    leave_out(visit, 1)
    assert nth(visit, 1).state == State.CANCELLED
    assert of_line(visit, 0) == ALONE[:2]


def test_cleaning_up_comes_right_with_the_finish(clock: Clock) -> None:
    colour = sell("Colour", (WORK, 30), (PROCESSING, 30), finish(30), (CLEANUP, 5))
    cut = sell("Cut", (WORK, 40), finish(20), (CLEANUP, 5))
    bea, _cara = team_of_two(colour, cut)
    visit = book(clock.at(10), asked(colour, staff_id=bea), asked(cut, staff_id=bea))
    before = whole(visit)
    leave_out(visit, 1)
    assert of_line(visit, 0) == [*ALONE, (0, "cleanup", "11:30+5")]
    undo_status(appointment_id=visit, actor=OWNER)
    assert whole(visit) == before


def test_what_comes_later_stays_when_the_finish_fits_in_between(clock: Clock) -> None:
    colour, cut = sell_both()
    brows = sell("Brows", (WORK, 15))
    bea, cara = team_of_two(colour, cut, brows)
    lines = [asked(colour, staff_id=bea), asked(cut, staff_id=bea), asked(brows, staff_id=cara)]
    visit = book(clock.at(10), *lines)
    before = whole(visit)
    last = of_line(visit, 2)
    assert last == [(2, "work", "12:10+15")]
    leave_out(visit, 1)
    assert of_line(visit, 0) == ALONE
    assert of_line(visit, 2) == last
    undo_status(appointment_id=visit, actor=OWNER)
    assert whole(visit) == before


def test_where_no_finish_is_owed_nothing_moves(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit = book(clock.at(10), asked(one), asked(one), asked(one))
    before = {phase.pk: phase.starts_at for phase in Phase.objects.all()}
    leave_out(visit, 1)
    assert {phase.pk: phase.starts_at for phase in Phase.objects.all()} == before
    assert [line.state for line in Line.objects.order_by("position")] == [
        "confirmed",
        "cancelled",
        "confirmed",
    ]
