"""Parties at once: exactly one wins, and nobody waits for ever."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localdate

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Party
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.parties import PartyMember, PartyRequest, book_party, cancel_party
from tenant_apps.booking.services.party_moves import MovePartyRequest, move_party
from tenant_apps.booking.services.set_client import set_client
from tenant_apps.catalog.enums import Keep
from tenant_apps.catalog.services.units import add_unit, add_unit_kind
from tenant_apps.catalog.types import Need
from tenant_apps.clients.services import add_client
from tenant_apps.clients.types import Contact
from tenants.types import SalonCard
from tests.booking.shapes import OWNER, WORK, asked, sell
from tests.booking.test_races import at_once
from tests.booking.test_visits_of_all_kinds import team_of_two

pytestmark = pytest.mark.usefixtures("committed")
MANY = 12


@pytest.fixture
def massage(salon: SalonCard) -> UUID:
    """Four who give it, in one cabin for two."""
    with salon_scope(salon):
        add_unit_kind(code="cabin", name="Cabin", actor=OWNER)
        add_unit(kind="cabin", name="Double", places=2, actor=OWNER)
        need = Need(kinds=("cabin",), keep=Keep.LINE)
        option = sell("Massage", (WORK, 60), needs=(need,))
        team_of_two(option), team_of_two(option)
        return option


@pytest.fixture
def start(salon: SalonCard) -> datetime:
    day = localdate() + timedelta(days=(1 - localdate().weekday()) % 7 + 7)
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(salon.timezone))


def couple(massage: UUID, start: datetime) -> UUID:
    member = PartyMember(lines=(asked(massage),))
    return book_party(request=PartyRequest(starts_at=start, members=(member, member)), actor=OWNER)


def all_is_told(salon: SalonCard) -> bool:
    with salon_scope(salon):
        return list(salon_problems()) == []


def test_of_many_couples_for_one_cabin_exactly_one_gets_it(
    salon: SalonCard, massage: UUID, start: datetime
) -> None:
    def book(_number: int) -> str:
        with salon_scope(salon):
            couple(massage, start)
        return "won"

    assert at_once(MANY, book) == {"won": 1, "slot_taken": MANY - 1}
    with salon_scope(salon):
        assert (Party.objects.count(), Appointment.objects.count()) == (1, 2)
        assert Allocation.objects.filter(unit__isnull=False).count() == 2
    assert all_is_told(salon)


def test_a_stranger_and_couples_do_not_share(
    salon: SalonCard, massage: UUID, start: datetime
) -> None:
    def book(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                couple(massage, start + timedelta(minutes=15 * (number % 3)))
                return "couple"
            book_appointment(
                request=BookingRequest(starts_at=start, lines=(asked(massage),), client=None),
                actor=OWNER,
            )
        return "stranger"

    found = at_once(MANY, book)

    assert found["couple"] + found["stranger"] == 1
    assert found["slot_taken"] == MANY - 1
    assert all_is_told(salon)


def test_one_of_a_couple_leaves_while_both_are_moved_and_called_off(
    salon: SalonCard, massage: UUID, start: datetime
) -> None:
    """Whoever comes first, each gets an answer, and time is neither lost nor taken twice."""
    with salon_scope(salon):
        party_id = couple(massage, start)
        first = Appointment.objects.order_by("id")[0].pk

    def do(number: int) -> str:
        with salon_scope(salon):
            if number % 3 == 0:
                cancel_appointment(appointment_id=first, actor=OWNER)
            elif number % 3 == 1:
                later = start + timedelta(days=number % 2, hours=1 + number)
                move_party(
                    party_id=party_id, request=MovePartyRequest(starts_at=later), actor=OWNER
                )
            else:
                cancel_party(party_id=party_id, actor=OWNER)
        return "done"

    found = at_once(9, do)

    assert found["done"] >= 1
    assert set(found) <= {"done", "not_cancellable", "not_movable", "slot_taken", "not_offered"}
    with salon_scope(salon):
        live = Appointment.objects.exclude(state="cancelled").count()
        assert Allocation.objects.filter(unit__isnull=False).count() == live
    assert all_is_told(salon)


def test_two_of_a_couple_are_not_named_the_same_at_once(
    salon: SalonCard, massage: UUID, start: datetime
) -> None:
    with salon_scope(salon):
        couple(massage, start)
        visits = list(Appointment.objects.order_by("id").values_list("id", flat=True))
        contact = Contact(name="Olga", email="olga@example.com")
        olga = add_client(contact=contact, confirmed=True, actor=OWNER).pk

    def name(number: int) -> str:
        with salon_scope(salon):
            set_client(appointment_id=visits[number], client=olga, actor=OWNER)
        return "named"

    assert at_once(2, name) == {"named": 1, "slot_taken": 1}
    with salon_scope(salon):
        assert Appointment.objects.filter(client_id=olga).count() == 1
        assert Allocation.objects.filter(client_id=olga).count() == 1
    assert all_is_told(salon)
