"""What happened is remembered with the change itself, and never rewritten."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.events import Event
from shared_apps.core.requests import begin_request
from shared_apps.core.revisions import current_token
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.journal.models import JournalEntry
from shared_apps.journal.selectors import event_at, gaps, history
from shared_apps.journal.services import publish, published_together
from shared_apps.outbox.models import OutboxMessage
from tenant_apps.booking.events import AppointmentCancelled, VisitFact
from tenant_apps.catalog.events import UnitAdded
from tenants.types import SalonCard
from tests.database import WorkerDatabase

ACTOR = Actor(kind=ActorKind.ACCOUNT, id=uuid4(), channel=Channel.STAFF)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChairMoved(Event):
    name: ClassVar[str] = "test.chair_moved"
    stream: ClassVar[str] = "chair"

    to: UUID
    at: datetime
    reasons: tuple[str, ...] = ()


def moved(stream_id: UUID, version: int = 1) -> ChairMoved:
    return ChairMoved(
        stream_id=stream_id,
        version=version,
        days=(date(2026, 12, 4),),
        to=uuid4(),
        at=datetime(2026, 12, 4, 9, tzinfo=UTC),
        reasons=("light", "draught"),
    )


def cancelled(stream_id: UUID, version: int = 1) -> AppointmentCancelled:
    bare = VisitFact(state="cancelled", client_id=None, channel="web", language="", lines=())
    return AppointmentCancelled(stream_id=stream_id, version=version, visit=bare, reason="client")


def outbox_rows(stream_id: UUID) -> list[tuple[UUID | None, str, int]]:
    with public_scope():
        rows = OutboxMessage.objects.filter(stream_id=stream_id)
        return list(rows.values_list("salon_id", "handler", "version"))


def test_an_event_is_read_back_as_it_was_published(in_salon: SalonCard) -> None:
    event = moved(uuid4())

    publish(event, actor=ACTOR)

    entry = JournalEntry.objects.get(stream_id=event.stream_id)
    assert event_at(entry.pk, ChairMoved) == event


def test_an_entry_says_who_did_it_through_which_door_in_which_request(in_salon: SalonCard) -> None:
    begin_request("ca11e40000000001")
    event = moved(uuid4())

    publish(event, actor=ACTOR)

    entry = JournalEntry.objects.get(stream_id=event.stream_id)
    assert (entry.actor_kind, entry.actor_id, entry.channel) == ("account", ACTOR.id, "staff")
    assert entry.request_id == "ca11e40000000001"
    assert (entry.stream, entry.event, entry.version) == ("chair", "test.chair_moved", 1)
    assert entry.days == [date(2026, 12, 4)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert cursor.fetchone() == (entry.transaction_id,)


def test_facts_of_a_later_release_are_ignored(in_salon: SalonCard) -> None:
    event = moved(uuid4())
    publish(event, actor=ACTOR)
    entry = JournalEntry.objects.get(stream_id=event.stream_id)
    stored = JournalEntry(
        stream="chair",
        stream_id=uuid4(),
        version=1,
        event=event.name,
        data={**entry.data, "colour": "plum"},
        actor_kind="guest",
        channel="web",
        recorded_at=entry.recorded_at,
    )
    stored.save(force_insert=True)

    assert isinstance(event_at(stored.pk, ChairMoved), ChairMoved)


def test_each_subscriber_gets_one_message_with_the_salons_id(in_salon: SalonCard) -> None:
    stream_id = uuid4()

    publish(cancelled(stream_id, version=3), actor=ACTOR)

    handler = "tenant_apps.notifications.handlers.announce_cancellation"
    assert outbox_rows(stream_id) == [(in_salon.id, handler, 3)]


def test_an_event_nobody_listens_to_is_remembered_only(in_salon: SalonCard) -> None:
    event = moved(uuid4())

    publish(event, actor=ACTOR)

    assert outbox_rows(event.stream_id) == []
    assert JournalEntry.objects.filter(stream_id=event.stream_id).exists()


def test_one_version_of_a_thing_has_one_history(in_salon: SalonCard) -> None:
    stream_id = uuid4()
    publish(moved(stream_id), actor=ACTOR)

    with pytest.raises(IntegrityError), transaction.atomic():
        publish(moved(stream_id), actor=ACTOR)


def test_nothing_is_published_outside_a_transaction(
    committed: WorkerDatabase, salon: SalonCard
) -> None:
    stream_id = uuid4()

    with salon_scope(salon):
        with pytest.raises(RuntimeError, match="needs an open transaction"):
            publish(cancelled(stream_id), actor=ACTOR)
        assert not JournalEntry.objects.filter(stream_id=stream_id).exists()
    assert outbox_rows(stream_id) == []


def test_what_is_rolled_back_was_never_said(committed: WorkerDatabase, salon: SalonCard) -> None:
    lost, kept = uuid4(), uuid4()

    def change_one_mind() -> None:
        publish(cancelled(lost), actor=ACTOR)
        raise ZeroDivisionError

    with salon_scope(salon), transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            change_one_mind()
        publish(cancelled(kept), actor=ACTOR)

    with salon_scope(salon):
        assert not JournalEntry.objects.filter(stream_id=lost).exists()
        assert JournalEntry.objects.filter(stream_id=kept).exists()
    assert outbox_rows(lost) == []
    assert len(outbox_rows(kept)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET event = 'forged'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "SELECT * FROM journal_entry FOR UPDATE",
    ],
)
@pytest.mark.parametrize("where", ["salon", "public"])
def test_the_application_cannot_rewrite_history(
    db: None, salon: SalonCard, statement: str, where: str
) -> None:
    scope = salon_scope(salon) if where == "salon" else public_scope()

    with (
        scope,
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_history_is_each_things_entries_in_order(in_salon: SalonCard) -> None:
    first, second = sorted([uuid4(), uuid4()])
    for version in (1, 2):
        publish(moved(second, version), actor=ACTOR)
        publish(moved(first, version), actor=ACTOR)

    found = [(entry.stream_id, entry.version) for entry in history("chair")]

    assert found == [(first, 1), (first, 2), (second, 1), (second, 2)]


def test_a_missing_version_is_found(in_salon: SalonCard) -> None:
    stream_id = uuid4()
    assert list(gaps()) == []

    publish(moved(stream_id, 1), actor=ACTOR)
    publish(moved(stream_id, 3), actor=ACTOR)

    assert list(gaps()) == [f"chair {stream_id} has 2 entries, versions 1 to 3"]


# Together


def test_what_is_published_together_is_written_by_one_statement(in_salon: SalonCard) -> None:
    events = [moved(uuid4()), cancelled(uuid4()), moved(uuid4())]
    with CaptureQueriesContext(connection) as seen, published_together():
        for event in events:
            publish(event, actor=ACTOR)
        assert seen.captured_queries == []

    inserts = [query["sql"] for query in seen if "journal_entry" in query["sql"]]
    assert len(inserts) == 1
    entries = JournalEntry.objects.filter(stream_id__in=[event.stream_id for event in events])
    assert [entry.stream_id for entry in entries.order_by("id")] == [e.stream_id for e in events]
    assert event_at(entries.order_by("id")[0].pk, ChairMoved) == events[0]
    assert [len(outbox_rows(event.stream_id)) for event in events] == [0, 1, 0]


def test_an_error_tells_nothing_of_what_was_to_be_told_together(in_salon: SalonCard) -> None:
    event = moved(uuid4())

    @transaction.atomic
    def tell_and_fail() -> None:
        with published_together():
            publish(event, actor=ACTOR)
            raise LookupError

    with pytest.raises(LookupError):
        tell_and_fail()

    assert not JournalEntry.objects.filter(stream_id=event.stream_id).exists()
    publish(event, actor=ACTOR)
    assert JournalEntry.objects.filter(stream_id=event.stream_id).exists()


def test_no_command_inside_can_be_undone_alone(in_salon: SalonCard) -> None:
    """Or the journal would tell of a change that never was."""
    event = moved(uuid4())

    @transaction.atomic
    def command() -> None:
        publish(event, actor=ACTOR)
        raise LookupError

    @transaction.atomic
    def whole() -> None:
        with published_together():
            with suppress(LookupError):
                command()
            JournalEntry.objects.exists()

    with pytest.raises(TransactionManagementError):
        whole()

    assert not JournalEntry.objects.filter(stream_id=event.stream_id).exists()


def test_another_scopes_journal_does_not_wait(in_salon: SalonCard) -> None:
    here, there = moved(uuid4()), moved(uuid4())
    with published_together():
        publish(here, actor=ACTOR)
        with public_scope():
            publish(there, actor=ACTOR)
            assert JournalEntry.objects.filter(stream_id=there.stream_id).exists()
            assert not JournalEntry.objects.filter(stream_id=here.stream_id).exists()

    assert JournalEntry.objects.filter(stream_id=here.stream_id).exists()
    assert not JournalEntry.objects.filter(stream_id=there.stream_id).exists()


def test_together_is_once(in_salon: SalonCard) -> None:
    with pytest.raises(RuntimeError, match="once"), published_together(), published_together():
        pass


def test_processes_read_the_setup_anew_after_changes_told_together(in_salon: SalonCard) -> None:
    before = current_token()
    with published_together():
        publish(UnitAdded(stream_id=uuid4(), version=1, kind="chair"), actor=ACTOR)
        assert current_token() == before

    assert current_token() != before
