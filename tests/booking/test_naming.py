"""Whose visit it is: a walk-in's name, or another than was thought."""

from typing import Any
from uuid import UUID, uuid4

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
from tests.booking.visits import CUT, MENS
from tests.desk import Desk

pytestmark = pytest.mark.usefixtures("nothing_is_forgotten")
PIA = {"name": "Pia", "email": "pia@example.com"}


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


def test_the_same_contact_twice_is_one_card(clock: Clock, one: UUID) -> None:
    visit = book(clock.at(10), asked(one), client=None)
    card = name(visit, OLGA)
    before = Client.objects.count(), Appointment.objects.get(pk=visit).version

    assert name(visit, Contact(name=" Olga ", email="OLGA@example.com")) == card

    assert (Client.objects.count(), Appointment.objects.get(pk=visit).version) == before
    assert (
        name(visit, Contact(name="Olga", email="olga@example.com", phone="+442079460000")) != card
    )


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


# The link of a visit is its client's


def link_of(visit: dict[str, Any]) -> str:
    return str(visit["manage_url"].rpartition("/")[2])


def put_client(desk: Desk, visit: dict[str, Any], client: Any) -> dict[str, Any]:
    answer = desk.put(f"/booking/appointments/{visit['id']}/client", {"client": client})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def answers(desk: Desk, visit: dict[str, Any], token: str) -> list[int]:
    """Of the visit, of every way to change it, of its pages and of its calendar file."""
    path, link = f"/booking/appointments/{visit['id']}", {"Manage-Token": token}
    later = {"starts_at": visit["starts_at"]}
    pages = [f"/manage/{token}", f"/calendar/{token}.ics"]
    return [
        desk.get(path, **link).status_code,
        desk.post(f"{path}/reschedule", later, **link).status_code,
        *(desk.client.get(page, headers=desk.headers()).status_code for page in pages),
        desk.client.post(f"/manage/{token}", headers=desk.headers()).status_code,
        desk.post(f"{path}/cancel", **link).status_code,
    ]


def test_who_had_the_link_of_a_visit_that_is_somebody_elses_is_a_stranger(
    reception: Desk, desk: Desk, clock: Clock
) -> None:
    visit = desk.book(clock.text(10), CUT).json()
    old = link_of(visit)

    now = put_client(reception, visit, PIA)

    assert answers(desk, visit, old) == [404] * 6
    refusal = desk.get(f"/booking/appointments/{visit['id']}", **{"Manage-Token": old})
    stranger = desk.get(f"/booking/appointments/{uuid4()}")
    assert refusal.json()["code"] == stranger.json()["code"] == "appointment_not_found"
    shown = reception.get(f"/booking/appointments/{visit['id']}").json()
    assert (shown["state"], shown["version"]) == ("confirmed", 2)
    assert old not in now["ics_url"]
    assert answers(desk, visit, link_of(now)) == [200, 200, 200, 200, 302, 409]


def test_a_link_outlives_whatever_does_not_change_the_client(
    reception: Desk, desk: Desk, clock: Clock
) -> None:
    visit = desk.book(clock.text(10), CUT).json()
    body = {"line": {"option_id": reception.option(MENS)["id"]}}
    path = f"/booking/appointments/{visit['id']}"
    assert reception.post(f"{path}/lines", body).status_code == 201
    moved = reception.post(f"{path}/reschedule", {"starts_at": clock.text(13)})
    assert moved.json()["manage_url"] == visit["manage_url"]
    assert desk.get(path, **{"Manage-Token": link_of(visit)}).json()["version"] == 3


def test_the_link_of_a_visit_that_was_nobodys_ends_with_the_first_name(
    reception: Desk, desk: Desk, clock: Clock
) -> None:
    visit = reception.book(clock.text(10), CUT, client=None).json()
    path = f"/booking/appointments/{visit['id']}"
    assert desk.get(path, **{"Manage-Token": link_of(visit)}).status_code == 200
    named = put_client(reception, visit, PIA)
    assert desk.get(path, **{"Manage-Token": link_of(visit)}).status_code == 404
    assert desk.get(path, **{"Manage-Token": link_of(named)}).json()["client"]["name"] == "Pia"


def test_sending_the_booking_again_does_not_show_whose_visit_it_is_now(
    reception: Desk, desk: Desk, clock: Clock
) -> None:
    start = clock.text(10)
    visit = desk.book(start, CUT, key="once-only").json()
    assert desk.book(start, CUT, key="once-only").json() == visit
    put_client(reception, visit, PIA)

    again = desk.book(start, CUT, key="once-only")

    assert (again.status_code, again.json()["code"]) == (404, "appointment_not_found")
    assert "Pia" not in again.content.decode()
