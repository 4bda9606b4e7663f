"""Parties: whoever comes together is placed together, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenant_apps.booking.policies.masks import span
from tenant_apps.booking.policies.party import (
    MOST_OF_ONE_START,
    STEPS_OF_A_CHOICE,
    Gathering,
    Party,
    place_party,
)
from tenant_apps.booking.policies.party_fitting import MOST_OF_A_DAY, PartyFitting
from tenant_apps.booking.policies.placing import Placed
from tenant_apps.booking.policies.visit import Free, Step, Track, UnitNeed, Visit, Way
from tests.booking.party_oracle import party_outcomes
from tests.booking.pieces import union
from tests.booking.plain import in_turn

MINUTES, STARTS = 24, range(3)
ALWAYS = span(0, MINUTES)
ROOMS = [UUID(int=number) for number in range(31, 34)]
TEAM = [UUID(int=number) for number in range(1, 5)]
Draw = st.DrawFn

gaps = st.lists(st.tuples(st.integers(0, MINUTES), st.integers(1, 3)), max_size=2)
mostly_free = gaps.map(lambda found: ALWAYS & ~union(found))
sold = st.dictionaries(st.integers(0, 1), mostly_free, max_size=1)


@st.composite
def floating(draw: Draw) -> list[tuple[int, int]]:
    first, length = draw(st.integers(0, 8)), draw(st.integers(4, 9))
    return [(span(first, first + length), draw(st.integers(2, 5)))]


@st.composite
def steps(draw: Draw, line: int) -> tuple[Step, ...]:
    need = draw(
        st.just(())
        | st.tuples(
            st.builds(
                UnitNeed,
                units=st.sampled_from([tuple(ROOMS), tuple(ROOMS[:1]), tuple(ROOMS[1:])]),
                quantity=st.sampled_from([1, 1, 1, 2]),
                keep=st.sampled_from(["phase", "line", "visit"]),
            )
        )
    )
    needs = [need if draw(st.booleans()) else () for _step in range(2)]
    found = [Step(draw(st.integers(1, 4)), needs=need, line=line)]
    if draw(st.integers(0, 2)) == 0:
        able = draw(st.sampled_from([(), (), tuple(TEAM[:2])]))
        found += [
            Step(draw(st.integers(1, 3)), takes_staff=False, needs=needs[0], line=line, number=1),
            Step(draw(st.integers(1, 3)), needs=needs[1], able=able, line=line, number=2),
        ]
    if draw(st.booleans()):
        found.append(
            Step(
                draw(st.integers(1, 3)),
                takes_client=False,
                needs=need,
                tidies=True,
                line=line,
                number=3,
            )
        )
    return tuple(found)


@st.composite
def visits(draw: Draw, team: Sequence[UUID]) -> Visit:
    lines = []
    for line in range(draw(st.sampled_from([1, 1, 2]))):
        people = draw(st.lists(st.sampled_from(team), min_size=1, max_size=2, unique=True))
        shared = draw(steps(line))
        lines.append([Way(who, shared, draw(st.integers(0, 2))) for who in people])
    return replace(in_turn(lines), patience=draw(st.sampled_from([0, 0, 5])), memo={})


@st.composite
def parties(draw: Draw) -> Party:
    team = TEAM[: draw(st.integers(2, 4))]
    coming = [draw(visits(team)) for _person in range(draw(st.sampled_from([2, 2, 3])))]
    free = Free(
        staff={who: draw(mostly_free) for who in TEAM},
        units={room: draw(mostly_free) for room in ROOMS},
        client=0,
        floating={who: draw(floating()) for who in TEAM[:2]},
    )
    return Party(
        visits=tuple(coming),
        frees=tuple(
            replace(free, client=draw(mostly_free), sold=draw(st.just({}) | sold)) for _ in coming
        ),
        places={room: draw(st.sampled_from([1, 2])) for room in ROOMS},
    )


@settings(max_examples=400)
@given(party=parties())
def test_a_party_comes_when_there_is_any_way_to_have_it(party: Party) -> None:
    fitting = PartyFitting(party)
    fits = [fitting.fit(1 << start) for start in STARTS]
    assert all(fit.is_whole for fit in fits)
    offered = dict(found for fit in fits for found in fit.starts)
    assert set(dict(PartyFitting(party).fit(span(0, STARTS.stop)).starts)) == set(offered)
    for start in STARTS:
        possible = party_outcomes(party.visits, party.frees, party.places, start)
        placed = place_party(party, start, preference={})
        leads = {tuple(one.staff for one in outcome) for outcome in possible}
        totals = {sum(one.total for one in outcome) for outcome in possible}
        assert (placed is not None) == bool(possible)
        assert (start in offered) == bool(possible)
        if placed is not None:
            assert leads_of(placed) in leads
            assert offered[start] in leads
            check_takings(party, placed)
        for total in range(max(totals, default=0) + 2):
            exact = place_party(party, start, preference={}, total=total)
            assert (exact is not None) == (total in totals)
            assert exact is None or price_of(exact) == total


def leads_of(placed: list[list[Placed]]) -> tuple[tuple[UUID, ...], ...]:
    return tuple(tuple(line.staff_id for line in lines) for lines in placed)


def price_of(placed: list[list[Placed]]) -> int:
    return sum(line.way.price for lines in placed for line in lines)


def check_takings(party: Party, placed: list[list[Placed]]) -> None:
    """What is written down in the end keeps the rules, whatever chose it."""
    free = party.frees[0]
    people: dict[UUID, int] = {}
    rooms: dict[UUID, dict[int, int]] = {}
    for number, lines in enumerate(placed):
        for line in lines:
            for step in line.steps:
                minutes = span(step.starts, step.starts + step.minutes)
                if step.staff_id:
                    assert not people.get(step.staff_id, 0) & minutes
                    people[step.staff_id] = people.get(step.staff_id, 0) | minutes
                for unit in step.units:
                    mine = rooms.setdefault(unit, {})
                    mine[number] = mine.get(number, 0) | minutes
    for who, taken in people.items():
        assert taken & ~free.staff[who] == 0
    for unit, found in rooms.items():
        for minute in range(MINUTES):
            there = sum(taken >> minute & 1 for taken in found.values())
            assert there <= party.places.get(unit, 1)
            assert not there or free.units[unit] >> minute & 1


DAY = span(0, 200)
EVERYBODY = Free(dict.fromkeys(TEAM, DAY), dict.fromkeys(ROOMS, DAY), DAY)
SINGLE, DOUBLE, TRIPLE = ROOMS
PLACES = {SINGLE: 1, DOUBLE: 2, TRIPLE: 3}


def in_a_room(*rooms: UUID, minutes: int = 60) -> Visit:
    step = Step(minutes, needs=(UnitNeed(rooms),))
    return in_turn([[Way(who, (step,)) for who in TEAM]])


def rooms_of(placed: list[list[Placed]] | None) -> list[UUID]:
    assert placed is not None
    return [step.units[0] for lines in placed for line in lines for step in line.steps]


@pytest.mark.parametrize(
    ("rooms", "people", "where"),
    [
        ((SINGLE, DOUBLE), 2, [DOUBLE, DOUBLE]),
        ((SINGLE, DOUBLE), 3, [DOUBLE, DOUBLE, SINGLE]),
        ((DOUBLE, TRIPLE), 2, [DOUBLE, DOUBLE]),
        ((DOUBLE, TRIPLE), 3, [TRIPLE, TRIPLE, TRIPLE]),
        ((TRIPLE, SINGLE), 4, [TRIPLE, TRIPLE, TRIPLE, SINGLE]),
    ],
)
def test_they_are_put_together_as_far_as_there_is_room(
    rooms: tuple[UUID, ...], people: int, where: list[UUID]
) -> None:
    visit = in_a_room(*rooms)
    party = Party((visit,) * people, (EVERYBODY,) * people, PLACES)

    assert rooms_of(place_party(party, 0, preference={})) == where


def test_two_do_not_share_what_is_for_one() -> None:
    visit = in_a_room(SINGLE)
    party = Party((visit, visit), (EVERYBODY, EVERYBODY), PLACES)

    assert place_party(party, 0, preference={}) is None
    assert PartyFitting(party).fit(span(0, 50)).starts == ()
    alone = replace(party, visits=(visit,), frees=(EVERYBODY,))
    assert rooms_of(place_party(alone, 0, preference={})) == [SINGLE]


def cleaned(rooms: tuple[UUID, ...], begins: int, minutes: int, cleaning: int) -> Visit:
    """Time in a room that begins after a talk elsewhere, and is cleaned up after."""
    need = (UnitNeed(rooms, keep="line"),)
    steps = (
        Step(begins),
        Step(minutes, needs=need, number=1),
        Step(cleaning, takes_client=False, tidies=True, needs=need, number=2),
    )
    return in_turn([[Way(who, steps) for who in TEAM]])


@pytest.mark.parametrize(("cleaning", "comes"), [(5, True), (6, False)])
def test_cleaning_up_after_one_takes_the_room_from_the_next(cleaning: int, comes: bool) -> None:
    first, second = cleaned((SINGLE,), 10, 20, cleaning), cleaned((SINGLE,), 35, 20, 1)
    party = Party((first, second), (EVERYBODY, EVERYBODY), PLACES)

    assert (place_party(party, 0, preference={}) is not None) is comes


def test_cleaning_up_is_over_before_a_stranger_comes() -> None:
    visit = cleaned((DOUBLE,), 10, 20, 5)
    for until, comes in ((35, True), (34, False)):
        free = replace(EVERYBODY, units={DOUBLE: span(0, until)})
        party = Party((visit, visit), (free, free), PLACES)
        assert (place_party(party, 0, preference={}) is not None) is comes


def test_each_alone_would_have_a_room_that_is_clean_in_time_and_both_together_have_not() -> None:
    visit = cleaned((SINGLE, TRIPLE), 10, 20, 5)
    for until, comes in ((35, True), (34, False)):
        free = replace(EVERYBODY, units={SINGLE: DAY, TRIPLE: span(0, until)})
        party = Party((visit, visit), (free, free), {})
        assert (place_party(party, 0, preference={}) is not None) is comes


def test_one_who_is_alone_in_two_rooms_by_turns_is_no_reason_to_go_there() -> None:
    """Being beside somebody means somebody else."""
    twice = in_turn(
        [
            [Way(TEAM[0], (Step(20, needs=(UnitNeed((SINGLE, DOUBLE)),)),))],
            [Way(TEAM[0], (Step(20, needs=(UnitNeed((SINGLE, DOUBLE)),), line=1),))],
        ]
    )
    other = in_turn([[Way(TEAM[1], (Step(20),))]])
    party = Party((twice, other), (EVERYBODY, EVERYBODY), {SINGLE: 1, DOUBLE: 1})

    assert rooms_of_first(place_party(party, 0, preference={})) == [SINGLE, SINGLE]


def rooms_of_first(placed: list[list[Placed]] | None) -> list[UUID]:
    assert placed is not None
    return [unit for line in placed[0] for step in line.steps for unit in step.units]


def test_the_one_who_has_no_choice_is_placed_though_others_are_asked_first() -> None:
    anybody, only = in_a_room(DOUBLE, SINGLE), in_a_room(DOUBLE)
    party = Party((anybody, anybody, only), (EVERYBODY,) * 3, PLACES)

    assert sorted(rooms_of(place_party(party, 0, preference={}))) == [SINGLE, DOUBLE, DOUBLE]


def test_the_same_people_in_other_rooms_are_another_choice() -> None:
    """The first way for two of them takes the room that the third must have; the second way has
    the same people at the same time, each with the other."""
    one, other, *many = [UUID(int=500 + number) for number in range(6)]

    def by_room(rooms: Mapping[UUID, UUID]) -> Visit:
        return in_turn(
            [[Way(who, (Step(20, needs=(UnitNeed((room,)),)),)) for who, room in rooms.items()]]
        )

    spare = [UUID(int=600 + number) for number in range(3)]
    coming = (
        by_room({one: SINGLE, other: spare[0]}),
        by_room({one: spare[1], other: spare[2]}),
        by_room(dict.fromkeys(many, SINGLE)),
    )
    rooms = dict.fromkeys([SINGLE, *spare], DAY)
    free = Free(dict.fromkeys([one, other, *many], DAY), rooms, DAY)

    placed = place_party(Party(coming, (free,) * 3, {}), 0, preference={})

    assert rooms_of(placed) == [spare[0], spare[1], SINGLE]


def six_with_five_helpers() -> Party:
    """Six leads are easily found; that six are helped at once by five is seen only in the end."""
    people = tuple(UUID(int=200 + number) for number in range(20))
    steps = (Step(10), Step(10, able=people[:5], number=1))
    visit = in_turn([[Way(who, steps) for who in people]])
    free = Free(dict.fromkeys(people, span(0, 1000)), {}, span(0, 1000))
    return Party((visit,) * 6, (free,) * 6, {})


def test_what_is_tried_for_a_day_and_for_one_start_is_bounded() -> None:
    party = six_with_five_helpers()
    gathering = Gathering(party, {})
    assert gathering.placed(0) is None
    once = MOST_OF_ONE_START + STEPS_OF_A_CHOICE
    assert MOST_OF_ONE_START < gathering.steps.taken <= once

    for most in (0, MOST_OF_A_DAY):
        fit = PartyFitting(party).fit(span(0, 900), most)
        assert fit.steps <= most + gathering.readying + once
        assert (fit.starts, fit.is_whole) == ((), False)


def test_six_people_need_six_who_serve_them() -> None:
    visit = in_turn([[Way(who, (Step(30),)) for who in TEAM]])
    party = Party((visit,) * 6, (EVERYBODY,) * 6, {})

    assert place_party(party, 0, preference={}) is None
    assert place_party(Party((visit,) * 4, (EVERYBODY,) * 4, {}), 0, preference={})


def test_what_is_done_for_one_person_at_once_needs_one_place() -> None:
    """Hands and feet side by side, in the same chair; somebody else is served without one."""
    chair = (UnitNeed((SINGLE,)),)
    both = Visit(
        (
            tuple(
                Track((Way(TEAM[line], (Step(20, needs=chair, line=line),)),), (line,))
                for line in range(2)
            ),
        )
    )
    other = in_turn([[Way(TEAM[2], (Step(20),))]])
    party = Party((both, other), (EVERYBODY, EVERYBODY), PLACES)

    assert rooms_of_first(place_party(party, 0, preference={})) == [SINGLE, SINGLE]
