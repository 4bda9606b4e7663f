"""What all of a party certainly do at once, and whether there are people and places enough."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from tenant_apps.booking.policies.barrier import Tracked
from tenant_apps.booking.policies.layout import Occupied
from tenant_apps.booking.policies.masks import Mask, Span, at_least
from tenant_apps.booking.policies.matching import can_all_be_matched
from tenant_apps.booking.policies.reach import all_of
from tenant_apps.booking.policies.search import Field
from tenant_apps.booking.policies.steps import Steps


@dataclass(frozen=True, slots=True)
class _Sure:
    """A track of visit number ``visit`` that begins ``at`` minutes after its start, and what it
    takes whoever does it."""

    visit: int
    at: int
    found: Tracked
    lead: Sequence[Span]
    units: Sequence[Occupied] = ()

    @property
    def edges(self) -> Iterator[int]:
        for first, _end in (*self.lead, *(use for units in self.units for use in units.uses)):
            yield self.at + first


class Crowd:
    """``is_known``: nothing but who does what is left to choose, units apart."""

    def __init__(self, fields: Sequence[Field], places: Mapping[UUID, int]) -> None:
        self._fields, self._places = fields, places
        self._sure = [
            track for number, field in enumerate(fields) for track in _sure(number, field)
        ]

    @cached_property
    def is_known(self) -> bool:
        whole = sum(len(group) for field in self._fields for group in field.groups)
        known = sum(_is_the_same(track.found) for track in self._sure)
        return known == whole and not any(track.found.inside for track in self._sure)

    @cached_property
    def _edges(self) -> list[int]:
        return sorted({minute for track in self._sure for minute in track.edges})

    @cached_property
    def _busy(self) -> list[list[_Sure]]:
        """Who is at work at once, whenever somebody begins."""
        found = ([t for t in self._sure if _holds(t.lead, m - t.at)] for m in self._edges)
        return [busy for busy in found if busy]

    def starts(self) -> Mask:
        """Outside of these there are not enough."""
        people = (self._people(busy) for busy in self._busy)
        return all_of(people) & all_of(room for m in self._edges for room in self._room(m))

    def are_enough(self, start: int, steps: Steps) -> bool:
        """Different people for all that is done at once. Closer than ``starts``."""
        steps.take(len(self._busy))
        return all(
            can_all_be_matched([_able(track, start + track.at) for track in busy])
            for busy in self._busy
        )

    @staticmethod
    def _people(busy: Sequence[_Sure]) -> Mask:
        able: dict[UUID, Mask] = defaultdict(int)
        for track in busy:
            for one in track.found.ways:
                able[one.way.staff_id] |= one.starts >> track.at
        return at_least(list(able.values()), len(busy))

    def _room(self, minute: int) -> Iterator[Mask]:
        """For each choice of units that visits have: calls of one may share theirs."""
        wanted: dict[tuple[UUID, ...], dict[int, int]] = defaultdict(dict)
        free: dict[UUID, Mask] = defaultdict(int)
        for track in self._sure:
            for occupied in track.units:
                if _holds(occupied.uses, minute - track.at):
                    need, by_visit = occupied.need, wanted[occupied.need.units]
                    by_visit[track.visit] = max(by_visit.get(track.visit, 0), need.quantity)
                    for unit in need.units:
                        found = self._fields[0].finder.unit(unit, occupied.uses)
                        free[unit] |= found >> track.at
        people = len(self._fields)
        for units, by_visit in wanted.items():
            room = [free[unit] for unit in units for _ in range(self._places_in(unit, people))]
            yield at_least(room, sum(by_visit.values()))

    def _places_in(self, unit: UUID, people: int) -> int:
        return min(self._places.get(unit, 1), people)


def _sure(number: int, field: Field) -> Iterator[_Sure]:
    """As far as it is known when what begins."""
    at = 0
    for tracks in field.groups:
        for found in tracks:
            if _is_the_same(found):
                layout = found.ways[0].layout
                yield _Sure(number, at, found, layout.lead, layout.units)
            elif all(_begins_at_once(able.layout.lead) for able in found.ways):
                yield _Sure(number, at, found, ((0, 1),))
        if field.visit.patience or not all(_is_the_same(found) for found in tracks):
            return
        at += max(found.ways[0].layout.held for found in tracks)


def _is_the_same(found: Tracked) -> bool:
    """Whoever does it."""
    return len({id(able.layout) for able in found.ways}) == 1


def _begins_at_once(lead: Sequence[Span]) -> bool:
    return bool(lead) and lead[0][0] == 0


def _able(track: _Sure, minute: int) -> list[UUID]:
    return [able.way.staff_id for able in track.found.ways if able.starts >> minute & 1]


def _holds(spans: Sequence[Span], minute: int) -> bool:
    return any(first <= minute < end for first, end in spans)
