"""What became of the visits of a day that is over. S: public source; A: assumption."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from tenant_apps.booking.selectors.visits import VisitRows, planned_end, subject_of
from tenant_apps.booking.services.bulk_life import Missed, Outcome, Served
from tenant_apps.demo.demand import CANCELLED
from tenant_apps.demo.menu import Craft

NO_SHOW = {Craft.HAIR: 0.03, Craft.NAILS: 0.01, Craft.BEAUTY: 0.03}  # S: Zenoti 2025
NOTED_AFTER = (10, 20)  # A: minutes that the desk waits
LATE, LATE_MINUTES = 0.10, 8  # A: their share and, on average, by how much
EARLY_MINUTES = 8  # A: the others come up to so much before their time
OVERRUN = (2, 7)  # A: minutes, mean and deviation

NO_TIME, A_MINUTE = timedelta(0), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Of the line at ``place``. ``limit``: when somebody else needs whom or what it takes."""

    place: int
    starts_at: datetime
    ends_at: datetime
    limit: datetime

    @property
    def lasts(self) -> timedelta:
        return self.ends_at - self.starts_at

    def encloses(self, other: "Plan") -> bool:
        return self.starts_at < other.starts_at and other.ends_at <= self.ends_at


class DayOver:
    """Everything that was planned on one day, up to ``closes``. Nobody begins before their
    time, so whoever ends before the next one's disturbs nobody."""

    def __init__(self, visits: Iterable[VisitRows], closes: datetime) -> None:
        self._closes = closes
        self._uses = defaultdict[UUID, list[tuple[datetime, UUID]]](list)
        for rows in visits:
            for taken in rows.allocations:
                use = (taken.during.lower, rows.appointment.pk)
                self._uses[subject_of(taken)].append(use)
        for uses in self._uses.values():
            uses.sort()

    def draw(self, rows: VisitRows, craft: Craft, luck: Random) -> Outcome:
        """Of a visit that was not cancelled."""
        if luck.random() < NO_SHOW[craft] / (1 - CANCELLED[craft]):
            return Missed(at=_second(rows.starts_at + _minutes(luck.uniform(*NOTED_AFTER))))
        plans = [self._plan(rows, line.position, line.pk) for line in rows.lines]
        is_late = luck.random() < LATE
        late = _minutes(luck.expovariate(1 / LATE_MINUTES)) if is_late else NO_TIME
        lines = _course(plans, late, luck)
        early = NO_TIME if is_late else _minutes(luck.uniform(0, EARLY_MINUTES))
        return Served(arrived_at=_second(min(lines)[0] - early), lines=lines)

    def _plan(self, rows: VisitRows, place: int, line_id: UUID) -> Plan:
        phases = [phase for phase in rows.phases if phase.line_id == line_id]
        own = {phase.pk for phase in phases}
        ends_at = max(planned_end(phase) for phase in phases)
        nexts = (
            self._next(subject_of(taken), ends_at, rows.appointment.pk)
            for taken in rows.allocations
            if taken.phase_id in own
        )
        return Plan(place, phases[0].starts_at, ends_at, min(nexts, default=ends_at))

    def _next(self, subject: UUID, moment: datetime, visit_id: UUID) -> datetime:
        uses = self._uses[subject]
        first = bisect_left(uses, moment, key=lambda use: use[0])
        return next((at for at, other in uses[first:] if other != visit_id), self._closes)


def _course(
    plans: Sequence[Plan], late: timedelta, luck: Random
) -> list[tuple[datetime, datetime]]:
    """When each line began and was done. What takes longer puts off the lines after it, by
    half of the next one at most; nothing takes less than three quarters of its time, and what
    goes on during another line is done before that."""
    done: dict[Plan, tuple[datetime, datetime]] = {}
    for plan in sorted(plans, key=_by_start):
        before = [done[other][1] for other in done if other.ends_at <= plan.starts_at]
        around = [done[other] for other in done if other.encloses(plan)]
        if before:
            delay = max(*before, plan.starts_at) - plan.starts_at
        else:
            delay = min(late, plan.lasts / 2)
        most = min([plan.limit - plan.ends_at, *_room_after(plan, plans)])
        over = min(max(delay + _minutes(luck.gauss(*OVERRUN)), -plan.lasts / 4), most)
        ends_at = min([plan.ends_at + over, *(end for _begun, end in around)])
        begun = min(plan.starts_at + delay, ends_at - A_MINUTE)
        done[plan] = (_second(begun), _second(ends_at))
    return [done[plan] for plan in plans]


def _by_start(plan: Plan) -> tuple[datetime, timedelta]:
    return plan.starts_at, -plan.lasts


def _room_after(plan: Plan, plans: Sequence[Plan]) -> list[timedelta]:
    """By how much the next line, if there is one, can be put off."""
    nexts = [other for other in plans if other.starts_at >= plan.ends_at]
    return [nexts[0].starts_at - plan.ends_at + nexts[0].lasts / 2] if nexts else []


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
