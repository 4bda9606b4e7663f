"""Starts that leave nothing too short to be sold."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tenant_apps.booking.policies.crumbs import crumbs, fit_tidily, rank, tidy
from tenant_apps.booking.policies.fitting import fit_visit
from tenant_apps.booking.policies.masks import bits, span
from tenant_apps.booking.policies.placing import Placed, place_visit
from tenant_apps.booking.policies.visit import Free, Step, Visit, Way
from tests.booking import oracle
from tests.booking.pieces import ALWAYS, MINUTES, frees, preferences, sequences, visits, waits
from tests.booking.plain import in_turn

ANNA = UUID(int=1)


def placed_at(visit: Visit, free: Free, start: int) -> list[Placed]:
    placed = place_visit(visit, free, start, preference={})
    assert placed is not None
    return placed


def of(*spans: tuple[int, int]) -> Free:
    mask = 0
    for first, end in spans:
        mask |= span(first, end)
    return Free({ANNA: mask}, {}, span(0, 1000))


@pytest.mark.parametrize(
    ("start", "left"),
    [(0, 0), (10, 10), (30, 0), (45, 0), (60, 0), (70, 20), (90, 0)],
)
def test_minutes_before_and_after_a_visit_count_when_they_are_too_few(
    start: int, left: int
) -> None:
    """A free stretch of two hours, of which half an hour is wanted; 30 is the least to sell."""
    visit, free = in_turn([[Way(ANNA, (Step(30),))]]), of((0, 120))

    assert crumbs(placed_at(visit, free, start), free, 30) == left


def test_a_gap_of_processing_is_a_crumb_when_nothing_can_be_sold_in_it() -> None:
    way = Way(ANNA, (Step(30), Step(25, takes_staff=False), Step(30)))
    free = of((0, 85))

    placed = placed_at(in_turn([[way]]), free, 0)

    assert crumbs(placed, free, 30) == 25
    assert crumbs(placed, free, 25) == 0


def test_starts_are_ranked_by_what_they_leave() -> None:
    visit, free = in_turn([[Way(ANNA, (Step(30),))]]), of((0, 70))
    offered = fit_visit(visit, free, sum(1 << minute for minute in range(0, 70, 10)))

    assert rank(visit, free, offered, 30) == {0: 0, 10: 10, 20: 40, 30: 10, 40: 0}


@given(sequences() | visits(), frees(), st.integers(1, 8))
def test_crumbs_are_the_short_stretches_next_to_what_is_taken(
    visit: Visit, free: Free, min_gap: int
) -> None:
    fit = fit_visit(visit, free, ALWAYS)

    for start, left in rank(visit, free, fit, min_gap).items():
        taken: dict[UUID, set[int]] = {}
        for line in placed_at(visit, free, start):
            for step in line.steps:
                if step.staff_id:
                    minutes = range(step.starts, step.starts + step.minutes)
                    taken.setdefault(step.staff_id, set()).update(minutes)
        assert left == sum(
            short_ones(free.staff[who], work, min_gap) for who, work in taken.items()
        )
    assert set(rank(visit, free, fit, min_gap)) == set(bits(fit.starts))


def short_ones(free: int, work: set[int], min_gap: int) -> int:
    runs: list[list[int]] = [[]]
    for minute in range(MINUTES + 1):
        if free >> minute & 1 and minute not in work:
            runs[-1].append(minute)
        elif runs[-1]:
            runs.append([])
    return sum(
        len(run) for run in runs if run and len(run) < min_gap and {run[0] - 1, run[-1] + 1} & work
    )


@given(sequences() | waits(), frees(), st.integers(2, 8), preferences)
def test_where_crumbs_are_refused_nobody_is_left_with_any_beside_what_they_do(
    visit: Visit, free: Free, least_gap: int, preference: Mapping[UUID, int]
) -> None:
    refusing = tidy(visit, free, least_gap)
    assume(refusing is not free)
    fit = fit_visit(visit, refusing, ALWAYS)

    for start in range(MINUTES):
        found = oracle.offered(visit, refusing, start)
        assert bool(fit.starts >> start & 1) == bool(found)
        for line, able in enumerate(fit.by_staff):
            offered = {who for who, mask in able.items() if mask >> start & 1}
            assert offered == {outcome.staff[line] for outcome in found}
        placed = place_visit(visit, refusing, start, preference=preference)
        assert (placed is not None) == bool(oracle.outcomes(visit, refusing, start))


@pytest.mark.parametrize(
    ("work", "starts"),
    [
        ((60, 180), [60, 90, 95, 100, 105, 110, 115, 120, 150]),
        ((60, 120), [60, 90]),
        ((60, 110), []),
        ((60, 90), [60]),
    ],
)
def test_a_start_is_tidy_when_what_it_leaves_can_be_sold_or_is_nothing(
    work: tuple[int, int], starts: list[int]
) -> None:
    """Half an hour, every five minutes; half an hour is the least that can be sold."""
    visit, free = in_turn([[Way(ANNA, (Step(30),))]]), of(work)

    found = fit_visit(visit, tidy(visit, free, 30), sum(1 << at for at in range(0, 200, 5)))

    assert bits(found.starts) == starts


@given(sequences() | visits(), frees(), st.integers(2, 8))
def test_a_day_has_its_tidy_starts_or_else_its_tidiest(
    visit: Visit, free: Free, least_gap: int
) -> None:
    early, late = span(0, MINUTES // 2), span(MINUTES // 2, MINUTES)
    every = fit_visit(visit, free, ALWAYS)

    found = fit_tidily(visit, free, [early, late], least_gap)

    neat = fit_visit(visit, tidy(visit, free, least_gap), ALWAYS).starts
    left = rank(visit, free, every, least_gap)
    for day in (early, late):
        if day & neat or not day & every.starts:
            assert found.starts & day == neat & day
        else:
            fewest = min(left[at] for at in bits(every.starts & day))
            assert bits(found.starts & day) == [
                at for at in bits(every.starts & day) if left[at] == fewest
            ]
