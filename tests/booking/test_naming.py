"""Whose visit it is: a walk-in's name, or another than was thought."""

from uuid import UUID

import pytest

from shared_apps.core.actor import Channel, system
from shared_apps.core.errors import Forbidden, Stale
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.errors import SlotTaken, WrongState
from tenant_apps.booking.models import Allocation, Appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.progress import complete_appointment, start_appointment
from tenant_apps.booking.services.set_client import set_client
from tenant_apps.clients.errors import ContactRefused, NoSuchClient
from tenant_apps.clients.models import Client
from tenant_apps.clients.types import Contact
from tests.booking.changes import OLGA, ON_PURPOSE, OWNER, WORK, add, asked, book, nth, sell, takes
from tests.booking.conftest import Clock
from tests.booking.test_visits_of_all_kinds import team_of_two

pytestmark = pytest.mark.usefixtures("nothing_is_forgotten")


@pytest.fixture
def one(clock: Clock) -> UUID:
    option = sell("One", (WORK, 30))
    team_of_two(option)
    return option


def name(visit: UUID, client: UUID | Contact | None, **said: object) -> UUID | None:
    set_client(appointment_id=visit, client=client, actor=OWNER, **said)  # type: ignore[arg-type]
    found: UUID | None = Appointment.objects.get(pk=visit).client_id
    return found


def claimed(visit: UUID) -> set[UUID]:
    found = Allocation.objects.filter(phase__line__appointment_id=visit, client__isnull=False)
    return set(found.values_list("client_id", flat=True))


def test_a_walk_in_gets_a_name_and_their_time_is_taken(clock: Clock, one: UUID) -> None:
    visit = book(clock.at(10), asked(one), client=None)
    assert claimed(visit) == set()

    card = name(visit, OLGA)

    assert card is not None
    assert (str(card), "10:00-10:30") in takes(visit)
    assert Client.objects.get(pk=card).name == "Olga"
    last = JournalEntry.objects.filter(stream="appointment").order_by("-version")[0]
    assert (last.event, last.version) == ("booking.client_named", 2)
    with pytest.raises(SlotTaken):
        book(clock.at(10, 15), asked(one), client=card)
    assert name(visit, card) == card  # no news
    assert Appointment.objects.get(pk=visit).version == 2


def test_another_name_frees_the_time_of_who_it_was_thought_to_be(clock: Clock, one: UUID) -> None:
    visit = book(clock.at(10), asked(one))
    olga = Appointment.objects.get(pk=visit).client_id
    anne = name(visit, Contact(name="Anne", email="anne@example.com"))
    assert claimed(visit) == {anne}
    book(clock.at(10), asked(one), client=olga)
    assert name(visit, None) is None
    assert claimed(visit) == set()


def test_nobody_is_in_two_chairs_unless_somebody_means_it(clock: Clock, one: UUID) -> None:
    first = book(clock.at(10), asked(one))
    olga = Appointment.objects.get(pk=first).client_id
    visit = book(clock.at(10, 15), asked(one), client=None)

    with pytest.raises(SlotTaken):
        name(visit, olga)
    assert Appointment.objects.get(pk=visit).client_id is None
    name(visit, olga, override=ON_PURPOSE)

    assert claimed(visit) == {olga}
    told = JournalEntry.objects.filter(stream_id=first).order_by("-version")[0]
    assert told.event == "booking.appointment_overbooked"


def test_what_is_done_gets_its_name_and_takes_no_time(clock: Clock, one: UUID) -> None:
    visit = book(clock.at(10), asked(one), client=None)
    clock.move(10)
    start_appointment(appointment_id=visit, actor=OWNER)
    complete_appointment(appointment_id=visit, actor=OWNER)
    assert name(visit, OLGA)
    assert claimed(visit) == set()


def test_of_a_visit_under_way_only_what_is_to_come_is_claimed(clock: Clock, one: UUID) -> None:
    visit = book(clock.at(10), asked(one), asked(one), client=None)
    clock.move(10)
    start_appointment(appointment_id=visit, actor=OWNER)
    clock.move(10, 25)
    complete_appointment(appointment_id=visit, line_id=nth(visit, 0).pk, actor=OWNER)
    card = name(visit, OLGA)
    mine = {when for who, when in takes(visit) if who == str(card)}
    assert mine == {"10:30-11:00"}
    add(visit, asked(one))
    mine = {when for who, when in takes(visit) if who == str(card)}
    assert mine == {"10:30-11:00", "11:00-11:30"}


def test_who_may_and_what_is_refused(clock: Clock, one: UUID) -> None:
    visit = book(clock.at(10), asked(one), client=None)
    with pytest.raises(Forbidden):
        set_client(appointment_id=visit, client=OLGA, actor=system(Channel.WEB))
    with pytest.raises(Stale):
        name(visit, OLGA, expected_version=7)
    with pytest.raises(NoSuchClient):
        name(visit, UUID(int=1))
    with pytest.raises(ContactRefused):
        name(visit, Contact(name="", email=""))
    cancel_appointment(appointment_id=visit, actor=OWNER)
    with pytest.raises(WrongState):
        name(visit, OLGA)
