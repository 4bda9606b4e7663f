"""Floating breaks: so many minutes off, somewhere within a window. A visit must leave room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tenant_apps.booking.policies.masks import Mask, Span, runs, span, stretched
from tenant_apps.booking.policies.visit import FloatingBreak


@dataclass(frozen=True, slots=True)
class Room:
    """``begins``: where a break of ``minutes`` could begin, ``first`` to ``last``."""

    begins: Mask
    minutes: int
    first: int
    last: int

    @property
    def ends(self) -> int:
        return self.last + self.minutes


def rooms(free: Mask, floating: Iterable[FloatingBreak]) -> list[Room]:
    """One for each break that can be taken at all."""
    found = []
    for window, minutes in floating:
        if begins := runs(free & window, minutes):
            first = (begins & -begins).bit_length() - 1
            found.append(Room(begins, minutes, first, begins.bit_length() - 1))
    return found


def broken(found: Iterable[Room], spans: Sequence[Span]) -> Mask:
    """The starts from which work during ``spans`` (joined, counted from the start) would
    leave some break without room."""
    mask = 0
    for room in found:
        first, end = spans[0][0], spans[-1][1]
        # It fits before the work that begins late enough, or after what ends early enough.
        worst = span(max(0, room.last - end + 1), max(0, room.first + room.minutes - first))
        if worst and len(spans) > 1:
            worst &= ~_between(room, spans)
        mask |= worst
    return mask


def _between(room: Room, spans: Sequence[Span]) -> Mask:
    mask = 0
    for (_first, ends), (begins, _end) in pairwise(spans):
        spare = begins - ends - room.minutes
        if spare >= 0:
            mask |= stretched(room.begins, spare + 1) >> ends
    return mask


def leaves_room(room: Room, taken: Sequence[Span]) -> bool:
    """Whether the break still fits when these minutes are taken."""
    begins = room.begins
    for first, end in taken:
        low = max(0, first - room.minutes + 1)
        begins &= ~span(low, end)
        if not begins:
            return False
    return True
