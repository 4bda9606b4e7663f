"""Who could do each line of a visit, in which steps: what the algebra works on."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from tenant_apps.booking.errors import NobodyDoesThis
from tenant_apps.booking.policies.visit import Inside, Keep, Step, Track, UnitNeed, Visit, Way, Ways
from tenant_apps.booking.selectors.asked import DemandLine
from tenant_apps.booking.selectors.by_hand import ByHand
from tenant_apps.catalog.enums import AddonPlace, PhaseKind, PhasePerformer
from tenant_apps.catalog.policies.phases import minutes_of
from tenant_apps.catalog.types import Need, OptionTerms, UnitTerms
from tenant_apps.staff.types import Performer

KEEPS: Mapping[str, Keep] = {"phase": "phase", "line": "line", "visit": "visit"}


class Planner:
    """Plans visits of ``lines``; ``bookable`` are those of the ``team`` that may be chosen."""

    def __init__(
        self,
        lines: Sequence[DemandLine],
        terms: Sequence[OptionTerms],
        team: Sequence[Performer],
        units: Sequence[UnitTerms],
        bookable: Sequence[Performer],
        by_hand: ByHand | None = None,
    ) -> None:
        self._lines, self._terms, self._team, self._units = lines, terms, team, units
        self._by_hand = by_hand
        self._able = [
            {
                who.staff_id: who
                for who in bookable
                if line.option_id in who.option_ids
                and who.level in option.levels
                and line.staff_id in {None, who.staff_id}
                and (not line.among or who.staff_id in line.among)
            }
            for line, option in zip(lines, terms, strict=True)
        ]

    def visit(self, patience: int = 0) -> Visit:
        """Raises ``NobodyDoesThis`` for the first line that nobody can do."""
        groups: dict[int, list[int]] = {}
        for place, line in enumerate(self._lines):
            if line.parent is None:
                groups.setdefault(line.group, []).append(place)
        return Visit(
            tuple(
                tuple(self._track(place) for place in found)
                for _group, found in sorted(groups.items())
            ),
            patience,
        )

    def _track(self, top: int) -> Track:
        """A line with its add-ons, those before and after it by the same person."""
        before = self._added(top, AddonPlace.BEFORE)
        after = self._added(top, AddonPlace.AFTER)
        together = (*before, top, *after)
        inside = tuple(
            Inside(self._ways((place,)), line=place, parent=top)
            for place in self._added(top, AddonPlace.DURING)
        )
        return Track(self._ways(together), together, inside)

    def _added(self, top: int, where: AddonPlace) -> tuple[int, ...]:
        return tuple(
            place
            for place, line in enumerate(self._lines)
            if line.parent == top and self._terms[place].addon_place is where
        )

    def _ways(self, together: tuple[int, ...]) -> Ways:
        found = tuple(self._each_way(together))
        if found:
            return found
        place = next((place for place in together if not self._able[place]), together[-1])
        line = self._lines[place]
        field = "staff_id" if line.staff_id else "option_id"
        raise NobodyDoesThis(fields={f"{line.path}.{field}": NobodyDoesThis.message})

    def _each_way(self, together: tuple[int, ...]) -> Iterator[Way]:
        shared: dict[str, tuple[Step, ...]] = {}
        for staff_id, who in self._able[together[0]].items():
            if all(staff_id in self._able[place] for place in together):
                if who.level not in shared:
                    shared[who.level] = tuple(
                        step for place in together for step in self._steps_of(place, who.level)
                    )
                price = sum(self.price(place, who.level) for place in together)
                if shared[who.level]:
                    yield Way(staff_id, shared[who.level], price)

    def price(self, place: int, level: str) -> int:
        share = self._lines[place].share
        return self._terms[place].levels[level].price if share is None else share

    def _steps_of(self, place: int, level: str) -> tuple[Step, ...]:
        """What everybody of this level does. Phases of no minutes are left out."""
        option = self._terms[place]
        minutes = minutes_of(option.phases, option.levels[level])
        helpers = self._helpers(place)
        return tuple(
            Step(
                minutes=length,
                takes_staff=phase.takes_staff,
                takes_client=phase.takes_client,
                needs=tuple(self._need(place, need) for need in phase.needs),
                able=helpers if phase.performer is PhasePerformer.ANY_QUALIFIED else (),
                tidies=phase.kind is PhaseKind.CLEANUP,
                line=place,
                number=number,
            )
            for number, (phase, length) in enumerate(zip(option.phases, minutes, strict=True))
            if length
        )

    def _helpers(self, place: int) -> tuple[UUID, ...]:
        wanted, option_id = self._lines[place].asked.helper_ids, self._terms[place].option_id
        able = tuple(who.staff_id for who in self._team if option_id in who.option_ids)
        return tuple(staff_id for staff_id in able if staff_id in wanted) or able

    def _need(self, place: int, need: Need) -> UnitNeed:
        units = tuple(unit.unit_id for unit in self._units if unit.kind in need.kinds)
        return UnitNeed(
            units=self._by_hand.chosen(place, need, units) if self._by_hand else units,
            quantity=need.quantity,
            keep=KEEPS[need.keep],
        )
