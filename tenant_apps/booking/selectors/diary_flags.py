"""What deserves a look: found when the diary is read, stored nowhere. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from shared_apps.core.wall import Interval
from tenant_apps.booking.enums import State
from tenant_apps.booking.policies.life import ON_TIME, Course, Held, delays, is_late, overrun
from tenant_apps.booking.selectors.diary_types import (
    GONE,
    DiaryBlock,
    DiaryLine,
    DiaryPhase,
    DiaryVisit,
    Wait,
)
from tenant_apps.booking.selectors.diary_visits import RECENT
from tenant_apps.catalog.enums import PhaseKind

Work = Mapping[UUID, Sequence[Interval]]


def flags_of(
    visit: DiaryVisit, *, work: Work, waits: Sequence[Wait], moment: datetime
) -> list[str]:
    """In the order in which they are documented.

    - ``held``: not confirmed yet; its time is free again at ``expires_at``.
    - ``late``: should be here and is not. ``overrun``: will end later than planned.
    - ``conflict``: will have to wait for somebody or something.
    - ``overbooked``: deliberately put beside another visit.
    - ``outside_rota``: at a time at which its performer does not work.
    - ``new_client``: has never been here. ``moved``: was planned for another time.
    - ``unfinished``: ends with processing. Somebody else has the time in which the finish was to
      come back when the line was left out that was to bring it.
    """
    known = {
        "held": visit.state == State.HELD,
        "late": is_recent(visit, moment) and is_late(moment, visit.starts_at, visit.state),
        "overrun": takes_longer(visit, moment),
        "conflict": bool(waits),
        "overbooked": any(phase.is_shared for phase in visit.phases()),
        "outside_rota": is_outside_rota(visit, work),
        "new_client": visit.is_new,
        "moved": visit.moves_count > 0,
        "unfinished": is_unfinished(visit),
    }
    return [flag for flag, holds in known.items() if holds]


def is_recent(visit: DiaryVisit, moment: datetime) -> bool:
    """Nobody waits any more for what was to begin yesterday, whatever became of it."""
    return moment - RECENT <= visit.starts_at <= moment


def takes_longer(visit: DiaryVisit, moment: datetime) -> bool:
    courses = _courses(visit)
    return is_recent(visit, moment) and any(
        late > ON_TIME and course.state == State.IN_SERVICE
        for late, course in zip(delays(moment, courses), courses, strict=True)
    )


def is_unfinished(visit: DiaryVisit) -> bool:
    if visit.state in GONE or visit.state == State.COMPLETED:
        return False
    with_client = (phase for phase in visit.phases() if phase.with_client)
    last = max(with_client, key=attrgetter("ends_at"), default=None)
    return last is not None and last.kind == PhaseKind.PROCESSING


def is_outside_rota(visit: DiaryVisit, work: Work) -> bool:
    return visit.state not in GONE and any(
        phase.staff_id is not None and not _lies_within(phase, work.get(phase.staff_id, ()))
        for phase in visit.phases()
    )


def _lies_within(phase: DiaryPhase, spans: Iterable[Interval]) -> bool:
    return any(start <= phase.starts_at and phase.ends_at <= end for start, end in spans)


def waits_between(
    visits: Collection[DiaryVisit], blocks: Iterable[DiaryBlock], moment: datetime
) -> dict[UUID, list[Wait]]:
    """By visit: for whom or what it will wait, and until when."""
    found = defaultdict[UUID, list[Wait]](list)
    if not any(is_recent(visit, moment) for visit in visits):
        return found  # nothing that could be late
    for clash in overrun(moment, [*_held(visits, moment), *_blocked(blocks)]):
        found[clash.follower_id].append(Wait(clash.subject_id, clash.holder_id, clash.until))
    return found


def _held(visits: Iterable[DiaryVisit], moment: datetime) -> Iterator[Held]:
    for visit in visits:
        if visit.state in GONE or visit.state == State.COMPLETED:
            continue
        late = delays(moment, _courses(visit)) if is_recent(visit, moment) else None
        for place, line in enumerate(visit.going):
            for phase in line.phases:
                yield from _held_by(visit, phase, late[place] if late else ON_TIME)


def _held_by(visit: DiaryVisit, phase: DiaryPhase, delay: timedelta) -> Iterator[Held]:
    for subject_id in (phase.staff_id, *phase.unit_ids):
        if subject_id:
            yield Held(
                subject_id=subject_id,
                holder_id=visit.id,
                starts_at=phase.starts_at,
                ends_at=phase.ends_at,
                delay=delay,
                party_id=None if subject_id == phase.staff_id else visit.party_id,
            )


def _blocked(blocks: Iterable[DiaryBlock]) -> Iterator[Held]:
    for block in blocks:
        for starts_at, ends_at in block.parts:
            yield Held(
                subject_id=block.subject_id,
                holder_id=block.id,
                starts_at=starts_at,
                ends_at=ends_at,
            )


def _courses(visit: DiaryVisit) -> list[Course]:
    return [_course(line) for line in visit.going]


def _course(line: DiaryLine) -> Course:
    return Course(
        state=line.state,
        starts_at=line.phases[0].starts_at,
        ends_at=max(phase.ends_at for phase in line.phases),
        actual_start=line.phases[0].actual_start,
    )
