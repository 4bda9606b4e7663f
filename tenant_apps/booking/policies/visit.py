"""What a visit is made of, for the algebra. Minutes, masks and ids; nothing else is known here.

A visit is groups of tracks. Groups follow one another; the tracks of a group begin together
and need different people. A track is what one person, its lead, does in a row: a line, with the
add-ons just before and after it. Add-ons during its processing hang inside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask

WAIT_STEP = 5
Masks = Mapping[UUID, Mask]
Keep = Literal["phase", "line", "visit"]


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """``quantity`` of ``units`` at once; ``keep``: for how long they stay the same ones."""

    units: tuple[UUID, ...]
    quantity: int = 1
    keep: Keep = "phase"


@dataclass(frozen=True, slots=True)
class Step:
    """One phase as somebody would do it, phase ``number`` of line ``line`` of the visit.

    ``able``: who may do it in the lead's place, if they are the qualified ones. ``tidies``:
    cleaning up, for which the client need not be there and the next line does not wait.
    """

    minutes: int
    takes_staff: bool = True
    takes_client: bool = True
    needs: tuple[UnitNeed, ...] = ()
    able: tuple[UUID, ...] = ()
    tidies: bool = False
    line: int = 0
    number: int = 0

    @property
    def takes_lead(self) -> bool:
        return self.takes_staff and not self.able

    @property
    def may_hold_others(self) -> bool:
        """Something else can be done for the client meanwhile."""
        return self.takes_client and not self.takes_staff


@dataclass(frozen=True, slots=True)
class Way:
    """One way to have a track: by this person, in these steps. Ways that share one ``steps``
    object share most of the work of finding where they fit."""

    staff_id: UUID
    steps: tuple[Step, ...]
    price: int = 0


Ways = tuple[Way, ...]
"""One for each person who could do it."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Line ``line``, to be had wholly within one processing phase of line ``parent``."""

    ways: Ways
    line: int
    parent: int


@dataclass(frozen=True, slots=True)
class Track:
    """``lines``: whose steps these are."""

    ways: Ways
    lines: tuple[int, ...]
    inside: tuple[Inside, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """``patience``: for how many minutes the client may wait for whoever does the next group,
    in steps of five. ``memo``: what has been found out, so that it need not be twice."""

    groups: tuple[tuple[Track, ...], ...]
    patience: int = 0
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def tracks(self) -> Iterator[Track]:
        for group in self.groups:
            yield from group

    @property
    def lines(self) -> int:
        """How many there are."""
        return sum(len(track.lines) + len(track.inside) for track in self.tracks)

    @property
    def waits(self) -> range:
        """How long the client may wait before each group but the first."""
        return range(0, self.patience + 1, WAIT_STEP)

    @property
    def longest(self) -> int:
        """Minutes from its start until whatever people it is done by has ended everywhere."""
        waiting = self.waits[-1] * max(0, len(self.groups) - 1)
        return waiting + sum(max(map(_longest, group)) for group in self.groups if group)


def _longest(track: Track) -> int:
    """Cleaning up inside may have to wait until the track has ended."""
    own = max(_minutes(way) for way in track.ways)
    return own + sum(max(_minutes(way) for way in inner.ways) for inner in track.inside)


def _minutes(way: Way) -> int:
    return sum(step.minutes for step in way.steps)


FloatingBreak = tuple[Mask, int]
"""So many minutes in a row that must be left somewhere within a window."""


@dataclass(frozen=True, slots=True)
class Free:
    """Who and what is free when, over one window. ``client``: the known client, else everywhere.

    ``floating``: the breaks that people take when they can. One that does not fit any more
    even without the visit asks for nothing. ``sold``: when a line may begin, for lines that may
    not do so at any time. ``beside``: when units, which are free still, hold others of the
    visit's party, whom it joins if it can. ``least_gap``: what somebody does in a row leaves as
    much of their time before and after it, or none; of plain sequences only.
    """

    staff: Masks
    units: Masks
    client: Mask
    floating: Mapping[UUID, Sequence[FloatingBreak]] = field(default_factory=dict)
    sold: Mapping[int, Mask] = field(default_factory=dict)
    beside: Masks = field(default_factory=dict)
    least_gap: int = 0

    def cut(self, first: int, minutes: int) -> "Free":
        """The same over ``minutes`` from minute ``first`` on, which becomes minute 0."""
        inside = (1 << minutes) - 1
        return Free(
            {key: mask >> first & inside for key, mask in self.staff.items()},
            {key: mask >> first & inside for key, mask in self.units.items()},
            self.client >> first & inside,
            {
                key: [
                    (mask >> first & inside, length)
                    for mask, length in found
                    if mask >> first & inside
                ]
                for key, found in self.floating.items()
            },
            {line: mask >> first & inside for line, mask in self.sold.items()},
            {key: mask >> first & inside for key, mask in self.beside.items()},
            self.least_gap,
        )
