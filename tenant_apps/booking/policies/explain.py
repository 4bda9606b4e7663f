"""Why somebody cannot have a visit at one minute with these people: everything against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from operator import or_
from uuid import UUID

from tenant_apps.booking.policies.breaks import leaves_room, rooms
from tenant_apps.booking.policies.layout import Layout, lay_out
from tenant_apps.booking.policies.masks import Mask, Span, bits, joined, overlap, span
from tenant_apps.booking.policies.placing import Placed, place_visit, placed_lines
from tenant_apps.booking.policies.search import CallKey, Doing, Entry, Found
from tenant_apps.booking.policies.units import Chosen
from tenant_apps.booking.policies.visit import FloatingBreak, Free, Inside, Track, Visit, Way

BREAK = "floating_break"


@dataclass(frozen=True, slots=True)
class Layer:
    """What causes of one kind take away: minutes that are not free because of ``code``."""

    code: str
    staff: Mapping[UUID, Mask] = field(default_factory=dict)
    units: Mapping[UUID, Mask] = field(default_factory=dict)
    client: Mask = 0
    sold: Mapping[int, Mask] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """``subject_id`` is not free from ``first`` to ``end``, as phase ``number`` of ``line`` asks;
    ``None``: the client, or the line itself, which is not sold then."""

    code: str
    subject_id: UUID | None
    first: int
    end: int
    line: int
    number: int


class NotACandidate(ValueError):
    """These people could not do the visit at any time."""


def explain(
    visit: Visit,
    layers: Sequence[Layer],
    window: Mask,
    floating: Mapping[UUID, Sequence[FloatingBreak]],
    start: int,
    people: Sequence[UUID],
) -> tuple[Reason, ...]:
    """All reasons against ``visit`` at ``start`` with ``people``, by line; none if it fits.

    With every one of them gone (the minutes taken out of its layer, the break out of
    ``floating``) the visit fits there with these people. ``window`` must hold all that it could
    touch. Raises ``NotACandidate``.
    """
    free = _left(visit, layers, window, floating)
    arranged = _Arrangement(visit, free, start, people).found()
    if place_visit(visit, free, start, preference={}, pins=dict(enumerate(people))) is not None:
        return ()
    placed = placed_lines(arranged)
    reasons = dict.fromkeys([*_taken(placed, layers), *_too_late(placed, layers)])
    return (*reasons, *_breaks(placed, free))


def candidates(visit: Visit) -> Iterator[tuple[UUID, ...]]:
    """Every choice of people, by line, that could do the visit at some time."""
    tracks = list(visit.tracks)
    ways = [track.ways for track in tracks] + [i.ways for track in tracks for i in track.inside]
    places = [track.lines for track in tracks] + [(i.line,) for t in tracks for i in t.inside]
    nobody = Free({}, {}, 0)
    for chosen in product(*ways):
        by_line = {
            line: way.staff_id for way, lines in zip(chosen, places, strict=True) for line in lines
        }
        people = tuple(by_line[line] for line in range(visit.lines))
        try:
            _Arrangement(visit, nobody, 0, people).found()
        except NotACandidate:
            continue
        yield people


def _left(
    visit: Visit,
    layers: Sequence[Layer],
    window: Mask,
    floating: Mapping[UUID, Sequence[FloatingBreak]],
) -> Free:
    staff, units = _subjects(visit)

    def left(masks: Iterator[Mask]) -> Mask:
        return window & ~reduce(or_, masks, 0)

    return Free(
        {who: left(layer.staff.get(who, 0) for layer in layers) for who in staff},
        {unit: left(layer.units.get(unit, 0) for layer in layers) for unit in units},
        left(layer.client for layer in layers),
        floating,
        {line: left(layer.sold.get(line, 0) for layer in layers) for line in range(visit.lines)},
    )


def _subjects(visit: Visit) -> tuple[set[UUID], set[UUID]]:
    ways = [
        way
        for track in visit.tracks
        for found in (track.ways, *(inner.ways for inner in track.inside))
        for way in found
    ]
    steps = {id(way.steps): way.steps for way in ways}.values()
    staff = {way.staff_id for way in ways}
    helpers = {who for found in steps for step in found for who in step.able}
    units = {u for found in steps for step in found for need in step.needs for u in need.units}
    return staff | helpers, units


class _Arrangement:
    """The visit as it would be with these people, where as little as possible is in its way."""

    def __init__(self, visit: Visit, free: Free, start: int, people: Sequence[UUID]) -> None:
        self._visit, self._free, self._start, self._people = visit, free, start, people
        self._entries: list[Entry] = []
        self._layouts: list[Layout] = []
        self._doings: list[Doing] = []

    def found(self) -> Found:
        at = self._start
        for group in self._visit.groups:
            leads = {self._people[track.lines[0]] for track in group}
            if len(leads) < len(group):
                raise NotACandidate
            at = max([at, *[self._track(track, at) for track in group]])
        self._choose_helpers()
        return Found(tuple(self._entries), tuple(self._doings), self._units())

    def _track(self, track: Track, at: int) -> int:
        way = self._way(track.ways, track.lines)
        layout = self._enter(way, track.lines, at)
        filled: list[Span] = []
        for inner in track.inside:
            filled.append(self._inside(inner, layout, at, filled))
        return at + layout.held

    def _way(self, ways: Sequence[Way], lines: Sequence[int]) -> Way:
        wanted = {self._people[line] for line in lines}
        for way in ways:
            if wanted == {way.staff_id}:
                return way
        raise NotACandidate

    def _enter(self, way: Way, lines: tuple[int, ...], at: int) -> Layout:
        layout, number = lay_out(way.steps), len(self._entries)
        self._entries.append(Entry(lines, way, at))
        self._layouts.append(layout)
        for task in layout.tasks:
            lead = way.staff_id if task.step.takes_lead else None
            self._doings.append(Doing(number, task, at + task.at, lead))
        return layout

    def _inside(self, inner: Inside, parent: Layout, at: int, filled: Sequence[Span]) -> Span:
        way = self._way(inner.ways, (inner.line,))
        layout = lay_out(way.steps)
        places = [
            (minute, minute + layout.ends)
            for first, end in parent.room_in(inner.parent)
            for minute in range(at + first, at + end - layout.ends + 1)
            if not any(overlap((minute, minute + layout.ends), other) for other in filled)
        ]
        if not places:
            raise NotACandidate
        where = min(places, key=lambda place: self._cost(way, layout, place[0]))
        self._enter(way, (inner.line,), where[0])
        return where

    def _cost(self, way: Way, layout: Layout, at: int) -> int:
        free = self._free.staff.get(way.staff_id, 0)
        return sum(
            taken(free, (at + first, at + end))
            for first, end in (*layout.lead, *layout.lead_tidies)
        )

    def _choose_helpers(self) -> None:
        for number, doing in enumerate(self._doings):
            step = doing.task.step
            if step.takes_staff and step.able:
                lead = self._entries[doing.entry].way.staff_id
                able = [who for who in step.able if step.tidies or not self._is_busy(who, doing)]
                if not able:
                    raise NotACandidate
                helper = min(
                    able,
                    key=lambda who: (
                        taken(self._free.staff.get(who, 0), doing.span),
                        who != lead,
                    ),
                )
                self._doings[number] = Doing(doing.entry, doing.task, doing.starts, helper)

    def _is_busy(self, who: UUID, doing: Doing) -> bool:
        return any(
            other.staff_id == who and not other.task.step.tidies and overlap(other.span, doing.span)
            for other in self._doings
        )

    def _units(self) -> dict[CallKey, Chosen]:
        calls: dict[CallKey, list[Span]] = {}
        for doing in self._doings:
            for need in doing.task.step.needs:
                calls.setdefault(doing.key(need), []).append(doing.span)
        return {key: self._fewest(key, spans) for key, spans in calls.items()}

    def _fewest(self, key: CallKey, spans: Sequence[Span]) -> Chosen:
        need = key[1]
        if len(need.units) < need.quantity:
            raise NotACandidate
        ranked = sorted(
            need.units,
            key=lambda unit: sum(taken(self._free.units.get(unit, 0), one) for one in spans),
        )
        return tuple(ranked[: need.quantity])


def taken(free: Mask, wanted: Span) -> int:
    """How many of these minutes are not free."""
    first, end = wanted
    return end - first - (free >> first & span(0, end - first)).bit_count()


def _taken(placed: Sequence[Placed], layers: Sequence[Layer]) -> Iterator[Reason]:
    for line in placed:
        for step in line.steps:
            where, number = (step.starts, step.starts + step.minutes), step.step.number
            for layer in layers:
                in_the_way: list[tuple[UUID | None, Mask]] = [
                    (unit, layer.units.get(unit, 0)) for unit in step.units
                ]
                if step.staff_id:
                    in_the_way.append((step.staff_id, layer.staff.get(step.staff_id, 0)))
                if step.step.takes_client:
                    in_the_way.append((None, layer.client))
                for subject_id, mask in in_the_way:
                    for first, end in spans_of(mask & span(*where)):
                        yield Reason(layer.code, subject_id, first, end, line.line, number)


def _too_late(placed: Sequence[Placed], layers: Sequence[Layer]) -> Iterator[Reason]:
    for line in placed:
        for layer in layers:
            if layer.sold.get(line.line, 0) >> line.starts & 1:
                yield Reason(layer.code, None, line.starts, line.starts + 1, line.line, 0)


def _breaks(placed: Sequence[Placed], free: Free) -> Iterator[Reason]:
    """Breaks that would have no room, once everything else is out of the way."""
    work: dict[UUID, list[tuple[Span, int, int]]] = {}
    for line in placed:
        for step in line.steps:
            if step.staff_id:
                where = (step.starts, step.starts + step.minutes)
                work.setdefault(step.staff_id, []).append((where, line.line, step.step.number))
    for who, found in work.items():
        spans = joined(where for where, _line, _number in found)
        mask = reduce(or_, (span(*where) for where in spans), free.staff[who])
        for due in free.floating.get(who, ()):
            if not all(leaves_room(room, spans) for room in rooms(mask, [due])):
                minutes = bits(due[0])
                _where, place, number = found[0]
                yield Reason(BREAK, who, minutes[0], minutes[-1] + 1, place, number)


def spans_of(mask: Mask) -> list[Span]:
    """The set minutes, in as few spans as there can be."""
    return list(joined((minute, minute + 1) for minute in bits(mask)))
