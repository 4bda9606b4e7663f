"""Where a visit fits, and who and what it takes. Pure set algebra over masks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask, at_least, runs

Masks = Mapping[UUID, Mask]


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """``quantity`` of ``units`` at once. ``kept``: the same ones through the whole line."""

    units: tuple[UUID, ...]
    quantity: int = 1
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One phase as somebody would do it."""

    minutes: int
    takes_staff: bool
    takes_client: bool
    needs: tuple[UnitNeed, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way to have a line: by this person, in these steps."""

    staff_id: UUID
    steps: tuple[Step, ...]
    price: int = 0

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def offsets(self) -> Iterator[tuple[int, Step]]:
        at = 0
        for step in self.steps:
            yield at, step
            at += step.minutes


@dataclass(frozen=True, slots=True)
class Free:
    """Who and what is free when, over one window. ``client``: the known client, else everywhere."""

    staff: Masks
    units: Masks
    client: Mask


def way_starts(way: Way, free: Free) -> Mask:
    """The minutes at which ``way`` can begin."""
    staff = free.staff.get(way.staff_id, 0)
    starts = ~0
    for at, step in way.offsets():
        if step.takes_staff:
            starts &= runs(staff, step.minutes) >> at
        if step.takes_client:
            starts &= runs(free.client, step.minutes) >> at
        for need in step.needs:
            if not need.kept:
                found = [runs(free.units.get(unit, 0), step.minutes) >> at for unit in need.units]
                starts &= at_least(found, need.quantity)
        if not starts:
            return 0
    for need in kept_needs(way):
        spans = kept_spans(way, need)
        found = [unit_starts(spans, free.units.get(unit, 0)) for unit in need.units]
        starts &= at_least(found, need.quantity)
    return starts if starts >= 0 else 0


def kept_needs(way: Way) -> list[UnitNeed]:
    """The needs that keep their units through the line, each once."""
    found: list[UnitNeed] = []
    for step in way.steps:
        found += [need for need in step.needs if need.kept and need not in found]
    return found


Spans = Sequence[tuple[int, int]]


def kept_spans(way: Way, need: UnitNeed) -> Spans:
    """When ``way`` has this need: first minute and length, steps in a row taken together."""
    spans: list[tuple[int, int]] = []
    for at, step in way.offsets():
        if need not in step.needs:
            continue
        if spans and sum(spans[-1]) == at:
            begins, minutes = spans.pop()
            spans.append((begins, minutes + step.minutes))
        else:
            spans.append((at, step.minutes))
    return spans


def unit_starts(spans: Spans, free: Mask) -> Mask:
    """Where a unit that is ``free`` then is so for all of ``spans``."""
    starts = ~0
    for at, minutes in spans:
        starts &= runs(free, minutes) >> at
    return starts


Ways = Sequence[Way]


@dataclass(frozen=True, slots=True)
class Fit:
    """All that is known of a visit over one window.

    ``starts``: where the whole visit may begin. ``by_staff[line]``: where it may begin with
    this person doing that line. Both in minutes of the window.
    """

    starts: Mask
    by_staff: tuple[Mapping[UUID, Mask], ...]


def look_back(lines: Sequence[Ways], free: Free) -> tuple[list[list[tuple[Way, Mask]]], list[Mask]]:
    """Each line's ways with their own starts, and ``onward``: ``onward[k]`` is where lines ``k``
    to the last can begin. Found from the end, every start at once, without trying any."""
    alone = [[(way, way_starts(way, free)) for way in ways] for ways in lines]
    onward = [0] * len(lines) + [~0]
    for place in range(len(lines) - 1, -1, -1):
        for way, starts in alone[place]:
            onward[place] |= starts & (onward[place + 1] >> way.minutes)
    return alone, onward


def fit_visit(lines: Sequence[Ways], free: Free) -> Fit:
    """Fit lines one after another; the next begins when the one before has ended.

    Durations differ by person, so looking forward keeps one mask for each offset at which a
    line can find itself.
    """
    alone, onward = look_back(lines, free)
    reached: dict[int, Mask] = {0: onward[0]}
    by_staff: list[dict[UUID, Mask]] = []
    for place, ways in enumerate(alone):
        found: dict[UUID, Mask] = {}
        ahead: dict[int, Mask] = {}
        for way, starts in ways:
            going_on = starts & (onward[place + 1] >> way.minutes)
            for offset, visits in reached.items():
                able = visits & (going_on >> offset)
                found[way.staff_id] = found.get(way.staff_id, 0) | able
                further = offset + way.minutes
                ahead[further] = ahead.get(further, 0) | able
        by_staff.append(found)
        reached = ahead
    return Fit(max(onward[0], 0), tuple(by_staff))
