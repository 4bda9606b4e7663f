"""What lines of one visit may do to each other's cleaning up, known before any start is.

Lines can be fitted each for itself wherever this says that they do not meddle. Where they might,
two answers are found: ``sure``, from which a placement certainly exists, and ``maybe``, outside
of which none does. Only what lies between them has to be tried.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.layout import LaidOut, Layout, Occupied
from tenant_apps.booking.policies.masks import Span, joined, overlap
from tenant_apps.booking.policies.visit import UnitNeed, Visit, Ways

Chain = Sequence[Sequence[Layout]]
"""The different layouts of each track, in the order of the tracks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Spans over which the units of a need must be free: ``maybe`` at the least.

    It is sure when they are free over ``waited``, which has room for the cleaning up of others
    behind every use; or over ``alone`` if ``spare`` more are, so that none has to be shared.
    """

    need: UnitNeed
    maybe: tuple[Span, ...]
    waited: tuple[Span, ...]
    alone: tuple[Span, ...]
    spare: int | None


def layouts_of(ways: Ways, laid_out: LaidOut) -> list[Layout]:
    """Each different one once."""
    return list({id(way.steps): laid_out(way.steps) for way in ways}.values())


def chain_of(visit: Visit, laid_out: LaidOut) -> Chain | None:
    """The visit as a plain sequence, if it is one, else ``None``.

    Plain: one track after another with nothing inside, and nobody's cleaning up is in the way
    of anything but the next line, if that has the same lead.
    """
    if any(len(group) != 1 or group[0].inside for group in visit.groups):
        return None
    chain = [layouts_of(group[0].ways, laid_out) for group in visit.groups]
    is_plain = all(_is_plain(layout) for layouts in chain for layout in layouts)
    return chain if is_plain and _is_apart(chain) else None


def _is_plain(layout: Layout) -> bool:
    tasks = layout.tasks
    return (
        layout.held > 0
        and all(task.step.tidies or task.span[1] <= layout.held for task in tasks)
        and not any(task.step.tidies for task in layout.anyone)
        and not any(need.keep == "visit" for task in tasks for need in task.step.needs)
    )


def _is_apart(chain: Chain) -> bool:
    reach = longest = 0  # of the cleaning up so far: beyond the line before this one, and at all
    for place, layouts in enumerate(chain):
        shortest = min(layout.held for layout in layouts)
        if reach > shortest and place + 1 < len(chain):
            return False
        if any(_meets_anyone(layout, reach, longest) for layout in layouts):
            return False
        for layout in layouts:
            for tidy in layout.lead_tidies:
                first, end = after_use(tidy, layout.lead)
                reach = max(reach, end - layout.held)
                longest = max(longest, end - first)
    return True


def _meets_anyone(layout: Layout, reach: int, longest: int) -> bool:
    """Whether somebody who may do one of these steps may have to clean up at that time."""
    own = [end - first for first, end in layout.lead_tidies]
    length = max([longest, *own])
    moved = [(end, end + length) for _first, end in layout.lead] if length else []
    waiting = [(0, reach), *layout.lead_tidies, *moved]
    return any(overlap(task.span, other) for task in layout.anyone for other in waiting)


def unit_wants(
    chain: Chain, place: int, layout: Layout, waits: Sequence[int] = (0,)
) -> Iterator[Wanted]:
    """What ``layout``, at ``place`` of the chain, wants of units."""
    for occupied in layout.units:
        near = _Near(chain, place, layout, occupied, waits)
        certain = (tidy for tidy in occupied.tidies if not _may_move(tidy, near))
        maybe = joined([*occupied.uses, *certain])
        others = [
            layouts
            for number, layouts in enumerate(chain[:place])
            if _reaches(chain, number, place, occupied)
        ]
        yield wanted(occupied, layout, others, maybe)


def _reaches(chain: Chain, number: int, place: int, occupied: Occupied) -> bool:
    """Whether cleaning up of track ``number`` may get in the way of a use of these units in any
    later track as far as ``place``; from there it could go on being moved."""
    slack = max(_beyond(occupied, layout) for layout in chain[number])
    at = 0
    for layouts in chain[number + 1 : place + 1]:
        if at >= slack:
            return False
        begins = [first for layout in layouts for first, _end in uses_of(occupied, layout)]
        if begins and at + min(begins) < slack:
            return True
        at += min(layout.held for layout in layouts)
    return False


def _beyond(occupied: Occupied, layout: Layout) -> int:
    """How long after the client has left such units may still be cleaned."""
    last = max((end for _first, end in uses_of(occupied, layout)), default=0)
    ends = [
        max(end, last + end - first if first < last else 0)
        for other in layout.units
        if _share(occupied, other)
        for first, end in other.tidies
    ]
    return max(ends, default=0) - layout.held


def wanted(occupied: Occupied, layout: Layout, others: Chain, maybe: tuple[Span, ...]) -> Wanted:
    """``others``: tracks whose cleaning up may have to wait for these uses."""
    tail, spare = 0, 0
    for layouts in others:
        found = [_shared_tidies(occupied, other.units) for other in layouts]
        tail = max([tail, *(length for length, _count in found)])
        spare += max(count for _length, count in found)
    last = max((end for _first, end in occupied.uses), default=0)
    own, count = _shared_tidies(
        occupied, [other for other in layout.units if other is not occupied], before=last
    )
    is_in_own_way = any(first < last for first, _end in occupied.tidies)
    if is_in_own_way:
        own = max(own, *(end - first for first, end in occupied.tidies))
    tail = max(tail, own)
    return Wanted(
        occupied.need,
        maybe=maybe,
        waited=joined([*((first, end + tail) for first, end in occupied.uses), *occupied.tidies]),
        alone=joined([*occupied.uses, *occupied.tidies]),
        spare=None if is_in_own_way else spare + count,
    )


def _shared_tidies(
    occupied: Occupied, others: Iterable[Occupied], *, before: int | None = None
) -> tuple[int, int]:
    """Of ``others`` that may be the same units: the longest cleaning up, and how many units."""
    longest = count = 0
    for other in others:
        lengths = [end - first for first, end in other.tidies if before is None or first < before]
        if lengths and _share(occupied, other):
            longest, count = max(longest, *lengths), count + other.need.quantity
    return longest, count


@dataclass(frozen=True, slots=True)
class _Near:
    """Units that ``layout`` occupies at ``place`` of the chain, and what comes after it."""

    chain: Chain
    place: int
    layout: Layout
    occupied: Occupied
    waits: Sequence[int]

    def uses(self, until: int) -> Iterator[Span]:
        """Those that may begin before minute ``until``."""
        yield from uses_of(self.occupied, self.layout)
        ends = {self.layout.held}
        for layouts in self.chain[self.place + 1 :]:
            starts = {at + wait for at in ends for wait in self.waits if at + wait < until}
            for at in starts:
                for later in layouts:
                    yield from ((at + a, at + b) for a, b in uses_of(self.occupied, later))
            ends = {at + later.held for at in starts for later in layouts}


def _may_move(tidy: Span, near: _Near) -> bool:
    """Whether other uses of the units may let somebody else have some of these minutes."""
    first, end = tidy
    return any(first < edge < end for use in near.uses(end) for edge in use)


def uses_of(occupied: Occupied, layout: Layout) -> Iterator[Span]:
    """When ``layout`` uses units that may be these."""
    for other in layout.units:
        if _share(occupied, other):
            yield from other.uses


def _share(one: Occupied, other: Occupied) -> bool:
    units = other.need.units
    return one.need.units == units or not set(one.need.units).isdisjoint(units)
