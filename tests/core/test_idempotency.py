"""A creating request is carried out once, however often it is sent."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import now
from pytest_django import Settings

from shared_apps.core.actor import Actor, ActorKind
from shared_apps.core.errors import Conflict, Invalid
from shared_apps.core.idempotency import Attempt, KeyReused, checked_key, forget_old_keys, once
from shared_apps.core.models import IdempotencyKey
from shared_apps.core.scope import salon_scope
from tenants.types import SalonCard
from tests.database import WorkerDatabase

GUEST = Actor(kind=ActorKind.GUEST)
KEY = "b7e1c1de-0001"


def attempt(
    *, actor: Actor = GUEST, route: str = "make", key: str = KEY, body: bytes = b"{}"
) -> Attempt:
    return Attempt(actor, route, key, body)


def test_the_same_request_again_gives_the_first_result(in_salon: SalonCard) -> None:
    made: list[UUID] = []

    def make(planned: UUID) -> UUID:
        made.append(planned)
        return planned

    assert once(attempt(), make) == once(attempt(), make)
    assert len(made) == 1


def test_a_command_may_answer_with_another_id_than_the_planned_one(in_salon: SalonCard) -> None:
    mine = uuid4()

    assert once(attempt(), lambda _planned: mine) == mine
    assert once(attempt(), lambda _planned: uuid4()) == mine


def test_another_body_under_the_same_key_is_refused(in_salon: SalonCard) -> None:
    once(attempt(body=b'{"a": 1}'), lambda planned: planned)

    with pytest.raises(KeyReused):
        once(attempt(body=b'{"a": 2}'), lambda planned: planned)


@pytest.mark.parametrize(
    "other",
    [
        attempt(actor=Actor(kind=ActorKind.ACCOUNT, id=uuid4())),
        attempt(route="make_another"),
        attempt(key="b7e1c1de-0002"),
    ],
    ids=["another actor", "another route", "another key"],
)
def test_a_key_belongs_to_its_actor_and_route(in_salon: SalonCard, other: Attempt) -> None:
    first = once(attempt(), lambda planned: planned)

    assert once(other, lambda planned: planned) != first


def test_a_key_is_forgotten_after_a_day(in_salon: SalonCard) -> None:
    first = once(attempt(), lambda planned: planned)

    with time_machine.travel(now() + timedelta(hours=24, seconds=1)):
        second = once(attempt(body=b"another"), lambda planned: planned)
        assert second != first
        assert once(attempt(body=b"another"), lambda planned: planned) == second


def test_a_key_holds_until_the_end_of_its_day(in_salon: SalonCard) -> None:
    first = once(attempt(), lambda planned: planned)

    with time_machine.travel(now() + timedelta(hours=23, minutes=59)):
        assert once(attempt(), lambda planned: planned) == first


def test_old_keys_are_swept_and_young_ones_stay(in_salon: SalonCard) -> None:
    once(attempt(key="old-old-old"), lambda planned: planned)
    with time_machine.travel(now() + timedelta(hours=25)):
        once(attempt(key="new-new-new"), lambda planned: planned)
        assert forget_old_keys() == 1

    assert [row.key for row in IdempotencyKey.objects.all()] == ["new-new-new"]


def test_a_command_that_fails_leaves_no_key(in_salon: SalonCard) -> None:
    def refuse(_planned: UUID) -> UUID:
        raise Conflict

    with pytest.raises(Conflict):
        once(attempt(), refuse)

    assert not IdempotencyKey.objects.exists()


def test_a_key_keeps_what_was_made_and_nothing_of_the_body(in_salon: SalonCard) -> None:
    body = b'{"password": "a horse reads maps"}'
    made = once(attempt(body=body), lambda planned: planned)

    (kept,) = IdempotencyKey.objects.all()
    assert (kept.status, kept.resource_id) == (201, made)
    assert "horse" not in str(vars(kept))


def test_the_kept_hash_needs_our_secret_to_be_guessed_at(
    in_salon: SalonCard, settings: Settings
) -> None:
    before = attempt(body=b"guess me").body_hash

    settings.SECRET_KEY = "another secret of this platform"

    assert attempt(body=b"guess me").body_hash != before


def test_keys_of_one_salon_mean_nothing_in_another(
    db: None, salon: SalonCard, other_salon: SalonCard
) -> None:
    with salon_scope(salon):
        first = once(attempt(), lambda planned: planned)
    with salon_scope(other_salon):
        assert once(attempt(), lambda planned: planned) != first


def test_two_requests_at_once_under_one_key_make_one_thing(
    committed: WorkerDatabase, salon: SalonCard
) -> None:
    made: list[UUID] = []
    answers: list[UUID] = []
    first_is_inside = threading.Event()

    def slowly(planned: UUID) -> UUID:
        first_is_inside.set()
        _wait_for_a_waiter(salon)
        made.append(planned)
        return planned

    def ask(command: Callable[[UUID], UUID]) -> None:
        with salon_scope(salon):
            answers.append(once(attempt(), command))
        connection.close()

    first = threading.Thread(target=ask, args=[slowly])
    first.start()
    assert first_is_inside.wait(10)
    second = threading.Thread(target=ask, args=[slowly])
    second.start()
    first.join(20)
    second.join(20)

    assert len(made) == 1
    assert answers == [made[0], made[0]]


def _wait_for_a_waiter(salon: SalonCard) -> None:
    """Until somebody waits for our transaction, seen from inside it."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT pg_sleep(0.01), EXISTS(SELECT 1 FROM pg_locks WHERE NOT granted)"
            )
            row = cursor.fetchone()
            if row and row[1]:
                return
    raise AssertionError("nobody came to wait")


@pytest.mark.parametrize("key", ["x" * 201, "no\nnewline", "no€uros!", "tab\there"])
def test_a_key_that_no_program_would_make_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        checked_key(key, required=False)


def test_a_key_may_be_required_or_left_out() -> None:
    assert checked_key(None, required=False) is None
    assert checked_key(KEY, required=True) == KEY
    with pytest.raises(Invalid) as refusal:
        checked_key("", required=True)
    assert list(refusal.value.fields) == ["Idempotency-Key"]
