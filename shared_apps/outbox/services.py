"""Messages in, and what becomes of them. The relay and the tasks call these."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import F
from django.utils.timezone import now

from shared_apps.core.db import Statement
from shared_apps.core.events import Event
from shared_apps.core.models import uuid7
from shared_apps.core.scope import current_scope
from shared_apps.outbox.models import OutboxMessage
from shared_apps.outbox.registry import handlers_of, path_of

LEASE = timedelta(seconds=30)
# With pauses of up to an hour: twelve hours for a mail server to come back.
MOST_ATTEMPTS = 24
LONGEST_PAUSE = timedelta(hours=1)
MOST_UNDER_WAY = 100
PER_SALON_AND_TURN = 10

log = structlog.get_logger(__name__)

# The only statement of a salon's transaction that names a table outside the salon.
ENQUEUE = """
INSERT INTO public.outbox_message
    (id, salon_id, handler, event, entry_id, stream_id, version, created_at, claimable_at,
     attempts, error)
VALUES """
ENQUEUE_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '')"

# Every salon gets its turn: the oldest few of each, never two of one handler and stream at once.
CLAIM = """
WITH RECURSIVE salons AS (
    (SELECT salon_id FROM outbox_message WHERE dead_at IS NULL ORDER BY salon_id LIMIT 1)
    UNION ALL
    SELECT (SELECT next.salon_id FROM outbox_message AS next
            WHERE next.dead_at IS NULL AND next.salon_id > salons.salon_id
            ORDER BY next.salon_id LIMIT 1)
    FROM salons WHERE salons.salon_id IS NOT NULL
), due AS (
    SELECT turn.id, turn.place FROM (
        SELECT salon_id FROM salons WHERE salon_id IS NOT NULL UNION ALL SELECT NULL
    ) AS each_salon
    CROSS JOIN LATERAL (
        SELECT message.id, row_number() OVER (ORDER BY message.id) AS place
        FROM outbox_message AS message
        WHERE message.dead_at IS NULL AND message.claimable_at <= %(now)s
          AND message.salon_id IS NOT DISTINCT FROM each_salon.salon_id
          AND NOT EXISTS (
              SELECT 1 FROM outbox_message AS older
              WHERE older.handler = message.handler AND older.stream_id = message.stream_id
                AND older.version < message.version)
        ORDER BY message.id LIMIT %(per_salon)s
    ) AS turn
    ORDER BY turn.place, turn.id LIMIT %(limit)s
)
UPDATE outbox_message SET lease = %(lease)s, claimable_at = %(until)s
WHERE id IN (
    SELECT message.id FROM outbox_message AS message JOIN due ON due.id = message.id
    WHERE message.claimable_at <= %(now)s AND message.dead_at IS NULL
    FOR UPDATE OF message SKIP LOCKED)
RETURNING id
"""


def enqueueing(event: Event, *, entry_id: UUID) -> list[Statement]:
    """What queues ``event`` for each of its handlers, in the caller's transaction."""
    handlers = handlers_of(type(event))
    if not handlers:
        return []
    moment, salon_id = now(), current_scope().id
    values = [
        value
        for handler in handlers
        for value in (
            uuid7(),
            salon_id,
            path_of(handler),
            event.name,
            entry_id,
            event.stream_id,
            event.version,
            moment,
            moment,
        )
    ]
    return [(ENQUEUE + ", ".join([ENQUEUE_ROW] * len(handlers)), values)]


def claim(*, lease: UUID, limit: int = MOST_UNDER_WAY) -> list[UUID]:
    """Lease the messages that are due, fairly between salons. One short transaction."""
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {
                "now": moment,
                "until": moment + LEASE,
                "lease": lease,
                "limit": limit,
                "per_salon": PER_SALON_AND_TURN,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def begin(message_id: UUID, *, lease: UUID) -> OutboxMessage | None:
    """Start an attempt, if the lease still stands; the lease runs anew from here.

    A message whose last attempt never came back killed its worker each time: it is buried.
    """
    begun = OutboxMessage.objects.filter(pk=message_id, lease=lease, dead_at=None).update(
        attempts=F("attempts") + 1, claimable_at=now() + LEASE
    )
    if not begun:
        return None
    message = OutboxMessage.objects.get(pk=message_id)
    if message.attempts > MOST_ATTEMPTS:
        bury(message, f"no answer to {MOST_ATTEMPTS} attempts")
        return None
    return message


def settle(message: OutboxMessage) -> None:
    """The handler has done its work."""
    OutboxMessage.objects.filter(pk=message.pk, lease=message.lease).delete()


def put_back(message: OutboxMessage, error: Exception) -> None:
    """Try again later, twice as long each time; after the last attempt alarm and wait for us."""
    # The kind only: an error's words may quote a client's address, and this row is public's.
    text = type(error).__name__
    pause = min(timedelta(seconds=2**message.attempts), LONGEST_PAUSE)
    is_dead = message.attempts >= MOST_ATTEMPTS
    OutboxMessage.objects.filter(pk=message.pk, lease=message.lease).update(
        lease=None,
        error=text,
        claimable_at=now() + pause,
        dead_at=now() if is_dead else None,
    )
    if is_dead:
        log.error("dead letter", message_id=str(message.pk), handler=message.handler, error=text)


def bury(message: OutboxMessage, reason: str) -> None:
    """A message that must not be tried again as it is, such as one for an unknown salon."""
    OutboxMessage.objects.filter(pk=message.pk).update(lease=None, error=reason, dead_at=now())
    log.error("dead letter", message_id=str(message.pk), handler=message.handler, error=reason)


def revive(message_id: UUID) -> bool:
    """Give a dead letter another full set of attempts."""
    revived = OutboxMessage.objects.filter(pk=message_id, dead_at__isnull=False).update(
        dead_at=None, attempts=0, claimable_at=now(), lease=None
    )
    return bool(revived)
