"""The only way out of a transaction: remember what happened, and tell who wants to know."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import chain

from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.copying import inserting
from shared_apps.core.db import Statement, all_or_nothing, must_be_in_transaction, send_together
from shared_apps.core.events import Event, SetupEvent
from shared_apps.core.models import uuid7
from shared_apps.core.requests import request_id
from shared_apps.core.revisions import renew
from shared_apps.core.scope import current_scope
from shared_apps.journal.codec import facts_of
from shared_apps.journal.models import JournalEntry
from shared_apps.outbox.services import enqueueing


@dataclass(frozen=True, slots=True)
class _Gathering:
    schema_name: str
    told: list[tuple[Event, JournalEntry]] = field(default_factory=list)


_gathering: ContextVar[_Gathering | None] = ContextVar("gathering", default=None)


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


def publish(event: Event, *, actor: Actor, after: Sequence[Statement] = ()) -> None:
    """Write ``event`` to the journal and to the outbox, in the caller's transaction.

    ``after``: what writes the thing itself, sent on the same trip.

    The unique (stream, version) refuses two histories of one thing: the version comes from
    the lock on the thing itself, never from the journal.
    """
    must_be_in_transaction(f"publish({event.name})")
    gathering, entry = _gathering.get(), entry_of(event, actor=actor)
    if gathering and gathering.schema_name == current_scope().schema_name:
        gathering.told.append((event, entry))
        send_together(after)
        return
    _pass_on([(event, entry)], after=[*after, inserting([entry])])


@contextmanager
def published_together() -> Iterator[None]:
    """Around many commands that succeed or fail as a whole: what they publish in the scope at
    hand is written at the end, by one statement. An error writes nothing of it, and no command
    inside can be undone alone, so that nothing is told that has not happened.
    """
    must_be_in_transaction("publishing together")
    if _gathering.get():
        raise RuntimeError("What is published together is so once.")
    gathering = _Gathering(current_scope().schema_name)
    token = _gathering.set(gathering)
    try:
        with all_or_nothing():
            yield
    finally:
        _gathering.reset(token)
    JournalEntry.objects.bulk_create([entry for _event, entry in gathering.told])
    _pass_on(gathering.told)


def _pass_on(
    told: Sequence[tuple[Event, JournalEntry]], *, after: Sequence[Statement] = ()
) -> None:
    if any(isinstance(event, SetupEvent) for event, _entry in told):
        renew()
    queued = [enqueueing(event, entry_id=entry.pk) for event, entry in told]
    send_together([*after, *chain.from_iterable(queued)])
