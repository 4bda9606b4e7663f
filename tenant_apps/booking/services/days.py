"""The day lock: the queue in front of the exclusion constraint."""

from collections.abc import Collection
from datetime import date
from functools import partial

from django.db import connection
from django.db.transaction import on_commit

from shared_apps.core.db import must_be_in_transaction, rows
from shared_apps.core.scope import Scoped, current_scope, salon_scope
from tenant_apps.booking.selectors.taken import forget_days
from tenant_apps.staff.types import HeldDays

LOCK = (
    "SELECT date FROM booking_diaryday WHERE date = ANY(%s::date[]) ORDER BY date FOR NO KEY UPDATE"
)
ADD_MISSING = (
    "INSERT INTO booking_diaryday (date) SELECT unnest(%s::date[]) ORDER BY 1"
    " ON CONFLICT (date) DO NOTHING"
)


def lock_days(days: Collection[date]) -> HeldDays:
    """Wait until nobody else changes what is taken on ``days``; hold them until commit.

    Always in order of date, and as late as possible in a command. Without this queue many
    fresh connections on one slot end in a storm of deadlocks at the constraint behind it.
    """
    must_be_in_transaction("lock_days")
    if _lock(days) < len(days):
        with connection.cursor() as cursor:
            cursor.execute(ADD_MISSING, [sorted(days)])
        _lock(days)
    on_commit(partial(_forget, current_scope(), tuple(days)))
    return HeldDays(days=frozenset(days))


def _forget(salon: Scoped, days: Collection[date]) -> None:
    """The transaction that opens a salon commits outside of it."""
    with salon_scope(salon):
        forget_days(days)


def every_day_of_a_new_salon() -> HeldDays:
    """For the transaction that opens a salon: until it commits nobody else can see the salon,
    so there is nobody to wait for."""
    must_be_in_transaction("every_day_of_a_new_salon")
    return HeldDays(every=True)


def _lock(days: Collection[date]) -> int:
    return len(rows(LOCK, sorted(days)))
