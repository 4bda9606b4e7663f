"""Any visit at all, roughly: outside these bounds it cannot begin. What lines do to each other,
and most cleaning up, is left to the search.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.layout import LaidOut, Layout, Occupied
from tenant_apps.booking.policies.masks import Mask, Span, at_least, joined, stretched
from tenant_apps.booking.policies.near import layouts_of, uses_of
from tenant_apps.booking.policies.plan import plan_of
from tenant_apps.booking.policies.reach import (
    EVERYWHERE,
    Bounds,
    ByStaff,
    Finder,
    all_of,
    either,
)
from tenant_apps.booking.policies.visit import Inside, Track, Visit, Way


@dataclass(frozen=True, slots=True)
class Possible:
    """A way of a track or of a line inside one: ``starts`` are its own first minutes."""

    way: Way
    layout: Layout
    starts: Mask


@dataclass(frozen=True, slots=True)
class Tracked:
    """``inside``: those of each line inside, with starts that are minutes of that line."""

    track: Track
    ways: tuple[Possible, ...]
    inside: tuple[tuple[Possible, ...], ...]


Others = Sequence[Layout] | None
"""The layouts that begin together with one in the last group; ``None``: what comes after it is
not known, so neither is when its people and units clean up."""


def tracked_groups(visit: Visit, finder: Finder) -> list[list[Tracked]]:
    laid_out = plan_of(visit).laid_out
    return [
        [
            _tracked(track, laid_out, finder, _others(visit, place, number, laid_out))
            for number, track in enumerate(group)
        ]
        for place, group in enumerate(visit.groups)
    ]


def _others(visit: Visit, place: int, number: int, laid_out: LaidOut) -> Others:
    group = visit.groups[place]
    if place + 1 < len(visit.groups) or (len(group) > 1 and any(t.inside for t in group)):
        return None
    layouts = [layouts_of(track.ways, laid_out) for track in group]
    inside = [layouts_of(inner.ways, laid_out) for track in group for inner in track.inside]
    if any(layout.anyone for found in (*layouts, *inside) for layout in found):
        return None
    return [layout for other, found in enumerate(layouts) if other != number for layout in found]


def _possible(
    ways: Iterable[Way], laid_out: LaidOut, finder: Finder, others: Others
) -> tuple[Possible, ...]:
    shared: dict[int, Mask] = {}
    found = []
    for way in ways:
        layout = laid_out(way.steps)
        starts = shared.get(id(layout))
        if starts is None:
            starts = shared[id(layout)] = _without_lead(layout, finder, others)
        if starts:
            tidies = (
                () if others is None else (after_use(t, layout.lead) for t in layout.lead_tidies)
            )
            taken = joined([*layout.lead, *tidies])
            starts &= finder.staff(way.staff_id, taken) & finder.unbroken(way.staff_id, taken)
        if starts:
            found.append(Possible(way, layout, starts))
    return tuple(found)


def _without_lead(layout: Layout, finder: Finder, others: Others) -> Mask:
    starts = finder.client(layout)
    for task in layout.anyone:
        if not task.step.tidies:
            starts &= finder.anyone(task)
    for occupied in layout.units:
        tidies = [] if others is None else list(_certain(occupied, [layout, *others]))
        starts &= finder.units(occupied.need, joined([*occupied.uses, *tidies]))
    return starts


def _certain(occupied: Occupied, layouts: Sequence[Layout]) -> Iterator[Span]:
    """Cleaning up in whose way no use can be that begins or ends meanwhile."""
    edges = [edge for layout in layouts for use in uses_of(occupied, layout) for edge in use]
    for first, end in occupied.tidies:
        if not any(first < edge < end for edge in edges):
            yield first, end


def _tracked(track: Track, laid_out: LaidOut, finder: Finder, others: Others) -> Tracked:
    inside = tuple(_possible(inner.ways, laid_out, finder, None) for inner in track.inside)
    rooms: dict[int, Mask] = {}
    ways = []
    for able in _possible(track.ways, laid_out, finder, others):
        room = rooms.get(id(able.layout))
        if room is None:
            room = rooms[id(able.layout)] = _room_for_all(track, able.layout, inside)
        if starts := able.starts & room:
            ways.append(Possible(able.way, able.layout, starts))
    return Tracked(track, tuple(ways), inside)


def _room_for_all(track: Track, layout: Layout, inside: Sequence[Sequence[Possible]]) -> Mask:
    """Starts that leave a place for each line inside, as if for it alone; none at all when
    there are not minutes enough for all of them."""
    wanted: dict[int, int] = {}
    for inner, found in zip(track.inside, inside, strict=True):
        least = min((one.layout.ends for one in found), default=0)
        wanted[inner.parent] = wanted.get(inner.parent, 0) + least
    if not all(has_room(layout, parent, minutes) for parent, minutes in wanted.items()):
        return 0
    return all_of(
        either(room_for(one, layout, inner) for one in found)
        for inner, found in zip(track.inside, inside, strict=True)
    )


def has_room(layout: Layout, parent: int, minutes: int) -> bool:
    """Whether so many minutes can go on inside line ``parent``, if they can be divided at will."""
    return minutes <= sum(end - first for first, end in layout.room_in(parent))


def room_for(one: Possible, parent: Layout, inner: Inside) -> Mask:
    """Starts of ``parent`` that leave a place for this way of the line inside."""
    mask = 0
    for first, end in parent.room_in(inner.parent):
        spare = end - first - one.layout.ends
        if spare >= 0:
            mask |= stretched(one.starts, spare + 1) >> first
    return mask


Groups = Sequence[Sequence[Tracked]]


Options = Sequence[Mapping[int, Mask]]
"""Of each group, by how long it holds the client: where it can begin."""
Reached = dict[int, Mask]
"""By how much later: the visits in which a group can be begun then."""


def onward(options: Options, finder: Finder, waits: Sequence[int]) -> list[Mask]:
    """Where each group can begin with all that follows it."""
    found = [EVERYWHERE]
    for held in reversed(options):
        rest = finder.after_waits(found[-1], waits) if len(found) > 1 else EVERYWHERE
        found.append(either(starts & rest >> minutes for minutes, starts in held.items()))
    return found[::-1]


def waited(reached: Reached, begins: Mask, finder: Finder, waits: Sequence[int]) -> Reached:
    """``reached`` after each wait that leads to where the next group ``begins``."""
    if len(waits) == 1:
        return reached
    found: Reached = {}
    for wait in waits:
        able = begins >> wait & finder.waiting(wait)
        for offset, visits in reached.items():
            if mask := visits & able >> offset:
                found[offset + wait] = found.get(offset + wait, 0) | mask
    return found


def outer_bounds(visit: Visit, groups: Groups, finder: Finder) -> Bounds:
    options = [options_of(tracks) for tracks in groups]
    rests = onward(options, finder, visit.waits)
    by_staff: list[ByStaff] = [{} for _line in range(visit.lines)]
    reached: Reached = {0: rests[0]}
    for place, (tracks, found, begins) in enumerate(zip(groups, options, rests, strict=False)):
        if place:
            reached = waited(reached, begins, finder, visit.waits)
        ahead: Reached = {}
        for held, starts in found.items():
            going = starts & after_held(rests, place, held, finder, visit.waits)
            for offset, visits in reached.items():
                if able := visits & going >> offset:
                    ahead[offset + held] = ahead.get(offset + held, 0) | able
                    _note(by_staff, tracks, held, offset, able)
        reached = ahead
    return Bounds(max(rests[0], 0), tuple(by_staff))


def after_held(
    rests: Sequence[Mask], place: int, held: int, finder: Finder, waits: Sequence[int]
) -> Mask:
    """Where group ``place`` can begin as far as the rest of the visit goes."""
    if place + 2 == len(rests):
        return EVERYWHERE
    return finder.after_waits(rests[place + 1], waits) >> held


def options_of(tracks: Sequence[Tracked]) -> dict[int, Mask]:
    """By how long they may hold the client: where the tracks of a group can begin together."""
    ends = sorted({able.layout.held for found in tracks for able in found.ways})
    return {held: starts for held in ends if (starts := _together(tracks, held))}


def _together(tracks: Sequence[Tracked], held: int) -> Mask:
    """Somebody for each track, and as many people as tracks."""
    together = EVERYWHERE
    people: ByStaff = {}
    for found in tracks:
        fitting = [able for able in found.ways if able.layout.held <= held]
        together &= either(able.starts for able in fitting)
        for able in fitting:
            people[able.way.staff_id] = people.get(able.way.staff_id, 0) | able.starts
    if together and len(tracks) > 1:
        together &= at_least(list(people.values()), len(tracks))
    return together


def _note(
    by_staff: list[ByStaff], tracks: Sequence[Tracked], held: int, offset: int, visits: Mask
) -> None:
    for found in tracks:
        for able in found.ways:
            if able.layout.held <= held and (mask := visits & able.starts >> offset):
                for line in found.track.lines:
                    _add(by_staff[line], able.way.staff_id, mask)
        for inner, ones in zip(found.track.inside, found.inside, strict=True):
            for one in ones:
                room = either(
                    able.starts & room_for(one, able.layout, inner)
                    for able in _each_layout(found.ways)
                    if able.layout.held <= held
                )
                if mask := visits & room >> offset:
                    _add(by_staff[inner.line], one.way.staff_id, mask)


def _each_layout(ways: Iterable[Possible]) -> Iterator[Possible]:
    """One for each layout, with the starts of all its ways."""
    found: dict[int, Possible] = {}
    for able in ways:
        known = found.get(id(able.layout))
        starts = able.starts | (known.starts if known else 0)
        found[id(able.layout)] = Possible(able.way, able.layout, starts)
    yield from found.values()


def _add(masks: ByStaff, staff_id: UUID, mask: Mask) -> None:
    masks[staff_id] = masks.get(staff_id, 0) | mask
