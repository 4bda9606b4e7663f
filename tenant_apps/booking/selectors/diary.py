"""The diary: who comes when to whom, and everything around it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from tenant_apps.booking.enums import State
from tenant_apps.booking.selectors.diary_flags import flags_of, waits_between
from tenant_apps.booking.selectors.diary_memory import diary_then
from tenant_apps.booking.selectors.diary_team import Around, read_around, read_listed
from tenant_apps.booking.selectors.diary_types import (
    GONE,
    Asked,
    Column,
    Counts,
    Diary,
    DiaryBlock,
    DiaryDay,
    DiaryVisit,
    minutes_of,
)
from tenant_apps.booking.selectors.diary_visits import visits_now
from tenant_apps.staff.types import WorkingDay

HERE = frozenset({State.ARRIVED, State.IN_SERVICE, State.COMPLETED})


def read_diary(asked: Asked) -> Diary:
    """Four queries, however many days, people and visits; five as of an earlier moment.

    A visit stands on every day that it touches and is counted on the one it begins on.
    """
    listed = read_listed(asked)
    visits, blocks = diary_then(asked) if asked.as_of else (visits_now(asked), listed.blocks)
    waits = waits_between(visits, blocks, asked.moment)
    if asked.staff_id:
        visits = [visit for visit in visits if visit.is_of(asked.staff_id)]
    visits.sort(key=lambda visit: (visit.starts_at, visit.id))
    blocks.sort(key=lambda block: (block.starts_at, block.id))
    around = read_around(
        asked,
        listed,
        staff={phase.staff_id for visit in visits for phase in visit.phases() if phase.staff_id},
        units={pk for visit in visits for phase in visit.phases() for pk in phase.unit_ids},
    )
    return Diary(
        asked=asked,
        team=around.team,
        units=around.units,
        days=_days(asked, around, visits, blocks),
        flags={
            visit.id: flags_of(
                visit, work=around.work, waits=waits.get(visit.id, ()), moment=asked.moment
            )
            for visit in visits
        },
        waits=waits,
    )


def _days(
    asked: Asked, around: Around, visits: Iterable[DiaryVisit], blocks: Iterable[DiaryBlock]
) -> list[DiaryDay]:
    seen, begin = (
        defaultdict[date, list[DiaryVisit]](list),
        defaultdict[date, list[DiaryVisit]](list),
    )
    for visit in visits:
        days = asked.days_of(visit.starts_at, visit.ends_at)
        begin[days[0]].append(visit)
        for day in days:
            seen[day].append(visit)
    blocked = defaultdict[date, list[DiaryBlock]](list)
    for block in blocks:
        for day in asked.days_of(block.starts_at, block.ends_at):
            blocked[day].append(block)
    return [_day(day, around, seen[day], begin[day], blocked[day]) for day in asked.days]


def _day(
    day: date,
    around: Around,
    visits: Sequence[DiaryVisit],
    begin: Sequence[DiaryVisit],
    blocks: Sequence[DiaryBlock],
) -> DiaryDay:
    by_member = _visits_of(begin)
    columns = [
        _column(found.id, around.shifts(found.id, day), by_member.get(found.id, ()))
        for found in around.team
    ]
    return DiaryDay(
        date=day,
        closed=around.closed.get(day, ""),
        opened=around.opened(day),
        columns=columns,
        visits=visits,
        blocks=blocks,
        counts=_counted(
            begin,
            booked=sum(column.counts.booked_minutes for column in columns),
            rostered=sum(column.counts.rostered_minutes for column in columns),
        ),
    )


def _visits_of(visits: Iterable[DiaryVisit]) -> Mapping[UUID, list[DiaryVisit]]:
    found = defaultdict[UUID, list[DiaryVisit]](list)
    for visit in visits:
        for staff_id in {phase.staff_id for phase in visit.phases() if phase.staff_id}:
            found[staff_id].append(visit)
    return found


def _column(staff_id: UUID, shifts: WorkingDay, visits: Sequence[DiaryVisit]) -> Column:
    floating = sum(due.minutes for due in shifts.floating)
    return Column(
        staff_id=staff_id,
        working=shifts.work,
        breaks=[(cause.start, cause.end) for cause in shifts.breaks],
        floating=shifts.floating,
        off=[(cause.start, cause.end) for cause in shifts.off],
        counts=_counted(
            visits,
            booked=_booked_minutes(staff_id, visits),
            rostered=max(0, minutes_of(shifts.work) - floating),
        ),
    )


def _booked_minutes(staff_id: UUID, visits: Iterable[DiaryVisit]) -> int:
    return minutes_of(
        (phase.starts_at, phase.ends_at)
        for visit in visits
        if _counts(visit)
        for phase in visit.phases()
        if phase.staff_id == staff_id
    )


def _counts(visit: DiaryVisit) -> bool:
    """A hold is not a visit yet, and whoever did not come was none."""
    return visit.state not in GONE and visit.state != State.HELD


def _counted(visits: Iterable[DiaryVisit], *, booked: int, rostered: int) -> Counts:
    found = list(visits)
    return Counts(
        visits=sum(map(_counts, found)),
        arrived=sum(visit.state in HERE for visit in found),
        no_shows=sum(visit.state == State.NO_SHOW for visit in found),
        booked_minutes=booked,
        rostered_minutes=rostered,
    )
