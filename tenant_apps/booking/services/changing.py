"""What the commands have in common that change what a visit is, at the time that it has."""

from collections.abc import Callable, Collection
from datetime import date
from uuid import UUID

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.errors import DomainError
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import InThePast, SlotTaken, WrongState
from tenant_apps.booking.events import AppointmentChanged
from tenant_apps.booking.models import Line
from tenant_apps.booking.policies.life import possible
from tenant_apps.booking.selectors.visits import VisitRows, glanced_visit, planned_end
from tenant_apps.booking.services.again import lines_to_come
from tenant_apps.booking.services.finding import Wish, in_the_coming_week, taken
from tenant_apps.booking.services.life import going, phases_of, starts_at
from tenant_apps.booking.services.rows import visit_event
from tenant_apps.booking.types import Override
from tenants.selectors import current_salon

UNDER_WAY = frozenset({State.ARRIVED, State.IN_SERVICE})
CHANGEABLE = frozenset({State.REQUESTED, State.CONFIRMED, *UNDER_WAY})


def check_changeable(rows: VisitRows, states: Collection[str] = CHANGEABLE) -> None:
    """Raises ``WrongState``."""
    if rows.appointment.state not in states:
        raise wrong_state(rows, rows.appointment.state)


def check_line_changeable(rows: VisitRows, line: Line, states: Collection[str]) -> None:
    """Raises ``WrongState``."""
    if line.state not in states:
        raise wrong_state(rows, line.state)


def wrong_state(rows: VisitRows, state: str) -> WrongState:
    able = possible(state, starts_at=starts_at(rows, going(rows)), moment=now())
    return WrongState(extra={"state": state, "possible": [str(doing) for doing in able]})


def check_not_over(rows: VisitRows, override: Override) -> None:
    """A visit whose time has passed without anybody coming takes no time any more. Raises
    ``InThePast``."""
    if rows.appointment.state in UNDER_WAY or InThePast.code in override.codes:
        return
    phases = phases_of(rows, lines_to_come(rows))
    if max(map(planned_end, phases)) <= now():
        raise InThePast


def with_alternatives(
    change: Callable[[], UUID],
    appointment_id: UUID,
    wish: Callable[[VisitRows], Wish],
    actor: Actor,
) -> UUID:
    """``change``, refused with other times for the whole visit if it has not begun."""
    try:
        return change()
    except SlotTaken as refusal:
        rows = glanced_visit(appointment_id)
        is_begun = rows.appointment.state == State.IN_SERVICE
        if refusal.extra.get("alternatives") or is_begun or not lines_to_come(rows):
            raise
        try:
            wanted = wish(rows)
        except DomainError:
            raise refusal from None
        raise taken(in_the_coming_week(wanted, actor)) from refusal


def tell_change(
    rows: VisitRows, *, actor: Actor, override: Override, also: Collection[date] = ()
) -> None:
    """Count the visit's version, and say what it is now."""
    rows.appointment.version += 1
    rows.appointment.save(update_fields=["version", "updated_at"])
    event = visit_event(
        AppointmentChanged,
        rows,
        current_salon().zone,
        also=also,
        reason=override.reason,
        overrides=tuple(sorted(override.codes)),
    )
    publish(event, actor=actor)
