"""Chairs and rooms that somebody chose, in place of those that would be found."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Invalid
from tenant_apps.booking.selectors.asked import DemandLine
from tenant_apps.catalog.enums import Keep
from tenant_apps.catalog.types import Need, OptionTerms, UnitTerms

NOT_NEEDED = _("The service needs no such unit.")
TOO_FEW = _("Name as many units as the service needs at once.")


@dataclass(frozen=True, slots=True)
class ByHand:
    """``named``: for each line, the units that were chosen for it."""

    named: tuple[frozenset[UUID], ...]

    def chosen(self, place: int, need: Need, units: Sequence[UUID]) -> tuple[UUID, ...]:
        """Which of ``units``, all that would do, may meet the need. What a client keeps through
        the visit is the one that was chosen for any of its lines."""
        own = self._among(units, [self.named[place]])
        if not own and need.keep is Keep.VISIT:
            own = self._among(units, self.named)
        return own or tuple(units)

    @staticmethod
    def _among(units: Sequence[UUID], named: Iterable[Collection[UUID]]) -> tuple[UUID, ...]:
        wanted = frozenset[UUID]().union(*named)
        return tuple(unit for unit in units if unit in wanted)


def units_by_hand(
    lines: Sequence[DemandLine], known: Mapping[UUID, OptionTerms], units: Sequence[UnitTerms]
) -> ByHand | None:
    """``None``: nobody chose anything. Raises ``Invalid`` for a unit that the line does not need,
    and for too few of them."""
    if not any(line.unit_ids for line in lines):
        return None
    kinds = {unit.unit_id: unit.kind for unit in units}
    problems = {
        f"{path}.unit_ids": problem
        for path in {line.path: None for line in lines}
        if (problem := _problem([line for line in lines if line.path == path], known, kinds))
    }
    if problems:
        raise Invalid(fields=problems)
    return ByHand(tuple(line.unit_ids for line in lines))


def _problem(
    lines: Sequence[DemandLine], known: Mapping[UUID, OptionTerms], kinds: Mapping[UUID, str]
) -> Promise | None:
    """With what was asked for as one: a line, or a bundle with its parts."""
    wanted = frozenset[str]().union(*(known[line.option_id].kinds for line in lines))
    named = [kinds.get(unit) for unit in lines[0].unit_ids]
    if any(kind not in wanted for kind in named):
        return NOT_NEEDED
    if any(_is_short(need, named) for need in _needs(lines, known)):
        return TOO_FEW
    return None


def _needs(lines: Sequence[DemandLine], known: Mapping[UUID, OptionTerms]) -> Iterator[Need]:
    for line in lines:
        for phase in known[line.option_id].phases:
            yield from phase.needs


def _is_short(need: Need, named: Sequence[str | None]) -> bool:
    return 0 < sum(kind in need.kinds for kind in named) < need.quantity
