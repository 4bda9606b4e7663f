"""Holds that ran out: their time counts as free at once, and their rows go when somebody wants
it, or within minutes."""

from functools import partial

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor, Channel, system
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.events import HoldReleased
from tenant_apps.booking.models import Appointment
from tenant_apps.booking.selectors.taken import forget_days
from tenant_apps.booking.selectors.visits import VisitRows, locked_visit
from tenant_apps.booking.services import allocations
from tenant_apps.booking.services.life import give_up
from tenant_apps.booking.services.rows import visit_event
from tenants.selectors import current_salon

CLOCK = system(Channel.TASK)


@transaction.atomic
def release_expired_holds(*, actor: Actor = CLOCK) -> int:
    """Give back what was held too long. What somebody else is giving back is left to them."""
    expired = Appointment.objects.filter(state=State.HELD, expires_at__lte=now()).order_by("pk")
    found = list(expired.select_for_update(no_key=True, skip_locked=True).values_list("pk"))
    for (appointment_id,) in found:
        give_back(locked_visit(appointment_id), CancelReason.EXPIRED, actor=actor)
    return len(found)


def give_back(rows: VisitRows, reason: CancelReason, *, actor: Actor) -> None:
    """End a hold. Time is freed without the lock of its day, which somebody may hold who waits
    for this: nobody can be wronged by there being more of it."""
    visit = rows.appointment
    give_up(rows, reason)
    visit.hold_key, visit.held_from, visit.expires_at = "", "", None
    visit.save()
    for line in rows.lines:
        line.save(update_fields=["state", "cancel_reason_code", "updated_at"])
    allocations.give_back(rows.allocations)
    rows.allocations.clear()
    zone = current_salon().zone
    transaction.on_commit(partial(forget_days, rows.days(zone)))
    publish(visit_event(HoldReleased, rows, zone, reason=reason), actor=actor)
