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
from tenant_apps.booking.policies.reach import (
    EVERYWHERE,
    Bounds,
    ByStaff,
    Finder,
    joined_bounds,
)
from tenant_apps.booking.policies.search import Field, Pins
from tenant_apps.booking.policies.visit import Free, Visit

A_DAY = 24 * 60
# Of all work for one day, and for one answer, bounds and searches together: a stranger chooses
# the lines. What is still in doubt then is not offered.
MOST_OF_A_DAY, MOST_STEPS = 10_000, 20_000


@dataclass(frozen=True, slots=True)
class Fit:
    """``starts``: where the whole visit may begin. ``by_staff[line]``: where it may begin with
    this person doing that line. ``undecided``: where nobody knows, for too much was in doubt.
    Minutes of the window, of those that were asked for."""

    starts: Mask
    by_staff: tuple[Mapping[UUID, Mask], ...]
    undecided: Mask = 0


def fit_visit(visit: Visit, free: Free, among: Mask) -> Fit:
    """Every minute of ``among`` at which the visit can be placed, and with whom. People for whom
    the client would have to wait are named only where nobody else could be had."""
    at_once = _Doubts(plan_of(visit).impatient, free, among)
    left = among & ~at_once.starts
    if not (visit.patience and left and visit.groups):
        return at_once.resolved()
    later = _Doubts(visit, free, left, at_once.steps)
    # When it can begin goes before with whom, for waits, too.
    first = at_once.resolved(later.steps)
    return either_fit(first, later.resolved(at_once.steps))


def either_fit(one: Fit, other: Fit) -> Fit:
    by_staff = (
        {who: first.get(who, 0) | second.get(who, 0) for who in {**first, **second}}
        for first, second in zip(one.by_staff, other.by_staff, strict=True)
    )
    starts = one.starts | other.starts
    return Fit(starts, tuple(by_staff), (one.undecided | other.undecided) & ~starts)


def cut_fit(fit: Fit, among: Mask) -> Fit:
    by_staff = ({who: able & among for who, able in found.items()} for found in fit.by_staff)
    return Fit(fit.starts & among, tuple(by_staff), fit.undecided & among)


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
        if field.steps > MOST_OF_A_DAY:
            return None
        if first_choice(field, minute) is not None:
            return minute
        left ^= lowest
    return None


def bounds(visit: Visit, free: Free, among: Mask = EVERYWHERE) -> tuple[Bounds, Bounds]:
    """Outside the first nothing of ``among`` is possible, within the second everything is."""
    if not visit.groups:
        nothing = Bounds(0, ())
        return nothing, nothing
    finder = Finder(free)
    choices = plan_of(visit).choices
    if choices[0] is visit:
        return _bounds(visit, finder, among)
    found = [_with_units_kept(fixed, finder, among) for fixed in choices]
    if len(found) == 1:
        return found[0]
    nothing = Bounds(0, tuple({} for _line in range(visit.lines)))
    maybe, sure = ([pair[number] for pair in found] for number in (0, 1))
    return reduce(joined_bounds, maybe, nothing), reduce(joined_bounds, sure, nothing)


def _bounds(visit: Visit, finder: Finder, among: Mask) -> tuple[Bounds, Bounds]:
    plan = plan_of(visit)
    if plan.chain is not None:
        return chain_bounds(visit, plan.chain, finder, among)
    maybe = outer_bounds(visit, tracked_groups(visit, finder), finder)
    return maybe, inner_bounds(visit, finder)


def _with_units_kept(fixed: Visit, finder: Finder, among: Mask) -> tuple[Bounds, Bounds]:
    """Whether units that are kept are free while the client waits is left to the search."""
    maybe, sure = _bounds(fixed, finder, among)
    if not fixed.patience:
        return maybe, sure
    return maybe, _bounds(plan_of(fixed).impatient, finder, among)[1]


def day_by_day(visit: Visit, free: Free, minutes: Mask) -> Iterator[tuple[int, Field, list[int]]]:
    """``minutes`` a stretch at a time, so that the numbers stay small: from which minute a
    field counts, the field, and the minutes in it. It reaches far enough to both sides that
    every break which may be touched is whole."""
    longest = visit.longest
    for lowest, within in _stretches(minutes):
        first = max(0, lowest - A_DAY)
        length = lowest - first + 2 * A_DAY + longest
        field = Field(visit, free.cut(first, length), {})
        yield first, field, [lowest - first + minute for minute in bits(within)]


def _stretches(minutes: Mask) -> Iterator[tuple[int, Mask]]:
    """Each not longer than a day: its first minute, and all of it from there."""
    while minutes:
        lowest = (minutes & -minutes).bit_length() - 1
        yield lowest, minutes >> lowest & span(0, A_DAY)
        minutes = minutes >> (lowest + A_DAY) << (lowest + A_DAY)


class _Doubts:
    """What lies between maybe and sure is tried: first when it can begin, then with whom.

    Every placement that is found tells of several people at once. Each day has its share of what
    may be tried altogether, and what it leaves goes to those after it.
    """

    def __init__(self, visit: Visit, free: Free, among: Mask, steps: int = 0) -> None:
        """With the steps that were taken, those before among them."""
        maybe, sure = bounds(visit, free, among)
        self._visit, self._free = visit, free
        self._maybe: list[ByStaff] = [
            {who: mask & among for who, mask in found.items()} for found in maybe.by_staff
        ]
        self.starts, self.steps = maybe.starts & among, steps
        self._found, self._is_sure, self._undecided = self._maybe, maybe is sure, 0
        if not self._is_sure:
            self._begin(sure, among)

    def _begin(self, sure: Bounds, among: Mask) -> None:
        self._readying = sum(len(track.ways) for track in self._visit.tracks) + sum(
            len(inner.ways) for track in self._visit.tracks for inner in track.inside
        )
        self.steps += self._readying * len(plan_of(self._visit).choices)
        self._until = MOST_STEPS
        self._found = [
            {who: mask & sure.by_staff[line].get(who, 0) for who, mask in able.items()}
            for line, able in enumerate(self._maybe)
        ]
        maybe, self.starts = self.starts, sure.starts & among
        self._undecided = maybe & ~self.starts
        for minute, at, field in self._to_try(self._undecided):
            self._undecided ^= 1 << minute
            if self._can_begin(minute, at, field):
                self.starts |= 1 << minute

    def resolved(self, steps: int | None = None) -> Fit:
        """With whom it can begin. ``steps``: what was taken meanwhile."""
        self.steps = self.steps if steps is None else steps
        if not self._is_sure:
            for minute, at, field in self._to_try(self.starts & self._with_open_questions()):
                for line, who in self._open_at(1 << minute):
                    self._can_begin(minute, at, field, {line: who})
        return Fit(self.starts, tuple(self._found), self._undecided)

    def _to_try(self, minutes: Mask) -> Iterator[tuple[int, int, Field]]:
        """Minutes, and where they are in a field. Ends when enough has been tried."""
        days = sum(1 for _stretch in _stretches(minutes))
        for first, field, found in day_by_day(self._visit, self._free, minutes):
            self.steps += self._readying
            self._until = self.steps + min(MOST_OF_A_DAY, (MOST_STEPS - self.steps) // days)
            for at in found:
                if self.steps > self._until:
                    break
                yield first + at, at, field
            days -= 1
            if self.steps > MOST_STEPS:
                return

    def _with_open_questions(self) -> Mask:
        minutes = 0
        for line, able in enumerate(self._maybe):
            for who, mask in able.items():
                minutes |= mask & ~self._found[line][who]
        return minutes

    def _open_at(self, bit: Mask) -> Iterator[tuple[int, UUID]]:
        for line, able in enumerate(self._maybe):
            for who, mask in able.items():
                if mask & bit and not self._found[line][who] & bit:
                    yield line, who

    def _can_begin(self, minute: int, at: int, field: Field, pins: Pins | None = None) -> bool:
        if self.steps > self._until:
            return False
        before = field.steps
        choice = first_choice(field, at, pins=pins)
        self.steps += field.steps - before
        if choice is None:
            return False
        for entry in choice.entries:
            for line in entry.lines:
                self._found[line][entry.way.staff_id] |= 1 << minute
        return True
