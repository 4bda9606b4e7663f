"""Free time as whole numbers: bit i is minute i after the start of a window.

A window is a stretch of UTC, so no day edge or clock change disturbs the algebra. Everything
here is pure; the naive oracle in the tests says the same, slowly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Mask = int
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open, whole UTC minutes."""

    start: datetime
    minutes: int

    @classmethod
    def between(cls, start: datetime, end: datetime) -> "Window":
        begins = start.astimezone(UTC).replace(second=0, microsecond=0)
        return cls(begins, -(-(end - begins) // MINUTE))

    @property
    def end(self) -> datetime:
        return self.start + self.minutes * MINUTE

    @property
    def all(self) -> Mask:
        return (1 << self.minutes) - 1

    def minute_of(self, instant: datetime) -> int:
        """Which bit ``instant`` falls on; may lie outside the window."""
        return (instant - self.start) // MINUTE

    def at(self, minute: int) -> datetime:
        return self.start + minute * MINUTE

    def covered(self, start: datetime, end: datetime) -> Mask:
        """Every minute that ``[start, end)`` touches: what is taken is rounded outwards."""
        first = max(0, self.minute_of(start))
        last = min(self.minutes, -(-(end - self.start) // MINUTE))
        return span(first, last)

    def held(self, intervals: Iterable[tuple[datetime, datetime]]) -> Mask:
        """The minutes of all ``intervals`` together."""
        mask = 0
        for start, end in intervals:
            mask |= self.covered(start, end)
        return mask


def next_minute(moment: datetime) -> datetime:
    """Visits begin on whole minutes."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + MINUTE


def span(first: int, end: int) -> Mask:
    """Minutes ``first`` up to, not including, ``end``."""
    return ((1 << (end - first)) - 1) << first if end > first else 0


def runs(free: Mask, minutes: int) -> Mask:
    """Where ``minutes`` free minutes in a row begin. Log-many shifts."""
    have = 1
    while have * 2 <= minutes:
        free &= free >> have
        have *= 2
    return free & (free >> (minutes - have))


def at_least(masks: Sequence[Mask], quantity: int) -> Mask:
    """Where ``quantity`` or more of ``masks`` are set."""
    counted = [0] * quantity
    for mask in masks:
        for place in range(quantity - 1, 0, -1):
            counted[place] |= counted[place - 1] & mask
        counted[0] |= mask
    return counted[-1]


def stretched(mask: Mask, minutes: int) -> Mask:
    """Where one of the next ``minutes`` minutes, this one among them, is set."""
    have = 1
    while have * 2 <= minutes:
        mask |= mask >> have
        have *= 2
    return mask | mask >> (minutes - have)


def bits(mask: Mask) -> list[int]:
    """The set bits, lowest first."""
    digits = bin(mask)[:1:-1]
    found, place = [], digits.find("1")
    while place >= 0:
        found.append(place)
        place = digits.find("1", place + 1)
    return found


Span = tuple[int, int]
"""Minutes from the first up to, not including, the second."""


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same minutes in as few spans as there can be, in order."""
    found: list[Span] = []
    for first, end in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((first, end))
    return tuple(found)


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def is_free(mask: Mask, wanted: Span) -> bool:
    first, end = wanted
    if first < 0:
        return False
    full = (1 << (end - first)) - 1
    return mask >> first & full == full
