"""Hands due messages to the workers. Many relays may run; each message has one lease."""

import threading

import structlog
from celery import current_app
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from shared_apps.core.models import uuid7
from shared_apps.core.scope import public_scope
from shared_apps.outbox.selectors import under_way
from shared_apps.outbox.services import MOST_UNDER_WAY, claim

DELIVER = "tenants.deliver"
IDLE_PAUSE = 0.15
TROUBLE_PAUSE = 2.0

log = structlog.get_logger(__name__)


def relay_once() -> int:
    """Lease what is due and hand it out. Returns how many messages that were."""
    lease = uuid7()
    with public_scope():
        room = MOST_UNDER_WAY - under_way()
        message_ids = claim(lease=lease, limit=room) if room > 0 else []
    for message_id in message_ids:
        current_app.send_task(DELIVER, args=[str(message_id), str(lease)])
    return len(message_ids)


def relay_until(stop: threading.Event) -> None:
    """Run until told to stop. A broker or database that is away only delays."""
    while not stop.is_set():
        try:
            pause = 0.0 if relay_once() else IDLE_PAUSE
        except (DatabaseError, OperationalError) as error:
            log.warning("relay waits", error=str(error))
            connection.close()
            pause = TROUBLE_PAUSE
        stop.wait(pause)
