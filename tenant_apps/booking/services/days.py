"""The day lock: the queue in front of the exclusion constraint."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from shared_apps.core.db import must_be_in_transaction
from tenant_apps.booking.models import DiaryDay

ADD_MISSING = (
    "INSERT INTO booking_diaryday (date) SELECT unnest(%s::date[]) ORDER BY 1"
    " ON CONFLICT (date) DO NOTHING"
)


def lock_days(days: Collection[date]) -> None:
    """Wait until nobody else changes what is taken on ``days``; hold them until commit.

    Always in order of date, and as late as possible in a command. Without this queue many
    fresh connections on one slot end in a storm of deadlocks at the constraint behind it.
    """
    must_be_in_transaction("lock_days")
    if _lock(days) < len(days):
        with connection.cursor() as cursor:
            cursor.execute(ADD_MISSING, [sorted(days)])
        _lock(days)


def _lock(days: Collection[date]) -> int:
    rows = DiaryDay.objects.filter(date__in=days).order_by("date").select_for_update(no_key=True)
    return len(rows.values_list("date", flat=True))
