"""People who come together: a visit for each, all of them from the same minute on, or none.

Nobody works for two of them at once, and a unit holds as many of them at a time as it has places.
What is found here is what is on offer, and what is booked.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from operator import and_
from uuid import UUID

from tenant_apps.booking.policies.attempt import choices
from tenant_apps.booking.policies.barrier import Tracked
from tenant_apps.booking.policies.fitting import A_DAY, bounds
from tenant_apps.booking.policies.masks import Mask, bits, span
from tenant_apps.booking.policies.matching import can_all_be_matched
from tenant_apps.booking.policies.people import Elsewhere
from tenant_apps.booking.policies.places import Claim, Places, choose_for_all
from tenant_apps.booking.policies.placing import Placed, people_of, placed_lines
from tenant_apps.booking.policies.search import CallKey, Field, Found, calls_of
from tenant_apps.booking.policies.steps import GaveUp, Steps
from tenant_apps.booking.policies.units import Chosen
from tenant_apps.booking.policies.visit import Free, Visit

# A stranger chooses the lines.
MOST_STEPS = 20_000
Leads = tuple[tuple[UUID, ...], ...]
"""Of each visit, who does its lines."""


@dataclass(frozen=True, slots=True)
class Party:
    """``frees``: what each visit finds free. People and units are the same for all of them, the
    client and when lines are sold are not."""

    visits: tuple[Visit, ...]
    frees: tuple[Free, ...]
    places: Places

    def cut(self, first: int, minutes: int) -> "Party":
        return replace(self, frees=tuple(free.cut(first, minutes) for free in self.frees))

    @property
    def starts(self) -> Mask:
        """Where each of the visits could begin if it were alone; all of them nowhere else."""
        found = [
            bounds(visit, free)[0].starts
            for visit, free in zip(self.visits, self.frees, strict=True)
        ]
        return reduce(and_, found)


def place_party(
    party: Party, start: int, *, preference: Mapping[UUID, int], total: int | None = None
) -> list[list[Placed]] | None:
    """Choose people and units for all visits, which begin at minute ``start``.

    Each as in ``place_visit``; ``total`` is what all of them cost together.
    """
    return Gathering(party, preference).placed(start, total)


@dataclass(frozen=True, slots=True)
class PartyFit:
    """``starts``: minutes, and who does what then. ``steps``: what it took to find out."""

    starts: tuple[tuple[int, Leads], ...]
    steps: int


def fit_party(party: Party, among: Mask) -> PartyFit:
    """Every minute of ``among`` at which all of them can come, in order: for a day or so.

    So much is worked out for it; what is in doubt then is not offered.
    """
    starts: list[tuple[int, Leads]] = []
    steps = 0
    for first, gathering, minutes in _day_by_day(party, among):
        steps += gathering.readying
        for minute in minutes:
            if steps > MOST_STEPS:
                return PartyFit(tuple(starts), steps)
            found = gathering.at(minute)
            steps += gathering.steps.taken
            if found is not None:
                starts.append((first + minute, tuple(_leads(visit) for visit in found)))
    return PartyFit(tuple(starts), steps)


def _day_by_day(party: Party, minutes: Mask) -> Iterator[tuple[int, "Gathering", list[int]]]:
    """As ``fitting.day_by_day``."""
    longest = max(visit.longest for visit in party.visits)
    while minutes:
        lowest = (minutes & -minutes).bit_length() - 1
        first = max(0, lowest - A_DAY)
        within = minutes >> lowest & span(0, A_DAY)
        minutes = minutes >> (lowest + A_DAY) << (lowest + A_DAY)
        near = party.cut(first, lowest - first + 2 * A_DAY + longest)
        yield first, Gathering(near, {}), [lowest - first + minute for minute in bits(within)]


def _leads(found: Found) -> tuple[UUID, ...]:
    leads = {line: entry.way.staff_id for entry in found.entries for line in entry.lines}
    return tuple(staff_id for _line, staff_id in sorted(leads.items()))


@dataclass(frozen=True, slots=True)
class _Taken:
    """Some visits in their places: when they take whom, and which units they call for."""

    visits: Mapping[int, Found] = field(default_factory=dict)
    people: Elsewhere = field(default_factory=dict)
    price: int = 0
    claims: tuple[Claim, ...] = ()
    units: Sequence[Chosen] = ()

    def by(self, number: int, found: Found) -> "_Taken":
        people = dict(self.people)
        for staff_id, spans in people_of(found).items():
            people[staff_id] = (*people.get(staff_id, ()), *spans)
        return _Taken(
            visits={**self.visits, number: found},
            people=people,
            price=self.price + sum(entry.way.price for entry in found.entries),
            claims=(*self.claims, *((number, call) for call in calls_of(found.doings).values())),
            units=self.units,
        )

    @property
    def key(self) -> object:
        """All that the visits which are still to come can meet."""
        people = frozenset((who, frozenset(spans)) for who, spans in self.people.items())
        calls = ((n, call.need, tuple(call.uses), tuple(call.tidies)) for n, call in self.claims)
        return self.price, people, frozenset(calls)

    def in_order(self) -> list[Found]:
        """The visits, with the units that were chosen for them."""
        left = dict(zip(self._keys(), self.units, strict=True))
        return [
            replace(found, units={key: left[number, key] for key in calls_of(found.doings)})
            for number, found in sorted(self.visits.items())
        ]

    def _keys(self) -> Iterator[tuple[int, CallKey]]:
        for number, found in self.visits.items():
            for key in calls_of(found.doings):
                yield number, key


# The whole party at one start may take so many, and one choice for one of them costs so many.
MOST_OF_ONE_START, STEPS_OF_A_CHOICE = 1_000, 5


class Gathering:
    """One party in one calendar, made ready for trying any start. Visit after visit, depth
    first: what the earlier ones take the later ones do not find."""

    def __init__(self, party: Party, preference: Mapping[UUID, int]) -> None:
        self._party, self._preference = party, preference
        self.steps = Steps(MOST_OF_ONE_START)

    @cached_property
    def _fields(self) -> list[Field]:
        return [
            Field(visit, free, self._preference)
            for visit, free in zip(self._party.visits, self._party.frees, strict=True)
        ]

    @property
    def readying(self) -> int:
        """Steps that it takes before any start is tried."""
        return sum(
            len(found.ways) for field in self._fields for group in field.groups for found in group
        )

    def placed(self, start: int, total: int | None = None) -> list[list[Placed]] | None:
        """As ``place_party``."""
        found = self.at(start, total)
        return None if found is None else [placed_lines(visit) for visit in found]

    def at(self, start: int, total: int | None = None) -> list[Found] | None:
        self.steps = Steps(MOST_OF_ONE_START)
        if not self._are_enough(start) or not self._can_cost(range(len(self._fields)), total, 0):
            return None
        hardest_first = sorted(range(len(self._fields)), key=lambda n: self._people_for(n, start))
        with suppress(GaveUp), closing(self._all(start, hardest_first, total, _Taken())) as found:
            return next(found, None)
        return None

    def _are_enough(self, start: int) -> bool:
        """Different people for all that begins at once, whoever it is for."""
        self.steps.take(len(self._fields))
        return can_all_be_matched(
            [
                able
                for field in self._fields
                for found in field.groups[0]
                if (able := _begun_by(found, start)) is not None
            ]
        )

    def _people_for(self, number: int, start: int) -> int:
        tracks = self._fields[number].groups[0]
        return min(sum(able.starts >> start & 1 for able in found.ways) for found in tracks)

    def _all(
        self, start: int, left: Sequence[int], total: int | None, taken: _Taken
    ) -> Generator[list[Found]]:
        units = choose_for_all(
            taken.claims,
            self._fields[0].free.units,
            self._party.places,
            people=len(self._fields),
            known=taken.units,
            steps=self.steps,
        )
        if units is None:
            return
        taken = replace(taken, units=units)
        if not left:
            yield taken.in_order()
            return
        number, *later = left
        exactly = None if later or total is None else total - taken.price
        last, tried = None, set[object]()
        for found in choices(
            self._fields[number], start, self.steps, total=exactly, elsewhere=taken.people
        ):
            self.steps.take(STEPS_OF_A_CHOICE)
            together = taken.by(number, found)
            if last is not None:
                tried.add(last.key)
                if together.key in tried:
                    continue
            last = together
            if self._can_cost(later, total, together.price):
                yield from self._all(start, later, total, together)

    def _can_cost(self, later: Sequence[int], total: int | None, price: int) -> bool:
        if total is None:
            return True
        fields = [self._fields[number] for number in later]
        least, most = (sum(f.least[0][0] for f in fields), sum(f.most[0][0] for f in fields))
        return least <= total - price <= most


def _begun_by(found: Tracked, start: int) -> list[UUID] | None:
    """Who could begin this track then; ``None``: it may well begin without anybody."""
    able = [able for able in found.ways if able.starts >> start & 1]
    if any(not one.layout.lead or one.layout.lead[0][0] > 0 for one in able):
        return None
    return [one.way.staff_id for one in able]
