"""Sets of time against sets of minutes."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.spans import joined, within, without
from shared_apps.core.wall import Interval

ZERO = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Minutes = tuple[int, int]
minutes = st.integers(0, 40)
any_spans = st.lists(st.tuples(minutes, minutes), max_size=6)


def spans(found: list[Minutes]) -> list[Interval]:
    return [(ZERO + start * MINUTE, ZERO + end * MINUTE) for start, end in found]


def minutes_of(found: list[Interval]) -> set[int]:
    return {
        minute
        for start, end in found
        for minute in range((start - ZERO) // MINUTE, (end - ZERO) // MINUTE)
    }


def lie_apart(found: list[Interval]) -> bool:
    return all(start < end for start, end in found) and all(
        one[1] < next_one[0] for one, next_one in itertools.pairwise(found)
    )


@given(any_spans)
def test_joined_spans_are_the_same_time_and_lie_apart(one: list[Minutes]) -> None:
    found = joined(spans(one))

    assert minutes_of(found) == minutes_of(spans(one))
    assert lie_apart(found)


@given(any_spans, any_spans)
def test_within_is_what_both_have(one: list[Minutes], other: list[Minutes]) -> None:
    left, right = joined(spans(one)), joined(spans(other))

    assert minutes_of(within(left, right)) == minutes_of(left) & minutes_of(right)
    assert lie_apart(within(left, right))


@given(any_spans, any_spans)
def test_without_is_what_the_other_has_not(one: list[Minutes], other: list[Minutes]) -> None:
    left, right = joined(spans(one)), joined(spans(other))

    assert minutes_of(without(left, right)) == minutes_of(left) - minutes_of(right)
    assert lie_apart(without(left, right))
