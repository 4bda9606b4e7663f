"""Why a start is not offered: completely, for each choice of people."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tenant_apps.booking.policies.arranging import NotACandidate, Tries
from tenant_apps.booking.policies.explain import (
    BREAK,
    MOST_STEPS,
    MOST_TRIED,
    Layer,
    Reason,
    candidates,
    explain,
)
from tenant_apps.booking.policies.masks import span
from tenant_apps.booking.policies.placing import place_visit
from tenant_apps.booking.policies.visit import (
    Free,
    Inside,
    Step,
    Track,
    UnitNeed,
    Visit,
    Way,
)
from tests.booking import oracle
from tests.booking.pieces import (
    BASINS,
    CHAIRS,
    MINUTES,
    STAFF,
    floating,
    mostly_free,
    sequences,
    visits,
)
from tests.booking.plain import in_turn

WINDOW = span(0, MINUTES * 3)  # nothing that begins in the first half ends behind it
blocked = mostly_free.map(lambda free: span(0, MINUTES) & ~free)
layers = st.builds(
    Layer,
    code=st.sampled_from(["rota", "appointment"]),
    staff=st.fixed_dictionaries(dict.fromkeys(STAFF, blocked)),
    units=st.fixed_dictionaries(dict.fromkeys(CHAIRS + BASINS, blocked)),
    client=blocked,
    sold=st.dictionaries(st.integers(0, 3), blocked, max_size=1),
)
found_layers = st.tuples(layers) | st.tuples(layers, layers)
breaks = st.fixed_dictionaries(dict.fromkeys(STAFF, floating()))
Breaks = dict[UUID, list[tuple[int, int]]]


def without(layer: Layer, reasons: tuple[Reason, ...]) -> Layer:
    """The layer, when nothing it was blamed for was ever in the way."""
    mine = [reason for reason in reasons if reason.code == layer.code]

    def cleared(subject: UUID | None, mask: int) -> int:
        for reason in mine:
            if reason.subject_id == subject:
                mask &= ~span(reason.first, reason.end)
        return mask

    return replace(
        layer,
        staff={who: cleared(who, mask) for who, mask in layer.staff.items()},
        units={unit: cleared(unit, mask) for unit, mask in layer.units.items()},
        client=cleared(None, layer.client),
        sold={
            line: mask & ~union(reason for reason in mine if reason.line == line)
            for line, mask in layer.sold.items()
        },
    )


def union(reasons: Iterable[Reason]) -> int:
    mask = 0
    for reason in reasons:
        mask |= span(reason.first, reason.end)
    return mask


def left(found: tuple[Layer, ...], due: Breaks) -> Free:
    def free(*masks: int) -> int:
        taken = 0
        for mask in masks:
            taken |= mask
        return WINDOW & ~taken

    return Free(
        {who: free(*(layer.staff[who] for layer in found)) for who in STAFF},
        {unit: free(*(layer.units[unit] for layer in found)) for unit in CHAIRS + BASINS},
        free(*(layer.client for layer in found)),
        due,
        {line: free(*(layer.sold.get(line, 0) for layer in found)) for line in range(6)},
    )


@given(sequences() | visits(), found_layers, breaks, st.integers(0, MINUTES - 1), st.integers(0, 5))
def test_without_its_reasons_a_start_appears_and_one_that_is_offered_has_none(
    visit: Visit, found: tuple[Layer, ...], due: Breaks, start: int, number: int
) -> None:
    people = next(islice(candidates(visit), number, None), None)
    assume(people is not None)
    assert people is not None

    reasons = explain(visit, found, WINDOW, due, start, people)

    free = left(found, due)
    outcomes = {outcome.staff for outcome in oracle.outcomes(visit, free, start)}
    assert (not reasons) == (people in outcomes)
    for reason in reasons:
        assert reason.first < reason.end
        assert 0 <= reason.line < visit.lines

    lost = {(r.subject_id, r.first, r.end) for r in reasons if r.code == BREAK}
    kept = {
        who: [
            (window, length)
            for window, length in wanted
            if (who, (window & -window).bit_length() - 1, window.bit_length()) not in lost
        ]
        for who, wanted in due.items()
    }
    freed = left(tuple(without(layer, reasons) for layer in found), kept)
    pins = dict(enumerate(people))
    assert place_visit(visit, freed, start, preference={}, pins=pins) is not None


@given(sequences() | visits())
def test_a_candidate_could_come_at_some_time(visit: Visit) -> None:
    for people in islice(candidates(visit), 6):
        free = left((), {})
        assert place_visit(visit, free, 0, preference={}, pins=dict(enumerate(people))) is not None


ANNA, BEA = STAFF[:2]
WORK = Step(20)


def test_a_reason_names_the_cause_whose_it_is_when_and_for_which_phase() -> None:
    chair = UnitNeed((CHAIRS[0],))
    steps = (Step(20), Step(10, needs=(chair,), number=1))
    visit = in_turn([[Way(BEA, (Step(5),))], [Way(ANNA, tuple(replace(s, line=1) for s in steps))]])
    rota = Layer("rota", staff={ANNA: span(10, 12)})
    taken = Layer("appointment", staff={ANNA: span(11, 30)}, units={CHAIRS[0]: span(20, 27)})

    reasons = explain(visit, [rota, taken], WINDOW, {}, 2, [BEA, ANNA])

    assert set(reasons) == {
        Reason("rota", ANNA, 10, 12, 1, 0),
        Reason("appointment", ANNA, 11, 27, 1, 0),
        Reason("appointment", ANNA, 27, 30, 1, 1),
    }


def test_a_unit_is_blamed_for_its_own_time_only() -> None:
    chair = UnitNeed((CHAIRS[0],))
    visit = in_turn([[Way(ANNA, (Step(5), Step(10, needs=(chair,), number=1)))]])
    taken = Layer("appointment", units={CHAIRS[0]: span(0, 8)}, client=span(14, 20))

    assert set(explain(visit, [taken], WINDOW, {}, 0, [ANNA])) == {
        Reason("appointment", CHAIRS[0], 5, 8, 0, 1),
        Reason("appointment", None, 14, 15, 0, 1),
    }


def test_a_break_that_would_be_lost_is_a_reason() -> None:
    visit = in_turn([[Way(ANNA, (WORK,))]])
    due = {ANNA: [(span(10, 40), 20)]}

    assert explain(visit, [], WINDOW, due, 15, [ANNA]) == (Reason(BREAK, ANNA, 10, 40, 0, 0),)
    assert explain(visit, [], WINDOW, due, 30, [ANNA]) == ()


def test_a_line_that_is_not_sold_then_is_a_reason() -> None:
    visit = in_turn([[Way(ANNA, (WORK,))], [Way(BEA, (Step(5, line=1),))]])
    rule = Layer("weekday", sold={1: span(0, 30)})

    assert explain(visit, [rule], WINDOW, {}, 5, [ANNA, BEA]) == (
        Reason("weekday", None, 25, 26, 1, 0),
    )


def test_people_who_could_not_do_it_at_any_time_are_no_candidates() -> None:
    side_by_side = Visit(
        ((Track((Way(ANNA, (WORK,)),), (0,)), Track((Way(ANNA, (Step(5, line=1),)),), (1,))),)
    )
    way = Way(ANNA, (WORK, Step(5, takes_staff=False), WORK))
    inside = Inside((Way(BEA, (Step(6, line=1),)),), 1, 0)
    too_long = Visit(((Track((way,), (0,), (inside,)),),))

    for visit, people in ((side_by_side, [ANNA, ANNA]), (too_long, [ANNA, BEA])):
        assert not list(candidates(visit))
        with pytest.raises(NotACandidate):
            explain(visit, [], WINDOW, {}, 0, people)
    with pytest.raises(NotACandidate):
        explain(in_turn([[way]]), [], WINDOW, {}, 0, [BEA])


def test_ten_lines_side_by_side_for_nine_people_are_seen_through_at_once() -> None:
    nine = [UUID(int=100 + number) for number in range(9)]
    tracks = tuple(
        Track(tuple(Way(who, (Step(5, line=line),)) for who in nine), (line,)) for line in range(10)
    )

    assert not list(candidates(Visit((tracks,))))
    assert next(candidates(Visit((tracks[:9],)))) == tuple(nine)


def test_only_what_cannot_be_avoided_is_blamed() -> None:
    """The add-on goes into the half of the gap in which Bea is free, the chair is the free one,
    and the finish is by whoever is not busy: what is left is Anna's appointment."""
    chair = UnitNeed((CHAIRS[0], CHAIRS[1]))
    steps = (
        Step(5, needs=(chair,)),
        Step(8, takes_staff=False, number=1),
        Step(5, able=(BEA, STAFF[2]), number=2),
    )
    inside = Inside((Way(BEA, (Step(3, line=1), Step(1, line=1, number=1))),), 1, 0)
    visit = Visit(((Track((Way(ANNA, steps),), (0,), (inside,)),),))
    taken = Layer(
        "appointment",
        staff={ANNA: span(2, 4), BEA: span(0, 9) | span(13, 18)},
        units={CHAIRS[0]: span(0, 5)},
    )

    assert explain(visit, [taken], WINDOW, {}, 0, [ANNA, BEA]) == (
        Reason("appointment", ANNA, 2, 4, 0, 0),
    )


def test_what_cannot_be_avoided_is_kept_as_small_as_can_be() -> None:
    inside = Inside((Way(BEA, (Step(3, line=1),)),), 1, 0)
    steps = (Step(5), Step(8, takes_staff=False, number=1), Step(5, number=2))
    visit = Visit(((Track((Way(ANNA, steps),), (0,), (inside,)),),))
    taken = Layer("appointment", staff={BEA: span(0, 9) | span(11, 40)})

    assert explain(visit, [taken], WINDOW, {}, 0, [ANNA, BEA]) == (
        Reason("appointment", BEA, 8, 9, 1, 0),
    )


def test_add_ons_that_do_not_all_fit_are_seen_through_with_few_tries() -> None:
    twelve = [UUID(int=100 + number) for number in range(12)]
    tint = (Step(30), Step(30, takes_staff=False, number=1), Step(20, number=2))
    inside = tuple(
        Inside(tuple(Way(who, (Step(10, line=line),)) for who in twelve), line, 0)
        for line in range(1, 6)
    )
    visit = Visit(((Track(tuple(Way(who, tint) for who in twelve), (0,), inside),),))
    tries = Tries()

    assert not list(candidates(visit, tries))
    assert 0 < tries.count <= MOST_TRIED


def test_no_more_is_tried_for_one_answer_than_is_allowed() -> None:
    """Nine minutes in three gaps have room for three lines of two minutes, not for a fourth."""
    twelve = [UUID(int=100 + number) for number in range(12)]
    gap = Step(3, takes_staff=False)
    tint = (WORK, gap, WORK, gap, WORK, gap, WORK)
    inside = tuple(
        Inside(tuple(Way(who, (Step(2, line=line),)) for who in twelve), line, 0)
        for line in range(1, 5)
    )
    visit = Visit(((Track(tuple(Way(who, tint) for who in twelve), (0,), inside),),))
    tries = Tries()

    assert not list(candidates(visit, tries))
    assert MOST_STEPS < tries.count <= MOST_STEPS + 2_001
