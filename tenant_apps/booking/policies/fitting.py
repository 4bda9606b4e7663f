"""What is on offer: every start at which a visit can be placed, and by whom, and no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from uuid import UUID

from tenant_apps.booking.policies.attempt import first_choice
from tenant_apps.booking.policies.barrier import outer_bounds, tracked_groups
from tenant_apps.booking.policies.chain import chain_bounds
from tenant_apps.booking.policies.inner import inner_bounds
from tenant_apps.booking.policies.masks import Mask, bits, span
from tenant_apps.booking.policies.plan import plan_of
from tenant_apps.booking.policies.reach import Bounds, ByStaff, Finder, joined_bounds
from tenant_apps.booking.policies.search import Field
from tenant_apps.booking.policies.visit import Free, Visit

A_DAY = 24 * 60
# Of all searches for one answer together. What is still in doubt then is not offered.
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Fit:
    """``starts``: where the whole visit may begin. ``by_staff[line]``: where it may begin with
    this person doing that line. Minutes of the window, of those that were asked for."""

    starts: Mask
    by_staff: tuple[Mapping[UUID, Mask], ...]


def fit_visit(visit: Visit, free: Free, among: Mask) -> Fit:
    """Every minute of ``among`` at which the visit can be placed, and with whom."""
    maybe, sure = bounds(visit, free)
    by_staff = [
        {staff_id: mask & among for staff_id, mask in found.items()} for found in maybe.by_staff
    ]
    if maybe is sure:
        return Fit(maybe.starts & among, tuple(by_staff))
    doubts = _Doubts(visit, free, by_staff, sure)
    return doubts.resolved(maybe.starts & among, sure.starts & among)


def earliest_start(visit: Visit, free: Free, among: Mask) -> int | None:
    """The first minute of ``among`` at which the visit can be placed: for who wants to come in
    now, when any minute will do and the later ones do not matter."""
    maybe, sure = bounds(visit, free)
    left = maybe.starts & among
    field = None
    while left:
        lowest = left & -left
        minute = lowest.bit_length() - 1
        if sure.starts & lowest:
            return minute
        field = field or Field(visit, free, {})
        if first_choice(field, minute) is not None:
            return minute
        left ^= lowest
    return None


def bounds(visit: Visit, free: Free) -> tuple[Bounds, Bounds]:
    """Outside the first nothing is possible, within the second everything is."""
    if not visit.groups:
        nothing = Bounds(0, ())
        return nothing, nothing
    finder = Finder(free)
    found = [_bounds(fixed, finder) for fixed in plan_of(visit).choices]
    if len(found) == 1:
        return found[0]
    nothing = Bounds(0, tuple({} for _line in range(visit.lines)))
    maybe, sure = ([pair[number] for pair in found] for number in (0, 1))
    return reduce(joined_bounds, maybe, nothing), reduce(joined_bounds, sure, nothing)


def _bounds(visit: Visit, finder: Finder) -> tuple[Bounds, Bounds]:
    plan = plan_of(visit)
    if plan.chain is not None:
        return chain_bounds(visit, plan.chain, finder)
    return outer_bounds(visit, tracked_groups(visit, finder)), inner_bounds(visit, finder)


def day_by_day(visit: Visit, free: Free, minutes: Mask) -> Iterator[tuple[int, Field, list[int]]]:
    """``minutes`` a stretch at a time, so that the numbers stay small: from which minute a
    field counts, the field, and the minutes in it. It reaches far enough to both sides that
    every break which may be touched is whole."""
    longest = visit.longest
    while minutes:
        lowest = (minutes & -minutes).bit_length() - 1
        first = max(0, lowest - A_DAY)
        length = lowest - first + 2 * A_DAY + longest
        within = minutes >> lowest & span(0, A_DAY)
        minutes = minutes >> (lowest + A_DAY) << (lowest + A_DAY)
        field = Field(visit, free.cut(first, length), {})
        yield first, field, [lowest - first + minute for minute in bits(within)]


class _Doubts:
    """What lies between maybe and sure is tried, start by start and person by person."""

    def __init__(self, visit: Visit, free: Free, by_staff: list[ByStaff], sure: Bounds) -> None:
        self._visit, self._free = visit, free
        self._maybe, self._sure = by_staff, sure.by_staff

    def resolved(self, maybe: Mask, sure: Mask) -> Fit:
        starts = sure
        found = [
            {who: mask & self._sure[line].get(who, 0) for who, mask in able.items()}
            for line, able in enumerate(self._maybe)
        ]
        open_questions = maybe & ~sure
        for line, able in enumerate(self._maybe):
            for who, mask in able.items():
                open_questions |= mask & ~found[line][who]
        for first, minute, field in self._to_try(open_questions):
            if self._settle(field, first, minute, found):
                starts |= 1 << first + minute
        return Fit(starts, tuple(found))

    def _to_try(self, minutes: Mask) -> Iterator[tuple[int, int, Field]]:
        steps = 0
        for first, field, found in day_by_day(self._visit, self._free, minutes):
            for minute in found:
                if steps + field.steps > MOST_STEPS:
                    return
                yield first, minute, field
            steps += field.steps

    def _settle(self, field: Field, first: int, minute: int, found: list[ByStaff]) -> bool:
        """Whether the visit can begin there; every placement that is found tells of several
        people at once."""
        bit = 1 << first + minute
        is_possible = self._witness(field, minute, None, found, bit)
        if is_possible:
            for line, able in enumerate(self._maybe):
                for who, mask in able.items():
                    if mask & bit and not found[line][who] & bit:
                        self._witness(field, minute, {line: who}, found, bit)
        return is_possible

    def _witness(
        self,
        field: Field,
        minute: int,
        pins: Mapping[int, UUID] | None,
        found: list[ByStaff],
        bit: Mask,
    ) -> bool:
        choice = first_choice(field, minute, pins=pins)
        if choice is None:
            return False
        for entry in choice.entries:
            for line in entry.lines:
                found[line][entry.way.staff_id] |= bit
        return True
