"""What the database refuses, whoever writes it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tenant_apps.staff.models import Member, RotaDay, RotaPattern, SpecialHours, TimeOff

pytestmark = pytest.mark.usefixtures("in_salon")
DAY = date(2026, 12, 1)
THEN = datetime(2026, 11, 20, tzinfo=UTC)
SOMEBODY = UUID(int=1)


def make(model: type[Any], **facts: Any) -> Any:
    with transaction.atomic():
        return model.objects.create(**facts)


def a_day(**facts: Any) -> RotaDay:
    member = Member.objects.first()
    made: RotaDay = make(RotaDay, **{"member": member, "date": DAY, "replaced": []} | facts)
    return made


def time_off(**facts: Any) -> TimeOff:
    usual = {
        "member": Member.objects.first(),
        "first_day": DAY,
        "last_day": DAY,
        "kind": "holiday",
    }
    made: TimeOff = make(TimeOff, **usual | facts)
    return made


GOOD_SPANS: list[Any] = [[], [[540, 1080]], [[0, 2880]], [[1080, 1500], [60, 90]]]
NO_SPANS: list[Any] = [
    *([[540]], [[540, 540]], [[600, 540]], [[-1, 60]], [[0, 2881]], [[1, 2, 3]]),
    *([540, 600], [["9", "17"]], [[540, None]], [[540.5, 600]], {"from": 1}, "540", 5),
    [[540, 600], [1]],
]


@pytest.mark.parametrize("spans", GOOD_SPANS, ids=str)
@pytest.mark.parametrize("field", ["replaced", "added", "removed"])
def test_hours_of_a_day_are_lists_of_from_and_to(field: str, spans: Any) -> None:
    assert getattr(a_day(**{field: spans}), field) == spans


@pytest.mark.parametrize("spans", NO_SPANS, ids=str)
@pytest.mark.parametrize("field", ["replaced", "added", "removed"])
def test_anything_else_is_refused(field: str, spans: Any) -> None:
    with pytest.raises(IntegrityError, match="staff_rotaday_times_have_their_shape"):
        a_day(**{field: spans})


@pytest.mark.parametrize("breaks", [[], [[720, 750]], [[30, 720, 900]], [[30, 720, 750]]], ids=str)
def test_a_break_is_fixed_or_floats_in_a_window(breaks: Any) -> None:
    assert a_day(breaks=breaks).breaks == breaks


@pytest.mark.parametrize(
    "breaks",
    [[[31, 720, 750]], [[0, 720, 750]], [[750, 720]], [[30, 900, 720]], [[1, 2, 3, 4]], [[]]],
    ids=str,
)
def test_a_break_that_does_not_fit_is_refused(breaks: Any) -> None:
    with pytest.raises(IntegrityError, match="staff_rotaday_times_have_their_shape"):
        a_day(breaks=breaks)


@pytest.mark.parametrize("breaks", [[], [[0, 720, 750]], [[6, 30, 720, 900]]], ids=str)
def test_a_pattern_s_breaks_have_a_weekday(breaks: Any) -> None:
    RotaPattern.objects.all().update(breaks=breaks)

    assert RotaPattern.objects.get().breaks == breaks


@pytest.mark.parametrize(
    "breaks", [[[720, 750]], [[7, 720, 750]], [[-1, 720, 750]], [[0, 31, 720, 750]], [[0.5, 1, 2]]]
)
def test_a_pattern_s_break_without_one_is_refused(breaks: Any) -> None:
    with (
        pytest.raises(IntegrityError, match="staff_rotapattern_breaks_have_their_shape"),
        transaction.atomic(),
    ):
        RotaPattern.objects.all().update(breaks=breaks)


def test_a_dated_row_says_something() -> None:
    with pytest.raises(IntegrityError, match="staff_rotaday_differs"):
        a_day(replaced=None)

    assert a_day(replaced=None, open_anyway=True).open_anyway


def test_a_member_has_one_row_for_a_day() -> None:
    a_day()

    with pytest.raises(IntegrityError, match="staff_rotaday_once"):
        a_day()


@pytest.mark.parametrize("spans", [[], *NO_SPANS], ids=str)
def test_special_hours_are_hours(spans: Any) -> None:
    with pytest.raises(IntegrityError, match="staff_specialhours_times_have_their_shape"):
        make(SpecialHours, date=DAY, spans=spans)
    assert make(SpecialHours, date=DAY, spans=[[600, 1500]]).spans


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"last_day": date(2026, 11, 30)}, "ends_after_start"),
        ({"from_minute": 600, "until_minute": 600}, "ends_after_start"),
        ({"from_minute": 1440}, "minutes_of_a_day"),
        ({"until_minute": 0}, "minutes_of_a_day"),
        ({"until_minute": 2881}, "minutes_of_a_day"),
        ({"kind": "party"}, "kind_is_known"),
        ({"state": "maybe"}, "decided_or_not"),
        ({"state": "approved"}, "decided_or_not"),
        ({"state": "declined"}, "decided_or_not"),
        ({"decided_by": SOMEBODY}, "decided_or_not"),
        ({"decided_at": THEN}, "decided_or_not"),
    ],
    ids=str,
)
def test_time_off_that_means_nothing_is_refused(facts: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=f"staff_timeoff_{constraint}"):
        time_off(**facts)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"from_minute": 600, "until_minute": 601},
        {"last_day": date(2026, 12, 3), "from_minute": 900, "until_minute": 600},
        {"until_minute": 1500},
        {"state": "approved", "decided_at": THEN},
        {"state": "withdrawn", "decided_at": THEN, "decided_by": SOMEBODY},
        {"state": "withdrawn"},
    ],
    ids=str,
)
def test_time_off_that_means_something_is_kept(facts: dict[str, Any]) -> None:
    assert time_off(**facts).pk
