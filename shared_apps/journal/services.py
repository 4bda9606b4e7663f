"""The only way out of a transaction: remember what happened, and tell who wants to know."""

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.db import must_be_in_transaction
from shared_apps.core.events import Event, SetupEvent
from shared_apps.core.models import uuid7
from shared_apps.core.requests import request_id
from shared_apps.core.revisions import renew
from shared_apps.journal.codec import facts_of
from shared_apps.journal.models import JournalEntry
from shared_apps.outbox.services import enqueue


def entry_of(event: Event, *, actor: Actor) -> JournalEntry:
    """The row for ``event``; the bulk writer stores many of them at once."""
    return JournalEntry(
        id=uuid7(),
        stream=event.stream,
        stream_id=event.stream_id,
        version=event.version,
        event=event.name,
        data=facts_of(event),
        days=list(event.days),
        actor_kind=actor.kind,
        actor_id=actor.id,
        channel=actor.channel,
        request_id=request_id(),
        recorded_at=now(),
    )


def publish(event: Event, *, actor: Actor) -> None:
    """Write ``event`` to the journal and to the outbox, in the caller's transaction.

    The unique (stream, version) refuses two histories of one thing: the version comes from
    the lock on the thing itself, never from the journal.
    """
    must_be_in_transaction(f"publish({event.name})")
    entry = entry_of(event, actor=actor)
    entry.save(force_insert=True)
    if isinstance(event, SetupEvent):
        renew()
    enqueue(event, entry_id=entry.pk)
