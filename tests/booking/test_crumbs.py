"""A salon may refuse to sell online what would leave somebody with time that nobody buys."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.permissions import BOOK_OFF_RULES
from tenant_apps.booking.selectors.explaining import Question, explained
from tenant_apps.booking.types import AskedLine
from tests.booking.conftest import Clock
from tests.booking.test_visits_of_all_kinds import WORK, sell
from tests.booking.visits import hire
from tests.desk import GUEST, Desk

pytestmark = pytest.mark.django_db
STRANGER = system(Channel.WEB)


@pytest.fixture
def wash(reception: Desk, clock: Clock) -> str:
    """Half an hour by Bea, who has visits from 10:00 to 10:30 and from 12:00 to 12:30."""
    with salon_scope(reception.salon):
        option = str(sell("Wash", (WORK, 30)))
    hire(reception.salon, "Bea", "Wash")
    for hour in (10, 12):
        booked = reception.book(clock.text(hour), lines=[{"option_id": option}])
        assert booked.status_code == 201, booked.content
    return option


def refuse(desk: Desk, minutes: int = 30) -> None:
    changes = {"min_gap_minutes": minutes, "refuse_crumbs": True, "notice_minutes": 0}
    changed = desk.patch("/booking/rules", changes)
    assert changed.status_code == 200, changed.content
    assert changed.json()["refuse_crumbs"]


def offered(desk: Desk, clock: Clock, option: str, **more: Any) -> list[str]:
    """To whoever asks, on the salon's clock."""
    day = clock.day.isoformat()
    body = {"first_day": day, "last_day": day, "lines": [{"option_id": option}], **more}
    answer = desk.post("/booking/availability/search", body)
    assert answer.status_code == 200, answer.content
    starts = [start for day in answer.json()["days"] for start in day["starts"]]
    return [f"{datetime.fromisoformat(start['starts_at']):%H:%M}" for start in starts]


def between(found: list[str], first: str, last: str) -> list[str]:
    return [start for start in found if first <= start <= last]


def test_guests_are_not_offered_what_would_leave_crumbs(
    reception: Desk, desk: Desk, clock: Clock, wash: str
) -> None:
    before = ["10:30", "10:45", "11:00", "11:15", "11:30"]
    assert between(offered(desk, clock, wash), "10:30", "12:00") == before

    refuse(reception)

    assert between(offered(desk, clock, wash), "10:30", "12:00") == ["10:30", "11:00", "11:30"]
    assert between(offered(reception, clock, wash), "10:30", "12:00") == before
    query = {"from": clock.day.isoformat(), "to": clock.day.isoformat(), "line": [wash]}
    listed = desk.get("/booking/availability", query).json()["days"][0]["starts"]
    assert [f"{datetime.fromisoformat(s['starts_at']):%H:%M}" for s in listed] == offered(
        desk, clock, wash
    )
    some = offered(desk, clock, wash, from_time="10:40", until_time="11:00")
    assert some == []


def test_what_is_offered_can_be_booked_and_nothing_else(
    reception: Desk, desk: Desk, clock: Clock, wash: str
) -> None:
    refuse(reception)
    lines = [{"option_id": wash}]
    open_to_all = set(offered(desk, clock, wash))

    for quarter in range(36, 72):
        moment = clock.at(0) + timedelta(minutes=15 * quarter)
        held = desk.post("/booking/holds", {"starts_at": moment.isoformat(), "lines": lines})
        assert (held.status_code == 201) == (f"{moment:%H:%M}" in open_to_all), moment
        if held.status_code == 201:
            released = desk.post("/booking/holds/release", {"token": held.json()["token"]})
            assert released.status_code == 204, released.content

    refused = desk.book(clock.text(10, 45), lines=lines, client=GUEST)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_offered")
    assert refused.json()["reasons"] == ["crumbs"]
    assert reception.book(clock.text(10, 45), lines=lines, client=GUEST).status_code == 201


def test_on_a_day_on_which_everything_would_the_tidiest_are_offered(
    reception: Desk, desk: Desk, clock: Clock, wash: str
) -> None:
    """Bea is free for an hour and three quarters at a time: a gap of three hours is unheard of."""
    refuse(reception, minutes=240)
    found = offered(desk, clock, wash)

    assert found
    assert between(found, "10:30", "11:30") == []
    booked = desk.book(clock.text(*map(int, found[0].split(":"))), lines=[{"option_id": wash}])
    assert booked.status_code == 201, booked.content


def test_why_not_says_so(reception: Desk, clock: Clock, wash: str) -> None:
    refuse(reception)
    with salon_scope(reception.salon):
        lines = [AskedLine(option_id=UUID(wash))]

        def reasons(minute: int, actor: Any) -> list[str]:
            asked = Question(starts_at=clock.at(10, minute), lines=lines)
            found = explained(asked, actor=actor, moment=clock.at(8))
            assert found["is_offered"] is not bool(found["reasons"])
            return [reason["code"] for reason in found["reasons"]]

        staff = system(Channel.STAFF, permissions=frozenset({BOOK_OFF_RULES}))
        assert reasons(45, STRANGER) == ["crumbs"]
        assert reasons(30, STRANGER) == reasons(45, staff) == []


def test_the_rule_needs_a_shortest_time(
    reception: Desk, desk: Desk, clock: Clock, wash: str
) -> None:
    refuse(reception, minutes=0)

    assert "10:45" in offered(desk, clock, wash)
