"""Why somebody cannot have a visit at one minute with these people: everything against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, product
from operator import or_
from uuid import UUID

from tenant_apps.booking.policies.arranging import NotACandidate, Tries, arranged
from tenant_apps.booking.policies.attempt import first_choice
from tenant_apps.booking.policies.breaks import leaves_room, rooms
from tenant_apps.booking.policies.masks import Mask, Span, bits, joined, span
from tenant_apps.booking.policies.matching import can_all_be_matched
from tenant_apps.booking.policies.placing import Placed, placed_lines
from tenant_apps.booking.policies.search import Field
from tenant_apps.booking.policies.visit import FloatingBreak, Free, Track, Visit

BREAK = "floating_break"
# Of choices of people, and of all that was tried with them: who asks chooses the lines.
MOST_TRIED = 2_000
MOST_STEPS = 10_000


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


class Explainer:
    """For one visit in a calendar that is the sum of ``layers``, whatever the start. ``tries``
    counts the work."""

    def __init__(
        self,
        visit: Visit,
        layers: Sequence[Layer],
        window: Mask,
        floating: Mapping[UUID, Sequence[FloatingBreak]],
    ) -> None:
        self._visit, self._layers = visit, layers
        self._field = Field(visit, _left(visit, layers, window, floating), {})
        self.tries = Tries()

    def reasons(self, start: int, people: Sequence[UUID]) -> tuple[Reason, ...]:
        """As ``explain`` gives them."""
        free = self._field.free
        found = arranged(self._visit, free, start, people, self.tries)
        before = self._field.steps
        choice = first_choice(self._field, start, pins=dict(enumerate(people)))
        self.tries.count += self._field.steps - before
        if choice is not None:
            return ()
        placed = placed_lines(found)
        taken = [*_taken(placed, self._layers), *_too_late(placed, self._layers)]
        return (*dict.fromkeys(taken), *_breaks(placed, free))


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
    return Explainer(visit, layers, window, floating).reasons(start, people)


def candidates(visit: Visit, tries: Tries | None = None) -> Iterator[tuple[UUID, ...]]:
    """Every choice of people, by line, that could do the visit at some time; of very many that
    could not, not every one is looked at. Ends when ``tries`` are too many."""
    nobody, tries = Free({}, {}, 0), tries or Tries()
    for by_line in islice(product(*map(_of_group, visit.groups)), MOST_TRIED):
        if are_too_many(tries):
            return
        chosen = {line: who for group in by_line for line, who in group.items()}
        people = tuple(chosen[line] for line in range(visit.lines))
        try:
            arranged(visit, nobody, 0, people, tries)
        except NotACandidate:
            continue
        yield people


def are_too_many(tries: Tries) -> bool:
    """Whether nothing more may be tried for one answer."""
    return tries.count > MOST_STEPS


def _of_group(tracks: Sequence[Track]) -> list[dict[int, UUID]]:
    """The first choices of people for tracks side by side: all leads different."""
    return list(islice(_different(tracks, ()), MOST_TRIED))


def _different(tracks: Sequence[Track], leads: tuple[UUID, ...]) -> Iterator[dict[int, UUID]]:
    if not tracks:
        yield {}
        return
    left = [[way.staff_id for way in t.ways if way.staff_id not in leads] for t in tracks]
    if not can_all_be_matched(left):
        return
    track = tracks[0]
    for who in left[0]:
        for rest in _different(tracks[1:], (*leads, who)):
            for inside in product(*([way.staff_id for way in i.ways] for i in track.inside)):
                within = dict(zip((inner.line for inner in track.inside), inside, strict=True))
                yield dict.fromkeys(track.lines, who) | within | rest


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
