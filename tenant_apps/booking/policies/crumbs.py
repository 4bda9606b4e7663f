"""Time that a visit would leave too short to be sold: crumbs, and which starts leave the fewest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_
from uuid import UUID

from tenant_apps.booking.policies.attempt import first_choice
from tenant_apps.booking.policies.fitting import (
    Fit,
    cut_fit,
    day_by_day,
    either_fit,
    fit_visit,
)
from tenant_apps.booking.policies.masks import Mask, Span, joined, span
from tenant_apps.booking.policies.placing import Placed, placed_lines
from tenant_apps.booking.policies.plan import plan_of
from tenant_apps.booking.policies.visit import Free, Visit

CRUMBS = "crumbs"
# For one answer. Starts that are left then are offered without.
MOST_STEPS = 20_000


def crumbs(placed: Sequence[Placed], free: Free, min_gap: int) -> int:
    """Minutes that would be left free in stretches shorter than ``min_gap``, beside and between
    what the visit takes of anybody; those it finds so already do not count."""
    work: dict[UUID, list[Span]] = {}
    for line in placed:
        for step in line.steps:
            if step.staff_id:
                work.setdefault(step.staff_id, []).append((step.starts, step.starts + step.minutes))
    return sum(
        _left_over(free.staff.get(who, 0), joined(spans), min_gap) for who, spans in work.items()
    )


def _left_over(free: Mask, spans: Sequence[Span], min_gap: int) -> int:
    """Of the free stretches that touch ``spans``, the short ones."""
    left = free
    for first, end in spans:
        left &= ~span(first, end)
    beside = {_stretch(left, first - 1) for first, _end in spans}
    beside |= {_stretch(left, end) for _first, end in spans}
    return sum(end - first for first, end in beside if 0 < end - first < min_gap)


def _stretch(free: Mask, minute: int) -> Span:
    """The free minutes in a row around ``minute``; none when it is taken."""
    if minute < 0 or not free >> minute & 1:
        return minute, minute
    after = free >> minute
    end = minute + ((after + 1) & ~after).bit_length() - 1
    before = ~free & span(0, minute)
    return before.bit_length(), end


def rank(visit: Visit, free: Free, fit: Fit, min_gap: int) -> Mapping[int, int]:
    """For each start that is offered, the crumbs it would leave if it were booked now; none at
    all is best."""
    found: dict[int, int] = {}
    steps = 0
    for first, field, minutes in day_by_day(visit, free, fit.starts):
        for minute in minutes:
            if steps + field.steps > MOST_STEPS:
                return found
            choice = first_choice(field, minute)
            if choice is not None:
                found[first + minute] = crumbs(placed_lines(choice), field.free, min_gap)
        steps += field.steps
    return found


def tidy(visit: Visit, free: Free, least_gap: int) -> Free:
    """``free`` for somebody who may not leave crumbs by a plain sequence of lines. For visits
    with lines beside or inside each other it stays as it is."""
    chain = plan_of(visit).chain if least_gap else None
    if chain is None or any(layout.anyone for layouts in chain for layout in layouts):
        return free
    return replace(free, least_gap=least_gap)


def fit_tidily(visit: Visit, free: Free, days: Sequence[Mask], least_gap: int) -> Fit:
    """What of the minutes of ``days`` is on offer when crumbs are refused: what leaves none; on a
    day on which everything would, what leaves the fewest."""
    wanted, without = reduce(or_, days, 0), tidy(visit, free, least_gap)
    found = fit_visit(visit, without, wanted)
    if without is free:
        return found
    left = reduce(or_, (day for day in days if not day & found.starts), 0)
    others = fit_visit(visit, free, left) if left else found
    for day in days:
        if day & left & others.starts:
            found = either_fit(found, _tidiest(visit, free, cut_fit(others, day), least_gap))
    return found


def _tidiest(visit: Visit, free: Free, fit: Fit, least_gap: int) -> Fit:
    """Of one day; none of it when that would take too long to find out."""
    ranked = rank(visit, free, fit, least_gap)
    if len(ranked) < fit.starts.bit_count():
        return cut_fit(fit, 0)
    fewest = min(ranked.values())
    return cut_fit(fit, sum(1 << at for at, left in ranked.items() if left == fewest))


def free_for(visit: Visit, free: Free, day: Mask, start: int, least_gap: int) -> Free | None:
    """What may be used for a visit at ``start``, which is one of the minutes of ``day``, so that
    it is placed as it is on offer. ``None``: it could be placed, but is not on offer."""
    bit, neat = 1 << start, tidy(visit, free, least_gap)
    if fit_visit(visit, neat, bit).starts:
        return neat
    if fit_tidily(visit, free, [day], least_gap).starts & bit:
        return free
    return None if fit_visit(visit, free, bit).starts else free
