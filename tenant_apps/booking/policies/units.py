"""Which units a visit takes, when its times are settled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.masks import Mask, Span, is_free, span
from tenant_apps.booking.policies.visit import UnitNeed

# Choices tried before giving up. Units hardly ever get in each other's way.
MOST_CHOICES = 200


@dataclass(slots=True)
class Call:
    """One choice of units to make: when they are used and when they are to be cleaned."""

    need: UnitNeed
    uses: list[Span] = field(default_factory=list)
    tidies: list[Span] = field(default_factory=list)


Chosen = tuple[UUID, ...]
NOWHERE: Mapping[UUID, Mask] = {}


def choose_units(
    calls: Sequence[Call], free: Mapping[UUID, Mask], beside: Mapping[UUID, Mask] = NOWHERE
) -> list[Chosen] | None:
    """Units for each call, the salon's first that will do; before those, some in which others of
    the party are meanwhile, as ``beside`` says. Calls of one visit may well share a unit: one
    client sits in it. Then it is cleaned after the last of them."""
    found: list[Chosen] = [()] * len(calls)
    if beside:
        calls = [_beside_first(call, beside) for call in calls]
    for together in _meddling(calls):
        chosen = _first_choice([calls[place] for place in together], free)
        if chosen is None:
            return None
        for place, units in zip(together, chosen, strict=True):
            found[place] = units
    return found


def _beside_first(call: Call, beside: Mapping[UUID, Mask]) -> Call:
    spans = [span(first, end) for first, end in call.uses]

    def is_apart(unit: UUID) -> bool:
        return not any(beside.get(unit, 0) & use for use in spans)

    units = tuple(sorted(call.need.units, key=is_apart))
    return Call(UnitNeed(units, call.need.quantity, call.need.keep), call.uses, call.tidies)


def _meddling(calls: Sequence[Call]) -> list[list[int]]:
    """Calls in sets between which it makes no difference who takes what."""
    sets: list[tuple[set[UUID], list[int]]] = []
    for place, call in enumerate(calls):
        units, places = set(call.need.units), [place]
        apart = []
        for other, found in sets:
            if units.isdisjoint(other):
                apart.append((other, found))
            else:
                units, places = units | other, found + places
        sets = [*apart, (units, places)]
    return [sorted(places) for _units, places in sets]


def _first_choice(calls: Sequence[Call], free: Mapping[UUID, Mask]) -> list[Chosen] | None:
    if len(calls) == 1 or not any(call.tidies for call in calls):
        chosen = [next(_choices(call, free, ()), None) for call in calls]
        return [units for units in chosen if units is not None] if None not in chosen else None
    for tries, found in enumerate(_every_choice(calls, free, [])):
        if _are_clean(calls, found, free):
            return found
        if tries >= MOST_CHOICES:
            break
    return None


def _every_choice(
    calls: Sequence[Call], free: Mapping[UUID, Mask], chosen: list[Chosen]
) -> Iterator[list[Chosen]]:
    if len(chosen) == len(calls):
        yield list(chosen)
        return
    for units in _choices(calls[len(chosen)], free, calls):
        chosen.append(units)
        yield from _every_choice(calls, free, chosen)
        chosen.pop()


def _choices(call: Call, free: Mapping[UUID, Mask], others: Sequence[Call]) -> Iterator[Chosen]:
    able = [
        unit
        for unit in call.need.units
        if all(is_free(free.get(unit, 0), use) for use in call.uses)
    ]
    if others:  # those that can be cleaned whatever the others take come first
        able.sort(key=lambda unit: not _is_safe(call, others, free.get(unit, 0)))
    else:
        able = [unit for unit in able if _can_be_cleaned(call.uses, call.tidies, free.get(unit, 0))]
    yield from combinations(able, call.need.quantity)


def _is_safe(call: Call, others: Iterable[Call], free: Mask) -> bool:
    lengths = [end - first for other in others for first, end in other.tidies]
    longest = max(lengths, default=0)
    return all(is_free(free, tidy) for tidy in call.tidies) and all(
        is_free(free, (first, end + longest)) for first, end in call.uses
    )


def _can_be_cleaned(uses: Iterable[Span], tidies: Iterable[Span], free: Mask) -> bool:
    uses = list(uses)
    return all(is_free(free, after_use(tidy, uses)) for tidy in tidies)


def _are_clean(calls: Sequence[Call], chosen: Sequence[Chosen], free: Mapping[UUID, Mask]) -> bool:
    for unit in {unit for units in chosen for unit in units}:
        mine = [call for call, units in zip(calls, chosen, strict=True) if unit in units]
        uses = [use for call in mine for use in call.uses]
        tidies = [tidy for call in mine for tidy in call.tidies]
        if not _can_be_cleaned(uses, tidies, free.get(unit, 0)):
            return False
    return True
