"""Work for a salon is done in that salon, or not at all."""

import threading
from typing import Any, cast
from uuid import uuid4

import pytest
from django.db import connection
from django.utils.timezone import now

from config.celery import app
from config.schedule import BEAT, SALON_WORK
from shared_apps.core.models import IdempotencyKey, uuid7
from shared_apps.core.scope import NoScope, current_scope, public_scope, salon_scope
from shared_apps.outbox.models import OutboxMessage
from shared_apps.outbox.services import MOST_ATTEMPTS
from tenant_apps.notifications import handlers
from tenants import tasks
from tenants.enums import SalonState
from tenants.models import Salon
from tenants.types import SalonCard
from tests.database import WorkerDatabase

WORK = "shared_apps.core.idempotency.forget_old_keys"
HOSTILE = (
    "no_such",
    "public",
    "information_schema",
    "pg_catalog",
    's_x"; DROP SCHEMA public; --',
    "a,public",
    "$user",
    "",
    None,
    "s_" + "0" * 32,
)


def set_state(salon: SalonCard, state: SalonState) -> None:
    with public_scope():
        Salon.objects.filter(pk=salon.id).update(state=state)


def old_keys(*scopes: Any) -> None:
    for scope in scopes:
        with salon_scope(scope):
            IdempotencyKey.objects.create(
                actor="guest",
                route="x",
                key="long ago",
                body_hash="",
                status=201,
                resource_id=uuid4(),
                created_at=now().replace(year=2020),
            )


def keys_in(scope: SalonCard) -> int:
    with salon_scope(scope):
        return IdempotencyKey.objects.count()


def message_for(salon_id: Any, **changes: Any) -> OutboxMessage:
    fields: dict[str, Any] = {
        "salon_id": salon_id,
        "handler": "tenant_apps.notifications.handlers.confirm_booking",
        "event": "booking.appointment_booked",
        "entry_id": uuid4(),
        "stream_id": uuid4(),
        "version": 1,
        "created_at": now(),
        "claimable_at": now(),
        "lease": uuid7(),
    }
    with public_scope():
        return OutboxMessage.objects.create(**{**fields, **changes})


def delivered(message: OutboxMessage) -> OutboxMessage:
    tasks.deliver(str(message.pk), str(message.lease))
    with public_scope():
        return OutboxMessage.objects.get(pk=message.pk)


@pytest.mark.parametrize("salon_id", [*HOSTILE, "01a20000-0000-7000-8000-000000000000"])
def test_what_is_no_open_salons_id_is_refused_before_anything_is_read_there(
    db: None, salon: SalonCard, salon_id: Any
) -> None:
    old_keys(salon)

    with pytest.raises(tasks.SalonRefused):
        tasks.in_salon(salon_id, WORK)

    assert keys_in(salon) == 1


@pytest.mark.parametrize("state", [state for state in SalonState if state != SalonState.ACTIVE])
def test_a_salon_that_is_not_open_gets_no_work(
    db: None, salon: SalonCard, state: SalonState
) -> None:
    old_keys(salon)
    set_state(salon, state)

    with pytest.raises(tasks.SalonRefused):
        tasks.in_salon(str(salon.id), WORK)

    assert keys_in(salon) == 1


@pytest.mark.parametrize(
    "work", ["os.system", "shared_apps.accounts.services.sign_in", "", "no.such.module"]
)
def test_a_message_cannot_name_any_other_work(db: None, salon: SalonCard, work: str) -> None:
    with pytest.raises(tasks.SalonRefused):
        tasks.in_salon(str(salon.id), work)
    with pytest.raises(tasks.SalonRefused):
        tasks.in_public(work)


def test_work_is_done_in_the_salon_named_and_in_no_other(
    db: None, salon: SalonCard, other_salon: SalonCard
) -> None:
    old_keys(salon, other_salon)

    tasks.in_salon(str(salon.id), WORK)

    assert (keys_in(salon), keys_in(other_salon)) == (0, 1)
    with pytest.raises(NoScope):
        current_scope()


def test_the_platforms_own_rows_are_swept_too(in_public: None, salon: SalonCard) -> None:
    IdempotencyKey.objects.create(
        actor="guest",
        route="signUpSalon",
        key="long ago",
        body_hash="",
        status=201,
        resource_id=uuid4(),
        created_at=now().replace(year=2020),
    )
    old_keys(salon)

    tasks.in_public(WORK)

    assert IdempotencyKey.objects.count() == 0
    assert keys_in(salon) == 1


def test_the_clock_queues_the_work_of_every_open_salon(
    db: None, salon: SalonCard, other_salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.in_salon, "delay", lambda *args: queued.append(args))
    set_state(other_salon, SalonState.SUSPENDED)

    tasks.for_each_salon(WORK)

    assert queued == [(str(salon.id), WORK)]


def test_everything_the_clock_starts_exists() -> None:
    app.finalize()

    assert {entry["task"] for entry in BEAT.values()} <= set(app.tasks)
    assert {cast("tuple[str]", entry["args"])[0] for entry in BEAT.values()} == set(SALON_WORK)


@pytest.mark.parametrize("state", [SalonState.SUSPENDED, SalonState.CLOSED])
def test_a_message_for_a_salon_that_is_not_open_is_a_dead_letter_at_once(
    db: None, salon: SalonCard, state: SalonState
) -> None:
    set_state(salon, state)

    message = delivered(message_for(salon.id))

    assert message.dead_at is not None
    assert message.lease is None
    assert "not an open salon" in message.error


def test_what_a_salon_said_before_it_closed_is_still_delivered(
    db: None, salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_state(salon, SalonState.CLOSING)
    delivered_to: list[Any] = []
    monkeypatch.setattr(tasks, "event_at", lambda *_: delivered_to.append(current_scope().id))

    delivered(message_for(salon.id))

    assert delivered_to == [salon.id]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"salon_id": uuid4()}, "not an open salon"),
        ({"event": "no.such_event"}, "nobody subscribes"),
        ({"handler": "os.system"}, "does not listen"),
        (
            {"handler": "tenant_apps.notifications.handlers.announce_cancellation"},
            "does not listen",
        ),
    ],
)
def test_a_message_that_can_never_be_handled_is_a_dead_letter_at_once(
    db: None, salon: SalonCard, changes: dict[str, Any], reason: str
) -> None:
    message = delivered(message_for(**{"salon_id": salon.id, **changes}))

    assert message.dead_at is not None
    assert reason in message.error


def test_an_entry_of_another_salon_does_not_exist_here(db: None, salon: SalonCard) -> None:
    message = delivered(message_for(salon.id))

    assert message.dead_at is None
    assert "DoesNotExist" in message.error


def test_a_missing_key_in_a_handler_is_its_own_trouble_and_tried_again(
    db: None, salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lookup(*_: Any) -> Any:
        raise KeyError("colour")

    monkeypatch.setattr(tasks, "event_at", lookup)

    message = delivered(message_for(salon.id))

    assert message.dead_at is None
    assert "KeyError" in message.error


def test_a_message_that_killed_every_worker_is_buried(db: None, salon: SalonCard) -> None:
    message = delivered(message_for(salon.id, attempts=MOST_ATTEMPTS))

    assert message.dead_at is not None
    assert "no answer" in message.error


def test_two_salons_tasks_on_one_worker_thread_stay_apart(
    committed: WorkerDatabase,
    salon: SalonCard,
    other_salon: SalonCard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []

    def note(event: Any) -> None:
        seen.append(current_scope())
        raise ConnectionError("the mail server is away")

    note.__module__, note.__qualname__ = handlers.__name__, "confirm_booking"
    monkeypatch.setattr(tasks, "handlers_of", lambda _event_type: (note,))
    monkeypatch.setattr(tasks, "event_at", lambda *_: None)
    messages = [message_for(card.id) for card in (salon, other_salon) * 3]

    def work() -> None:
        for message in messages:
            tasks.deliver(str(message.pk), str(message.lease))
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(20)

    assert seen == [salon, other_salon] * 3
