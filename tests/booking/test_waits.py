"""A client may wait between two lines of a visit, for as long as the salon allows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment
from tenant_apps.catalog.enums import Keep, PhaseKind
from tenant_apps.catalog.models import Unit
from tenant_apps.catalog.types import Need, PhaseTerms
from tests.booking.conftest import Clock
from tests.booking.test_visits_of_all_kinds import CLEANUP, WORK, sell
from tests.booking.visits import hire
from tests.desk import Desk

pytestmark = pytest.mark.django_db
CHAIR = (Need(kinds=("chair",), keep=Keep.VISIT),)
OTHER = {"name": "Second", "email": "second@example.com", "phone": ""}


def on_a_chair(minutes: int) -> PhaseTerms:
    return PhaseTerms(kind=PhaseKind.WORK, minutes=minutes, needs=CHAIR)


@dataclass
class Two:
    """Bea cuts and Cara shaves; Cara has somebody else from 10:00 to 10:40."""

    desk: Desk
    clock: Clock
    cut: str
    shave: str
    cara: str

    @property
    def lines(self) -> list[dict[str, str]]:
        return [{"option_id": self.cut}, {"option_id": self.shave}]

    def let_wait(self, minutes: int) -> None:
        changed = self.desk.patch("/booking/rules", {"max_wait_minutes": minutes})
        assert changed.status_code == 200, changed.content
        assert changed.json()["max_wait_minutes"] == minutes

    def offered(self) -> set[datetime]:
        day = self.clock.day.isoformat()
        body = {"first_day": day, "last_day": day, "lines": self.lines}
        answer = self.desk.post("/booking/availability/search", body)
        assert answer.status_code == 200, answer.content
        starts = [start for day in answer.json()["days"] for start in day["starts"]]
        return {datetime.fromisoformat(start["starts_at"]) for start in starts}

    def book(self, hour: int, minute: int = 0) -> Any:
        return self.desk.book(self.clock.text(hour, minute), lines=self.lines)

    def spans(self, visit: str) -> list[tuple[int, str]]:
        """By line, when its person works, on the salon's clock."""
        with salon_scope(self.desk.salon):
            assert list(salon_problems()) == []
            found = Allocation.objects.filter(
                phase__line__appointment_id=UUID(visit), staff__isnull=False
            ).select_related("phase__line")
            return sorted((row.phase.line.position, self.hours(row)) for row in found if row.phase)

    def hours(self, taken: Allocation) -> str:
        zone = self.clock.at(8).tzinfo
        return "-".join(
            f"{edge.astimezone(zone):%H:%M}" for edge in (taken.during.lower, taken.during.upper)
        )


@pytest.fixture
def two(reception: Desk, clock: Clock) -> Two:
    with salon_scope(reception.salon):
        cut, shave = sell("Trim", (WORK, 30)), sell("Shave", (WORK, 40))
    hire(reception.salon, "Bea", "Trim")
    cara = hire(reception.salon, "Cara", "Shave")
    lines = [{"option_id": str(shave)}]
    assert reception.book(clock.text(10), lines=lines, client=OTHER).status_code == 201
    return Two(reception, clock, str(cut), str(shave), cara)


def test_without_the_rule_one_line_follows_the_other_at_once(two: Two) -> None:
    at = two.clock.at
    assert two.desk.get("/booking/rules").json()["max_wait_minutes"] == 0
    assert at(10) not in two.offered()
    assert {at(9), at(10, 15)} & two.offered() == {at(10, 15)}
    refused = two.book(10)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")


def test_with_it_the_next_line_begins_when_its_person_is_free(two: Two) -> None:
    two.let_wait(10)

    assert two.clock.at(10) in two.offered()
    booked = two.book(10)

    assert booked.status_code == 201, booked.content
    assert two.spans(booked.json()["id"]) == [(0, "10:00-10:30"), (1, "10:40-11:20")]


def test_nobody_waits_longer_than_allowed_nor_when_there_is_no_need(two: Two) -> None:
    two.let_wait(5)
    assert two.clock.at(10) not in two.offered()

    two.let_wait(60)
    booked = two.book(14).json()
    assert two.spans(booked["id"]) == [(0, "14:00-14:30"), (1, "14:30-15:10")]
    early = two.book(9, 15).json()
    assert two.spans(early["id"]) == [(0, "09:15-09:45"), (1, "10:40-11:20")]


def test_why_not_is_told_until_waiting_helps(two: Two) -> None:
    body = {"starts_at": two.clock.text(10), "lines": two.lines}

    without = two.desk.post("/booking/availability/explain", body).json()
    two.let_wait(10)
    waiting = two.desk.post("/booking/availability/explain", body).json()

    assert {r["code"] for one in without["candidates"] for r in one["reasons"]} == {"appointment"}
    assert not without["is_offered"]
    assert waiting["is_offered"]
    assert not any(one["reasons"] for one in waiting["candidates"])


def test_a_visit_is_moved_to_where_its_client_has_to_wait_and_back(two: Two) -> None:
    two.let_wait(10)
    visit = two.book(14).json()

    for hour, spans in (
        (10, [(0, "10:00-10:30"), (1, "10:40-11:20")]),
        (12, [(0, "12:00-12:30"), (1, "12:30-13:10")]),
    ):
        path = f"/booking/appointments/{visit['id']}/reschedule"
        moved = two.desk.post(path, {"starts_at": two.clock.text(hour)})
        assert moved.status_code == 200, moved.content
        assert two.spans(visit["id"]) == spans


@pytest.fixture
def seated(two: Two) -> Two:
    """Both services on one chair. Dave, who shaves, has somebody until 10:40, too."""
    with salon_scope(two.desk.salon):
        two.cut, two.shave = (
            str(sell("Trim, seated", on_a_chair(30))),
            str(sell("Shave, seated", on_a_chair(40))),
        )
    hire(two.desk.salon, "Dora", "Trim, seated")
    dave = hire(two.desk.salon, "Dave", "Shave, seated", "Shave")
    busy = [{"option_id": two.desk.option("Shave")["id"], "staff_id": dave}]
    assert two.desk.book(two.clock.text(10), lines=busy, client=OTHER).status_code == 201
    two.let_wait(10)
    return two


def chairs(two: Two, visit: str) -> list[tuple[str, str]]:
    with salon_scope(two.desk.salon):
        assert list(salon_problems()) == []
        taken = Allocation.objects.filter(
            phase__line__appointment_id=UUID(visit), unit__isnull=False
        ).order_by("during")
        return [(two.hours(row), str(row.unit_id)) for row in taken]


def test_what_is_kept_for_a_client_stays_theirs_while_they_wait(seated: Two) -> None:
    visit = seated.book(10)

    assert visit.status_code == 201, visit.content
    (first, chair), (second, same) = chairs(seated, visit.json()["id"])
    assert (first, second) == ("10:00-10:30", "10:30-11:20")
    assert chair == same


@pytest.mark.parametrize("hour", [10, 14])
def test_on_another_chair_the_whole_visit_is_had_that_keeps_one(seated: Two, hour: int) -> None:
    """Whether the client waits in it or not."""
    visit = seated.book(hour).json()
    path = f"/booking/appointments/{visit['id']}/lines"
    before = chairs(seated, visit["id"])
    with salon_scope(seated.desk.salon):
        other = Unit.objects.filter(kind="chair").exclude(pk=before[0][1])[0].pk

    for place in (1, 0):
        for units in ([str(other)], [], [before[0][1]]):
            changed = seated.desk.patch(
                f"{path}/{visit['lines'][place]['id']}", {"unit_ids": units}
            )
            assert changed.status_code == 200, changed.content
            after = chairs(seated, visit["id"])
            assert [hours for hours, _chair in after] == [hours for hours, _chair in before]
            assert len({chair for _hours, chair in after}) == 1
            assert not units or after[0][1] == units[0]


def test_the_rule_is_told_and_has_its_limits(two: Two) -> None:
    two.let_wait(15)

    with salon_scope(two.desk.salon):
        told = JournalEntry.objects.filter(event="booking.rules_changed").latest("id")
        assert told.data["rules"]["max_wait_minutes"] == 15
    for wrong in (7, 65, -5):
        refused = two.desk.patch("/booking/rules", {"max_wait_minutes": wrong})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, ["max_wait_minutes"])


def cancel_other(two: Two, visit: str) -> None:
    """Cara is free at half past ten from now on."""
    with salon_scope(two.desk.salon):
        other = Appointment.objects.exclude(pk=visit).get().pk
    assert two.desk.post(f"/booking/appointments/{other}/cancel").status_code == 200


def test_who_waits_is_not_called_earlier_because_something_else_changes(two: Two) -> None:
    """Cleaning up fills the wait, so that the lines hang together, and both are placed again."""
    with salon_scope(two.desk.salon):
        two.cut = str(sell("Trim and sweep", (WORK, 30), (CLEANUP, 10)))
    dora = hire(two.desk.salon, "Dora", "Trim and sweep")
    eve = hire(two.desk.salon, "Eve", "Trim and sweep")
    two.let_wait(10)
    visit = two.book(10).json()
    spans = two.spans(visit["id"])
    assert spans == [(0, "10:00-10:30"), (0, "10:30-10:40"), (1, "10:40-11:20")]
    cancel_other(two, visit["id"])
    first = visit["lines"][0]
    other = dora if first["staff_id"] == eve else eve

    changes: list[Any] = [{"unit_ids": []}, {"staff_id": other}, {"own_minutes": [25, 10]}]
    for change in changes:
        path = f"/booking/appointments/{visit['id']}/lines/{first['id']}"
        changed = two.desk.patch(path, change)
        assert changed.status_code == 200, changed.content
        assert two.spans(visit["id"])[-1] == (1, "10:40-11:20")
    back = {"starts_at": two.clock.text(10), "staff": [{"line_id": first["id"], "staff_id": eve}]}
    moved = two.desk.post(f"/booking/appointments/{visit['id']}/reschedule", back)
    assert moved.status_code == 200, moved.content
    assert two.spans(visit["id"])[-1] == (1, "10:40-11:20")


def test_a_visit_keeps_the_waits_it_has_when_they_are_not_allowed_any_more(two: Two) -> None:
    with salon_scope(two.desk.salon):
        two.cut = str(sell("Trim and sweep", (WORK, 30), (CLEANUP, 10)))
    hire(two.desk.salon, "Dora", "Trim and sweep")
    two.let_wait(10)
    visit = two.book(10).json()
    two.let_wait(0)
    path = f"/booking/appointments/{visit['id']}/lines"

    changed = two.desk.patch(f"{path}/{visit['lines'][0]['id']}", {"unit_ids": []})
    added = two.desk.post(path, {"line": {"option_id": two.cut}})

    assert changed.status_code == 200, changed.content
    assert added.status_code == 201, added.content
    assert two.spans(visit["id"]) == [
        *((0, "10:00-10:30"), (0, "10:30-10:40"), (1, "10:40-11:20")),
        *((2, "11:20-11:50"), (2, "11:50-12:00")),
    ]
    refused = two.book(10)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
