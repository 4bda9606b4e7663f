"""The bulk writer does what the service does, only faster."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from shared_apps.core.actor import Actor, Channel, system
from shared_apps.core.models import uuid7
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.enums import CancelReason
from tenant_apps.booking.errors import NobodyDoesThis, SlotTaken
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Appointment, DiaryDay
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.bulk import (
    GivenBack,
    diary_ends,
    open_days,
    read_offer,
    write,
)
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.types import AskedLine
from tenant_apps.clients.services import add_client
from tenant_apps.clients.types import Contact
from tenants.types import SalonCard
from tests.booking.planned import (
    DESK,
    TUESDAY,
    asked,
    at,
    enter,
    opened,
    option,
    outbox,
    plan,
    recorded,
)

GUEST = system(Channel.WEB)


@pytest.fixture
def zone(in_salon: SalonCard) -> ZoneInfo:
    return ZoneInfo(in_salon.timezone)


@pytest.fixture
def client_id(in_salon: SalonCard) -> UUID:
    contact = Contact(name="Anne", email="anne@example.com")
    return add_client(contact=contact, confirmed=True, actor=DESK).pk


@pytest.mark.parametrize("is_cancelled", [False, True])
@pytest.mark.parametrize("actor", [DESK, GUEST], ids=["desk", "guest"])
@pytest.mark.parametrize(
    "names", [("Root tint", "Women’s cut and finish"), ("Men’s cut",), ("Blow-dry", "Men’s cut")]
)
def test_it_writes_the_rows_and_the_history_of_the_service(
    client_id: UUID, zone: ZoneInfo, names: tuple[str, ...], actor: Actor, is_cancelled: bool
) -> None:
    starts_at = at(10, 0, zone)
    is_known = actor is DESK
    contact = Contact(name="Anne", email="anne@example.com")
    with transaction.atomic():
        request = BookingRequest(
            starts_at=starts_at,
            lines=asked(*names),
            client=client_id if is_known else contact,
            language="en",
        )
        pk = book_appointment(request=request, actor=actor)
        if is_cancelled:
            cancel_appointment(appointment_id=pk, actor=DESK)
        by_service = recorded()
        transaction.set_rollback(True)
    given_back = GivenBack(reason=CancelReason.SALON, at=starts_at, actor=DESK)
    visit = plan(
        starts_at,
        *names,
        client_id=client_id,
        claimed=is_known,
        actor=actor,
        given_back=given_back if is_cancelled else None,
    )
    write([enter(opened(zone), visit, zone)], announce=True)
    assert recorded().splitlines() == by_service.splitlines()
    assert list(salon_problems()) == []


def test_nobody_is_told_unless_asked(client_id: UUID, zone: ZoneInfo) -> None:
    before = outbox()
    write([enter(opened(zone), plan(at(10, 0, zone), "Men’s cut"), zone)])
    assert outbox() == before


def test_history_is_told_as_of_then(client_id: UUID, zone: ZoneInfo) -> None:
    starts_at = at(10, 0, zone)
    given_back = GivenBack(
        reason=CancelReason.CLIENT, at=starts_at - timedelta(hours=1), actor=DESK
    )
    write([enter(opened(zone), plan(starts_at, "Men’s cut", given_back=given_back), zone)])
    entries = JournalEntry.objects.filter(stream="appointment").order_by("version")
    assert [entry.recorded_at for entry in entries] == [
        starts_at - timedelta(days=3),
        starts_at - timedelta(hours=1),
    ]


def test_what_was_entered_is_taken(client_id: UUID, zone: ZoneInfo) -> None:
    days, visit = opened(zone), plan(at(10, 0, zone), "Men’s cut")
    assert visit.starts_at in days.starts(visit.lines, actor=DESK, client_id=None)
    assert days.enter(visit, zone)
    assert visit.starts_at not in days.starts(visit.lines, actor=DESK, client_id=None)
    assert days.enter(visit, zone) is None


def test_what_was_given_back_is_free(client_id: UUID, zone: ZoneInfo) -> None:
    given_back = GivenBack(reason=CancelReason.CLIENT, at=at(9, 0, zone), actor=DESK)
    days, visit = opened(zone), plan(at(10, 0, zone), "Men’s cut", given_back=given_back)
    before = days.minutes_left()
    assert days.enter(visit, zone)
    assert days.minutes_left() == before
    assert days.enter(plan(at(10, 0, zone), "Men’s cut"), zone)
    assert days.minutes_left() != before


def test_what_was_written_before_is_seen(client_id: UUID, zone: ZoneInfo) -> None:
    days = opened(zone)
    write([enter(days, plan(at(10, 0, zone), "Men’s cut", client_id=client_id), zone)])
    again = opened(zone)
    assert again.minutes_left() == days.minutes_left()
    visit = plan(at(10, 15, zone), "Men’s cut", client_id=client_id)
    assert again.starts(visit.lines, actor=DESK, client_id=client_id) == days.starts(
        visit.lines, actor=DESK, client_id=client_id
    )


@pytest.mark.parametrize(("hour", "minute"), [(5, 0), (17, 45), (23, 45)])
def test_nothing_is_entered_outside_the_rota(
    client_id: UUID, zone: ZoneInfo, hour: int, minute: int
) -> None:
    assert opened(zone).enter(plan(at(hour, minute, zone), "Men’s cut"), zone) is None


def test_a_visit_begins_on_the_days_that_are_open(client_id: UUID, zone: ZoneInfo) -> None:
    for days in (-1, 1):
        visit = plan(at(10, 0, zone) + timedelta(days=days), "Men’s cut")
        assert opened(zone).enter(visit, zone) is None


def test_guests_keep_to_the_grid_and_the_desk_need_not(client_id: UUID, zone: ZoneInfo) -> None:
    visit = plan(at(10, 5, zone), "Men’s cut", actor=GUEST)
    assert opened(zone).enter(visit, zone) is None
    assert opened(zone).enter(plan(at(10, 5, zone), "Men’s cut"), zone)


def test_a_wish_that_nobody_can_grant_is_refused(client_id: UUID, zone: ZoneInfo) -> None:
    lines = (AskedLine(option_id=option("Men’s cut"), staff_id=uuid7()),)
    with pytest.raises(NobodyDoesThis):
        opened(zone).starts(lines, actor=DESK, client_id=None)


def test_the_constraint_stands_behind_it(client_id: UUID, zone: ZoneInfo) -> None:
    visit = plan(at(10, 0, zone), "Men’s cut")
    both = [enter(opened(zone), visit, zone), enter(opened(zone), visit, zone)]
    with pytest.raises(SlotTaken), transaction.atomic():
        write(both)
    assert Appointment.objects.count() == 0
    write(both[:1])
    assert Appointment.objects.count() == 1


def test_the_days_are_locked_and_known(client_id: UUID, zone: ZoneInfo) -> None:
    assert diary_ends() is None
    open_days(read_offer(), TUESDAY, TUESDAY + timedelta(days=2), zone)
    assert diary_ends() == TUESDAY + timedelta(days=2)
    assert DiaryDay.objects.count() == 3


def test_nothing_to_write_is_nothing(client_id: UUID) -> None:
    write([])
    assert Appointment.objects.count() == 0
