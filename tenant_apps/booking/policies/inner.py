"""Any visit at all, from the safe side: within these bounds it can begin, whatever its lines do
to each other. Nobody waits for anybody here, for all have room behind them for the cleaning up
that might have to wait, and their breaks are safe from the whole of the visit.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from uuid import UUID

from tenant_apps.booking.policies.barrier import (
    Possible,
    Reached,
    after_held,
    onward,
    room_for,
    waited,
)
from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.layout import LaidOut, Layout
from tenant_apps.booking.policies.masks import Mask, Span, at_least, joined
from tenant_apps.booking.policies.near import Chain, layouts_of, wanted
from tenant_apps.booking.policies.plan import plan_of
from tenant_apps.booking.policies.reach import (
    EVERYWHERE,
    Bounds,
    ByStaff,
    Finder,
    all_of,
    by_others,
    either,
)
from tenant_apps.booking.policies.visit import Track, Visit, Way, Ways

# Beyond these, everything is left to the search.
MOST_TRACKS = 4
MOST_COMBINATIONS = 64

Tracks = Sequence[tuple[Track, tuple[Possible, ...]]]


def inner_bounds(visit: Visit, finder: Finder) -> Bounds:
    nothing = Bounds(0, tuple({} for _line in range(visit.lines)))
    safe = _Safe(visit, plan_of(visit).laid_out, finder)
    if not safe.is_simple:
        return nothing
    groups = [safe.group(place) for place in range(len(visit.groups))]
    options = [group.options for group in groups]
    rests = onward(options, finder, visit.waits)
    by_staff: list[ByStaff] = [{} for _line in range(visit.lines)]
    reached: Reached = {0: rests[0]}
    for place, (group, begins) in enumerate(zip(groups, rests, strict=False)):
        if place:
            reached = waited(reached, begins, finder, visit.waits)
        ahead: Reached = {}
        for held, starts in group.options.items():
            going = starts & after_held(rests, place, held, finder, visit.waits)
            for offset, visits in reached.items():
                if able := visits & going >> offset:
                    ahead[offset + held] = ahead.get(offset + held, 0) | able
                    for line, found in group.by_staff[held]:
                        for who, mask in found.items():
                            by_staff[line][who] = by_staff[line].get(who, 0) | (
                                able & mask >> offset
                            )
        reached = ahead
    return Bounds(max(rests[0], 0), tuple(by_staff))


@dataclass(frozen=True, slots=True)
class Group:
    """By how long it holds the client: from where it can begin, and then with whom."""

    options: Mapping[int, Mask]
    by_staff: Mapping[int, Sequence[tuple[int, ByStaff]]]


class _Safe:
    def __init__(self, visit: Visit, laid_out: LaidOut, finder: Finder) -> None:
        self._visit, self._laid_out, self._finder = visit, laid_out, finder
        self._chains: list[Chain] = [
            [
                layouts
                for track in group
                for layouts in (
                    layouts_of(track.ways, laid_out),
                    *(layouts_of(inner.ways, laid_out) for inner in track.inside),
                )
            ]
            for group in visit.groups
        ]
        self._is_alone = len(visit.groups) == 1 and not any(t.inside for t in visit.tracks)

    @property
    def is_simple(self) -> bool:
        return all(
            len(group) <= MOST_TRACKS
            and all(not track.inside or (len(group) == len(track.inside) == 1) for track in group)
            for group in self._visit.groups
        ) and all(
            layout.held > 0
            and all(t.step.tidies or t.span[1] <= layout.held for t in layout.tasks)
            and not any(need.keep == "visit" for t in layout.tasks for need in t.step.needs)
            for chain in self._chains
            for layouts in chain
            for layout in layouts
        )

    def group(self, place: int) -> Group:
        tracks = [
            (track, self._able(track.ways, place, number))
            for number, track in enumerate(self._visit.groups[place])
        ]
        if tracks[0][0].inside:
            return self._with_inside(tracks[0], place)
        classes = [sorted({able.layout.held for able in found}) for _track, found in tracks]
        options: dict[int, Mask] = {}
        by_staff: dict[int, list[tuple[int, ByStaff]]] = {}
        for chosen in list(product(*classes))[:MOST_COMBINATIONS]:
            held = max(chosen)
            people = [
                {able.way.staff_id: able.starts for able in found if able.layout.held == minutes}
                for (_track, found), minutes in zip(tracks, chosen, strict=True)
            ]
            options[held] = options.get(held, 0) | are_different(people)
            by_staff.setdefault(held, []).extend(_with_each(tracks, people))
        return Group(options, by_staff)

    def _with_inside(self, tracked: tuple[Track, tuple[Possible, ...]], place: int) -> Group:
        """One line inside: any of its ways goes with any of its parent's, for who does both
        does them in turn."""
        track, found = tracked
        inner = track.inside[0]
        ones = self._able(inner.ways, place, 1)
        rooms: dict[int, ByStaff] = {}
        options: dict[int, Mask] = {}
        by_staff: dict[int, list[tuple[int, ByStaff]]] = {}
        for able in found:
            room = rooms.get(id(able.layout))
            if room is None:
                room = {one.way.staff_id: room_for(one, able.layout, inner) for one in ones}
                rooms[id(able.layout)] = room
            starts = able.starts & either(room.values())
            held = able.layout.held
            options[held] = options.get(held, 0) | starts
            known = by_staff.setdefault(held, [])
            known += [(line, {able.way.staff_id: starts}) for line in track.lines]
            known.append((inner.line, {who: able.starts & mask for who, mask in room.items()}))
        return Group(options, by_staff)

    def _able(self, ways: Ways, place: int, number: int) -> tuple[Possible, ...]:
        """Number of the track in its group; 1 is what goes on inside the only one."""
        is_inside = number > 0 and bool(self._visit.groups[place][0].inside)
        others = [layouts for chain in self._chains[:place] for layouts in chain]
        tail = longest_tidy(others)
        if is_inside:
            tail = max(tail, longest_tidy([self._chains[place][0]], amid=True))
        others += [found for n, found in enumerate(self._chains[place]) if n != number]
        shared: dict[int, Mask] = {}
        found = []
        for way in ways:
            layout = self._laid_out(way.steps)
            starts = shared.get(id(layout))
            if starts is None:
                starts = shared[id(layout)] = self._without_people(layout, others)
            if starts and (starts := starts & self._with_lead(way, layout, tail)):
                found.append(Possible(way, layout, starts))
        return tuple(found)

    def _without_people(self, layout: Layout, others: Chain) -> Mask:
        starts = self._finder.client(layout)
        for occupied in layout.units:
            starts &= self._finder.surely(wanted(occupied, layout, others, ()))
        return starts

    def _with_lead(self, way: Way, layout: Layout, tail: int) -> Mask:
        """Everything done by the lead, with room for cleaning up behind every use."""
        who = way.staff_id
        if not all(who in task.step.able for task in layout.anyone):
            return 0
        helping = [task.span for task in layout.anyone if not task.step.tidies]
        tidying = [task.span for task in layout.anyone if task.step.tidies]
        uses = joined([*layout.lead, *helping])
        tidies = [*layout.lead_tidies, *tidying]
        last = max((end for _first, end in uses), default=0)
        tail = max([tail, *(end - first for first, end in tidies if first < last)])
        taken = joined([*((first, end + tail) for first, end in uses), *tidies])
        starts = self._finder.staff(who, taken)
        if starts and self._finder.rooms(who):
            settled = [after_use(tidy, uses) for tidy in tidies]
            whole = joined([*uses, *settled]) if self._is_alone else self._whole()
            starts &= self._finder.unbroken(who, whole)
        return starts

    def _whole(self) -> tuple[Span, ...]:
        longest = self._visit.longest
        return ((-longest, longest),)


def are_different(people: Sequence[ByStaff]) -> Mask:
    """Where there is somebody for each, all different: enough for every few of them."""
    found = all_of(either(able.values()) for able in people)
    for count in range(2, len(people) + 1):
        for some in combinations(people, count):
            found &= at_least(list(_together(some).values()), count)
    return found


def _together(people: Iterable[ByStaff]) -> ByStaff:
    found: ByStaff = {}
    for able in people:
        for who, mask in able.items():
            found[who] = found.get(who, 0) | mask
    return found


def _with_each(tracks: Tracks, people: Sequence[ByStaff]) -> Iterator[tuple[int, ByStaff]]:
    for place, (track, _found) in enumerate(tracks):
        others = [able for other, able in enumerate(people) if other != place]
        rest = _without(others)
        able = {who: mask & rest(who) for who, mask in people[place].items()}
        for line in track.lines:
            yield line, able


def _without(others: Sequence[ByStaff]) -> Callable[[UUID], Mask]:
    """Where others can do these, for one who cannot: one more than enough will do."""
    if len(others) == 1:
        return by_others(others[0])
    enough = EVERYWHERE
    for count in range(1, len(others) + 1):
        for some in combinations(others, count):
            enough &= at_least(list(_together(some).values()), count + 1)
    return lambda _who: enough


def longest_tidy(chain: Chain, *, amid: bool = False) -> int:
    """Of anybody's; ``amid``: only what comes before the end of some processing, in which
    something else may be done by the same person."""
    return max(
        (
            task.step.minutes
            for layouts in chain
            for layout in layouts
            for task in layout.tasks
            if task.step.tidies and (not amid or task.at < _last_room(layout))
        ),
        default=0,
    )


def _last_room(layout: Layout) -> int:
    return max((t.span[1] for t in layout.tasks if t.step.may_hold_others), default=0)
