"""Phases and paces of a service."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.catalog.codec import read_levels, read_phases, write_levels, write_phases
from tenant_apps.catalog.enums import Keep, PhaseKind
from tenant_apps.catalog.policies.phases import minutes_at, phase_problems
from tenant_apps.catalog.services.price_list import TEXTS
from tenant_apps.catalog.types import LevelTerms, Need, PhaseTerms

WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP


def phase(kind: PhaseKind = WORK, minutes: int = 30, *needs: Need) -> PhaseTerms:
    return PhaseTerms(kind=kind, minutes=minutes, needs=needs)


CHAIR = Need(kinds=("chair",))
PROBLEMS: dict[str, tuple[tuple[PhaseTerms, ...], dict[str, str]]] = {
    "one phase of work": ((phase(),), {}),
    "colour, with a gap": ((phase(), phase(PROCESSING), phase(), phase(CLEANUP)), {}),
    "nothing": ((), {"phases": "at_least_one"}),
    "begins with a gap": ((phase(PROCESSING), phase()), {"phases.0.kind": "begins_with_work"}),
    "begins with cleanup": ((phase(CLEANUP),), {"phases.0.kind": "begins_with_work"}),
    "ends with a gap": ((phase(), phase(PROCESSING)), {"phases.1.kind": "ends_with_processing"}),
    "a whole day": ((phase(minutes=1440),), {}),
    "more than a day": ((phase(minutes=1440), phase()), {"phases": "longer_than_a_day"}),
    "no time": ((phase(minutes=0),), {"phases.0.minutes": "whole_minutes"}),
    "the same kind twice": (
        (phase(WORK, 30, CHAIR, Need(kinds=("desk", "chair"))),),
        {"phases.0.needs": "needs_overlap"},
    ),
    "no kind": ((phase(WORK, 30, Need(kinds=())),), {"phases.0.needs": "needs_nothing"}),
    "no quantity": (
        (phase(WORK, 30, Need(kinds=("chair",), quantity=0)),),
        {"phases.0.needs": "needs_nothing"},
    ),
}


@pytest.mark.parametrize(("phases", "problems"), PROBLEMS.values(), ids=PROBLEMS)
def test_phases_that_do_not_fit_are_named(
    phases: tuple[PhaseTerms, ...], problems: dict[str, str]
) -> None:
    assert phase_problems(phases) == problems
    assert set(problems.values()) <= set(TEXTS)


@pytest.mark.parametrize(
    ("minutes", "percent", "expected"),
    [(30, 100, 30), (30, 120, 36), (25, 110, 28), (10, 1, 1), (1, 0, 1), (45, 80, 36)],
)
def test_a_pace_gives_whole_minutes_rounded_up(minutes: int, percent: int, expected: int) -> None:
    assert minutes_at(minutes, percent) == expected


@given(st.integers(1, 1440), st.integers(1, 300))
def test_rounding_never_takes_time_away_nor_adds_a_minute(minutes: int, percent: int) -> None:
    exact = minutes * percent / 100

    assert exact <= minutes_at(minutes, percent) < exact + 1


TEXT = st.text(max_size=20)
NEEDS = st.builds(
    Need,
    kinds=st.lists(TEXT, max_size=3).map(tuple),
    quantity=st.integers(1, 9),
    keep=st.sampled_from(Keep),
)
PHASES = st.builds(
    PhaseTerms,
    kind=st.sampled_from(PhaseKind),
    minutes=st.integers(1, 1440),
    name=TEXT,
    needs=st.lists(NEEDS, max_size=3).map(tuple),
)


@given(st.lists(PHASES, max_size=4).map(tuple))
def test_phases_are_read_as_they_were_written(phases: tuple[PhaseTerms, ...]) -> None:
    assert read_phases(write_phases(phases)) == phases


@given(st.dictionaries(TEXT, st.builds(LevelTerms, price=st.integers(), percent=st.integers())))
def test_levels_are_read_as_they_were_written(levels: dict[str, LevelTerms]) -> None:
    assert read_levels(write_levels(levels)) == levels
