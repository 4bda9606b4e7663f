"""What was found for a party at one start will do at others, too: all of them at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from tenant_apps.booking.policies.masks import Mask, Span, joined
from tenant_apps.booking.policies.placing import people_of, units_of
from tenant_apps.booking.policies.plan import plan_of
from tenant_apps.booking.policies.reach import EVERYWHERE, Finder
from tenant_apps.booking.policies.search import Found
from tenant_apps.booking.policies.visit import Visit


def repeated(
    visits: Sequence[Visit], finders: Sequence[Finder], found: Sequence[Found], start: int
) -> Mask:
    """Every start at which what was ``found`` at ``start`` can be had as it is: with the same
    people and units, all of it so much earlier or later."""
    people, units = defaultdict[UUID, list[Span]](list), defaultdict[UUID, list[Span]](list)
    starts = EVERYWHERE
    for visit, finder, one in zip(visits, finders, found, strict=True):
        starts &= _with_client(visit, finder, one, start)
        for who, spans in people_of(one).items():
            people[who] += _from(start, spans)
        for unit, spans in units_of(one).items():
            units[unit] += _from(start, spans)
    finder = finders[0]
    for who, taken in people.items():
        starts &= finder.staff(who, taken) & finder.unbroken(who, joined(taken))
    for unit, taken in units.items():
        starts &= finder.unit(unit, taken)
    return starts


def _from(start: int, spans: Sequence[Span]) -> Iterator[Span]:
    for first, end in spans:
        yield first - start, end - start


def _with_client(visit: Visit, finder: Finder, found: Found, start: int) -> Mask:
    starts, until = EVERYWHERE, start
    for entry in found.entries:
        layout = plan_of(visit).laid_out(entry.way.steps)
        starts &= finder.client(layout) >> (entry.starts - start)
        until = max(until, entry.starts + layout.held)
    return starts & finder.waiting(until - start) if visit.patience else starts
