"""What people do in a visit that is being tried: when they work, clean up and have their breaks."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.breaks import leaves_room
from tenant_apps.booking.policies.cleanup import after_use
from tenant_apps.booking.policies.layout import Layout
from tenant_apps.booking.policies.masks import Span, is_free, joined, overlap
from tenant_apps.booking.policies.reach import Finder

FOREVER = 1 << 62
Elsewhere = Mapping[UUID, Sequence[Span]]
"""When people work for others who come with this visit."""
NOWHERE: Elsewhere = {}


@dataclass(frozen=True, slots=True)
class InARow:
    """A line from minute ``at`` on; ``goes_on``: by whoever has just done the one before."""

    who: UUID
    at: int
    layout: Layout
    goes_on: bool


class People:
    def __init__(self, finder: Finder, elsewhere: Elsewhere) -> None:
        self._finder, self._elsewhere = finder, elsewhere
        self._uses: dict[UUID, list[Span]] = {}
        self._tidies: dict[UUID, list[Span]] = {}

    def working(self, who: UUID, spans: Sequence[Span]) -> AbstractContextManager[None]:
        """For as long as the block lasts."""
        return _added(self._uses, who, spans)

    def tidying(self, who: UUID, spans: Sequence[Span]) -> AbstractContextManager[None]:
        return _added(self._tidies, who, spans)

    def are_busy(self, who: UUID, work: Sequence[Span]) -> bool:
        taken = (*self._uses.get(who, ()), *self._elsewhere.get(who, ()))
        return any(overlap(one, other) for one in work for other in taken)

    def past(self, at: int) -> Hashable:
        """All that the rest of the visit, from minute ``at`` on, can meet."""
        return frozenset(
            (who, tuple(self._uses.get(who, ())), tuple(self._tidies.get(who, ())))
            for who in {*self._uses, *self._tidies}
            if self._matters(who, at)
        )

    def _matters(self, who: UUID, at: int) -> bool:
        """Whether this person is still busy, has to clean up, or may lose a break."""
        uses = self._uses.get(who, ())
        return (
            any(end > at for _first, end in uses)
            or any(after_use(tidy, uses)[1] > at for tidy in self._tidies.get(who, ()))
            or any(room.ends > at for room in self._finder.rooms(who))
        )

    def are_tidied(self, until: int) -> bool:
        """Whether the cleaning up that is settled before minute ``until`` can be done."""
        for who in self._tidies:
            free = self._finder.free.staff.get(who, 0)
            taken = self._elsewhere.get(who, ())
            for tidy in self._settled(who, until):
                if not is_free(free, tidy) or any(overlap(tidy, other) for other in taken):
                    return False
        return True

    def have_breaks(self, until: int) -> bool:
        """Whether they all fit still beside the work so far and the cleaning up that is settled
        before minute ``until``."""
        if not self._finder.free.floating:
            return True
        for who in {*self._uses, *self._tidies}:
            rooms = self._finder.rooms(who)
            if rooms:
                uses, elsewhere = self._uses.get(who, ()), self._elsewhere.get(who, ())
                taken = joined([*uses, *self._settled(who, until), *elsewhere])
                if not all(leaves_room(room, taken) for room in rooms):
                    return False
        return True

    def _settled(self, who: UUID, until: int) -> Iterator[Span]:
        """When this person cleans up, as far as nothing from minute ``until`` on moves it."""
        uses = self._uses.get(who, ())
        for tidy in self._tidies.get(who, ()):
            settled = after_use(tidy, uses)
            if settled[1] <= until:
                yield settled

    def leave_no_crumbs(self, lines: Iterable[InARow], until: int) -> bool:
        """Whether nobody's time beside what they do in a row is too short to be sold, as far as
        that is settled before minute ``until``."""
        rows = list(self.rows(lines))
        for place, (who, first, end) in enumerate(rows, 1):
            begins, ends = self._finder.edges(who)
            is_over = until == FOREVER or (end <= until and place < len(rows))
            if not begins >> first & 1 or (is_over and not ends >> end & 1):
                return False
        return True

    def rows(self, lines: Iterable[InARow]) -> Iterator[tuple[UUID, int, int]]:
        """Who works from when to when, cleaning up included."""
        found: list[tuple[UUID, list[Span]]] = []
        for line in lines:
            if not line.goes_on:
                found.append((line.who, []))
            uses, spans = self._uses.get(line.who, ()), found[-1][1]
            spans += [(first + line.at, end + line.at) for first, end in line.layout.lead]
            for first, end in line.layout.lead_tidies:
                spans.append(after_use((first + line.at, end + line.at), uses))
        for who, spans in found:
            if spans:
                yield who, min(first for first, _ in spans), max(end for _, end in spans)


@contextmanager
def _added(spans: dict[UUID, list[Span]], staff_id: UUID, more: Sequence[Span]) -> Iterator[None]:
    """These spans for as long as the block lasts. Nobody stands there without any."""
    if not more:
        yield
        return
    known = spans.setdefault(staff_id, [])
    count = len(known)
    known.extend(more)
    yield
    del known[count:]
    if not known:
        del spans[staff_id]
