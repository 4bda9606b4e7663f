"""The diary as it was known at an earlier moment."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.events import AppointmentMoved
from tenant_apps.booking.models import Allocation, Phase
from tenant_apps.booking.selectors.visits import locked_visit
from tenant_apps.booking.services.rows import tell
from tenant_apps.clients.models import Client
from tests.booking.test_blocks import TUESDAY, at, block
from tests.booking.test_diary import CONSOLE, DAY, MENS, TINT, ZONE, booked, diary, visits
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def anna(desk: Desk) -> str:
    return str(desk.get("/staff").json()["items"][0]["id"])


def told(desk: Desk) -> list[datetime]:
    """When each event about visits and blocks was recorded."""
    with salon_scope(desk.salon):
        entries = JournalEntry.objects.filter(stream__in=["appointment", "block"])
        return list(entries.order_by("recorded_at").values_list("recorded_at", flat=True))


def then(desk: Desk, moment: datetime, **asked: Any) -> Any:
    return diary(desk, as_of=moment.isoformat(), **asked)


def test_a_visit_is_in_the_diary_between_its_booking_and_its_cancelling(reception: Desk) -> None:
    visit_id = booked(reception, at(10), TINT)
    (shown,) = visits(diary(reception))
    reception.post(f"/booking/appointments/{visit_id}/cancel")
    booking, cancelling = told(reception)

    assert visits(then(reception, booking - INSTANT)) == []
    assert visits(then(reception, booking)) == [shown]
    assert visits(then(reception, cancelling - INSTANT)) == [shown]
    assert visits(then(reception, cancelling)) == []


def test_a_visit_that_was_moved_away_is_where_it_was(reception: Desk) -> None:
    visit_id = booked(reception, at(10))
    with salon_scope(reception.salon):
        rows = locked_visit(UUID(visit_id))
        for phase in rows.phases:
            phase.starts_at += DAY
            phase.save()
        rows.appointment.version, rows.appointment.moves_count = 2, 1
        rows.appointment.save()
        Allocation.objects.all().delete()
        rows.allocations.clear()
        tell(AppointmentMoved, rows, ZONE, actor=CONSOLE)
    booking, moving = told(reception)

    def on_both(moment: datetime) -> list[list[str]]:
        days = then(reception, moment, days=2)["days"]
        return [[visit["starts_at"] for visit in day["visits"]] for day in days]

    assert on_both(booking) == [[at(10)], []]
    assert on_both(moving) == [[], [at(10, day=TUESDAY + DAY)]]
    assert visits(then(reception, moving)) == []


def test_names_are_those_of_today(reception: Desk) -> None:
    booked(reception, at(10))
    (booking,) = told(reception)
    with salon_scope(reception.salon):
        Client.objects.update(name="Erased")

    (visit,) = visits(then(reception, booking))

    assert visit["client"]["name"] == "Erased"


def test_a_block_is_there_between_its_making_and_its_removal(reception: Desk, anna: str) -> None:
    booked(reception, at(10))
    made = block(reception, at(9), at(12), staff_id=anna, rest=True).json()
    path = f"/api/v1/booking/blocks/{made['id']}"
    reception.client.delete(path, headers=reception.headers())
    booking, blocking, removal = told(reception)

    def blocks(moment: datetime, **asked: Any) -> Any:
        (day,) = then(reception, moment, **asked)["days"]
        return day["blocks"]

    assert [blocks(moment) for moment in (booking, blocking, removal)] == [[], [made], []]
    assert blocks(blocking, staff_id=anna) == [made]
    assert blocks(blocking, first=TUESDAY + DAY) == []


def test_the_diary_as_of_now_is_the_diary(reception: Desk, anna: str) -> None:
    for hour in (9, 12):
        booked(reception, at(hour), MENS)
        booked(reception, at(hour, day=TUESDAY + DAY), TINT)
    block(reception, at(14), at(16), staff_id=anna)

    now, as_of = diary(reception, days=3), then(reception, datetime.now(ZoneInfo("UTC")), days=3)

    assert as_of["as_of"] == as_of["moment"]
    for found in (now, as_of):
        del found["as_of"], found["moment"]
    assert as_of == now
    with salon_scope(reception.salon):
        Phase.objects.all().delete()
    assert visits(diary(reception)) == []
    assert visits(then(reception, datetime.now(ZoneInfo("UTC")))) == now["days"][0]["visits"]
