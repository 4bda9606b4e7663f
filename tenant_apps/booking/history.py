"""The journal of visits, parties and blocks, folded: what the tables must look like, and which
step of a visit can be taken back. Pure.

A visit's state holds every column that the journal records; left out are the tables' own
bookkeeping (created_at, updated_at) and the hash of a hold's token, which is a secret.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from tenant_apps.booking.events import (
    AppointmentArrived,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentCompleted,
    AppointmentConfirmed,
    AppointmentHeld,
    AppointmentMoved,
    AppointmentNoShow,
    AppointmentRequested,
    AppointmentStarted,
    BlockEvent,
    BlockFact,
    ClientNamed,
    LineCancelled,
    PartyBooked,
    PartyEvent,
    PartyFact,
    PhaseFact,
    StatusUndone,
    TakenFact,
    VisitEvent,
    VisitFact,
)

Fact = VisitFact | PartyFact | BlockFact
BookingEvent = VisitEvent | PartyEvent | BlockEvent
NAMES: dict[type[Fact], str] = {VisitFact: "visit", PartyFact: "party", BlockFact: "block"}
FIRST = (AppointmentBooked, AppointmentHeld, AppointmentRequested, PartyBooked)
STEPS = (
    AppointmentArrived,
    AppointmentStarted,
    AppointmentCompleted,
    AppointmentNoShow,
    LineCancelled,
    AppointmentCancelled,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A visit, a party or a block as one side has it."""

    id: UUID
    version: int
    fact: Fact

    @property
    def rows(self) -> dict[str, object]:
        """What each of its rows says, by what the row is."""
        fact = self.fact
        if isinstance(fact, BlockFact):
            return {
                "block": (self.version, replace(fact, takes=())),
                **{f"allocation {taken.id}": taken for taken in fact.takes},
            }
        if isinstance(fact, PartyFact):
            return {"party": (self.version, fact)}
        rows: dict[str, object] = {"appointment": (self.version, replace(fact, lines=()))}
        for line in fact.lines:
            rows[f"line {line.id}"] = replace(line, phases=())
            for place, phase in enumerate(line.phases):
                rows[f"phase {phase.id}"] = (place, replace(phase, takes=()))
                rows |= {f"allocation {taken.id}": taken for taken in phase.takes}
        return rows


class BrokenHistory(Exception):
    """Events that cannot follow one another."""


def fold(events: Iterable[BookingEvent]) -> Known:
    """The thing after all of its ``events``, which come in order of their versions."""
    told = list(events)
    if not told:
        raise BrokenHistory("no events")
    begins, last = told[0], told[-1]
    if not isinstance(begins, BlockEvent) and not isinstance(begins, FIRST):
        raise BrokenHistory(
            f"{begins.stream_id}: unexpected {begins.name} v{begins.version} at the beginning"
        )
    for before, after in pairwise(told):
        if isinstance(after, FIRST):
            raise BrokenHistory(f"{after.stream_id}: unexpected {after.name} after {before.name}")
    return Known(last.stream_id, last.version, _fact(last))


def _fact(event: BookingEvent) -> Fact:
    if isinstance(event, PartyEvent):
        return event.party
    return event.visit if isinstance(event, VisitEvent) else event.block


def differences(remembered: Iterable[Known], recorded: Iterable[Known]) -> Iterator[str]:
    """What the journal tells (``remembered``) against the tables (``recorded``).

    Both come in order of their ids, so that neither has to fit in memory.
    """
    for told, found in _paired(iter(remembered), iter(recorded)):
        if told is None and found is not None:
            yield f"{_name(found)} is in the tables and not in the journal"
        elif found is None and told is not None:
            yield f"{_name(told)} is in the journal and not in the tables"
        elif told is not None and found is not None and told != found:
            yield from _unequal(told, found)


def _name(known: Known) -> str:
    return f"{NAMES[type(known.fact)]} {known.id}"


def _unequal(told: Known, found: Known) -> Iterator[str]:
    journal, tables = told.rows, found.rows
    for key in sorted(journal.keys() | tables.keys()):
        if journal.get(key) != tables.get(key):
            if key in journal:
                yield f"{_name(told)}, only in the journal: {key} {journal[key]}"
            if key in tables:
                yield f"{_name(told)}, only in the tables: {key} {tables[key]}"


def _paired(
    remembered: Iterator[Known], recorded: Iterator[Known]
) -> Iterator[tuple[Known | None, Known | None]]:
    told, found = next(remembered, None), next(recorded, None)
    while told or found:
        if found is None or (told and told.id < found.id):
            yield told, None
            told = next(remembered, None)
        elif told is None or found.id < told.id:
            yield None, found
            found = next(recorded, None)
        else:
            yield told, found
            told, found = next(remembered, None), next(recorded, None)


@dataclass(frozen=True, slots=True)
class Told:
    """``event`` was recorded ``at`` that moment."""

    at: datetime
    event: VisitEvent


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A step in a visit's life: what the visit was ``before`` it and became by it."""

    at: datetime
    before: VisitFact
    after: VisitFact

    @property
    def freed(self) -> list[tuple[UUID, TakenFact]]:
        """What it gave back, in whole or in part, as it was planned; each with its phase."""
        left = {taken for _phase, taken in _takes(self.after)}
        return [(phase_id, taken) for phase_id, taken in _takes(self.before) if taken not in left]

    @property
    def taken(self) -> set[UUID]:
        """What it took: cleaning up behind lines that were left, or a finish given back."""
        before = {taken.id for _phase, taken in _takes(self.before)}
        return {taken.id for _phase, taken in _takes(self.after)} - before

    @property
    def replanned(self) -> dict[UUID, tuple[PhaseFact, ...]]:
        """By line, the phases of before, where the step made others of them."""
        became = {line.id: _plans(line.phases) for line in self.after.lines}
        return {
            line.id: line.phases
            for line in self.before.lines
            if became[line.id] != _plans(line.phases)
        }


def _plans(phases: Iterable[PhaseFact]) -> list[PhaseFact]:
    return [replace(phase, takes=(), actual_start=None, actual_end=None) for phase in phases]


def _takes(visit: VisitFact) -> Iterator[tuple[UUID, TakenFact]]:
    for line in visit.lines:
        for phase in line.phases:
            for taken in phase.takes:
                yield phase.id, taken


def last_step(story: Iterable[Told]) -> TakenBack | None:
    """The step that would be taken back next; one that was taken back already does not count.

    Nothing goes back to before the salon's yes. What was freed cannot return to a visit that
    was moved afterwards, for it was planned for another time; nor can what was done before
    that, for its lines are no longer what it made of them. The same holds when its lines or its
    client were changed; a price alone changes neither.
    """
    steps: list[TakenBack] = []
    for before, after in pairwise(story):
        match after.event:
            case StatusUndone():
                steps = steps[:-1]
            case AppointmentConfirmed():
                steps = []
            case AppointmentChanged() as event if _unpriced(event) == _unpriced(before.event):
                continue
            case AppointmentMoved() | AppointmentChanged() | ClientNamed():
                steps = _since_time_was_freed(steps)
            case event if isinstance(event, STEPS):
                steps.append(TakenBack(after.at, before.event.visit, event.visit))
    return steps[-1] if steps else None


def _unpriced(event: VisitEvent) -> VisitFact:
    return replace(event.visit, lines=tuple(replace(line, price=0) for line in event.visit.lines))


def _since_time_was_freed(steps: list[TakenBack]) -> list[TakenBack]:
    freeing = [place for place, step in enumerate(steps) if step.freed]
    return steps[freeing[-1] + 1 :] if freeing else steps
