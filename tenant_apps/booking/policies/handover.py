"""Who takes over from somebody who is not there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.breaks import leaves_room, rooms
from tenant_apps.booking.policies.masks import Mask, Span, span
from tenant_apps.booking.policies.visit import Free


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody was to do in one line: whole minutes of a window. ``able``: who else does
    this, in the team's order, and by how much their own price differs from the agreed one."""

    line_id: UUID
    spans: tuple[Span, ...]
    able: Mapping[UUID, int]

    @property
    def minutes(self) -> Mask:
        return sum(span(first, end) for first, end in self.spans)


def is_free(free: Free, staff_id: UUID, duty: Duty) -> bool:
    """For exactly its minutes, and with room for their breaks besides."""
    mask = free.staff.get(staff_id, 0)
    if duty.minutes & ~mask:
        return False
    breaks = rooms(mask, free.floating.get(staff_id, ()))
    return all(leaves_room(room, duty.spans) for room in breaks)


def candidates(free: Free, duty: Duty) -> tuple[UUID, ...]:
    """Who could take over: the smallest difference in price first, then whoever has most time
    left, then the team's order."""
    return tuple(
        sorted(
            (staff_id for staff_id in duty.able if is_free(free, staff_id, duty)),
            key=lambda staff_id: (duty.able[staff_id], -free.staff[staff_id].bit_count()),
        )
    )


def hand_over(duties: Sequence[Duty], free: Free) -> dict[UUID, UUID | None]:
    """For each line somebody, or nobody; no one is given two things at once.

    Lines for which the fewest are free come first, so that a colleague whom only one line can
    have is not spent on another.
    """
    found: dict[UUID, UUID | None] = {}
    for duty in sorted(duties, key=lambda each: (len(candidates(free, each)), each.spans)):
        able = candidates(free, duty)
        found[duty.line_id] = able[0] if able else None
        if able:
            free = without(free, able[0], duty)
    return found


def without(free: Free, staff_id: UUID, duty: Duty) -> Free:
    """What is left when this person does it."""
    left = {staff_id: free.staff[staff_id] & ~duty.minutes}
    return Free({**free.staff, **left}, free.units, free.client, free.floating)
