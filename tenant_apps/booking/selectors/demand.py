"""What somebody asks for, made concrete: who could do each line, in which steps, for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Invalid
from shared_apps.core.money import Money
from tenant_apps.booking.errors import NobodyDoesThis
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.policies.placing import Placed
from tenant_apps.booking.policies.visit import Keep, Step, UnitNeed, Visit, Way, in_turn
from tenant_apps.booking.selectors.setup import Setup
from tenant_apps.booking.types import AskedLine, LinePrice
from tenant_apps.catalog.enums import PhaseKind, PhasePerformer
from tenant_apps.catalog.errors import NoSuchOption
from tenant_apps.catalog.policies.phases import minutes_at
from tenant_apps.catalog.types import Need, OptionTerms, UnitTerms
from tenant_apps.staff.types import Performer


@dataclass(frozen=True, slots=True)
class Demand:
    """``asked`` and ``terms`` by line. ``visit`` has all ways to have them, the team's first
    choice first."""

    asked: tuple[AskedLine, ...]
    terms: tuple[OptionTerms, ...]
    visit: Visit
    performers: Mapping[UUID, Performer]
    unit_ids: frozenset[UUID]

    @property
    def longest(self) -> int:
        """Minutes of the slowest way through all lines."""
        return self.visit.longest

    def price(self, place: int, staff_id: UUID) -> LinePrice:
        terms, level = self.terms[place], self.performers[staff_id].level
        amount = terms.levels[level].price
        return LinePrice(terms=terms, level=level, price=Money(amount, terms.currency))

    def total(self, placed: Sequence[Placed]) -> Money:
        prices = [self.price(line.line, line.staff_id).price for line in placed]
        return sum(prices[1:], prices[0])


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
        _ways(place, line, option, performers, units)
        for place, (line, option) in enumerate(zip(asked, terms, strict=True))
    ]
    for place, (line, found) in enumerate(zip(asked, ways, strict=True)):
        if not found:
            field = "staff_id" if line.staff_id else "option_id"
            raise NobodyDoesThis(fields={f"lines.{place}.{field}": NobodyDoesThis.message})
    return Demand(
        asked=tuple(asked),
        terms=terms,
        visit=in_turn(ways),
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
    place: int,
    line: AskedLine,
    option: OptionTerms,
    performers: Sequence[Performer],
    units: Sequence[UnitTerms],
) -> list[Way]:
    doing = [who for who in performers if option.option_id in who.option_ids]
    able = [who for who in doing if who.level in option.levels]
    helpers = tuple(who.staff_id for who in doing)
    steps = {
        level: _steps(place, option, level, helpers, units) for level in {who.level for who in able}
    }
    return [
        Way(who.staff_id, steps[who.level], option.levels[who.level].price)
        for who in able
        if line.staff_id in {None, who.staff_id}
    ]


def _steps(
    place: int,
    option: OptionTerms,
    level: str,
    helpers: tuple[UUID, ...],
    units: Sequence[UnitTerms],
) -> tuple[Step, ...]:
    """What everybody of this level does. Phases of no minutes are left out."""
    terms = option.levels[level]
    own = terms.phases
    found = []
    for number, phase in enumerate(option.phases):
        minutes = own[number] if own else minutes_at(phase.minutes, terms.percent)
        if minutes:
            anybody = phase.performer is PhasePerformer.ANY_QUALIFIED
            found.append(
                Step(
                    minutes=minutes,
                    takes_staff=phase.takes_staff,
                    takes_client=phase.takes_client,
                    needs=tuple(_need(need, units) for need in phase.needs),
                    able=helpers if anybody else (),
                    tidies=phase.kind is PhaseKind.CLEANUP,
                    line=place,
                    number=number,
                )
            )
    return tuple(found)


KEEPS: Mapping[str, Keep] = {"phase": "phase", "line": "line", "visit": "visit"}


def _need(need: Need, units: Sequence[UnitTerms]) -> UnitNeed:
    return UnitNeed(
        units=tuple(unit.unit_id for unit in units if unit.kind in need.kinds),
        quantity=need.quantity,
        keep=KEEPS[need.keep],
    )
