"""The diary as it was known at an earlier moment."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now

from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.api.diary_json import diary_out
from tenant_apps.booking.models import Phase
from tenant_apps.booking.selectors.diary import read_diary
from tenant_apps.booking.selectors.diary_types import Asked
from tenant_apps.clients.models import Client
from tests.booking.seen import DAY, MENS, TINT, ZONE, booked, diary, visits
from tests.booking.test_blocks import TUESDAY, at, block
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def reception(desk: Desk) -> Desk:
    """Of today, on a clock that goes on: here it matters what came first."""
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


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
    later = at(10, day=TUESDAY + DAY)
    reception.post(f"/booking/appointments/{visit_id}/reschedule", {"starts_at": later})
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


def test_a_block_that_was_changed_is_where_it_was(reception: Desk, anna: str) -> None:
    made = block(reception, at(9), at(12), staff_id=anna).json()
    later = {"starts_at": at(10, day=TUESDAY + DAY), "ends_at": at(11, day=TUESDAY + DAY)}
    changed = reception.patch(f"/booking/blocks/{made['id']}", later).json()
    blocking, changing = told(reception)

    def on_both(moment: datetime) -> list[Any]:
        return [day["blocks"] for day in then(reception, moment, days=2)["days"]]

    assert on_both(blocking) == [[made], []]
    assert on_both(changing) == [[], [changed]]
    (day,) = then(reception, changing)["days"]
    assert day["blocks"] == []


def test_the_diary_as_of_now_is_the_diary(reception: Desk, anna: str) -> None:
    for hour in (9, 12):
        booked(reception, at(hour), MENS)
        booked(reception, at(hour, day=TUESDAY + DAY), TINT)
    block(reception, at(14), at(16), staff_id=anna)

    today, as_of = diary(reception, days=3), then(reception, datetime.now(ZoneInfo("UTC")), days=3)

    assert as_of["as_of"] == as_of["moment"]
    for found in (today, as_of):
        del found["as_of"], found["moment"]
    assert as_of == today
    with salon_scope(reception.salon):
        Phase.objects.all().delete()
    assert visits(diary(reception)) == []
    assert visits(then(reception, datetime.now(ZoneInfo("UTC")))) == today["days"][0]["visits"]


class Busy:
    """A reception in the middle of a wild day: some things work out, others are refused."""

    def __init__(self, desk: Desk, seed: int, anna: str) -> None:
        self.desk, self.anna, self.chance = desk, anna, Random(seed)
        self.visits: list[str] = []
        self.blocks: list[str] = []

    def act(self) -> None:
        some = (
            self.book,
            self.book,
            self.overbook,
            self.hold,
            self.block,
            self.unblock,
            self.reblock,
        )
        self.chance.choice((*some, self.step, self.step, self.move, self.cancel_line))()

    def any_start(self) -> str:
        day = TUESDAY + self.chance.randrange(2) * DAY
        return at(self.chance.randrange(9, 17), self.chance.choice((0, 15, 30, 45)), day)

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        found: dict[str, Any] = self.desk.post(f"/booking/{path}", body).json()
        return found

    def book(self, **more: Any) -> None:
        names = self.chance.choice(([MENS], [TINT], [MENS, TINT]))
        lines = [{"option_id": self.desk.option(name)["id"]} for name in names]
        answer = self.desk.book(self.any_start(), lines=lines, **more)
        if answer.status_code == 201:
            self.visits.append(answer.json()["id"])

    def overbook(self) -> None:
        self.book(override={"codes": ["slot_taken"], "reason": "regular"})

    def hold(self) -> None:
        lines = [{"option_id": self.desk.option(MENS)["id"]}]
        self.post("holds", {"starts_at": self.any_start(), "lines": lines})

    def block(self) -> None:
        start = self.any_start()
        end = (datetime.fromisoformat(start) + timedelta(hours=2)).isoformat()
        answer = block(self.desk, start, end, staff_id=self.anna, rest=True)
        if answer.status_code == 201:
            self.blocks.append(answer.json()["id"])

    def unblock(self) -> None:
        if self.blocks:
            path = f"/api/v1/booking/blocks/{self.blocks.pop()}"
            self.desk.client.delete(path, headers=self.desk.headers())

    def reblock(self) -> None:
        if self.blocks:
            start = self.any_start()
            end = (datetime.fromisoformat(start) + timedelta(hours=1)).isoformat()
            change = {"starts_at": start, "ends_at": end, "rest": self.chance.random() < 0.5}
            self.desk.patch(f"/booking/blocks/{self.chance.choice(self.blocks)}", change)

    def step(self) -> None:
        steps = ("arrive", "start", "complete", "no-show", "cancel", "undo")
        if self.visits:
            self.post(f"appointments/{self.chance.choice(self.visits)}/{self.chance.choice(steps)}")

    def move(self) -> None:
        if self.visits:
            path = f"appointments/{self.chance.choice(self.visits)}/reschedule"
            self.post(path, {"starts_at": self.any_start()})

    def cancel_line(self) -> None:
        if self.visits:
            visit_id = self.chance.choice(self.visits)
            lines = self.desk.get(f"/booking/appointments/{visit_id}").json()["lines"]
            line = self.chance.choice(lines)
            self.post(f"appointments/{visit_id}/lines/{line['id']}/cancel")


@pytest.mark.parametrize("seed", range(4))
def test_the_diary_as_of_any_moment_is_the_diary_that_was_seen_then(
    reception: Desk, anna: str, seed: int
) -> None:
    """But for who was new: that is known of today."""
    busy = Busy(reception, seed, anna)
    asked = Asked(first=TUESDAY, last=TUESDAY + DAY, zone=ZONE, moment=now())
    snapshots = []

    def seen(moment: datetime, as_of: datetime | None) -> Any:
        with salon_scope(reception.salon):
            found = diary_out(read_diary(replace(asked, moment=moment, as_of=as_of)))
        for day in found["days"]:
            for visit in day["visits"]:
                visit["flags"] = [flag for flag in visit["flags"] if flag != "new_client"]
        return found["days"]

    for _number in range(50):
        busy.act()
        moment = now()
        snapshots.append((moment, seen(moment, None)))

    assert len({str(days) for _moment, days in snapshots}) > 15
    for moment, days in snapshots:
        assert seen(moment, moment) == days
