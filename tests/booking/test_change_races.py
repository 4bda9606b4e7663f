"""Changes of a visit that meet each other, and whoever wants the same time."""

import itertools
from uuid import UUID

import pytest

from config.roles import ROLES
from shared_apps.accounts.enums import Role
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Line
from tenant_apps.booking.selectors.visits import glanced_visit
from tenant_apps.booking.services.add_line import MoreRequest, add_line
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.change_line import change_line
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.set_client import set_client
from tenant_apps.booking.types import AskedLine
from tenant_apps.clients.models import Client
from tenants.types import SalonCard
from tests.booking.test_races import CONTACT, at_once, first_start, lines_for
from tests.booking.visits import hire

pytestmark = pytest.mark.usefixtures("committed")
DESK = system(Channel.STAFF, permissions=ROLES[Role.RECEPTIONIST])
MENS = "Men’s cut"


@pytest.fixture
def line(salon: SalonCard) -> AskedLine:
    with salon_scope(salon):
        return lines_for(MENS)[0]


@pytest.fixture
def visit(salon: SalonCard, line: AskedLine) -> UUID:
    with salon_scope(salon):
        start = first_start([line, line, line], salon)
        request = BookingRequest(starts_at=start, lines=(line,), client=CONTACT)
        return book_appointment(request=request, actor=DESK)


def well(salon: SalonCard) -> None:
    """Nobody is in two places, and journal and tables agree."""
    with salon_scope(salon):
        assert list(salon_problems()) == []
        busy = sorted(
            (each.during.lower, each.during.upper)
            for each in Allocation.objects.filter(staff__isnull=False)
        )
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(busy))


def test_two_who_add_at_once_both_do(salon: SalonCard, visit: UUID, line: AskedLine) -> None:
    def add(number: int) -> str:
        with salon_scope(salon):
            add_line(appointment_id=visit, request=MoreRequest(line=line), actor=DESK)
        return "added"

    assert at_once(2, add) == {"added": 2}
    with salon_scope(salon):
        places = Line.objects.filter(appointment_id=visit).values_list("position", flat=True)
        assert sorted(places) == [0, 1, 2]
        assert Appointment.objects.get(pk=visit).version == 3
    well(salon)


def test_of_those_who_saw_the_same_visit_one_adds(
    salon: SalonCard, visit: UUID, line: AskedLine
) -> None:
    def add(number: int) -> str:
        request = MoreRequest(line=line, expected_version=1)
        with salon_scope(salon):
            add_line(appointment_id=visit, request=request, actor=DESK)
        return "added"

    assert at_once(6, add) == {"added": 1, "stale": 5}
    well(salon)


def test_an_addition_and_a_booking_want_the_same_time(
    salon: SalonCard, visit: UUID, line: AskedLine
) -> None:
    with salon_scope(salon):
        behind = glanced_visit(visit).ends_at
    request = BookingRequest(starts_at=behind, lines=(line,), client=None)

    def want(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                book_appointment(request=request, actor=DESK)
            else:
                add_line(appointment_id=visit, request=MoreRequest(line=line), actor=DESK)
        return "had"

    found = at_once(8, want)

    # Whoever adds first may add again, behind; whoever books first is in the way of all.
    with salon_scope(salon):
        booked = Appointment.objects.count() - 1
        added = Line.objects.filter(appointment_id=visit).count() - 1
    assert booked + added == found["had"]
    assert (booked, added) == (1, 0) or (booked == 0 and 1 <= added <= 4)
    assert found["had"] + found["slot_taken"] + found["not_offered"] == 8
    well(salon)


def test_a_change_and_a_move_come_one_after_the_other(
    salon: SalonCard, visit: UUID, line: AskedLine
) -> None:
    with salon_scope(salon):
        rows = glanced_visit(visit)
        later = rows.starts_at.replace(hour=rows.starts_at.hour + 2)
        own = tuple(phase.minutes + 10 for phase in rows.phases)

    def step(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                request = MoveRequest(starts_at=later, expected_version=1)
                move_appointment(appointment_id=visit, request=request, actor=DESK)
                return "moved"
            change_line(
                appointment_id=visit,
                line_id=rows.lines[0].pk,
                change={"own_minutes": own},
                actor=DESK,
            )
            return "changed"

    found = at_once(6, step)

    assert found["changed"] == 3
    assert found["moved"] + found["stale"] == 3
    with salon_scope(salon):
        after = glanced_visit(visit)
        assert tuple(phase.minutes for phase in after.phases) == own
        assert after.starts_at == (later if found["moved"] else rows.starts_at)
    well(salon)


def test_what_is_cancelled_meanwhile_gets_nothing_more(
    salon: SalonCard, visit: UUID, line: AskedLine
) -> None:
    def step(number: int) -> str:
        with salon_scope(salon):
            if number == 0:
                cancel_appointment(appointment_id=visit, actor=DESK)
                return "cancelled"
            add_line(appointment_id=visit, request=MoreRequest(line=line), actor=DESK)
            return "added"

    found = at_once(4, step)

    assert found["cancelled"] == 1
    assert found["added"] + found["wrong_state"] + found["slot_taken"] == 3
    with salon_scope(salon):
        assert not Allocation.objects.exists()
        assert {line.state for line in Line.objects.all()} == {"cancelled"}
    well(salon)


def test_one_client_is_named_for_two_visits_of_the_same_time_once(
    salon: SalonCard, visit: UUID, line: AskedLine
) -> None:
    with salon_scope(salon):
        client = Client.objects.get().pk
        set_client(appointment_id=visit, client=None, actor=DESK)
        rows = glanced_visit(visit)
        beth = UUID(hire(salon, "Beth"))
        request = BookingRequest(
            starts_at=rows.starts_at,
            lines=(AskedLine(option_id=line.option_id, staff_id=beth),),
            client=None,
        )
        visits = [visit, book_appointment(request=request, actor=DESK)]

    def name(number: int) -> str:
        with salon_scope(salon):
            set_client(appointment_id=visits[number % 2], client=client, actor=DESK)
        return "named"

    found = at_once(2, name)

    assert found == {"named": 1, "slot_taken": 1}
    with salon_scope(salon):
        assert Appointment.objects.filter(client_id=client).count() == 1
        assert list(salon_problems()) == []
