"""A visit's life as pure rules: what may follow what, what is late, what an end frees."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.booking.enums import State
from tenant_apps.booking.policies.life import (
    Clash,
    Course,
    Held,
    delay,
    delays,
    is_late,
    is_undoable,
    kept_until,
    overrun,
    possible,
    visit_state,
)

TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)
ANNA, CHAIR, FIRST, SECOND, THIRD = (UUID(int=number) for number in range(1, 6))
states = st.sampled_from(State)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def at(minute: float) -> datetime:
    return TEN + minutes(minute)


# What may follow what


@pytest.mark.parametrize(
    ("state", "before_its_time", "from_its_time_on"),
    [
        (State.HELD, "cancel", "cancel"),
        (State.REQUESTED, "confirm cancel", "confirm cancel"),
        (
            State.CONFIRMED,
            "arrive start cancel",
            "arrive start complete no_show cancel",
        ),
        (State.ARRIVED, "start cancel undo", "start complete cancel undo"),
        (State.IN_SERVICE, "complete undo", "complete undo"),
        (State.COMPLETED, "undo", "undo"),
        (State.CANCELLED, "undo", "undo"),
        (State.NO_SHOW, "undo", "undo"),
    ],
)
def test_each_state_allows_what_a_receptionist_expects(
    state: State, before_its_time: str, from_its_time_on: str
) -> None:
    early, due = (possible(state, starts_at=TEN, moment=at(minute)) for minute in (-1, 0))
    assert " ".join(early) == before_its_time
    assert " ".join(due) == from_its_time_on


@given(st.lists(states, min_size=1), st.sampled_from([State.CONFIRMED, State.ARRIVED]))
def test_a_visit_is_what_its_lines_are(lines: list[State], before: State) -> None:
    found = visit_state(lines, before)

    going = set(lines) - {State.CANCELLED}
    assert (found == State.CANCELLED) == (not going)
    assert (found == State.COMPLETED) == (going == {State.COMPLETED})
    if going and found not in {State.COMPLETED, State.IN_SERVICE}:
        assert found == before
        assert not going & {State.COMPLETED, State.IN_SERVICE}


def test_between_two_services_a_visit_is_in_service() -> None:
    assert visit_state([State.COMPLETED, State.ARRIVED], State.ARRIVED) == State.IN_SERVICE


@pytest.mark.parametrize(
    ("zone", "done_at", "starts_at", "undoable"),
    [
        ("UTC", at(-5), at(-60), True),  # today's work
        ("UTC", at(-11 * 60), at(-15 * 60), False),  # done yesterday, and past
        ("UTC", at(-3 * 24 * 60), at(1), True),  # done days ago, still to come
        ("UTC", at(-5), at(-3 * 24 * 60), True),  # a past visit, entered just now
        ("Asia/Kathmandu", at(-15.5 * 60), at(-16 * 60), True),  # 00:15 there, on the same day
        ("Asia/Kathmandu", at(-16 * 60), at(-16 * 60), False),  # 23:45 the day before
        ("America/Los_Angeles", at(-9 * 60), at(-9 * 60), False),  # 17:00 the day before
    ],
)
def test_a_step_is_taken_back_on_its_day_or_while_the_visit_is_to_come(
    zone: str, done_at: datetime, starts_at: datetime, undoable: bool
) -> None:
    assert is_undoable(done_at, starts_at, TEN, ZoneInfo(zone)) is undoable


# What an end frees


@pytest.mark.parametrize(
    ("ended", "kept"), [(-5, None), (0, None), (1, 1), (29, 29), (30, 30), (99, 30)]
)
def test_an_end_keeps_what_was_used_and_frees_the_rest(ended: int, kept: int | None) -> None:
    assert kept_until(TEN, at(30), at(ended)) == (None if kept is None else at(kept))


# Late and longer


@pytest.mark.parametrize("state", State)
def test_only_who_is_not_here_is_late(state: State) -> None:
    awaited = state in {State.REQUESTED, State.CONFIRMED}
    assert is_late(at(1), TEN, state) is awaited
    assert not is_late(TEN, TEN, state)


def line(state: State, start: int = 0, end: int = 60, began: float | None = None) -> Course:
    actual = None if began is None else at(began)
    return Course(state=state, starts_at=at(start), ends_at=at(end), actual_start=actual)


@pytest.mark.parametrize(
    ("course", "moment", "late_by"),
    [
        (line(State.CONFIRMED), -10, 0),
        (line(State.CONFIRMED), 10, 10),
        (line(State.ARRIVED), 10, 10),
        (line(State.IN_SERVICE, began=0), 30, 0),
        (line(State.IN_SERVICE, began=15), 30, 15),
        (line(State.IN_SERVICE, began=-15), 30, 0),
        (line(State.IN_SERVICE, began=-15), 65, 5),
        (line(State.IN_SERVICE, began=15), 90, 30),
        (line(State.IN_SERVICE), 65, 5),
        (line(State.COMPLETED, began=15), 300, 0),
        (line(State.CANCELLED), 300, 0),
        (line(State.NO_SHOW), 300, 0),
        (line(State.HELD), 300, 0),
    ],
)
def test_a_delay_is_what_can_be_told_now(course: Course, moment: int, late_by: int) -> None:
    assert delay(at(moment), course) == minutes(late_by)


def test_a_line_waits_for_those_before_it_and_not_for_its_partner() -> None:
    colour, manicure, cut = (
        line(State.IN_SERVICE, 0, 60, began=20),
        line(State.ARRIVED, 30, 90),
        line(State.ARRIVED, 60, 90),
    )
    assert delays(at(25), [colour, manicure, cut]) == [minutes(20), minutes(0), minutes(20)]


def held(holder: UUID, start: int, end: int, late: float = 0, subject: UUID = ANNA) -> Held:
    return Held(
        subject_id=subject,
        holder_id=holder,
        starts_at=at(start),
        ends_at=at(end),
        delay=minutes(late),
    )


def clash(follower: UUID, since: int, until: int, subject: UUID = ANNA) -> Clash:
    return Clash(
        subject_id=subject,
        holder_id=FIRST,
        follower_id=follower,
        since=at(since),
        until=at(until),
    )


def test_whoever_comes_next_to_the_same_person_waits() -> None:
    running = held(FIRST, 0, 60, late=15)
    taken = [
        held(THIRD, 90, 120),
        running,
        held(SECOND, 60, 90),
        held(SECOND, 60, 90, subject=CHAIR),
    ]
    assert overrun(at(70), taken) == [clash(SECOND, 60, 75)]


def test_a_long_delay_meets_several_and_each_once() -> None:
    work, cleanup = held(FIRST, 0, 50, late=45), held(FIRST, 50, 60, late=45)
    taken = [work, cleanup, held(SECOND, 60, 80), held(SECOND, 80, 85), held(THIRD, 85, 120)]
    assert overrun(at(55), taken) == [clash(SECOND, 60, 105), clash(THIRD, 85, 105)]


def test_what_was_to_be_over_by_now_holds_up_nobody() -> None:
    """The stylist left for the processing gap, late as it was; the chair is still needed."""
    work, chair = held(FIRST, 0, 30, late=10), held(FIRST, 30, 60, late=10, subject=CHAIR)
    gap, next_at_chair = held(SECOND, 30, 60), held(THIRD, 60, 90, subject=CHAIR)
    everything = [work, chair, gap, next_at_chair]

    assert overrun(at(35), everything) == [clash(SECOND, 30, 40), clash(THIRD, 60, 70, CHAIR)]
    assert overrun(at(45), everything) == [clash(THIRD, 60, 70, CHAIR)]


def test_who_is_on_time_or_shares_the_time_by_plan_is_no_clash() -> None:
    overbooked = [held(FIRST, 0, 60, late=10), held(SECOND, 30, 90)]
    assert overrun(at(65), overbooked) == []
    assert overrun(at(65), [held(FIRST, 0, 60), held(SECOND, 60, 90)]) == []


def test_one_of_a_party_who_is_late_in_a_cabin_for_two_keeps_only_strangers_waiting() -> None:
    party = UUID(int=99)

    def theirs(holder: UUID, first: int, end: int, late: int = 0) -> Held:
        return replace(held(holder, first, end, late, CHAIR), party_id=party)

    couple = [theirs(FIRST, 0, 60, late=20), theirs(SECOND, 0, 55), theirs(SECOND, 60, 70)]
    stranger = held(THIRD, 70, 90, subject=CHAIR)

    assert overrun(at(65), [*couple, stranger]) == [clash(THIRD, 70, 80, CHAIR)]
    one_by_one = [theirs(FIRST, 0, 60, late=20), theirs(SECOND, 60, 70)]
    assert overrun(at(65), one_by_one) == [clash(SECOND, 60, 80, CHAIR)]


spans = st.tuples(
    st.sampled_from([FIRST, SECOND, THIRD]),
    st.integers(0, 120),
    st.integers(1, 60),
    st.integers(0, 90),
    st.sampled_from([ANNA, CHAIR]),
)


@given(st.lists(spans, max_size=8), st.integers(0, 200))
def test_clashes_are_what_a_naive_look_finds(
    drawn: list[tuple[UUID, int, int, int, UUID]], now: int
) -> None:
    taken = [
        held(holder, start, start + length, late, subject)
        for holder, start, length, late, subject in drawn
    ]

    naive = {
        (late.subject_id, late.holder_id, other.holder_id)
        for late in taken
        for other in taken
        if late.subject_id == other.subject_id
        and late.holder_id != other.holder_id
        and late.delay
        and late.ends_at + late.delay >= at(now)
        and late.ends_at <= other.starts_at < late.ends_at + late.delay
    }
    found = overrun(at(now), taken)

    assert {(each.subject_id, each.holder_id, each.follower_id) for each in found} == naive
    assert len(found) == len(naive)
