"""From where a visit can begin, every start at once: masks over the minutes of a window.

``Bounds`` says it for the visit and for each line and person: nothing outside is possible. For
plain sequences, found with ``sure`` needs, everything inside is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from uuid import UUID

from tenant_apps.booking.policies.breaks import Room, broken, rooms
from tenant_apps.booking.policies.layout import Layout, Task
from tenant_apps.booking.policies.masks import Mask, Span, at_least, runs, span
from tenant_apps.booking.policies.near import Wanted
from tenant_apps.booking.policies.visit import Free, UnitNeed

EVERYWHERE: Mask = ~0
ByStaff = dict[UUID, Mask]
Others = Callable[[UUID], Mask]
"""What everybody but this person has."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """``by_staff[line]``: where the visit may begin with this person doing that line."""

    starts: Mask
    by_staff: tuple[ByStaff, ...]


def joined_bounds(one: Bounds, other: Bounds) -> Bounds:
    """What either holds, by the same lines."""
    return Bounds(
        one.starts | other.starts,
        tuple(
            {who: first.get(who, 0) | second.get(who, 0) for who in {**first, **second}}
            for first, second in zip(one.by_staff, other.by_staff, strict=True)
        ),
    )


class Finder:
    """Looks into one ``Free``; what it has found once it remembers."""

    def __init__(self, free: Free) -> None:
        self.free = free
        self._runs: dict[tuple[object, int], Mask] = {}
        self._rooms: dict[UUID, list[Room]] = {}
        self._edges: dict[UUID, tuple[Mask, Mask]] = {}
        self._unbroken: dict[tuple[UUID, tuple[Span, ...]], Mask] = {}

    def staff(self, staff_id: UUID, spans: Iterable[Span]) -> Mask:
        return self._over(staff_id, self.free.staff.get(staff_id, 0), spans)

    def unit(self, unit_id: UUID, spans: Iterable[Span]) -> Mask:
        return self._over(unit_id, self.free.units.get(unit_id, 0), spans)

    def client(self, layout: Layout) -> Mask:
        """Where the client is free and every line of it is sold."""
        starts = self._over(None, self.free.client, layout.client)
        if self.free.sold:
            for line, at in layout.begins:
                starts &= self.free.sold.get(line, EVERYWHERE) >> at
        return starts

    def waiting(self, minutes: int) -> Mask:
        """From where the client is free to wait for so long."""
        return self._over(None, self.free.client, ((0, minutes),)) if minutes else EVERYWHERE

    def after_waits(self, begins: Mask, waits: Iterable[int]) -> Mask:
        """From where one gets to ``begins`` by waiting."""
        return either(begins >> wait & self.waiting(wait) for wait in waits)

    def _over(self, key: object, free: Mask, spans: Iterable[Span]) -> Mask:
        """Where something begins that finds this subject free during all ``spans``."""
        starts = EVERYWHERE
        for first, end in spans:
            length = end - first
            found = self._runs.get((key, length))
            if found is None:
                found = self._runs[key, length] = runs(free, length)
            starts &= found >> first
        return starts

    def units(self, need: UnitNeed, spans: Sequence[Span]) -> Mask:
        return at_least([self.unit(unit, spans) for unit in need.units], need.quantity)

    def surely(self, wanted: Wanted) -> Mask:
        """Where these units are free whatever other lines do with theirs."""
        sure = self.units(wanted.need, wanted.waited)
        if wanted.spare is not None and wanted.alone != wanted.waited:
            alone = [self.unit(unit, wanted.alone) for unit in wanted.need.units]
            sure |= at_least(alone, wanted.need.quantity + wanted.spare)
        return sure

    def anyone(self, task: Task) -> Mask:
        """Where one of those who may do it is free and keeps their break."""
        starts = 0
        for staff_id in task.step.able:
            found = self.staff(staff_id, (task.span,))
            if found and self.free.floating:
                found &= self.unbroken(staff_id, (task.span,))
            starts |= found
        return starts

    def tidy(self, staff_id: UUID, first: int, end: int) -> Mask:
        """From where work of this person from ``first`` to ``end`` leaves nothing beside it that
        is too short to be sold."""
        begins, ends = self.edges(staff_id)
        return begins >> first & ends >> end

    def edges(self, staff_id: UUID) -> tuple[Mask, Mask]:
        found = self._edges.get(staff_id)
        if found is None:
            mask, window = self.free.staff.get(staff_id, 0), self.free.client.bit_length()
            found = self._edges[staff_id] = edges(mask, self.free.least_gap, window)
        return found

    def rooms(self, staff_id: UUID) -> list[Room]:
        floating = self.free.floating.get(staff_id)
        if not floating:
            return []
        found = self._rooms.get(staff_id)
        if found is None:
            mask = self.free.staff.get(staff_id, 0)
            found = self._rooms[staff_id] = rooms(mask, floating)
        return found

    def unbroken(self, staff_id: UUID, spans: tuple[Span, ...]) -> Mask:
        """From where work during ``spans`` leaves this person their breaks."""
        held = self.rooms(staff_id)
        if not held or not spans:
            return EVERYWHERE
        found = self._unbroken.get((staff_id, spans))
        if found is None:
            found = self._unbroken[staff_id, spans] = ~broken(held, spans)
        return found


def edges(free: Mask, least_gap: int, window: int) -> tuple[Mask, Mask]:
    """The minutes at which work may begin, and those at which it may end, so that the free time
    before or after it is none, or ``least_gap`` or more. What lies beyond the window is not
    known and counts as enough."""
    from_the_start = ((free + 1) & ~free).bit_length() - 1
    begins = ~(free << 1) | runs(free, least_gap) << least_gap | span(0, from_the_start + 1)
    endless = free | ~span(0, max(window, free.bit_length()))
    return begins, ~endless | runs(endless, least_gap)


def either(masks: Iterable[Mask]) -> Mask:
    return reduce(or_, masks, 0)


def all_of(masks: Iterable[Mask]) -> Mask:
    return reduce(and_, masks, EVERYWHERE)


def by_others(found: Mapping[UUID, Mask]) -> Others:
    """For each person what all the others have together. Linear in the number of people."""
    keys = list(found)
    before, after = [0], [0]
    for key in keys:
        before.append(before[-1] | found[key])
    for key in reversed(keys):
        after.append(after[-1] | found[key])
    place = {key: number for number, key in enumerate(keys)}
    count = len(keys)

    def others(staff_id: UUID) -> Mask:
        number = place.get(staff_id)
        if number is None:
            return before[-1]
        return before[number] | after[count - number - 1]

    return others
