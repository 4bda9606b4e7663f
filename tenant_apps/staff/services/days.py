"""Which days a change without an end has to hold."""

from datetime import date

from shared_apps.core.wall import today_in
from tenant_apps.staff.types import HeldDays
from tenants.selectors import current_salon


def must_hold_from(first: date, held: HeldDays | None) -> None:
    """The first day that is still to come. How many more, the caller knows: as far as anybody
    can have booked."""
    day = max(first, today_in(current_salon().zone))
    if held is None:
        raise AssertionError(f"changed without the lock on {day}")
    held.must_cover([day])
