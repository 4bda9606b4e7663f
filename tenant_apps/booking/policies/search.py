"""Trying a visit at one minute: who does what, where exactly, until everything fits.

Bounds prune it, what has failed once is not tried again, and after so many steps it gives up:
a stranger chooses the lines.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.barrier import (
    Possible,
    Tracked,
    onward,
    options_of,
    tracked_groups,
)
from tenant_apps.booking.policies.layout import Layout, Task, key_of
from tenant_apps.booking.policies.masks import Mask, Span
from tenant_apps.booking.policies.plan import plan_of
from tenant_apps.booking.policies.reach import EVERYWHERE, Finder, either
from tenant_apps.booking.policies.units import Call, Chosen
from tenant_apps.booking.policies.visit import WAIT_STEP, Free, UnitNeed, Visit, Way

CallKey = tuple[object, UnitNeed]
Pins = Mapping[int, UUID]
"""Who must do a line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A way that was chosen, from minute ``starts`` on."""

    lines: tuple[int, ...]
    way: Way
    starts: int


@dataclass(frozen=True, slots=True)
class Doing:
    """One task of entry number ``entry``, and who does it, if anybody. ``is_wait``: the client
    waits for it, and only what is kept for them is taken."""

    entry: int
    task: Task
    starts: int
    staff_id: UUID | None
    is_wait: bool = False

    @property
    def span(self) -> Span:
        return self.starts, self.starts + self.task.step.minutes

    def key(self, need: UnitNeed) -> CallKey:
        return key_of((self.entry, self.task.at, self.task.step), self.task.step, need)


def calls_of(doings: Iterable[Doing]) -> dict[CallKey, Call]:
    """The choices of units that they ask for."""
    calls: dict[CallKey, Call] = {}
    for doing in doings:
        for need in doing.task.step.needs:
            call = calls.setdefault(doing.key(need), Call(need))
            (call.tidies if doing.task.step.tidies else call.uses).append(doing.span)
    return calls


@dataclass(frozen=True, slots=True)
class Found:
    entries: tuple[Entry, ...]
    doings: tuple[Doing, ...]
    units: Mapping[CallKey, Chosen]


class Field:
    """One visit in one ``Free``, made ready for trying any start."""

    def __init__(
        self,
        visit: Visit,
        free: Free,
        preference: Mapping[UUID, int],
    ) -> None:
        self.visit, self.free, self.finder = visit, free, Finder(free)
        self.steps = 0  # tried so far
        self.groups = [
            [_ordered(found, preference) for found in tracks]
            for tracks in tracked_groups(visit, self.finder)
        ]
        self.waits = visit.waits
        self.longest_wait = max(self.waits) * max(0, len(visit.groups) - 1)
        self._options = [options_of(tracks) for tracks in self.groups]
        self._onward: dict[tuple[int, int], Mask] = {}
        self.least = _price_limits(self.groups, min)
        self.most = _price_limits(self.groups, max)
        steps = {
            id(way.steps): [need for step in way.steps for need in step.needs]
            for track in visit.tracks
            for ways in (track.ways, *(inner.ways for inner in track.inside))
            for way in ways
        }
        self.has_units = {key: bool(needs) for key, needs in steps.items()}
        self.keeps_units = any(need.keep == "visit" for found in steps.values() for need in found)

    @property
    def starts(self) -> Mask:
        """Outside of these the visit cannot begin."""
        return onward(self._options, self.finder, self.waits)[0] if self.groups else 0

    def layout(self, way: Way) -> Layout:
        return plan_of(self.visit).laid_out(way.steps)

    def onward(self, place: int, waiting: int) -> Mask:
        """Where group ``place`` can begin with all that follows it, when the client waits for so
        long altogether from then on."""
        if place == len(self.groups):
            return 0 if waiting else EVERYWHERE
        found = self._onward.get((place, waiting))
        if found is None:
            found = self._onward[place, waiting] = self._found_onward(place, waiting)
        return found

    def _found_onward(self, place: int, waiting: int) -> Mask:
        rest = either(
            self.onward(place + 1, waiting - wait) >> wait & self.finder.waiting(wait)
            for wait in self.waits_after(place, waiting)
        )
        return either(starts & rest >> held for held, starts in self._options[place].items())

    def waits_after(self, place: int, waiting: int) -> Iterable[int]:
        """How long the client may wait after group ``place``, of so many minutes to come."""
        if place + 1 == len(self.groups):
            return (0,)
        return range(0, min(self.waits[-1], waiting) + 1, WAIT_STEP)


def _ordered(found: Tracked, preference: Mapping[UUID, int]) -> Tracked:
    def rank(able: Possible) -> tuple[int, int, int]:
        way = able.way
        return way.price, preference.get(way.staff_id, 0), able.layout.held

    return Tracked(
        found.track,
        tuple(sorted(found.ways, key=rank)),
        tuple(tuple(sorted(ones, key=rank)) for ones in found.inside),
    )


def _price_limits(
    groups: Sequence[Sequence[Tracked]], limit: Callable[[Iterable[int]], int]
) -> list[list[int]]:
    """``[group][track]``: what this track and all after it cost, at the limit."""
    total, limits = 0, []
    for tracks in reversed(groups):
        of_group = [total]
        for found in reversed(tracks):
            for ones in (found.ways, *found.inside):
                total += limit([able.way.price for able in ones]) if ones else 0
            of_group.append(total)
        limits.append(of_group[::-1])
    return limits[::-1]
