"""Cleaning up that a line of a visit did for the others too, when that line is left out.

Lines in a row on one chair are cleaned up after once, at the end, and only the last of them
has a phase for it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from shared_apps.core.copying import insert
from shared_apps.core.models import uuid7
from shared_apps.core.revisions import current_token
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.booking.policies.life import WAITING
from tenant_apps.booking.policies.masks import Window
from tenant_apps.booking.selectors.setup import Setup, SetupChanged, with_setup
from tenant_apps.booking.selectors.visits import VisitRows, planned_end, subject_of
from tenant_apps.booking.services.allocations import take
from tenant_apps.booking.services.life import phases_of, taken_by
from tenant_apps.booking.services.overbook import usual_share
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.catalog.policies.own import own_problem, with_own_minutes
from tenant_apps.catalog.policies.phases import phases_at


def keep_cleanup(rows: VisitRows, freed: Sequence[Allocation]) -> None:
    """Clean up behind the lines that are left, with whom and what would have done it later.

    ``freed`` is what the lines left out took until now; only of that is anything taken again.
    The visit's days are locked.
    """
    tidied = {subject_of(taken) for taken in freed if _is_cleanup(rows, taken)}
    left = [line for line in _left(rows) if tidied & _subjects(rows, [line])]
    owed = with_setup(partial(_all_owed, rows, left)) if left else {}
    if not owed:
        return
    lines = [line for line in rows.lines if line.pk in owed]
    last = max(lines, key=lambda line: _ends(phases_of(rows, [line])))
    minutes = max(owed.values())
    starts_at = _ends(phases_of(rows, lines))
    able = [
        taken
        for taken in _one_of_each(freed)
        if subject_of(taken) in tidied & _subjects(rows, lines)
        and _was_taken(freed, subject_of(taken), starts_at, minutes)
        and len(_shared(rows, freed, subject_of(taken), starts_at, minutes)) <= 1
    ]
    if able:
        _add(rows, last, starts_at, minutes, able, freed)


def _left(rows: VisitRows) -> list[Line]:
    return [line for line in rows.lines if line.state in {*WAITING, State.IN_SERVICE}]


def _all_owed(rows: VisitRows, lines: Iterable[Line], setup: Setup) -> dict[UUID, int]:
    """By line, what it owes by today's price list. Raises ``SetupChanged``."""
    if current_token() != setup.token:
        raise SetupChanged
    return {line.pk: minutes for line in lines if (minutes := _owed(rows, line, setup))}


def _owed(rows: VisitRows, line: Line, setup: Setup) -> int:
    """Minutes of cleaning up that belong to the line and stand under another."""
    option = setup.options.get(line.option_id)
    level = option and option.levels.get(_level_now(line, setup))
    if not option or not level:
        return 0
    if any(phase.kind == PhaseKind.CLEANUP for phase in phases_of(rows, [line])):
        return 0
    if line.own_minutes and not own_problem(option.phases, line.own_minutes):
        option = with_own_minutes(option, line.own_minutes)
        level = option.levels[_level_now(line, setup)]
    planned = phases_at(option.phases, level)
    return sum(phase.minutes for phase in planned if phase.kind == PhaseKind.CLEANUP)


def _level_now(line: Line, setup: Setup) -> str:
    """Of whoever does it, at whose pace they clean up. The line's own level is that of whoever
    it was agreed with, and of the price."""
    performers = (each for each in setup.performers if each.staff_id == line.performer_id)
    return next((each.level for each in performers), line.level_at_booking)


def _is_cleanup(rows: VisitRows, taken: Allocation) -> bool:
    tidying = {phase.pk for phase in rows.phases if phase.kind == PhaseKind.CLEANUP}
    return taken.phase_id in tidying


def _subjects(rows: VisitRows, lines: Iterable[Line]) -> set[UUID]:
    return {subject_of(taken) for taken in taken_by(rows, lines)}


def _ends(phases: Iterable[Phase]) -> datetime:
    return max(planned_end(phase) for phase in phases)


def _one_of_each(freed: Iterable[Allocation]) -> Collection[Allocation]:
    return {subject_of(taken): taken for taken in freed}.values()


def _was_taken(
    freed: Iterable[Allocation], subject_id: UUID, starts_at: datetime, minutes: int
) -> bool:
    window = Window.between(starts_at, starts_at + timedelta(minutes=minutes))
    theirs = (taken.during for taken in freed if subject_of(taken) == subject_id)
    return window.held((during.lower, during.upper) for during in theirs) == window.all


def _shared(
    rows: VisitRows,
    freed: Iterable[Allocation],
    subject_id: UUID,
    starts_at: datetime,
    minutes: int,
) -> set[UUID]:
    """Under what the subject is shared then with others, who were put beside this visit on
    purpose. Nothing can be taken beside two who do not share with each other."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return {
        taken.shared_by
        for taken in freed
        if subject_of(taken) == subject_id
        and taken.during.lower < ends_at
        and starts_at < taken.during.upper
        and taken.shared_by != usual_share(rows, taken)
    }


def _add(
    rows: VisitRows,
    line: Line,
    starts_at: datetime,
    minutes: int,
    like: Sequence[Allocation],
    freed: Iterable[Allocation],
) -> None:
    phase = Phase(
        line=line,
        position=len(phases_of(rows, [line])),
        kind=PhaseKind.CLEANUP,
        starts_at=starts_at,
        minutes=minutes,
        staff_id=next((taken.staff_id for taken in like if taken.staff_id), None),
        with_client=False,
    )
    allocations = [_like(taken, phase) for taken in like]
    for new in allocations:
        shared = _shared(rows, freed, subject_of(new), starts_at, minutes)
        new.shared_by = next(iter(shared), usual_share(rows, new))
    insert([phase])
    take(allocations)
    rows.phases.append(phase)
    rows.allocations += allocations


def _like(taken: Allocation, phase: Phase) -> Allocation:
    return Allocation(
        id=uuid7(),
        staff_id=taken.staff_id,
        unit_id=taken.unit_id,
        during=DateTimeTZRange(phase.starts_at, planned_end(phase)),
        phase=phase,
    )
