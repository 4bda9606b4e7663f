"""A visit's life: which state may follow which, what is late, what an actual end frees. Pure.

Actual times never move a plan. That a visit is late, or takes longer than planned, is found
when somebody looks, as a clash with whatever comes next.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.booking.enums import State

ON_TIME = timedelta(0)


class Doing(StrEnum):
    """What somebody may do with a visit or a line, in the order of its life."""

    CONFIRM = "confirm"
    ARRIVE = "arrive"
    START = "start"
    COMPLETE = "complete"
    NO_SHOW = "no_show"
    CANCEL = "cancel"
    UNDO = "undo"


WAITING = frozenset({State.REQUESTED, State.CONFIRMED, State.ARRIVED})
"""A line in one of these has its time before it."""

FROM: Mapping[Doing, frozenset[State]] = {
    Doing.CONFIRM: frozenset({State.REQUESTED}),
    Doing.ARRIVE: frozenset({State.CONFIRMED}),
    Doing.START: frozenset({State.CONFIRMED, State.ARRIVED}),
    Doing.COMPLETE: frozenset({State.CONFIRMED, State.ARRIVED, State.IN_SERVICE}),
    Doing.NO_SHOW: frozenset({State.CONFIRMED}),
    Doing.CANCEL: WAITING | {State.HELD},
    Doing.UNDO: frozenset(
        {State.ARRIVED, State.IN_SERVICE, State.COMPLETED, State.NO_SHOW, State.CANCELLED}
    ),
}


def possible(state: str, *, starts_at: datetime, moment: datetime) -> tuple[Doing, ...]:
    """What can be done with a visit, or a line, that is planned from ``starts_at`` on."""
    return tuple(
        doing
        for doing, states in FROM.items()
        if state in states and (starts_at <= moment or not _too_early(doing, state))
    )


def _too_early(doing: Doing, state: str) -> bool:
    """Nobody has missed a visit, or had one without being seen to begin, before its time."""
    return doing is Doing.NO_SHOW or (doing is Doing.COMPLETE and state != State.IN_SERVICE)


def visit_state(lines: Iterable[str], before: str) -> str:
    """What a visit is when its lines are these; ``before`` while none has begun."""
    going = [state for state in lines if state != State.CANCELLED]
    if not going:
        return State.CANCELLED
    if all(state == State.COMPLETED for state in going):
        return State.COMPLETED
    has_begun = any(state in {State.IN_SERVICE, State.COMPLETED} for state in going)
    return State.IN_SERVICE if has_begun else before


def is_undoable(done_at: datetime, starts_at: datetime, moment: datetime, zone: ZoneInfo) -> bool:
    """On the salon day it was done, and as long as the visit is still to come."""
    return starts_at > moment or _day(done_at, zone) == _day(moment, zone)


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def kept_until(starts_at: datetime, ends_at: datetime, moment: datetime) -> datetime | None:
    """When something that is planned for this time ends if it is over at ``moment``.

    ``None``: it never begins. What has ended by then stays as it is.
    """
    if starts_at >= moment:
        return None
    return min(ends_at, moment)


def is_late(moment: datetime, starts_at: datetime, state: str) -> bool:
    """The client should be here and is not."""
    return state in {State.REQUESTED, State.CONFIRMED} and moment > starts_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How a line is planned and how it goes. ``ends_at``: when its last phase ends by plan."""

    state: str
    starts_at: datetime
    ends_at: datetime
    actual_start: datetime | None = None


def delay(moment: datetime, line: Course) -> timedelta:
    """How much later than planned a line will end, as far as one can tell; never negative.

    One that has not begun begins now at the earliest; one that runs takes as long as planned,
    and longer when it is not over by then.
    """
    if line.state in WAITING:
        return max(ON_TIME, moment - line.starts_at)
    if line.state == State.IN_SERVICE:
        begun_late = (line.actual_start or line.starts_at) - line.starts_at
        return max(ON_TIME, begun_late, moment - line.ends_at)
    return ON_TIME


def delays(moment: datetime, lines: Sequence[Course]) -> list[timedelta]:
    """The delay of each line of one visit. A line waits for those planned before it."""
    found: list[timedelta] = []
    for line in lines:
        own = delay(moment, line)
        if line.state in WAITING:
            own = max([own, *(delay(moment, other) for other in lines if _before(other, line))])
        found.append(own)
    return found


def _before(other: Course, line: Course) -> bool:
    return other is not line and other.ends_at <= line.starts_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Time of one person or unit that a visit or a block (``holder_id``) takes by plan.

    ``delay`` is that of its line; a block has none. ``party_id``: of a unit, with whose visits
    it may be shared.
    """

    subject_id: UUID
    holder_id: UUID
    starts_at: datetime
    ends_at: datetime
    delay: timedelta = ON_TIME
    party_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """``holder_id`` will need ``subject_id`` until ``until``, when ``follower_id`` has it by
    plan from ``since`` on."""

    subject_id: UUID
    holder_id: UUID
    follower_id: UUID
    since: datetime
    until: datetime


def overrun(moment: datetime, held: Iterable[Held]) -> list[Clash]:
    """Who will have to wait because somebody else is late or takes longer, and until when.

    What was to be over by now is over, whatever it delayed. Two who share a time by plan (an
    overbooking) are not each other's followers, nor are people of one party in a unit which has
    room for both. Give all that is taken of the days in question.
    """
    by_subject = defaultdict[UUID, list[Held]](list)
    for taken in held:
        by_subject[taken.subject_id].append(taken)
    found: dict[tuple[UUID, UUID, UUID], Clash] = {}
    for everybody in by_subject.values():
        everybody.sort(key=lambda taken: taken.starts_at)
        for place, late in enumerate(everybody):
            if late.delay and late.ends_at + late.delay >= moment:
                companions = _companions(late, everybody)
                for clash in _clashes(late, everybody[place + 1 :]):
                    if clash.follower_id not in companions:
                        _keep_longest(found, clash)
    return list(found.values())


def _companions(late: Held, everybody: Iterable[Held]) -> set[UUID]:
    """Who of its party has the subject together with it: there is room for both."""
    if late.party_id is None:
        return set()
    found = list(everybody)
    mine = [taken for taken in found if taken.holder_id == late.holder_id]
    return {
        other.holder_id
        for other in found
        for taken in mine
        if other.party_id == late.party_id
        and taken.starts_at < other.ends_at
        and other.starts_at < taken.ends_at
    }


def _clashes(late: Held, later: Iterable[Held]) -> Iterator[Clash]:
    until = late.ends_at + late.delay
    for follower in later:
        if late.ends_at <= follower.starts_at < until and follower.holder_id != late.holder_id:
            yield Clash(
                subject_id=late.subject_id,
                holder_id=late.holder_id,
                follower_id=follower.holder_id,
                since=follower.starts_at,
                until=until,
            )


def _keep_longest(found: dict[tuple[UUID, UUID, UUID], Clash], clash: Clash) -> None:
    """One of each pair and subject, though several phases of both meet there."""
    key = (clash.subject_id, clash.holder_id, clash.follower_id)
    known = found.setdefault(key, clash)
    since, until = min(known.since, clash.since), max(known.until, clash.until)
    found[key] = replace(clash, since=since, until=until)
