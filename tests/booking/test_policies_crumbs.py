"""Starts that leave nothing too short to be sold."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.booking.policies.crumbs import crumbs, rank
from tenant_apps.booking.policies.fitting import fit_visit
from tenant_apps.booking.policies.masks import bits, span
from tenant_apps.booking.policies.placing import Placed, place_visit
from tenant_apps.booking.policies.visit import Free, Step, Visit, Way
from tests.booking.pieces import ALWAYS, MINUTES, frees, sequences, visits
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
