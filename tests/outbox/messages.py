"""Messages for the tests of the outbox, and what becomes of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.timezone import now

from shared_apps.core.models import uuid7
from shared_apps.outbox.models import OutboxMessage
from shared_apps.outbox.services import claim

HANDLER = "tenant_apps.notifications.handlers.confirm_booking"


def queue(
    *, salon_id: UUID | None = None, stream_id: UUID | None = None, version: int = 1, **changes: Any
) -> OutboxMessage:
    moment = now()
    fields: dict[str, Any] = {
        "salon_id": salon_id,
        "handler": HANDLER,
        "event": "booking.appointment_booked",
        "entry_id": uuid4(),
        "stream_id": stream_id or uuid4(),
        "version": version,
        "created_at": moment,
        "claimable_at": moment,
    }
    return OutboxMessage.objects.create(**{**fields, **changes})


def claimed(limit: int = 100) -> list[OutboxMessage]:
    """What a relay gets now, in the order it was queued."""
    found = claim(lease=uuid7(), limit=limit)
    return list(OutboxMessage.objects.filter(pk__in=found).order_by("id"))


def long_ago() -> datetime:
    return now() - timedelta(hours=1)
