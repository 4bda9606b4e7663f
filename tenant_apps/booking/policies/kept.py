"""Units kept through a visit: the visit with each choice of them that there is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from math import comb, prod
from uuid import UUID

from tenant_apps.booking.policies.visit import Step, Track, UnitNeed, Visit, Way, Ways

# With more, the choice is left to the search.
MOST_CHOICES = 24


def with_kept_units(visit: Visit) -> Iterator[Visit]:
    """The visit itself, when it keeps none or there are too many choices."""
    needs = _kept(visit)
    if not needs or prod(comb(len(need.units), need.quantity) for need in needs) > MOST_CHOICES:
        yield visit
        return
    choices = [list(combinations(need.units, need.quantity)) or [need.units] for need in needs]
    for chosen in product(*choices):
        yield _Fixing(dict(zip(needs, chosen, strict=True))).visit(visit)


def _kept(visit: Visit) -> list[UnitNeed]:
    found: dict[UnitNeed, None] = {}
    for track in visit.tracks:
        for ways in (track.ways, *(inner.ways for inner in track.inside)):
            for steps in {id(way.steps): way.steps for way in ways}.values():
                for step in steps:
                    found |= dict.fromkeys(need for need in step.needs if need.keep == "visit")
    return list(found)


class _Fixing:
    """The same visit, its kept units replaced by those chosen."""

    def __init__(self, chosen: Mapping[UnitNeed, tuple[UUID, ...]]) -> None:
        self._chosen = chosen
        self._steps: dict[int, tuple[Step, ...]] = {}

    def visit(self, visit: Visit) -> Visit:
        groups = tuple(tuple(map(self._track, group)) for group in visit.groups)
        return Visit(groups, visit.patience)

    def _track(self, track: Track) -> Track:
        inside = tuple(replace(inner, ways=self._ways(inner.ways)) for inner in track.inside)
        return replace(track, ways=self._ways(track.ways), inside=inside)

    def _ways(self, ways: Ways) -> Ways:
        return tuple(Way(way.staff_id, self._fixed(way.steps), way.price) for way in ways)

    def _fixed(self, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        found = self._steps.get(id(steps))
        if found is None:
            found = tuple(replace(step, needs=tuple(map(self._need, step.needs))) for step in steps)
            self._steps[id(steps)] = found
        return found

    def _need(self, need: UnitNeed) -> UnitNeed:
        units = self._chosen.get(need)
        return need if units is None else UnitNeed(units, need.quantity, "line")
