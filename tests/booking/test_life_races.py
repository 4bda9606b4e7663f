"""Steps of a visit's life that meet: one comes first, and the other finds what it left."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils.timezone import localdate, now

from config.roles import ROLES
from shared_apps.accounts.enums import Role
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.enums import AbsenceReason
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Line
from tenant_apps.booking.selectors.handover import Absence
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.progress import complete_appointment, mark_no_show
from tenant_apps.booking.services.reassign import reassign_lines
from tenant_apps.booking.services.undo import undo_status
from tenant_apps.booking.types import AskedLine, Override
from tenant_apps.staff.models import Member
from tenants.types import SalonCard
from tests.booking.conftest import LONDON
from tests.booking.test_races import CONTACT, at_once, first_start, lines_for
from tests.booking.visits import hire

pytestmark = pytest.mark.usefixtures("committed")
DESK = system(Channel.STAFF, permissions=ROLES[Role.RECEPTIONIST])
CUT, TINT = "Women’s cut and finish", "Root tint"


@pytest.fixture
def visit(salon: SalonCard) -> Iterator[UUID]:
    """Two services that began five minutes ago."""
    with salon_scope(salon):
        lines = tuple(lines_for(CUT, TINT))
        request = BookingRequest(
            starts_at=first_start(list(lines), salon), lines=lines, client=CONTACT
        )
        booked = book_appointment(request=request, actor=DESK)
    with time_machine.travel(request.starts_at + timedelta(minutes=5), tick=False):
        yield booked


def state_of(visit: UUID, salon: SalonCard) -> str:
    """Whatever came first, journal and tables agree."""
    with salon_scope(salon):
        assert list(salon_problems()) == []
        return str(Appointment.objects.get(pk=visit).state)


def test_a_step_is_taken_back_once(visit: UUID, salon: SalonCard) -> None:
    with salon_scope(salon):
        planned = set(Allocation.objects.values_list("id", "during"))
        cancel_appointment(appointment_id=visit, actor=DESK)

    def undo(number: int) -> str:
        with salon_scope(salon):
            undo_status(appointment_id=visit, actor=DESK, expected_version=2)
        return "undone"

    assert at_once(8, undo) == {"undone": 1, "stale": 7}
    assert state_of(visit, salon) == "confirmed"
    with salon_scope(salon):
        assert set(Allocation.objects.values_list("id", "during")) == planned


def test_freed_time_goes_to_whoever_comes_first(visit: UUID, salon: SalonCard) -> None:
    with salon_scope(salon):
        mark_no_show(appointment_id=visit, actor=DESK)
        lines = tuple(lines_for(CUT))
    request = BookingRequest(starts_at=now(), lines=lines, client=CONTACT)

    def take(number: int) -> str:
        with salon_scope(salon):
            if number % 4 == 0:
                undo_status(appointment_id=visit, actor=DESK, expected_version=2)
            else:
                book_appointment(request=request, actor=DESK)
        return "won"

    found = at_once(12, take)

    assert found["won"] == 1
    assert found["slot_taken"] >= 8
    assert sum(found.values()) == found["won"] + found["slot_taken"] + found["stale"]
    came_back = state_of(visit, salon) == "confirmed"
    assert found["stale"] == (2 if came_back else 0)


def test_nobody_is_both_served_and_not_there(visit: UUID, salon: SalonCard) -> None:
    def step(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                complete_appointment(appointment_id=visit, actor=DESK)
                return "completed"
            mark_no_show(appointment_id=visit, actor=DESK)
            return "no_show"

    found = at_once(8, step)

    assert found == {state_of(visit, salon): 4, "wrong_state": 4}


def test_a_line_is_left_out_or_done(visit: UUID, salon: SalonCard) -> None:
    with salon_scope(salon):
        line_id = Appointment.objects.get(pk=visit).lines.get(position=1).pk

    def step(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                complete_appointment(appointment_id=visit, actor=DESK)
                return "completed"
            cancel_line(appointment_id=visit, line_id=line_id, actor=DESK)
            return "left out"

    found = at_once(8, step)

    assert state_of(visit, salon) == "completed"
    with salon_scope(salon):
        line = Appointment.objects.get(pk=visit).lines.get(position=1)
        assert not Allocation.objects.filter(during__endswith__gt=now()).exists()
    left_out = line.state == "cancelled"
    assert found == {"completed": 4, "left out" if left_out else "wrong_state": 4}


def test_an_overbooking_and_an_early_end_wait_for_each_other(visit: UUID, salon: SalonCard) -> None:
    """One locks the visit first, the other the day: whoever PostgreSQL gives up tries again."""
    with salon_scope(salon):
        lines = tuple(lines_for(CUT))
    request = BookingRequest(
        starts_at=now(),
        lines=lines,
        client=CONTACT,
        override=Override(codes=frozenset({"slot_taken"}), reason="regular"),
    )

    def step(number: int) -> str:
        with salon_scope(salon):
            if number:
                complete_appointment(appointment_id=visit, actor=DESK)
            else:
                book_appointment(request=request, actor=DESK)
        return "done"

    assert at_once(2, step) == {"done": 2}
    assert state_of(visit, salon) == "completed"


def test_a_handover_and_a_booking_want_the_same_colleague(visit: UUID, salon: SalonCard) -> None:
    """Each visit goes as a whole, or stays and says that somebody was quicker."""
    with salon_scope(salon):
        anna, later = Member.objects.get(), now() + timedelta(hours=1)
        beth = UUID(hire(salon, "Beth"))
        lines = (AskedLine(option_id=lines_for(CUT)[0].option_id, staff_id=beth),)
    request = BookingRequest(starts_at=later, lines=lines, client=CONTACT)
    day = localdate(timezone=LONDON)
    absence = Absence(staff_id=anna.pk, first=day, last=day)

    def step(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                book_appointment(request=request, actor=DESK)
                return "booked"
            done = reassign_lines(absence=absence, reason=AbsenceReason.ILL, actor=DESK)
            return "+".join(sorted({f"{each.outcome} {each.code}".strip() for each in done}))

    found = at_once(6, step)

    assert state_of(visit, salon) == "confirmed"
    with salon_scope(salon):
        moved = not Line.objects.filter(appointment=visit, performer=anna).exists()
        overlaps = Line.objects.filter(performer=beth).values("appointment").distinct().count()
    assert overlaps == 1
    assert found["booked"] == (0 if moved else 1)
    assert found["slot_taken"] == 3 - found["booked"]
    assert (found["moved"] >= 1) == moved


def test_cancelling_while_others_are_put_beside_it_ends_well(salon: SalonCard) -> None:
    """Both want the day and the visit; whoever took them in another order would wait for ever."""
    with salon_scope(salon):
        lines = tuple(lines_for("Men’s cut"))
        upon = BookingRequest(
            starts_at=first_start(list(lines), salon),
            lines=lines,
            client=None,
            override=Override(codes=frozenset({"slot_taken"}), reason="regular"),
        )
        there = [book_appointment(request=upon, actor=DESK) for _number in range(4)]

    def work(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                book_appointment(request=upon, actor=DESK)
                return "booked"
            cancel_appointment(appointment_id=there[number // 2], actor=DESK)
            return "cancelled"

    assert at_once(8, work) == {"booked": 4, "cancelled": 4}
    with salon_scope(salon):
        assert list(salon_problems()) == []


def test_two_visits_that_change_days_do_not_wait_for_each_other_for_ever(salon: SalonCard) -> None:
    with salon_scope(salon):
        lines = tuple(lines_for("Men’s cut"))
        start = first_start(list(lines), salon)
        hours = [start, start + timedelta(hours=2), start + timedelta(days=7)]
        visits = [
            book_appointment(
                request=BookingRequest(starts_at=at, lines=lines, client=CONTACT), actor=DESK
            )
            for at in (hours[0], hours[2])
        ]
    goals = [hours[2] + timedelta(hours=3), hours[1]]

    def work(number: int) -> str:
        with salon_scope(salon):
            move_appointment(
                appointment_id=visits[number],
                request=MoveRequest(starts_at=goals[number]),
                actor=DESK,
            )
        return "moved"

    assert at_once(2, work) == {"moved": 2}
    with salon_scope(salon):
        assert list(salon_problems()) == []
