"""What a salon sells, by whom, with what and when people work: read often, changed rarely.

Every process keeps it, salon by salon, under the token of ``shared_apps.core.revisions``. Who
decides anything compares the token in the same statement that reads what is taken, under the
day lock where it books, so nothing is ever sold by a price list or a rota of yesterday.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.core.errors import DomainError
from shared_apps.core.revisions import current_token
from tenant_apps.booking.types import Rules
from tenant_apps.catalog.selectors import all_option_terms, units_of
from tenant_apps.catalog.types import OptionTerms, UnitTerms
from tenant_apps.staff.selectors import performers_of
from tenant_apps.staff.types import DayWork, Performer
from tenants.selectors import current_salon

SALONS_KEPT = 400
DEMANDS_KEPT = 256
CHANGES_WAITED_FOR = 5
RULE_FIELDS = (
    *("grid_minutes", "notice_minutes", "horizon_days", "free_cancel_hours"),
    *("hold_minutes", "min_gap_minutes", "approve_online", "max_wait_minutes"),
    "refuse_crumbs",
)
RULES = f"SELECT {', '.join(RULE_FIELDS)} FROM booking_bookingrules"  # noqa: S608 our own words

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Setup:
    """``work`` grows day by day and ``demands`` wish by wish, as they are asked for."""

    token: UUID | None
    options: Mapping[UUID, OptionTerms]
    performers: Sequence[Performer]
    units: Sequence[UnitTerms]
    rules: Rules
    work: dict[date, DayWork] = field(default_factory=dict)
    demands: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def subjects(self) -> list[UUID]:
        """Everybody and everything whose time visits take, clients apart."""
        staff = [performer.staff_id for performer in self.performers]
        return staff + [unit.unit_id for unit in self.units]

    @property
    def places(self) -> dict[UUID, int]:
        """How many of one party find room in a unit together."""
        return {unit.unit_id: unit.places for unit in self.units}

    def doing(self, option_ids: Collection[UUID]) -> list[Performer]:
        """Who does at least one of these, in the team's order."""
        return [found for found in self.performers if not found.option_ids.isdisjoint(option_ids)]

    def keep_demand(self, key: Hashable, demand: Any) -> None:
        if len(self.demands) >= DEMANDS_KEPT:
            self.demands.clear()
        self.demands[key] = demand

    def of_kinds(self, kinds: Collection[str]) -> list[UnitTerms]:
        """The units in service of these kinds, in the salon's own order."""
        return [unit for unit in self.units if unit.kind in kinds]


class SetupChanged(Exception):
    """Somebody changed it meanwhile: what was made of the old one is void."""


def with_setup(do: Callable[[Setup], R]) -> R:
    """Run ``do`` with what is kept, and again with what holds now when it says so.

    ``do`` raises ``SetupChanged`` before it has written anything. A refusal counts only by what
    holds: a service that is new is not on the price list that was kept.
    """
    setup = kept_setup()
    for _change in range(CHANGES_WAITED_FOR):
        try:
            return do(setup)
        except SetupChanged:
            setup = read_setup()
        except DomainError:
            if current_token() == setup.token:
                raise
            setup = read_setup()
    return do(setup)


def setup_now() -> Setup:
    """What holds at this moment. One query, and five more when it has changed."""
    setup = kept_setup()
    return setup if current_token() == setup.token else read_setup()


def kept_setup() -> Setup:
    """What this process has of the salon at hand; it may be out of date by now."""
    found = _kept.get(current_salon().id)
    return found if found is not None else read_setup()


def read_setup() -> Setup:
    """The token first: what follows is then never older than it says. Five queries."""
    token = current_token()
    options = all_option_terms()
    kinds = frozenset[str]().union(*(option.kinds for option in options.values()))
    setup = Setup(
        token=token,
        options=options,
        performers=tuple(performers_of(options.keys())),
        units=tuple(units_of(kinds)),
        rules=read_rules(),
    )
    _kept.keep(current_salon().id, setup)
    return setup


def read_rules() -> Rules:
    found = rows(RULES)
    return Rules(**dict(zip(RULE_FIELDS, found[0], strict=True))) if found else Rules()


def rules_version() -> int:
    """0: the rules are those every salon begins with."""
    found = rows("SELECT version FROM booking_bookingrules")
    return int(found[0][0]) if found else 0


class _Kept:
    """The salons asked for last. Threads may lose each other's entry, never mix two salons."""

    def __init__(self) -> None:
        self._setups: OrderedDict[UUID, Setup] = OrderedDict()

    def get(self, salon_id: UUID) -> Setup | None:
        with suppress(KeyError):  # another thread may have dropped it meanwhile
            self._setups.move_to_end(salon_id)
        return self._setups.get(salon_id)

    def keep(self, salon_id: UUID, setup: Setup) -> None:
        self._setups[salon_id] = setup
        while len(self._setups) > SALONS_KEPT:
            self._setups.popitem(last=False)


_kept = _Kept()
