"""What can be known of a visit before any calendar is. A visit that is asked for again keeps it."""

from functools import cached_property

from tenant_apps.booking.policies.kept import with_kept_units
from tenant_apps.booking.policies.layout import LaidOut, Layout
from tenant_apps.booking.policies.near import Chain, Wanted, chain_of, unit_wants
from tenant_apps.booking.policies.visit import Visit


class Plan:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self.laid_out = LaidOut()
        self._wants: dict[tuple[int, int], tuple[Wanted, ...]] = {}

    @cached_property
    def chain(self) -> Chain | None:
        return chain_of(self._visit, self.laid_out)

    @cached_property
    def choices(self) -> tuple[Visit, ...]:
        """The visit with each choice of the units that it keeps."""
        return tuple(with_kept_units(self._visit))

    @cached_property
    def impatient(self) -> Visit:
        """The visit by a client who never waits."""
        return Visit(self._visit.groups) if self._visit.patience else self._visit

    def wants(self, place: int, layout: Layout) -> tuple[Wanted, ...]:
        """Of units, at this place of the chain."""
        key = (place, id(layout))
        found = self._wants.get(key)
        if found is None:
            found = self._wants[key] = tuple(
                unit_wants(self.chain or (), place, layout, self._visit.waits)
            )
        return found


def plan_of(visit: Visit) -> Plan:
    found = visit.memo.get("plan")
    if found is None:
        found = visit.memo["plan"] = Plan(visit)
    return found
