"""Taking hold of a visit in order to free or to take time."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from tenant_apps.booking.selectors.visits import VisitRows, locked_visit, planned_days
from tenant_apps.booking.services.days import lock_days
from tenants.selectors import current_salon


def hold_visit(
    appointment_id: UUID, *, also: Collection[date] = (), and_at: datetime | None = None
) -> VisitRows:
    """The visit, its days locked before it, with ``also`` and those that it would touch at another
    time.

    Whoever puts another visit beside this one has the days and wants the visit: with the visit
    locked first, both would wait for each other. Raises ``NoSuchAppointment``.
    """
    zone = current_salon().zone
    held = planned_days(appointment_id, zone, and_at=and_at) | {*also}
    lock_days(held)
    rows = locked_visit(appointment_id)
    moved_to = set(rows.days(zone)) - held
    if moved_to:  # while we waited
        lock_days(moved_to)
    return rows
