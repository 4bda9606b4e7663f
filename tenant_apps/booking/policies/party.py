"""People who come together: a visit for each, all of them from the same minute on, or none.

Nobody works for two of them at once, and a unit holds as many of them at a time as it has places.
What is found here is what is on offer, and what is booked.
"""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from tenant_apps.booking.policies.attempt import choices
from tenant_apps.booking.policies.crowd import Crowd
from tenant_apps.booking.policies.masks import Mask
from tenant_apps.booking.policies.people import Elsewhere
from tenant_apps.booking.policies.places import Claim, Places, choose_for_all
from tenant_apps.booking.policies.placing import Placed, people_of, placed_lines
from tenant_apps.booking.policies.reach import all_of
from tenant_apps.booking.policies.search import CallKey, Field, Found, calls_of
from tenant_apps.booking.policies.steps import GaveUp, Steps
from tenant_apps.booking.policies.units import Chosen
from tenant_apps.booking.policies.visit import Free, Visit

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
        cut = {id(free): free.cut(first, minutes) for free in self.frees}
        return replace(self, frees=tuple(cut[id(free)] for free in self.frees))

    @property
    def pairs(self) -> Iterator[tuple[Visit, Free]]:
        return zip(self.visits, self.frees, strict=True)


def place_party(
    party: Party, start: int, *, preference: Mapping[UUID, int], total: int | None = None
) -> list[list[Placed]] | None:
    """Choose people and units for all visits, which begin at minute ``start``.

    Each as in ``place_visit``; ``total`` is what all of them cost together.
    """
    return Gathering(party, preference).placed(start, total)


def leads_of(found: Sequence[Found]) -> Leads:
    return tuple(_leads(visit) for visit in found)


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

    def state(self, fields: Sequence[Field]) -> object:
        """All that the visits which are still to come can meet. Whose of several that ask for
        the same a visit is makes no difference to them."""
        people = frozenset((who, frozenset(spans)) for who, spans in self.people.items())
        calls = defaultdict[int, list[object]](list)
        for number, call in self.claims:
            calls[number].append((id(call.need), tuple(call.uses), tuple(call.tidies)))
        visits = Counter((id(fields[number]), tuple(found)) for number, found in calls.items())
        return self.price, people, frozenset(visits.items())

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


# The whole party at one start may take so many, and more where they book: what is offered may be
# known from another start.
MOST_OF_ONE_START, MOST_OF_A_BOOKING = 1_000, 3_000
# What costs more than one: a choice for one of them, and finding all starts of one layout.
STEPS_OF_A_CHOICE, STEPS_OF_A_LAYOUT = 5, 5


class Gathering:
    """One party in one calendar, made ready for trying any start. Visit after visit, depth
    first: what the earlier ones take the later ones do not find."""

    def __init__(
        self, party: Party, preference: Mapping[UUID, int], most: int = MOST_OF_ONE_START
    ) -> None:
        self._party, self._preference, self._most = party, preference, most
        self.steps = Steps(most)
        self._failed = set[object]()
        self._settled: Sequence[Chosen] | None = None

    @cached_property
    def fields(self) -> list[Field]:
        """One that several have in common if they ask for the same and find the same free."""
        known: dict[tuple[int, int], Field] = {}
        for visit, free in self._party.pairs:
            if (id(visit), id(free)) not in known:
                known[id(visit), id(free)] = Field(visit, free, self._preference)
        return [known[id(visit), id(free)] for visit, free in self._party.pairs]

    @cached_property
    def crowd(self) -> Crowd:
        return Crowd(self.fields, self._party.places)

    @cached_property
    def starts(self) -> Mask:
        """Outside of these they cannot begin, be it that one of them could not even alone."""
        alone = all_of(field.starts for field in set(self.fields))
        return alone & self.crowd.starts() if alone else 0

    @property
    def readying(self) -> int:
        """Steps that it takes before any start is tried."""
        found = [able for field in set(self.fields) for group in field.groups for able in group]
        layouts = {id(one.layout) for able in found for one in able.ways}
        return sum(len(able.ways) for able in found) + STEPS_OF_A_LAYOUT * len(layouts)

    def placed(self, start: int, total: int | None = None) -> list[list[Placed]] | None:
        """As ``place_party``."""
        found = self.at(start, total)
        return None if found is None else [placed_lines(visit) for visit in found]

    def at(self, start: int, total: int | None = None) -> list[Found] | None:
        self.steps, self._failed, self._settled = Steps(self._most), set(), None
        with suppress(GaveUp):
            return self._found_at(start, total)
        return None

    def _found_at(self, start: int, total: int | None) -> list[Found] | None:
        everybody = range(len(self.fields))
        if not self._can_cost(everybody, total, 0) or not self.crowd.are_enough(start, self.steps):
            return None
        hardest_first = sorted(everybody, key=lambda n: self._people_for(n, start))
        if self.crowd.is_known:
            self._settled = self._units_for_all(start, hardest_first)
            if self._settled is None:
                return None
        with closing(self._all(start, hardest_first, total, _Taken())) as found:
            return next(found, None)

    def _units_for_all(self, start: int, order: Sequence[int]) -> Sequence[Chosen] | None:
        """Units do not depend on people where nothing else does. As if each of them were alone."""
        taken = _Taken()
        for number in order:
            found = next(choices(self.fields[number], start, self.steps), None)
            if found is None:
                return None
            taken = taken.by(number, found)
        return self._units(taken)

    def _units(self, taken: _Taken) -> Sequence[Chosen] | None:
        return choose_for_all(
            taken.claims,
            self.fields[0].free.units,
            self._party.places,
            people=len(self.fields),
            known=taken.units,
            steps=self.steps,
        )

    def _people_for(self, number: int, start: int) -> int:
        tracks = self.fields[number].groups[0]
        return min(sum(able.starts >> start & 1 for able in found.ways) for found in tracks)

    def _all(
        self, start: int, left: Sequence[int], total: int | None, taken: _Taken
    ) -> Generator[list[Found]]:
        units = self._units(taken) if self._settled is None else self._settled
        if units is None:
            return
        taken = replace(taken, units=units[: len(taken.claims)])
        if not left:
            yield taken.in_order()
            return
        number, *later = left
        exactly = None if later or total is None else total - taken.price
        for found in choices(
            self.fields[number], start, self.steps, total=exactly, elsewhere=taken.people
        ):
            self.steps.take(STEPS_OF_A_CHOICE)
            together = taken.by(number, found)
            if self._can_cost(later, total, together.price):
                yield from self._all_unless_failed(start, later, total, together)

    def _all_unless_failed(
        self, start: int, left: Sequence[int], total: int | None, taken: _Taken
    ) -> Generator[list[Found]]:
        state = (len(left), taken.state(self.fields)) if self._failed else None
        if state not in self._failed:
            yield from self._all(start, left, total, taken)
            self._failed.add(state or (len(left), taken.state(self.fields)))

    def _can_cost(self, later: Sequence[int], total: int | None, price: int) -> bool:
        if total is None:
            return True
        fields = [self.fields[number] for number in later]
        least, most = (sum(f.least[0][0] for f in fields), sum(f.most[0][0] for f in fields))
        return least <= total - price <= most
