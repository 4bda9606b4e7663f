"""The diary of a salon of twelve people, as large as they get."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared_apps.core.scope import salon_scope
from tenant_apps.booking.api.diary_json import diary_out
from tenant_apps.booking.selectors.diary import read_diary
from tenant_apps.booking.selectors.diary_types import Asked
from tenants.types import SalonCard
from tests.demo.conftest import AUTUMN

ZONE = ZoneInfo("Europe/Berlin")
LATER = datetime(2026, 11, 30, tzinfo=UTC)
DAYS = AUTUMN.days
WHOLE = Asked(first=DAYS[0], last=DAYS[-1], zone=ZONE, moment=LATER)
LARGEST = 60 * 1024


@pytest.fixture
def whole(ottilie: SalonCard) -> Iterator[Any]:
    with salon_scope(ottilie):
        yield diary_out(read_diary(WHOLE))


def on(day: date) -> Asked:
    return replace(WHOLE, first=day, last=day)


def test_the_busiest_day_of_a_salon_of_twelve_is_small_on_the_way(whole: Any) -> None:
    busiest = max(whole["days"], key=lambda day: day["counts"]["visits"])
    assert busiest["counts"]["visits"] > 40
    assert len(busiest["columns"]) == 12

    sent = json.dumps(diary_out(read_diary(on(date.fromisoformat(busiest["date"])))))

    assert len(gzip.compress(sent.encode(), compresslevel=6)) <= LARGEST


def test_the_journal_tells_every_day_as_the_tables_do(whole: Any) -> None:
    then = diary_out(read_diary(replace(WHOLE, as_of=LATER)))

    assert sum(day["counts"]["visits"] for day in whole["days"]) > 150
    assert then["days"] == whole["days"]


def test_before_the_first_booking_the_diary_was_empty(whole: Any) -> None:
    asked = replace(WHOLE, moment=datetime(2020, 1, 1, tzinfo=UTC))
    empty = diary_out(read_diary(replace(asked, as_of=asked.moment)))

    assert [day["visits"] for day in empty["days"]] == [[] for _ in DAYS]
    assert [day["opened"] for day in empty["days"]] == [day["opened"] for day in whole["days"]]


def test_nobody_of_the_demo_works_outside_the_rota(whole: Any) -> None:
    found = [flag for day in whole["days"] for visit in day["visits"] for flag in visit["flags"]]

    assert "outside_rota" not in found
    assert {"late", "overrun", "conflict"}.isdisjoint(found)
    assert {"new_client", "overbooked"} <= set(found)


def test_the_clock_change_shows_in_the_offsets(whole: Any) -> None:
    """The clocks go back in the night to the 25th."""
    offsets = {
        day["date"]: {
            datetime.fromisoformat(visit["starts_at"]).utcoffset() for visit in day["visits"]
        }
        for day in whole["days"]
        if day["visits"]
    }
    summer, winter = {timedelta(hours=2)}, {timedelta(hours=1)}

    assert all(
        found == (summer if day < "2026-10-25" else winter) for day, found in offsets.items()
    )
    assert {summer == found for found in offsets.values()} == {True, False}


def test_a_day_alone_is_as_it_is_among_others(whole: Any) -> None:
    for day in whole["days"]:
        (alone,) = diary_out(read_diary(on(date.fromisoformat(day["date"]))))["days"]
        assert alone == day


def test_a_persons_days_are_their_part_of_everybodys(whole: Any) -> None:
    member = whole["staff"][3]["id"]
    asked = replace(WHOLE, staff_id=UUID(member))

    own = diary_out(read_diary(asked))

    for day, mine in zip(whole["days"], own["days"], strict=True):
        assert mine["columns"] == [c for c in day["columns"] if c["staff_id"] == member]
        assert mine["visits"] == [
            visit
            for visit in day["visits"]
            if any(p["staff_id"] == member for line in visit["lines"] for p in line["phases"])
        ]
