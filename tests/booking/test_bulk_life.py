"""What became of a visit, written all at once, is what the desk would have left behind."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from shared_apps.core.actor import Channel, system
from shared_apps.core.errors import Forbidden
from shared_apps.core.revisions import renew
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import WrongState
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Line
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.bulk import EnteredVisit, write
from tenant_apps.booking.services.bulk_life import Missed, Outcome, Served, with_outcome
from tenant_apps.booking.services.progress import (
    arrive_appointment,
    complete_appointment,
    mark_no_show,
    start_appointment,
)
from tenant_apps.clients.services import add_client
from tenant_apps.clients.types import Contact
from tenant_apps.staff.models import RotaPattern
from tenants.types import SalonCard
from tests.booking.planned import DESK, TUESDAY, asked, at, enter, opened, plan, recorded

TINT_AND_CUT = ("Root tint", "Women’s cut and finish")
CUT = ("Men’s cut",)
Wall = tuple[int, int]


@pytest.fixture
def zone(in_salon: SalonCard) -> ZoneInfo:
    return ZoneInfo(in_salon.timezone)


@pytest.fixture
def client_id(in_salon: SalonCard) -> UUID:
    contact = Contact(name="Anne", email="anne@example.com")
    return add_client(contact=contact, confirmed=True, actor=DESK).pk


def served(zone: ZoneInfo, arrived: Wall, *lines: tuple[Wall, Wall]) -> Served:
    return Served(
        arrived_at=at(*arrived, zone),
        lines=[(at(*begun, zone), at(*done, zone)) for begun, done in lines],
    )


def booked_by_service(client_id: UUID, zone: ZoneInfo, names: Sequence[str]) -> UUID:
    request = BookingRequest(
        starts_at=at(10, 0, zone), lines=asked(*names), client=client_id, language="en"
    )
    return book_appointment(request=request, actor=DESK)


def serve_at_the_desk(pk: UUID, course: Served) -> None:
    ids = Line.objects.filter(appointment=pk).order_by("position").values_list("pk", flat=True)
    with time_machine.travel(course.arrived_at, tick=False) as hands:
        arrive_appointment(appointment_id=pk, actor=DESK)
        for line_id, (begun, done) in zip(ids, course.lines, strict=True):
            hands.move_to(begun)
            start_appointment(appointment_id=pk, line_id=line_id, actor=DESK)
            hands.move_to(done)
            complete_appointment(appointment_id=pk, line_id=line_id, actor=DESK)


def entered_with(
    outcome: Outcome, client_id: UUID, zone: ZoneInfo, names: Sequence[str]
) -> EnteredVisit:
    visit = plan(at(10, 0, zone), *names, client_id=client_id)
    return with_outcome(enter(opened(zone), visit, zone), outcome, actor=DESK, zone=zone)


@pytest.mark.parametrize(
    ("names", "course"),
    [
        (CUT, ((9, 55), ((10, 0), (10, 18)))),
        (CUT, ((10, 8), ((10, 9), (10, 44)))),
        (TINT_AND_CUT, ((9, 55), ((10, 0), (11, 20)), ((11, 30), (12, 10)))),
        (TINT_AND_CUT, ((10, 4), ((10, 4), (11, 41)), ((11, 41), (12, 40)))),
    ],
    ids=["early end", "late", "two lines, early", "two lines, late"],
)
def test_who_was_served_leaves_the_rows_and_the_history_of_the_service(
    client_id: UUID,
    zone: ZoneInfo,
    names: tuple[str, ...],
    course: tuple[Wall, *tuple[tuple[Wall, Wall], ...]],
) -> None:
    outcome = served(zone, *course)
    with transaction.atomic():
        pk = booked_by_service(client_id, zone, names)
        serve_at_the_desk(pk, outcome)
        by_service = recorded()
        transaction.set_rollback(True)

    write([entered_with(outcome, client_id, zone, names)], announce=True)

    assert Appointment.objects.get().state == State.COMPLETED
    assert recorded().splitlines() == by_service.splitlines()
    assert list(salon_problems()) == []


@pytest.mark.parametrize("minute", [0, 15])
@pytest.mark.parametrize("names", [CUT, TINT_AND_CUT])
def test_who_did_not_come_leaves_the_rows_and_the_history_of_the_service(
    client_id: UUID, zone: ZoneInfo, names: tuple[str, ...], minute: int
) -> None:
    noted = at(10, minute, zone)
    with transaction.atomic():
        pk = booked_by_service(client_id, zone, names)
        with time_machine.travel(noted, tick=False):
            mark_no_show(appointment_id=pk, actor=DESK)
        by_service = recorded()
        transaction.set_rollback(True)

    write([entered_with(Missed(at=noted), client_id, zone, names)], announce=True)

    assert Appointment.objects.get().state == State.NO_SHOW
    assert Allocation.objects.filter(during__endswith__gt=noted).count() == 0
    assert recorded().splitlines() == by_service.splitlines()
    assert list(salon_problems()) == []


def test_each_step_is_told_as_of_its_moment(client_id: UUID, zone: ZoneInfo) -> None:
    outcome = served(zone, (9, 55), ((10, 0), (11, 20)), ((11, 30), (12, 10)))
    write([entered_with(outcome, client_id, zone, TINT_AND_CUT)])
    told = JournalEntry.objects.filter(stream="appointment").order_by("version")
    moments: list[datetime] = [outcome.arrived_at, *(at for line in outcome.lines for at in line)]
    assert [entry.recorded_at for entry in told[1:]] == moments


def test_what_the_service_would_refuse_is_refused(client_id: UUID, zone: ZoneInfo) -> None:
    early = Missed(at=at(9, 59, zone))
    with pytest.raises(WrongState):
        entered_with(early, client_id, zone, CUT)
    nobody = system(Channel.STAFF)
    entered = enter(opened(zone), plan(at(10, 0, zone), *CUT, client_id=client_id), zone)
    for outcome in (Missed(at=at(10, 15, zone)), served(zone, (10, 0), ((10, 0), (10, 30)))):
        with pytest.raises(Forbidden):
            with_outcome(entered, outcome, actor=nobody, zone=zone)


def test_floating_breaks_keep_their_room(client_id: UUID, zone: ZoneInfo) -> None:
    """A cut takes 35 minutes with its cleanup, and half an hour from ten to eleven stays free."""
    RotaPattern.objects.update(breaks=[[TUESDAY.weekday(), 30, 10 * 60, 11 * 60]])
    renew()
    days = opened(zone)
    starts = days.starts(asked(*CUT), actor=DESK, client_id=None)
    around = [start for start in starts if at(9, 0, zone) <= start <= at(11, 0, zone)]
    offered = ((9, 0), (9, 15), (9, 30), (9, 45), (10, 30), (10, 45), (11, 0))
    assert around == [at(*wall, zone) for wall in offered]
    assert days.enter(plan(at(10, 0, zone), *CUT), zone) is None
    enter(days, plan(at(9, 45, zone), *CUT), zone)
    assert at(10, 30, zone) not in days.starts(asked(*CUT), actor=DESK, client_id=None)
