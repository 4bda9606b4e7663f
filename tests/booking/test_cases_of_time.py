"""Visits where the clock changes and where the day does: instants, locks and what is on offer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from shared_apps.core.wall import at_wall
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.errors import NotOffered, SlotTaken
from tenant_apps.booking.models import DiaryDay
from tenant_apps.booking.services import rota
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.clients.types import Contact
from tenant_apps.staff.types import DatedRota, WallSpan
from tests.booking.conftest import LONDON
from tests.booking.shapes import (
    OWNER,
    PROCESSING,
    WORK,
    asked,
    book,
    instants,
    move,
    offered,
    sell,
    taken,
)
from tests.booking.test_visits_of_all_kinds import team_of_two

pytestmark = pytest.mark.usefixtures("in_salon", "nothing_is_forgotten")


@dataclass
class Night:
    """A salon that opens at hours of its own on one day of 2027."""

    hands: time_machine.Traveller
    tint: UUID = field(init=False)
    cut: UUID = field(init=False)

    def serve(self, day: date, span: WallSpan) -> UUID:
        """Somebody who is there in ``span``, the only one."""
        self.tint = sell("Tint", (WORK, 30), (PROCESSING, 30), (WORK, 30))
        self.cut = sell("Cut", (WORK, 60))
        bea, _cara = team_of_two(self.tint, self.cut)
        rota.set_special_hours(date=day, spans=[span], actor=OWNER)
        rota.set_rota_day(member_id=bea, date=day, change=DatedRota(replaced=(span,)), actor=OWNER)
        DiaryDay.objects.all().delete()
        return bea

    def locked(self) -> set[date]:
        """The days that anybody has locked since."""
        return set(DiaryDay.objects.values_list("date", flat=True))


@pytest.fixture
def at_night() -> Iterator[Night]:
    """A salon that serves at any hour of one day, and who is there."""
    with time_machine.travel(datetime(2027, 3, 20, 8, tzinfo=UTC), tick=False) as hands:
        yield Night(hands)


def test_in_spring_a_visit_goes_on_across_the_hour_that_is_not_there(at_night: Night) -> None:
    day = date(2027, 3, 28)
    bea = at_night.serve(day, (0, 360))
    tint = at_night.tint
    starts = offered(day, asked(tint, bea))
    walls = [f"{start.astimezone(LONDON):%H:%M}" for start in starts]
    assert walls[:6] == ["00:00", "00:15", "00:30", "00:45", "02:00", "02:15"]
    assert len(starts) == 5 * 4 - 5  # five hours, the last of it begins 90 minutes before six
    half_past = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)

    visit = book(half_past, asked(tint, bea))

    assert instants(visit) == [(half_past, 30), (half_past + timedelta(hours=1), 30)]
    assert taken(visit, "staff") == [(0, "00:30-02:00"), (0, "02:30-03:00")]
    assert at_night.locked() == {day}
    with pytest.raises(SlotTaken):
        book(at_wall(day, 120 + 30, LONDON), asked(tint, bea))
    move(visit, half_past + timedelta(minutes=30))
    assert taken(visit, "staff") == [(0, "02:00-02:30"), (0, "03:00-03:30")]
    cancel_appointment(appointment_id=visit, actor=OWNER)
    assert instants(visit) == []
    assert offered(day, asked(tint, bea)) == starts
    assert at_night.locked() == {day}


def test_in_autumn_the_hour_that_comes_twice_is_sold_twice(at_night: Night) -> None:
    at_night.hands.move_to(datetime(2027, 10, 20, 8, tzinfo=UTC))
    day = date(2027, 10, 31)
    bea = at_night.serve(day, (0, 360))
    cut = asked(at_night.cut, bea)
    first, second = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert [f"{each.astimezone(LONDON):%H:%M}" for each in (first, second)] == ["01:30"] * 2
    starts = offered(day, cut)
    assert len(starts) == 7 * 4 - 3  # seven hours
    assert {first, second} <= set(starts)

    visits = [
        book(start, cut, client=Contact(name="G", email="g@example.com"))
        for start in (first, second)
    ]

    assert [instants(visit) for visit in visits] == [[(first, 60)], [(second, 60)]]
    for start in (first, second, first + timedelta(minutes=30)):
        with pytest.raises(SlotTaken):
            book(start, cut)
    assert at_night.locked() == {day}
    cancel_appointment(appointment_id=visits[0], actor=OWNER)
    move(visits[1], first)
    assert instants(visits[1]) == [(first, 60)]
    assert second in offered(day, cut)
    assert first not in offered(day, cut)
    assert at_night.locked() == {day}


def test_a_visit_over_midnight_locks_both_days_and_one_until_midnight_its_own(
    at_night: Night,
) -> None:
    day = date(2027, 3, 23)
    bea = at_night.serve(day, (9 * 60, 25 * 60))
    cut, eleven = asked(at_night.cut, bea), at_wall(day, 23 * 60, LONDON)

    visit = book(eleven, cut)

    assert at_night.locked() == {day}
    move(visit, eleven + timedelta(minutes=30))
    assert at_night.locked() == {day, day + timedelta(days=1)}
    assert taken(visit, "staff") == [(0, "23:30-00:30")]
    (event,) = JournalEntry.objects.filter(event="booking.appointment_moved")
    assert sorted(event.days) == [day, day + timedelta(days=1)]
    with pytest.raises(SlotTaken):
        book(at_wall(day, 24 * 60, LONDON), cut)
    with pytest.raises(NotOffered):
        book(at_wall(day, 24 * 60 + 30, LONDON), cut)
    cancel_appointment(appointment_id=visit, actor=OWNER)
    book(at_wall(day, 24 * 60, LONDON), cut)
