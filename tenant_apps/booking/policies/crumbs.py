"""Time that a visit would leave too short to be sold: crumbs, and which starts leave the fewest."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tenant_apps.booking.policies.attempt import first_choice
from tenant_apps.booking.policies.fitting import Fit, day_by_day
from tenant_apps.booking.policies.masks import Mask, Span, joined, span
from tenant_apps.booking.policies.placing import Placed, placed_lines
from tenant_apps.booking.policies.visit import Free, Visit

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
