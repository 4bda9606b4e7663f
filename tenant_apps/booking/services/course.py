"""What the steps of a visit's life make of its rows, before they are written. Shared with the
bulk writer."""

from collections.abc import Collection
from datetime import datetime

from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Line, Phase
from tenant_apps.booking.policies.life import WAITING, visit_state
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.life import going, phases_of


def become(state: State, rows: VisitRows) -> list[Line]:
    """The whole visit; the lines that it changed."""
    lines = going(rows)
    rows.appointment.state = state
    for line in lines:
        line.state = state
    _go_on(rows)
    return lines


def begin(rows: VisitRows, begun: Collection[Line], moment: datetime) -> list[Line]:
    """Whoever is served is here, so no line waits for the client any more. Those it changed."""
    for line in begun:
        line.state = State.IN_SERVICE
        phases_of(rows, [line])[0].actual_start = moment
    here = [line for line in rows.lines if line.state in WAITING]
    for line in here:
        line.state = State.ARRIVED
    _go_on(rows)
    return [*begun, *here]


def end(rows: VisitRows, done: Collection[Line], moment: datetime) -> list[Phase]:
    """The phases that it changed; what the lines take stays as it is."""
    last = []
    for line in done:
        line.state = State.COMPLETED
        phases = phases_of(rows, [line])
        # Never before its beginning, though two servers' clocks may differ.
        phases[-1].actual_end = max(moment, phases[0].actual_start or moment)
        last.append(phases[-1])
    _go_on(rows)
    return last


def _go_on(rows: VisitRows) -> None:
    visit = rows.appointment
    visit.version += 1
    visit.state = visit_state([line.state for line in rows.lines], visit.state)
