"""A visit as it would be with certain people, where as little as possible is in its way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.barrier import has_room
from tenant_apps.booking.policies.layout import Layout, lay_out
from tenant_apps.booking.policies.masks import Mask, Span, overlap, span
from tenant_apps.booking.policies.search import CallKey, Doing, Entry, Found
from tenant_apps.booking.policies.units import Chosen
from tenant_apps.booking.policies.visit import Free, Inside, Track, Visit, Way

# Places and helpers tried: a stranger chooses the lines.
MOST_TRIED = 2_000


class NotACandidate(ValueError):
    """These people could not do the visit at any time."""


@dataclass(slots=True)
class Tries:
    """What was tried so far, of several arrangements together."""

    count: int = 0


def arranged(
    visit: Visit, free: Free, start: int, people: Sequence[UUID], tries: Tries | None = None
) -> Found:
    """Nobody is needed twice at once, though they may not be ``free``: add-ons inside, helpers
    and units are chosen by how little of their time is taken. Counts in ``tries``. Raises
    ``NotACandidate``."""
    found = _Arrangement(visit, free, people, tries or Tries())
    if not found.group(0, start):
        raise NotACandidate
    return Found(tuple(found.entries), tuple(found.doings), found.units())


Then = Callable[[], bool]
Place = tuple[int, Inside, Layout, int]
"""The number of a track in its group, what goes inside it, the track's layout and start."""


class _Arrangement:
    """Each step answers whether the rest can follow; what it did is undone if not."""

    def __init__(self, visit: Visit, free: Free, people: Sequence[UUID], tries: Tries) -> None:
        self._visit, self._free, self._people = visit, free, people
        self.entries: list[Entry] = []
        self.doings: list[Doing] = []
        self._tries, self._most = tries, tries.count + MOST_TRIED

    def group(self, number: int, at: int) -> bool:
        if number == len(self._visit.groups):
            return True
        tracks = self._visit.groups[number]
        if len({self._people[track.lines[0]] for track in tracks}) < len(tracks):
            return False
        entries, doings = len(self.entries), len(self.doings)
        ways = [self._way(track) for track in tracks]
        layouts = [self._enter(way, t.lines, at) for way, t in zip(ways, tracks, strict=True)]
        self._count()
        inside = [
            (place, inner, layout, at)
            for place, (track, layout) in enumerate(zip(tracks, layouts, strict=True))
            for inner in track.inside
        ]
        until = max([at, *(at + layout.held for layout in layouts)])
        have_room = all(map(self._has_room, tracks, layouts))
        if (
            have_room
            and not self._is_anybody_twice(doings)
            and self._fill(
                inside, (), lambda: self._help(doings, lambda: self.group(number + 1, until))
            )
        ):
            return True
        del self.entries[entries:], self.doings[doings:]
        return False

    def _has_room(self, track: Track, layout: Layout) -> bool:
        wanted: dict[int, int] = {}
        for inner in track.inside:
            minutes = lay_out(self._way(inner).steps).ends
            wanted[inner.parent] = wanted.get(inner.parent, 0) + minutes
        return all(has_room(layout, parent, minutes) for parent, minutes in wanted.items())

    def _way(self, among: Track | Inside) -> Way:
        lines = among.lines if isinstance(among, Track) else (among.line,)
        wanted = {self._people[line] for line in lines}
        for way in among.ways:
            if wanted == {way.staff_id}:
                return way
        raise NotACandidate

    def _enter(self, way: Way, lines: tuple[int, ...], at: int) -> Layout:
        layout, number = lay_out(way.steps), len(self.entries)
        self.entries.append(Entry(lines, way, at))
        for task in layout.tasks:
            lead = way.staff_id if task.step.takes_lead else None
            self.doings.append(Doing(number, task, at + task.at, lead))
        return layout

    def _fill(
        self, inside: Sequence[Place], filled: tuple[tuple[int, Span], ...], then: Then
    ) -> bool:
        if not inside:
            return then()
        (track, inner, parent, at), rest = inside[0], inside[1:]
        way = self._way(inner)
        layout = lay_out(way.steps)
        places = _places(layout, parent, inner, at)
        for start in sorted(places, key=lambda place: self._cost(way, layout, place)):
            self._count()
            whole = (start, start + layout.ends)
            if any(track == other and overlap(whole, spot) for other, spot in filled):
                continue
            entries, doings = len(self.entries), len(self.doings)
            self._enter(way, (inner.line,), start)
            if not self._is_anybody_twice(doings) and self._fill(
                rest, (*filled, (track, whole)), then
            ):
                return True
            del self.entries[entries:], self.doings[doings:]
        return False

    def _help(self, since: int, then: Then) -> bool:
        """Find helpers for what was entered from doing number ``since`` on."""
        number = next((n for n in range(since, len(self.doings)) if self._is_open(n)), None)
        if number is None:
            return then()
        doing = self.doings[number]
        lead = self.entries[doing.entry].way.staff_id
        free = self._free.staff
        helpers = sorted(
            doing.task.step.able,
            key=lambda who: (taken(free.get(who, 0), doing.span), who != lead),
        )
        for who in helpers:
            self._count()
            if doing.task.step.tidies or not self._is_busy(who, doing.span):
                self.doings[number] = Doing(doing.entry, doing.task, doing.starts, who)
                if self._help(number + 1, then):
                    return True
                self.doings[number] = doing
        return False

    def _is_open(self, number: int) -> bool:
        doing = self.doings[number]
        return doing.staff_id is None and doing.task.step.takes_staff

    def _count(self) -> None:
        self._tries.count += 1
        if self._tries.count > self._most:
            raise NotACandidate

    def _cost(self, way: Way, layout: Layout, at: int) -> int:
        free = self._free.staff.get(way.staff_id, 0)
        spans = (*layout.lead, *layout.lead_tidies)
        return sum(taken(free, (at + first, at + end)) for first, end in spans)

    def _is_anybody_twice(self, since: int) -> bool:
        return any(
            doing.staff_id
            and not doing.task.step.tidies
            and self._is_busy(doing.staff_id, doing.span, but=number)
            for number, doing in enumerate(self.doings[since:], since)
        )

    def _is_busy(self, who: UUID, wanted: Span, *, but: int = -1) -> bool:
        return any(
            doing.staff_id == who
            and number != but
            and not doing.task.step.tidies
            and overlap(doing.span, wanted)
            for number, doing in enumerate(self.doings)
        )

    def units(self) -> dict[CallKey, Chosen]:
        calls: dict[CallKey, list[Span]] = {}
        for doing in self.doings:
            for need in doing.task.step.needs:
                calls.setdefault(doing.key(need), []).append(doing.span)
        return {key: self._freest(key, spans) for key, spans in calls.items()}

    def _freest(self, key: CallKey, spans: Sequence[Span]) -> Chosen:
        need = key[1]
        if len(need.units) < need.quantity:
            raise NotACandidate
        free = self._free.units
        ranked = sorted(
            need.units, key=lambda unit: sum(taken(free.get(unit, 0), one) for one in spans)
        )
        return tuple(ranked[: need.quantity])


def _places(layout: Layout, parent: Layout, inner: Inside, at: int) -> Iterator[int]:
    for first, end in parent.room_in(inner.parent):
        yield from range(at + first, at + end - layout.ends + 1)


def taken(free: Mask, wanted: Span) -> int:
    """How many of these minutes are not free."""
    first, end = wanted
    return end - first - (free >> first & span(0, end - first)).bit_count()
