"""Choosing people and units for a visit at one minute. Pure; never slower than it must be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask, runs
from tenant_apps.booking.policies.visit import (
    Free,
    UnitNeed,
    Way,
    Ways,
    kept_needs,
    kept_spans,
    look_back,
    unit_starts,
)

# Of a search for an exact total. A real salon's prices meet within dozens.
MOST_STEPS = 5_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A line put in its place: ``units[i]`` are those that step ``i`` takes."""

    way: Way
    starts: int
    units: tuple[tuple[UUID, ...], ...]


def place_visit(
    lines: Sequence[Ways],
    free: Free,
    start: int,
    *,
    preference: Mapping[UUID, int],
    total: int | None = None,
) -> list[Placed] | None:
    """Choose people and units for a visit that begins at minute ``start``.

    Of several people the cheapest is taken, then the one with the lowest ``preference``. With
    ``total`` only a choice that costs exactly so much counts. ``None``: there is none.
    """
    alone, onward = look_back(lines, free)
    if not onward[0] >> start & 1:
        return None
    chosen = _Search(_sorted(alone, onward, preference)).ways(start, total)
    if chosen is None:
        return None
    placed, at = [], start
    for way in chosen:
        placed.append(Placed(way, at, choose_units(way, free, at)))
        at += way.minutes
    return placed


Choices = list[list[tuple[Way, Mask]]]


def _sorted(alone: Choices, onward: list[Mask], preference: Mapping[UUID, int]) -> Choices:
    """Each line's ways in the order of choice, with the starts from which the rest fits too."""
    return [
        [
            (way, starts & (onward[place + 1] >> way.minutes))
            for way, starts in sorted(
                ways,
                key=lambda found: (
                    found[0].price,
                    preference.get(found[0].staff_id, 0),
                    found[0].minutes,
                ),
            )
        ]
        for place, ways in enumerate(alone)
    ]


@dataclass(slots=True)
class _Search:
    """A way is only entered where the lines after it fit, so without ``total`` the first one is
    right. With it, sums that cannot be met any more are cut off, failures are remembered, and
    the search gives up after so many steps: a stranger chooses ``total``."""

    choices: Choices
    failed: set[tuple[int, int, int]] = field(default_factory=set)
    steps: int = 0
    least: list[int] = field(init=False)
    most: list[int] = field(init=False)

    def __post_init__(self) -> None:
        prices = [[way.price for way, _starts in ways] for ways in reversed(self.choices)]
        self.least = list(accumulate(map(min, prices), initial=0))[::-1]
        self.most = list(accumulate(map(max, prices), initial=0))[::-1]

    def ways(self, at: int, total: int | None, place: int = 0) -> list[Way] | None:
        if place == len(self.choices):
            return [] if total in {None, 0} else None
        if total is not None and not self._worth_trying(place, at, total):
            return None
        for way, starts in self.choices[place]:
            if starts >> at & 1:
                left = None if total is None else total - way.price
                rest = self.ways(at + way.minutes, left, place + 1)
                if rest is not None:
                    return [way, *rest]
        if total is not None:
            self.failed.add((place, at, total))
        return None

    def _worth_trying(self, place: int, at: int, total: int) -> bool:
        self.steps += 1
        reachable = self.least[place] <= total <= self.most[place]
        return reachable and (place, at, total) not in self.failed and self.steps <= MOST_STEPS


def choose_units(way: Way, free: Free, start: int) -> tuple[tuple[UUID, ...], ...]:
    """The first units in the salon's order that are free; ``way`` is known to fit."""
    kept = {}
    for need in kept_needs(way):
        spans = kept_spans(way, need)
        kept[need] = _first(
            need,
            [u for u in need.units if unit_starts(spans, free.units.get(u, 0)) >> start & 1],
        )
    chosen = []
    for at, step in way.offsets():
        taken: list[UUID] = []
        for need in step.needs:
            if need.kept:
                taken += kept[need]
            else:
                able = [
                    unit
                    for unit in need.units
                    if runs(free.units.get(unit, 0), step.minutes) >> (start + at) & 1
                ]
                taken += _first(need, able)
        chosen.append(tuple(taken))
    return tuple(chosen)


def _first(need: UnitNeed, able: Sequence[UUID]) -> tuple[UUID, ...]:
    return tuple(able[: need.quantity])
