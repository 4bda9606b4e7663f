"""Which units the visits of a party take: each its own, and one together where there is room."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import comb
from uuid import UUID

from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.masks import Mask, Span, at_least, is_free, span
from tenant_apps.booking.policies.steps import Steps
from tenant_apps.booking.policies.units import Call, Chosen

# Choices tried before giving up, and what one costs beside a step of the search for people.
MOST_TRIES, STEPS_OF_A_TRY = 100, 3
Places = Mapping[UUID, int]
"""How many of a party find room in a unit together; one that is not named is for one."""
Claim = tuple[int, Call]
"""Who of the party makes a call."""


def choose_for_all(
    claims: Sequence[Claim],
    free: Mapping[UUID, Mask],
    places: Places,
    *,
    people: int,
    known: Sequence[Chosen],
    steps: Steps,
) -> list[Chosen] | None:
    """Units for each call, of so many ``people`` in all. Calls of one visit may share a unit as
    ever; visits share one that has a place for each, and would rather be together: then where
    the others are already, then where there is room for most of them, then the salon's first.

    ``known``: what was chosen for the first of the calls, which stays so if it can.
    """
    choosing = _Choosing(claims, free, places, people)
    found = choosing.choice(known) if known else None
    if found is None:
        found = choosing.choice()
    steps.take(choosing.tries * STEPS_OF_A_TRY)
    return found


class _Choosing:
    def __init__(
        self, claims: Sequence[Claim], free: Mapping[UUID, Mask], places: Places, people: int
    ) -> None:
        self._claims, self._free, self._places = claims, free, places
        self._people = people
        self._masks = [covered(call.uses) for _who, call in claims]
        self._chosen: list[Chosen] = [()] * len(claims)
        self._uses: dict[UUID, list[tuple[int, Mask]]] = defaultdict(list)
        self.tries = self._most = 0

    def choice(self, known: Sequence[Chosen] = ()) -> list[Chosen] | None:
        self._most = self.tries + MOST_TRIES
        for place, units in enumerate(known):
            self._put(place, units)
        able = {place: self._able(place) for place in range(len(known), len(self._claims))}
        if self._can_choose(self._fewest_first(able), able):
            return list(self._chosen)
        self._uses.clear()
        self._chosen = [()] * len(self._claims)
        return None

    def _fewest_first(self, able: Mapping[int, Sequence[UUID]]) -> list[int]:
        """Visit after visit, and so each one's calls."""
        choices = {place: self._choices_of(place, found) for place, found in able.items()}
        fewest: dict[int, int] = {}
        for place, count in choices.items():
            who = self._claims[place][0]
            fewest[who] = min(count, fewest.get(who, count))

        def rank(place: int) -> tuple[int, int, int]:
            who = self._claims[place][0]
            return fewest[who], who, choices[place]

        return sorted(choices, key=rank)

    def _able(self, place: int) -> list[UUID]:
        need, mask = self._claims[place][1].need, self._masks[place]
        return [unit for unit in need.units if not mask & ~self._free.get(unit, 0)]

    def _choices_of(self, place: int, able: Sequence[UUID]) -> int:
        return comb(len(able), self._claims[place][1].need.quantity)

    def _can_choose(self, left: Sequence[int], able: Mapping[int, Sequence[UUID]]) -> bool:
        if not left:
            return self._all_is_clean()
        place, *rest = left
        is_last = not rest or self._claims[rest[0]][0] != self._claims[place][0]
        quantity = self._claims[place][1].need.quantity
        for units in combinations(self._best_first(place, able[place]), quantity):
            self.tries += 1
            if self.tries > self._most:
                return False
            if not all(self._has_room(unit, place) for unit in units):
                continue
            self._put(place, units)
            # How a visit's units are cleaned up is settled with its last call.
            if (not is_last or self._are_clean(place)) and self._can_choose(rest, able):
                return True
            self._chosen[place] = ()
            for unit in units:
                self._uses[unit].pop()
        return False

    def _put(self, place: int, units: Chosen) -> None:
        self._chosen[place] = units
        for unit in units:
            self._uses[unit].append((self._claims[place][0], self._masks[place]))

    def _best_first(self, place: int, able: Sequence[UUID]) -> list[UUID]:
        (who, call), mask = self._claims[place], self._masks[place]

        def rank(unit: UUID) -> tuple[bool, bool, int]:
            free = self._free.get(unit, 0)
            is_safe = all(is_free(free, after_use(tidy, call.uses)) for tidy in call.tidies)
            is_beside = any(other != who and use & mask for other, use in self._uses[unit])
            return not is_safe, not is_beside, -min(self._places.get(unit, 1), self._people)

        return sorted(able, key=rank)

    def _has_room(self, unit: UUID, place: int) -> bool:
        who, mask = self._claims[place][0], self._masks[place]
        others: dict[int, Mask] = defaultdict(int)
        for other, use in self._uses[unit]:
            if other != who:
                others[other] |= use
        places = self._places.get(unit, 1)
        return len(others) < places or not at_least(list(others.values()), places) & mask

    def _all_is_clean(self) -> bool:
        """Cleaning up waits behind all that its own visit does there, and takes a place, too."""
        return all(self._is_clean(unit) for unit in {u for units in self._chosen for u in units})

    def _are_clean(self, place: int) -> bool:
        """Those of the visit of this call."""
        who = self._claims[place][0]
        mine = [u for (w, _), u in zip(self._claims, self._chosen, strict=True) if w == who]
        return all(self._is_clean(unit) for unit in {unit for units in mine for unit in units})

    def _is_clean(self, unit: UUID) -> bool:
        free, taken = self._free.get(unit, 0), dict[int, Mask]()
        for who, calls in self._calls_on(unit).items():
            uses = [use for call in calls for use in call.uses]
            tidies = [after_use(tidy, uses) for call in calls for tidy in call.tidies]
            if not all(is_free(free, tidy) for tidy in tidies):
                return False
            taken[who] = covered([*uses, *tidies])
        places = self._places.get(unit, 1)
        return len(taken) <= places or not at_least(list(taken.values()), places + 1)

    def _calls_on(self, unit: UUID) -> dict[int, list[Call]]:
        found: dict[int, list[Call]] = defaultdict(list)
        for (who, call), units in zip(self._claims, self._chosen, strict=True):
            if unit in units:
                found[who].append(call)
        return found


def covered(spans: Iterable[Span]) -> Mask:
    mask = 0
    for first, end in spans:
        mask |= span(first, end)
    return mask
