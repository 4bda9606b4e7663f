"""Availability the slow, obviously right way: minute by minute, choice by choice."""

from collections.abc import Sequence
from itertools import combinations
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask
from tenant_apps.booking.policies.visit import Free, Way


def is_free(mask: Mask, start: int, minutes: int) -> bool:
    return all(mask >> minute & 1 for minute in range(start, start + minutes))


def way_fits(way: Way, free: Free, start: int) -> bool:
    at = start
    kept: dict[object, set[UUID]] = {}
    for step in way.steps:
        if step.takes_staff and not is_free(free.staff.get(way.staff_id, 0), at, step.minutes):
            return False
        if step.takes_client and not is_free(free.client, at, step.minutes):
            return False
        for need in step.needs:
            able = {u for u in need.units if is_free(free.units.get(u, 0), at, step.minutes)}
            if need.kept:
                kept[need] = kept.get(need, set(need.units)) & able
            elif not any(combinations(sorted(able), need.quantity)):
                return False
        at += step.minutes
    return all(len(units) >= need.quantity for need, units in kept.items())  # type: ignore[attr-defined]


def visit_fits(lines: Sequence[Sequence[Way]], free: Free, start: int) -> bool:
    if not lines:
        return True
    return any(
        way_fits(way, free, start) and visit_fits(lines[1:], free, start + way.minutes)
        for way in lines[0]
    )


def staff_possible(
    lines: Sequence[Sequence[Way]], free: Free, start: int, place: int, staff_id: UUID
) -> bool:
    """Could this person do line ``place`` of a visit that begins at ``start``?"""
    chosen = [
        [way for way in ways if number != place or way.staff_id == staff_id]
        for number, ways in enumerate(lines)
    ]
    return visit_fits(chosen, free, start)
