from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Max, Min

from shared_apps.core.events import Event
from shared_apps.journal.codec import rebuild
from shared_apps.journal.models import JournalEntry


class Entry(NamedTuple):
    event: str
    stream_id: UUID
    version: int
    days: list[Any]
    data: dict[str, Any]
    recorded_at: datetime


FIELDS = ("event", "stream_id", "version", "days", "data", "recorded_at")


def event_at(entry_id: UUID, event_type: type[Event]) -> Event:
    """The published event behind an outbox message, read in the scope that wrote it."""
    entry = JournalEntry.objects.get(pk=entry_id)
    return rebuild(
        event_type,
        stream_id=entry.stream_id,
        version=entry.version,
        days=entry.days,
        data=entry.data,
    )


def history(stream: str) -> Iterator[Entry]:
    """Every entry of one kind of thing, each thing's in order."""
    rows = JournalEntry.objects.filter(stream=stream).order_by("stream_id", "version")
    for row in rows.values_list(*FIELDS).iterator():
        yield Entry(*row)


def history_of(stream: str, stream_id: UUID) -> list[Entry]:
    """Every entry of one thing, in order."""
    rows = JournalEntry.objects.filter(stream=stream, stream_id=stream_id).order_by("version")
    return [Entry(*row) for row in rows.values_list(*FIELDS)]


def last_version(stream: str, stream_id: UUID) -> int:
    """0: nothing is told of it yet. For a list that has no row of its own to count on; whoever
    adds to the stream holds a lock on what the list belongs to."""
    found = JournalEntry.objects.filter(stream=stream, stream_id=stream_id)
    last: int | None = found.aggregate(last=Max("version"))["last"]
    return last or 0


def last_known(streams: Collection[str], days: Collection[date], until: datetime) -> list[Entry]:
    """The last entry, as of ``until``, of everything that had touched ``days`` by then.
    One query."""
    known = JournalEntry.objects.filter(stream__in=streams, recorded_at__lte=until)
    touched = known.filter(days__overlap=list(days)).values("stream_id")
    last = (
        known.filter(stream_id__in=touched)
        .order_by("stream", "stream_id", "-version")
        .distinct("stream", "stream_id")
    )
    return [Entry(*row) for row in last.values_list(*FIELDS)]


def gaps() -> Iterator[str]:
    """Streams whose versions are not 1, 2, 3 and so on."""
    streams = (
        JournalEntry.objects.values("stream", "stream_id")
        .annotate(entries=Count("id"), first=Min("version"), last=Max("version"))
        .exclude(first=1, last=F("entries"))
        .order_by("stream", "stream_id")
    )
    for found in streams.iterator():
        yield (
            f"{found['stream']} {found['stream_id']} has {found['entries']} entries,"
            f" versions {found['first']} to {found['last']}"
        )
