"""What somebody asks for, made concrete: who could do each line, in which steps, for how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.money import Money
from tenant_apps.booking.permissions import BOOK
from tenant_apps.booking.policies.placing import Placed
from tenant_apps.booking.policies.visit import Visit
from tenant_apps.booking.selectors.asked import DemandLine, lines_of, option_ids_of
from tenant_apps.booking.selectors.by_hand import units_by_hand
from tenant_apps.booking.selectors.setup import Setup
from tenant_apps.booking.selectors.ways import Planner
from tenant_apps.booking.types import AskedLine, LinePrice
from tenant_apps.catalog.types import OptionTerms, UnitTerms
from tenant_apps.staff.types import Performer


@dataclass(frozen=True, slots=True)
class Demand:
    """``lines`` and ``terms`` by place: bundles are opened, and add-ons have lines of their own.
    ``visit`` has all ways to have them, the team's first choice first."""

    lines: tuple[DemandLine, ...]
    terms: tuple[OptionTerms, ...]
    visit: Visit
    performers: Mapping[UUID, Performer]
    unit_ids: frozenset[UUID]

    @property
    def longest(self) -> int:
        """Minutes of the slowest way through all lines."""
        return self.visit.longest

    def is_parallel(self, place: int) -> bool:
        """Whether other lines begin together with this one."""
        tops = [line.group for line in self.lines if line.parent is None]
        return self.lines[place].parent is None and tops.count(self.lines[place].group) > 1

    def price(self, place: int, staff_id: UUID) -> LinePrice:
        terms, level = self.terms[place], self.performers[staff_id].level
        share = self.lines[place].share
        amount = terms.levels[level].price if share is None else share
        return LinePrice(terms=terms, level=level, price=Money(amount, terms.currency))

    def total(self, placed: Sequence[Placed]) -> Money:
        prices = [self.price(line.line, line.staff_id).price for line in placed]
        return sum(prices[1:], prices[0])


def demand_of(
    setup: Setup,
    asked: Sequence[AskedLine],
    actor: Actor,
    *,
    is_again: bool = False,
    waited: int = 0,
) -> Demand:
    """Raises an error that names the line which cannot be had by this actor. No query.

    ``is_again``: the lines were sold before, and need not be on sale any more. ``waited``: so
    many minutes the client may wait between two lines even where the salon allows less.
    """
    patience = max(setup.rules.max_wait_minutes, waited)
    key = (tuple(asked), actor.may(BOOK), is_again, patience)
    found = setup.demands.get(key)
    if found is None:
        option_ids = option_ids_of(asked, setup.options)
        wanted = [setup.options[pk] for pk in option_ids if pk in setup.options]
        found = demand_from(
            asked,
            actor,
            known=setup.options,
            performers=setup.doing(option_ids),
            units=setup.of_kinds(frozenset[str]().union(*(option.kinds for option in wanted))),
            is_again=is_again,
            patience=patience,
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
    is_again: bool = False,
    patience: int = 0,
) -> Demand:
    """The same out of a price list, a team and units that have been read already. ``patience``:
    how long the client may wait between two lines."""
    lines, terms = lines_of(asked, known, actor, is_again=is_again)
    may_choose = actor.may(BOOK)
    bookable = [who for who in performers if may_choose or who.is_online]
    return Demand(
        lines=lines,
        terms=terms,
        visit=Planner(
            lines, terms, performers, units, bookable, units_by_hand(lines, known, units)
        ).visit(patience),
        performers={performer.staff_id: performer for performer in performers},
        unit_ids=frozenset(unit.unit_id for unit in units),
    )
