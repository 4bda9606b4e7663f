"""The search itself, at one start. Depth first; every choice is undone when it leads nowhere."""

from collections.abc import Collection, Generator, Hashable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.booking.policies.barrier import Possible, Tracked
from tenant_apps.booking.policies.layout import Task
from tenant_apps.booking.policies.masks import Span, bits, is_free, span
from tenant_apps.booking.policies.matching import can_all_be_matched
from tenant_apps.booking.policies.people import FOREVER, NOWHERE, Elsewhere, InARow, People
from tenant_apps.booking.policies.search import (
    CallKey,
    Doing,
    Entry,
    Field,
    Found,
    Pins,
    calls_of,
)
from tenant_apps.booking.policies.steps import GaveUp, Steps
from tenant_apps.booking.policies.units import Chosen, choose_units
from tenant_apps.booking.policies.visit import WAIT_STEP, Inside, Step, UnitNeed

Units = Mapping[CallKey, Chosen]


def first_choice(
    field: Field, start: int, *, total: int | None = None, pins: Pins | None = None
) -> Found | None:
    """The first choice that fits: one with the least waiting, then with the cheapest people,
    then with the preferred ones."""
    steps = Steps()
    found = None
    with suppress(GaveUp), closing(choices(field, start, steps, total=total, pins=pins)) as fitting:
        found = next(fitting, None)
    field.steps += steps.taken
    return found


def choices(
    field: Field,
    start: int,
    steps: Steps,
    *,
    total: int | None = None,
    pins: Pins | None = None,
    elsewhere: Elsewhere = NOWHERE,
) -> Generator[Found]:
    """All of them, one after another. Raises ``GaveUp``."""
    if start < 0 or not field.groups:
        return
    attempt = _Attempt(field, steps, pins or {}, elsewhere)
    for waiting in range(0, field.longest_wait + 1, WAIT_STEP):
        for units in attempt.group(0, start, total, waiting):
            yield Found(tuple(attempt.entries), tuple(attempt.doings), units)


@dataclass(frozen=True, slots=True)
class _Wait:
    """Before a group, with what is kept for the client meanwhile if they go on with it."""

    minutes: int
    kept: frozenset[UnitNeed]


class _Attempt:
    """Each generator yields once for every way to go on, with that choice made."""

    def __init__(self, field: Field, steps: Steps, pins: Pins, elsewhere: Elsewhere) -> None:
        self.field, self.pins = field, pins
        self._steps, self.people = steps, People(field.finder, elsewhere)
        self.entries: list[Entry] = []
        self.doings: list[Doing] = []
        self._failed: set[Hashable] = set()
        self._units: dict[Hashable, Units | None] = {}

    def group(
        self, place: int, at: int, left: int | None, waiting: int, waited: int = 0
    ) -> Iterator[Units]:
        """Everything from this group on. ``left``: what it has to cost. ``waiting``: for how long
        the client waits from then on, ``waited``: for how long for this group."""
        if place == len(self.field.groups):
            units = self._complete() if left in {None, 0} else None
            if units is not None:
                yield units
            return
        if not self.field.onward(place, waiting) >> at & 1:
            return
        state = (place, at, left, waiting, waited, self._past(at))
        if state in self._failed or not self._holds(at):
            return
        wait = _Wait(waited, self._used() if waited and self.field.keeps_units else frozenset())
        leads_nowhere = True
        for end, rest in self._tracks(place, at, at, left, (), wait):
            for more in self._waits_after(place, end, waiting):
                for units in self.group(place + 1, end + more, rest, waiting - more, more):
                    leads_nowhere = False
                    yield units
        if leads_nowhere:
            self._failed.add(state)

    def _waits_after(self, place: int, end: int, waiting: int) -> Iterator[int]:
        for wait in self.field.waits_after(place, waiting):
            if self.field.finder.waiting(wait) >> end & 1:
                yield wait

    def _tracks(
        self,
        place: int,
        at: int,
        end: int,
        left: int | None,
        leads: tuple[UUID, ...],
        wait: "_Wait",
    ) -> Iterator[tuple[int, int | None]]:
        number, tracks = len(leads), self.field.groups[place]
        if left is not None and not (
            self.field.least[place][number] <= left <= self.field.most[place][number]
        ):
            return
        if number == len(tracks):
            yield end, left
            return
        if len(tracks) - number > 1 and not self._are_enough(tracks[number:], at, leads):
            return
        found = tracks[number]
        for able in self._able(found, at, leads):
            lead = able.way.staff_id
            rest = None if left is None else left - able.way.price
            until = max(end, at + able.layout.held)
            with self._kept_meanwhile(able, at, wait):
                for spent in self._entered(able, at, found.track.lines, found, rest):
                    yield from self._tracks(place, at, until, spent, (*leads, lead), wait)

    @contextmanager
    def _kept_meanwhile(self, able: Possible, at: int, wait: "_Wait") -> Iterator[None]:
        """What is kept through the visit and needed at once is not given away while the client
        waits for it."""
        first = able.way.steps[0]
        kept = tuple(need for need in first.needs if need in wait.kept)
        if not kept:
            yield
            return
        step = Step(wait.minutes, takes_staff=False, needs=kept, line=first.line)
        task = Task(-wait.minutes, step)
        self.doings.append(Doing(len(self.entries), task, at + task.at, None, is_wait=True))
        yield
        self.doings.pop()

    def _used(self) -> frozenset[UnitNeed]:
        """What is kept through the visit, so far."""
        return frozenset(
            need for doing in self.doings for need in doing.task.step.needs if need.keep == "visit"
        )

    def _able(self, found: Tracked, at: int, leads: Collection[UUID]) -> Iterator[Possible]:
        pinned = {self.pins[line] for line in found.track.lines if line in self.pins}
        for able in found.ways:
            lead = able.way.staff_id
            if able.starts >> at & 1 and lead not in leads and pinned <= {lead}:
                yield able

    def _are_enough(self, tracks: Sequence[Tracked], at: int, leads: Collection[UUID]) -> bool:
        self._steps.take(len(tracks))
        return can_all_be_matched(
            [[able.way.staff_id for able in self._able(found, at, leads)] for found in tracks]
        )

    def _entered(
        self,
        able: Possible,
        at: int,
        lines: tuple[int, ...],
        found: Tracked | None,
        left: int | None,
    ) -> Iterator[int | None]:
        """With this way begun at ``at``, and all that is inside it."""
        self._steps.take()
        lead, layout = able.way.staff_id, able.layout
        work = [(first + at, end + at) for first, end in layout.lead]
        if self.people.are_busy(lead, work):
            return
        number = len(self.entries)
        self.entries.append(Entry(lines, able.way, at))
        before = len(self.doings)
        self.doings += [
            Doing(number, task, at + task.at, lead if task.step.takes_lead else None)
            for task in layout.tasks
            if not (task.step.takes_staff and task.step.able)
        ]
        tidying = [(first + at, end + at) for first, end in layout.lead_tidies]
        with self.people.working(lead, work), self.people.tidying(lead, tidying):
            for _helped in self._helpers(number, layout.anyone, at, lead):
                if found is None or not found.inside:
                    yield left
                else:
                    yield from self._insides(found, able, at, left, ())
        del self.doings[before:]
        self.entries.pop()

    def _helpers(self, entry: int, tasks: Sequence[Task], at: int, lead: UUID) -> Iterator[None]:
        if not tasks:
            yield
            return
        task, rest = tasks[0], tasks[1:]
        for staff_id in sorted(task.step.able, key=lambda able: able != lead):
            doing = Doing(entry, task, at + task.at, staff_id)
            free = self.field.finder.free.staff.get(staff_id, 0)
            if not task.step.tidies and (
                not is_free(free, doing.span) or self.people.are_busy(staff_id, [doing.span])
            ):
                continue
            self._steps.take()
            taking = self.people.tidying if task.step.tidies else self.people.working
            self.doings.append(doing)
            with taking(staff_id, [doing.span]):
                yield from self._helpers(entry, rest, at, lead)
            self.doings.pop()

    def _insides(
        self, found: Tracked, parent: Possible, at: int, left: int | None, filled: tuple[Span, ...]
    ) -> Iterator[int | None]:
        number = len(filled)
        if number == len(found.inside):
            yield left
            return
        inner = found.track.inside[number]
        pin = self.pins.get(inner.line)
        for one in found.inside[number]:
            if pin not in {None, one.way.staff_id}:
                continue
            rest = None if left is None else left - one.way.price
            for start in self._places(one, parent, inner, at, filled):
                whole = (start, start + one.layout.ends)
                for spent in self._entered(one, start, (inner.line,), None, rest):
                    yield from self._insides(found, parent, at, spent, (*filled, whole))

    @staticmethod
    def _places(
        one: Possible, parent: Possible, inner: Inside, at: int, filled: Sequence[Span]
    ) -> Iterator[int]:
        """In the processing of its parent, clear of what is there already."""
        starts, length = one.starts, one.layout.ends
        for first, end in filled:
            starts &= ~span(min(end, max(0, first - length + 1)), end)
        for first, end in parent.layout.room_in(inner.parent):
            spare = end - first - length
            for minute in bits(starts >> (at + first) & span(0, spare + 1)):
                yield at + first + minute

    def _past(self, at: int) -> Hashable:
        """All of the past that the rest of the visit can meet."""
        times = tuple(
            (id(entry.way.steps), entry.starts)
            for entry in self.entries
            if self.field.has_units[id(entry.way.steps)] or self.field.keeps_units
        )
        row = self._last_row() if self.field.free.least_gap else ()
        return times, self.people.past(at), row

    def _last_row(self) -> Hashable:
        """All of it that counts when it goes on, and when it does not."""
        last = self.entries[-1:]
        rows = tuple(self.people.rows(self._in_a_row()))[-1:]
        return tuple(
            (entry.way.staff_id, id(entry.way.steps), entry.starts) for entry in last
        ), rows

    def _holds(self, until: int) -> bool:
        """Whether what is settled before minute ``until`` is all right. Whoever is not in the
        past that the rest can meet must have been asked for here."""
        if not self.people.are_tidied(until) or not self.people.have_breaks(until):
            return False
        if self.field.free.least_gap and not self.people.leave_no_crumbs(self._in_a_row(), until):
            return False
        return not self.field.keeps_units or self._kept_units_hold()

    def _in_a_row(self) -> Iterator[InARow]:
        """Of a plain sequence: who does what without a pause."""
        who, until = None, -1
        for entry in self.entries:
            layout = self.field.layout(entry.way)
            goes_on = (who, until) == (entry.way.staff_id, entry.starts)
            who, until = entry.way.staff_id, entry.starts + layout.held
            yield InARow(who, entry.starts, layout, goes_on)

    def _kept_units_hold(self) -> bool:
        free = self.field.finder.free.units
        return all(
            sum(
                all(is_free(free.get(unit, 0), use) for use in call.uses)
                for unit in call.need.units
            )
            >= call.need.quantity
            for call in calls_of(self.doings).values()
            if call.need.keep == "visit"
        )

    def _complete(self) -> Units | None:
        if not self._holds(FOREVER):
            return None
        times = tuple((id(entry.way.steps), entry.starts) for entry in self.entries)
        if times not in self._units:
            calls = calls_of(self.doings)
            free = self.field.finder.free
            chosen = choose_units(list(calls.values()), free.units, free.beside)
            found = None if chosen is None else dict(zip(calls, chosen, strict=True))
            self._units[times] = found
        return self._units[times]
