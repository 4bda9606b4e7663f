"""What somebody asks for, made concrete: who could do each line, in which steps, for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Invalid
from shared_apps.core.money import Money
from tenant_apps.booking.errors import NobodyDoesThis
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.policies.visit import Step, UnitNeed, Way
from tenant_apps.booking.selectors.setup import Setup
from tenant_apps.booking.types import AskedLine, LinePrice
from tenant_apps.catalog.errors import NoSuchOption
from tenant_apps.catalog.policies.phases import minutes_at
from tenant_apps.catalog.types import OptionTerms, PhaseTerms, UnitTerms
from tenant_apps.staff.types import Performer


@dataclass(frozen=True, slots=True)
class Demand:
    """``ways[i]`` are all ways to have line ``i``, the team's first choice first."""

    asked: tuple[AskedLine, ...]
    terms: tuple[OptionTerms, ...]
    ways: tuple[tuple[Way, ...], ...]
    performers: Mapping[UUID, Performer]
    unit_ids: frozenset[UUID]

    @property
    def longest(self) -> int:
        """Minutes of the slowest way through all lines."""
        return sum(max(way.minutes for way in ways) for ways in self.ways)

    def price(self, place: int, staff_id: UUID) -> LinePrice:
        terms, level = self.terms[place], self.performers[staff_id].level
        amount = terms.levels[level].price
        return LinePrice(terms=terms, level=level, price=Money(amount, terms.currency))


def demand_of(setup: Setup, asked: Sequence[AskedLine], actor: Actor) -> Demand:
    """Raises an error that names the line which cannot be had by this actor. No query."""
    key = (tuple(asked), actor.may(BOOK))
    found = setup.demands.get(key)
    if found is None:
        option_ids = {line.option_id for line in asked}
        wanted = [setup.options[pk] for pk in option_ids if pk in setup.options]
        found = demand_from(
            asked,
            actor,
            known=setup.options,
            performers=setup.doing(option_ids),
            units=setup.of_kinds(frozenset[str]().union(*(option.kinds for option in wanted))),
        )
        setup.keep_demand(key, found)
    return found


def demand_from(
    asked: Sequence[AskedLine],
    actor: Actor,
    *,
    known: Mapping[UUID, OptionTerms],
    performers: Sequence[Performer],
    units: Sequence[UnitTerms],
) -> Demand:
    """The same out of a price list, a team and units that have been read already."""
    _check_options(asked, known, actor)
    terms = tuple(known[line.option_id] for line in asked)
    if not actor.may(BOOK):
        performers = [performer for performer in performers if performer.is_online]
    ways = [
        tuple(_ways(line, option, performers, units))
        for line, option in zip(asked, terms, strict=True)
    ]
    for place, (line, found) in enumerate(zip(asked, ways, strict=True)):
        if not found:
            field = "staff_id" if line.staff_id else "option_id"
            raise NobodyDoesThis(fields={f"lines.{place}.{field}": NobodyDoesThis.message})
    return Demand(
        asked=tuple(asked),
        terms=terms,
        ways=tuple(ways),
        performers={performer.staff_id: performer for performer in performers},
        unit_ids=frozenset(unit.unit_id for unit in units),
    )


def _check_options(
    asked: Sequence[AskedLine], known: Mapping[UUID, OptionTerms], actor: Actor
) -> None:
    missing = {
        f"lines.{place}.option_id": NoSuchOption.message
        for place, line in enumerate(asked)
        if line.option_id not in known or not (known[line.option_id].is_online or actor.may(BOOK))
    }
    if missing:
        raise Invalid(fields=missing)


def _ways(
    line: AskedLine,
    option: OptionTerms,
    performers: Sequence[Performer],
    units: Sequence[UnitTerms],
) -> list[Way]:
    return [
        Way(
            staff_id=performer.staff_id,
            price=option.levels[performer.level].price,
            steps=tuple(
                _step(phase, option.levels[performer.level].percent, units)
                for phase in option.phases
            ),
        )
        for performer in performers
        if option.option_id in performer.option_ids
        and performer.level in option.levels
        and line.staff_id in {None, performer.staff_id}
    ]


def _step(phase: PhaseTerms, percent: int, units: Sequence[UnitTerms]) -> Step:
    return Step(
        minutes=minutes_at(phase.minutes, percent),
        takes_staff=phase.takes_staff,
        takes_client=phase.takes_client,
        needs=tuple(
            UnitNeed(
                units=tuple(unit.unit_id for unit in units if unit.kind in need.kinds),
                quantity=need.quantity,
                kept=need.keep == "line",
            )
            for need in phase.needs
        ),
    )
