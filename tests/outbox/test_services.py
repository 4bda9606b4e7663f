"""Messages reach each handler in order, at least once, and trouble stays where it is."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils.timezone import now

from shared_apps.core.health import NotReady
from shared_apps.core.models import uuid7
from shared_apps.outbox import services
from shared_apps.outbox.models import OutboxMessage
from shared_apps.outbox.selectors import check_lag, dead_letters, under_way
from tests.outbox.messages import claimed, long_ago, queue

pytestmark = pytest.mark.usefixtures("in_public")


@pytest.fixture(autouse=True)
def _empty(in_public: None) -> None:
    OutboxMessage.objects.all().delete()


def begun(message: OutboxMessage) -> OutboxMessage:
    assert message.lease is not None
    started = services.begin(message.pk, lease=message.lease)
    assert started is not None
    return started


def test_a_message_is_claimed_once_until_its_lease_runs_out() -> None:
    message = queue()

    assert claimed() == [message]
    assert claimed() == []
    with time_machine.travel(now() + services.LEASE + timedelta(seconds=1)):
        assert claimed() == [message]


def test_of_one_stream_only_the_oldest_is_handed_out() -> None:
    stream = uuid4()
    second, first = queue(stream_id=stream, version=2), queue(stream_id=stream, version=1)

    assert claimed() == [first]
    assert claimed() == []

    services.settle(begun(OutboxMessage.objects.get(pk=first.pk)))

    assert claimed() == [second]


def test_streams_and_handlers_do_not_wait_for_each_other() -> None:
    stream = uuid4()
    one = queue(stream_id=stream, version=1)
    other_handler = queue(stream_id=stream, version=2, handler="another.handler")
    other_stream = queue(version=2)

    assert claimed() == [one, other_handler, other_stream]


def test_a_busy_salon_does_not_keep_the_others_waiting() -> None:
    busy, quiet = uuid4(), uuid4()
    for _ in range(30):
        queue(salon_id=busy)
    queue(salon_id=quiet)
    queue(salon_id=None)

    shares = Counter(message.salon_id for message in claimed(limit=6))

    assert shares == {busy: 4, quiet: 1, None: 1}


def test_a_salon_has_so_many_turns_at_once() -> None:
    busy = uuid4()
    for _ in range(30):
        queue(salon_id=busy)

    assert len(claimed()) == services.PER_SALON_AND_TURN


def test_every_salon_gets_its_turn() -> None:
    salons = [uuid4() for _ in range(7)]
    for salon in salons:
        queue(salon_id=salon)

    assert {message.salon_id for message in claimed()} == set(salons)


def test_a_worker_whose_lease_was_given_away_does_nothing() -> None:
    queue()
    (late,) = claimed()
    with time_machine.travel(now() + services.LEASE + timedelta(seconds=1)):
        (current,) = claimed()
    assert late.lease is not None

    assert services.begin(late.pk, lease=late.lease) is None
    services.settle(late)
    services.put_back(late, ValueError("too late"))

    kept = OutboxMessage.objects.get()
    assert (kept.lease, kept.error, kept.attempts) == (current.lease, "", 0)


def test_what_was_delivered_is_deleted() -> None:
    queue()
    (message,) = claimed()

    services.settle(begun(message))

    assert not OutboxMessage.objects.exists()


def test_each_failure_doubles_the_pause_up_to_an_hour() -> None:
    pauses = []
    message = queue()
    for attempts in range(1, services.MOST_ATTEMPTS):
        message.attempts = attempts
        services.put_back(message, ConnectionError("otto@example.com is away"))
        message.refresh_from_db()
        assert message.error == "ConnectionError"
        pauses.append(round((message.claimable_at - now()).total_seconds()))

    assert pauses[:5] == [2, 4, 8, 16, 32]
    assert all(pause == 3600 for pause in pauses[11:])
    assert sum(pauses) > 12 * 3600


def test_a_message_that_failed_is_due_again_only_after_its_pause() -> None:
    queue()
    (message,) = claimed()
    services.put_back(begun(message), ConnectionError("the mail server is away"))

    assert claimed() == []
    with time_machine.travel(now() + timedelta(seconds=3)):
        (again,) = claimed()
    assert (again.attempts, again.error) == (1, "ConnectionError")


def test_after_the_last_attempt_it_is_a_dead_letter_that_blocks_its_stream_alone() -> None:
    stream = uuid4()
    message = queue(stream_id=stream, version=1, attempts=services.MOST_ATTEMPTS - 1)
    queue(stream_id=stream, version=2)
    elsewhere = queue()
    assert claimed() == [message, elsewhere]
    message.refresh_from_db()

    services.put_back(begun(message), ValueError("no such address"))

    assert list(dead_letters()) == [message]
    with time_machine.travel(now() + timedelta(days=1)):
        assert claimed() == [elsewhere]


def test_a_dead_letter_can_be_revived_and_its_stream_goes_on() -> None:
    stream = uuid4()
    dead = queue(stream_id=stream, version=1, dead_at=now(), attempts=services.MOST_ATTEMPTS)
    waiting = queue(stream_id=stream, version=2)
    assert claimed() == []

    assert services.revive(dead.pk)

    (first,) = claimed()
    assert (first, first.attempts) == (dead, 0)
    services.settle(begun(first))
    assert claimed() == [waiting]


def test_only_the_dead_are_revived() -> None:
    message = queue()

    assert not services.revive(message.pk)
    assert not services.revive(uuid7())


def test_what_is_leased_counts_as_under_way() -> None:
    queue()
    queue(claimable_at=now() + timedelta(minutes=1))
    assert under_way() == 0

    claimed()

    assert under_way() == 1
    with time_machine.travel(now() + services.LEASE + timedelta(seconds=1)):
        assert under_way() == 0


def test_a_message_that_nobody_fetches_alarms() -> None:
    queue(claimable_at=long_ago())

    with pytest.raises(NotReady, match="1 messages"):
        check_lag()


def test_a_message_that_is_due_only_now_does_not_alarm() -> None:
    queue()

    check_lag()


def test_what_waits_behind_a_dead_letter_is_not_the_relays_fault() -> None:
    stream = uuid4()
    queue(stream_id=stream, version=1, claimable_at=long_ago(), dead_at=now())
    queue(stream_id=stream, version=2, claimable_at=long_ago())

    check_lag()
