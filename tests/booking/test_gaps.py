"""A gap that is only sold when something follows: the same service alone, and before another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Phase
from tenant_apps.catalog.enums import AddonPlace, PhaseKind
from tenant_apps.catalog.types import PhaseTerms
from tests.booking.conftest import Clock
from tests.booking.test_visits_of_all_kinds import CLEANUP, PROCESSING, WORK, sell
from tests.booking.visits import hire
from tests.desk import Desk

pytestmark = pytest.mark.django_db
KEPT = PhaseTerms(kind=PROCESSING, minutes=60, gap_only_if_followed=True)


@dataclass
class Menu:
    """Who does it is hired for the tests; a client who waits may be somebody else's filler."""

    desk: Desk
    mask: str
    cut: str
    brows: str
    staff: str

    def line(self, option: str, *addons: str) -> dict[str, Any]:
        return {
            "option_id": option,
            "staff_id": self.staff,
            "addons": [{"option_id": addon} for addon in addons],
        }

    def book(self, moment: str, *lines: dict[str, Any], **changes: Any) -> Any:
        return self.desk.book(moment, lines=lines, **changes)

    def offered(self, clock: Clock, *lines: dict[str, Any]) -> set[datetime]:
        day = clock.day.isoformat()
        body = {"first_day": day, "last_day": day, "lines": lines}
        answer = self.desk.post("/booking/availability/search", body)
        assert answer.status_code == 200, answer.content
        starts = [start for day in answer.json()["days"] for start in day["starts"]]
        return {datetime.fromisoformat(start["starts_at"]) for start in starts}

    def why(self, moment: str, *lines: dict[str, Any]) -> dict[str, Any]:
        body = {"starts_at": moment, "lines": lines}
        answer = self.desk.post("/booking/availability/explain", body)
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def menu(reception: Desk) -> Menu:
    with salon_scope(reception.salon):
        mask = sell("Mask", (WORK, 30), KEPT, (CLEANUP, 5))
        cut = sell("Trim", (WORK, 30))
        brows = sell("Brows", (WORK, 15), addon_place=AddonPlace.DURING)
    staff = hire(reception.salon, "Bea", "Mask", "Trim", "Brows")
    hire(reception.salon, "Cara", "Brows")
    return Menu(reception, str(mask), str(cut), str(brows), staff)


def taken(menu: Menu, clock: Clock, kind: PhaseKind) -> list[tuple[str, str]]:
    """When the person is taken by phases of this kind."""
    with salon_scope(menu.desk.salon):
        assert list(salon_problems()) == []
        found = Allocation.objects.filter(staff_id=UUID(menu.staff), phase__kind=kind)
        spans = [
            [f"{edge.astimezone(clock.at(8).tzinfo):%H:%M}"
             for edge in (each.during.lower, each.during.upper)]
            for each in found.order_by("during")
        ]  # fmt: skip
        return [(begins, ends) for begins, ends in spans]


def phases(menu: Menu, clock: Clock) -> list[tuple[str, str | None]]:
    """Of the mask as the diary shows it: what, and by whom."""
    day = clock.day.isoformat()
    answer = menu.desk.get("/booking/diary", {"from": day, "to": day}).json()
    ((visit),) = answer["days"][0]["visits"]
    return [(phase["kind"], phase["staff_id"]) for phase in visit["lines"][0]["phases"]]


def test_alone_the_person_stays_and_nobody_else_is_put_into_the_gap(
    menu: Menu, clock: Clock
) -> None:
    assert menu.book(clock.text(10), menu.line(menu.mask)).status_code == 201

    assert taken(menu, clock, PROCESSING) == [("10:30", "11:30")]
    assert phases(menu, clock) == [
        ("work", menu.staff),
        ("processing", menu.staff),
        ("cleanup", menu.staff),
    ]
    assert clock.at(10, 30) not in menu.offered(clock, menu.line(menu.cut))
    assert clock.at(11, 45) in menu.offered(clock, menu.line(menu.cut))
    refused = menu.book(clock.text(10, 30), menu.line(menu.cut))
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")


def test_followed_by_another_line_the_gap_is_sold(menu: Menu, clock: Clock) -> None:
    booked = menu.book(clock.text(10), menu.line(menu.mask), menu.line(menu.cut))
    assert booked.status_code == 201, booked.content

    assert taken(menu, clock, PROCESSING) == []
    assert phases(menu, clock)[:2] == [("work", menu.staff), ("processing", None)]
    assert {clock.at(10, 30), clock.at(11)} <= menu.offered(clock, menu.line(menu.cut))
    other = {"name": "Second", "email": "second@example.com", "phone": ""}
    filled = menu.book(clock.text(10, 30), menu.line(menu.cut), client=other)
    assert filled.status_code == 201, filled.content
    with salon_scope(menu.desk.salon):
        assert list(salon_problems()) == []


def test_why_not_names_the_processing_that_somebody_stays_with(menu: Menu, clock: Clock) -> None:
    menu.book(clock.text(10), menu.line(menu.mask))

    explained = menu.why(clock.text(10, 30), menu.line(menu.cut))

    assert not explained["is_offered"]
    with salon_scope(menu.desk.salon):
        kept = str(Phase.objects.get(kind=PROCESSING).pk)
    named = [reason for one in explained["candidates"] for reason in one["reasons"]]
    assert {(reason["code"], reason["phase_id"]) for reason in named} == {("appointment", kept)}


def test_what_is_asked_for_decides_whether_the_persons_own_time_must_be_free(
    menu: Menu, clock: Clock
) -> None:
    """Somebody is busy during what would be the gap."""
    menu.book(clock.text(10, 30), menu.line(menu.cut))

    assert clock.at(10) not in menu.offered(clock, menu.line(menu.mask))
    assert clock.at(10) in menu.offered(clock, menu.line(menu.mask), menu.line(menu.cut))
    assert menu.why(clock.text(10), menu.line(menu.mask), menu.line(menu.cut))["is_offered"]


def test_an_add_on_does_not_go_into_a_gap_that_is_not_open(menu: Menu, clock: Clock) -> None:
    alone = menu.line(menu.mask, menu.brows) | {"staff_id": None}
    alone["addons"][0]["staff_id"] = None
    explained = menu.why(clock.text(10), alone)

    assert menu.offered(clock, alone) == set()
    assert [reason["code"] for reason in explained["reasons"]] == ["addons_do_not_fit"]
    assert menu.book(clock.text(10), alone).status_code in (409, 422)
    assert clock.at(10) in menu.offered(clock, alone, menu.line(menu.cut))
    assert menu.book(clock.text(10), alone, menu.line(menu.cut)).status_code == 201


def test_a_move_leaves_the_person_with_the_client(menu: Menu, clock: Clock) -> None:
    visit = menu.book(clock.text(10), menu.line(menu.mask)).json()

    moved = menu.desk.post(
        f"/booking/appointments/{visit['id']}/reschedule",
        {"starts_at": clock.text(14), "version": visit["version"]},
    )

    assert moved.status_code == 200, moved.content
    assert taken(menu, clock, PROCESSING) == [("14:30", "15:30")]
