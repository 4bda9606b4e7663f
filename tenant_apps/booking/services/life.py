"""What the commands of a visit's life have in common: checking, writing states, freeing."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from shared_apps.core.errors import Stale
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.errors import NoSuchLine, WrongState
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.booking.policies.life import Doing, kept_until, possible
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.allocations import cut_short, give_back


def check_version(rows: VisitRows, expected: int | None) -> None:
    """Raises ``Stale`` when somebody saw an older visit than there is."""
    if expected not in {None, rows.appointment.version}:
        raise Stale(extra={"version": rows.appointment.version})


def check_visit(rows: VisitRows, doing: Doing, moment: datetime) -> None:
    """Raises ``WrongState``, which says what can be done instead."""
    _check(doing, rows.appointment.state, going(rows), rows, moment)


def check_line(rows: VisitRows, line: Line, doing: Doing, moment: datetime) -> None:
    if line.state == State.HELD:  # what somebody holds is given back as a whole
        raise WrongState(extra={"state": line.state, "possible": []})
    _check(doing, line.state, [line], rows, moment)


def _check(
    doing: Doing, state: str, lines: Collection[Line], rows: VisitRows, moment: datetime
) -> None:
    able = possible(state, starts_at=starts_at(rows, lines), moment=moment)
    if doing not in able:
        raise WrongState(extra={"state": state, "possible": [str(other) for other in able]})


def going(rows: VisitRows) -> list[Line]:
    """The lines that were not cancelled; all of a visit that was."""
    return [line for line in rows.lines if line.state != State.CANCELLED] or rows.lines


def line_of(rows: VisitRows, line_id: UUID) -> Line:
    found = next((line for line in rows.lines if line.pk == line_id), None)
    if found is None:
        raise NoSuchLine
    return found


def phases_of(rows: VisitRows, lines: Iterable[Line]) -> list[Phase]:
    ids = {line.pk for line in lines}
    return [phase for phase in rows.phases if phase.line_id in ids]


def taken_by(rows: VisitRows, lines: Iterable[Line]) -> list[Allocation]:
    ids = {phase.pk for phase in phases_of(rows, lines)}
    return [taken for taken in rows.allocations if taken.phase_id in ids]


def starts_at(rows: VisitRows, lines: Iterable[Line]) -> datetime:
    """When the first of ``lines`` begins by plan."""
    return min(phase.starts_at for phase in phases_of(rows, lines))


def save_states(rows: VisitRows, lines: Iterable[Line]) -> None:
    """Write the visit's own row, and the states of ``lines``."""
    rows.appointment.save(update_fields=["state", "version", "updated_at"])
    for line in lines:
        line.save(update_fields=["state", "cancel_reason_code", "updated_at"])


def give_up(rows: VisitRows, reason: CancelReason) -> list[Line]:
    """What cancelling makes of the rows, before they are written; the lines that it changed."""
    rows.appointment.state = State.CANCELLED
    rows.appointment.version += 1
    given_up = [line for line in rows.lines if line.state != State.CANCELLED]
    for line in given_up:
        line.state, line.cancel_reason_code = State.CANCELLED, reason
    return given_up


def free(rows: VisitRows, allocations: Iterable[Allocation]) -> None:
    """Give back all of these at once. The visit's days are locked."""
    found = list(allocations)
    give_back(found)
    gone = {taken.pk for taken in found}
    rows.allocations = [taken for taken in rows.allocations if taken.pk not in gone]


def free_from(rows: VisitRows, allocations: Iterable[Allocation], moment: datetime) -> None:
    """Give back what is left of these at ``moment``."""
    cut, unused = cut_off(allocations, moment)
    if cut or unused:
        free(rows, unused)
        cut_short(cut)


def cut_off(
    allocations: Iterable[Allocation], moment: datetime
) -> tuple[list[Allocation], list[Allocation]]:
    """What is not over at ``moment``: those that end there now, and those that never begin."""
    cut: list[Allocation] = []
    unused: list[Allocation] = []
    for taken in allocations:
        until = kept_until(taken.during.lower, taken.during.upper, moment)
        if until is None:
            unused.append(taken)
        elif until < taken.during.upper:
            taken.during = DateTimeTZRange(taken.during.lower, until)
            cut.append(taken)
    return cut, unused
