"""What is offered is what can be placed, and the slow oracle says the same of both."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tenant_apps.booking.policies.fitting import bounds, earliest_start, fit_visit
from tenant_apps.booking.policies.masks import bits
from tenant_apps.booking.policies.placing import Placed, PlacedStep, place_visit
from tenant_apps.booking.policies.visit import Free, Visit
from tests.booking import oracle
from tests.booking.pieces import (
    ALWAYS,
    MINUTES,
    frees,
    masks,
    preferences,
    sequences,
    visits,
    waits,
)

thorough = settings(max_examples=settings().max_examples * 3 // 2)
anything = sequences() | visits() | waits()


@thorough
@given(anything, frees(), masks)
def test_a_visit_is_offered_exactly_where_some_choice_of_people_units_and_places_fits(
    visit: Visit, free: Free, among: int
) -> None:
    fit = fit_visit(visit, free, among)

    for start in range(MINUTES):
        found = oracle.offered(visit, free, start) if among >> start & 1 else set()
        assert bool(fit.starts >> start & 1) == bool(found)
        for line, able in enumerate(fit.by_staff):
            offered = {staff_id for staff_id, mask in able.items() if mask >> start & 1}
            assert offered == {outcome.staff[line] for outcome in found}


@thorough
@given(anything, frees())
def test_what_is_sure_is_possible_and_what_is_not_even_maybe_is_not(
    visit: Visit, free: Free
) -> None:
    maybe, sure = bounds(visit, free)
    event("nothing between them" if maybe is sure else "something to try")

    for start in range(MINUTES):
        found = oracle.outcomes(visit, free, start)
        assert sure.starts >> start & 1 <= bool(found) <= maybe.starts >> start & 1
        for line in range(visit.lines):
            possible = {outcome.staff[line] for outcome in found}
            assert people(sure.by_staff[line], start) <= possible
            assert possible <= people(maybe.by_staff[line], start)


def people(by_staff: Mapping[UUID, int], start: int) -> set[UUID]:
    return {staff_id for staff_id, mask in by_staff.items() if mask >> start & 1}


@thorough
@given(anything, frees(), st.integers(0, MINUTES - 1), preferences)
def test_whatever_is_offered_can_be_placed_and_nothing_else(
    visit: Visit, free: Free, start: int, preference: Mapping[UUID, int]
) -> None:
    placed = place_visit(visit, free, start, preference=preference)

    assert (placed is not None) == bool(fit_visit(visit, free, ALWAYS).starts >> start & 1)
    if placed is not None:
        assert [line.line for line in placed] == list(range(visit.lines))
        assert_takes_only_what_is_free(placed, free)


@given(waits(), frees(), preferences)
def test_whom_one_would_rather_have_changes_nothing_about_when(
    visit: Visit, free: Free, preference: Mapping[UUID, int]
) -> None:
    """Whoever is tried first and cannot clean up, or loses a break, stands in nobody's way."""
    starts = fit_visit(visit, free, ALWAYS).starts

    for start in range(MINUTES):
        placed = place_visit(visit, free, start, preference=preference)
        assert (placed is not None) == bool(starts >> start & 1)


@given(anything, frees(), st.integers(0, MINUTES - 1), st.data())
def test_whoever_is_offered_for_a_line_can_be_had_for_it(
    visit: Visit, free: Free, start: int, data: st.DataObject
) -> None:
    fit = fit_visit(visit, free, ALWAYS)
    line = data.draw(st.integers(0, visit.lines - 1))

    for staff_id in people(fit.by_staff[line], start):
        placed = place_visit(visit, free, start, preference={}, pins={line: staff_id})
        assert placed is not None
        assert placed[line].staff_id == staff_id


@given(anything, frees(), st.integers(0, MINUTES - 1))
def test_nobody_waits_who_need_not(visit: Visit, free: Free, start: int) -> None:
    at_once = place_visit(Visit(visit.groups), free, start, preference={})

    if at_once is not None:
        assert place_visit(visit, free, start, preference={}) == at_once


def assert_takes_only_what_is_free(placed: Sequence[Placed], free: Free) -> None:
    """Nobody twice at once; units may be, by one client, but not while they are cleaned."""
    seen: dict[UUID, set[int]] = {}
    for line in placed:
        for step in line.steps:
            minutes = set(range(step.starts, step.starts + step.minutes))
            assert minutes
            if step.staff_id:
                assert oracle.is_free(free.staff[step.staff_id], step.starts, step.minutes)
                assert minutes.isdisjoint(seen.setdefault(step.staff_id, set()))
                seen[step.staff_id] |= minutes
            for unit in step.units:
                assert oracle.is_free(free.units[unit], step.starts, step.minutes)
            for unit in step.kept:
                assert oracle.is_free(free.units[unit], step.starts - step.waited, step.waited)
            if step.step.takes_client:
                assert oracle.is_free(free.client, step.starts, step.minutes)
            if not step.step.tidies:
                assert step.minutes == step.step.minutes
                assert len(step.units) == sum(need.quantity for need in step.step.needs)
    for unit, cleaned, used in uses_of_units(placed):
        assert cleaned.isdisjoint(used), unit


def uses_of_units(placed: Sequence[Placed]) -> list[tuple[UUID, set[int], set[int]]]:
    steps = [step for line in placed for step in line.steps]
    return [
        (
            unit,
            minutes_of(step for step in steps if unit in step.units and step.step.tidies),
            minutes_of(step for step in steps if unit in step.units and not step.step.tidies),
        )
        for unit in {unit for step in steps for unit in step.units}
    ]


def minutes_of(steps: Iterable[PlacedStep]) -> set[int]:
    return {minute for step in steps for minute in range(step.starts, step.starts + step.minutes)}


@given(anything, frees(), st.integers(0, MINUTES - 1), st.integers(0, 9))
def test_an_exact_total_is_met_whenever_some_choice_meets_it(
    visit: Visit, free: Free, start: int, total: int
) -> None:
    placed = place_visit(visit, free, start, preference={}, total=total)

    assert (placed is not None) == (
        total in {outcome.total for outcome in oracle.outcomes(visit, free, start)}
    )


@given(anything, frees(), masks)
def test_the_earliest_start_is_the_first_that_is_offered(
    visit: Visit, free: Free, among: int
) -> None:
    starts = fit_visit(visit, free, among).starts

    assert earliest_start(visit, free, among) == next(iter(bits(starts)), None)
