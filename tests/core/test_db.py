"""What PostgreSQL refuses becomes one domain error; what it gives up is tried once more."""

from typing import Any

import psycopg.errors
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import RequestFactory

from shared_apps.core.actor import Actor, ActorKind, system
from shared_apps.core.auth import May, Open
from shared_apps.core.copying import inserting
from shared_apps.core.db import (
    EXCLUSION_VIOLATION,
    UNIQUE_VIOLATION,
    must_be_in_transaction,
    refused_as,
    retried_once,
    send_together,
)
from shared_apps.core.errors import Conflict, Forbidden, Unauthenticated
from shared_apps.core.scope import salon_scope
from tenant_apps.clients.models import Client
from tenant_apps.staff.models import Closure
from tenants.types import SalonCard
from tests.database import WorkerDatabase


def close_twice() -> None:
    Closure.objects.create(date="2026-12-24", reason="holiday")
    Closure.objects.create(date="2026-12-24", reason="holiday")


def test_a_refusal_of_the_kind_named_is_the_domain_error(in_salon: SalonCard) -> None:
    with pytest.raises(Conflict), transaction.atomic(), refused_as(UNIQUE_VIOLATION, Conflict):
        close_twice()


def test_a_refusal_of_another_kind_stays_what_it_is(in_salon: SalonCard) -> None:
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        refused_as(EXCLUSION_VIOLATION, Conflict),
    ):
        close_twice()


def given_up(sqlstate: str, text: str = "given up") -> DatabaseError:
    error = OperationalError(text)
    error.__cause__ = psycopg.errors.lookup(sqlstate)(text)
    return error


@pytest.fixture
def attempts(committed: WorkerDatabase) -> list[int]:
    return []


def failing_first(attempts: list[int], error: DatabaseError, times: int = 1) -> Any:
    @retried_once
    def command() -> str:
        """What it does."""
        attempts.append(1)
        if len(attempts) <= times:
            raise error
        return "done"

    return command


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_transaction_given_up_for_another_is_tried_once_more(
    attempts: list[int], sqlstate: str
) -> None:
    command = failing_first(attempts, given_up(sqlstate))

    assert command() == "done"
    assert len(attempts) == 2
    assert (command.__name__, command.__doc__) == ("command", "What it does.")


def test_a_commit_that_a_shard_could_not_make_is_tried_once_more(attempts: list[int]) -> None:
    error = DatabaseError("could not commit transaction for shard 102010 on at least one node")

    assert failing_first(attempts, error)() == "done"


def test_a_second_failure_is_told(attempts: list[int]) -> None:
    with pytest.raises(OperationalError):
        failing_first(attempts, given_up("40001"), times=2)()
    assert len(attempts) == 2


def test_any_other_failure_is_told_at_once(attempts: list[int]) -> None:
    with pytest.raises(OperationalError):
        failing_first(attempts, given_up("55P03"))()
    assert len(attempts) == 1


def test_within_a_transaction_only_the_whole_can_be_repeated(
    attempts: list[int], salon: SalonCard
) -> None:
    with pytest.raises(OperationalError), salon_scope(salon), transaction.atomic():
        failing_first(attempts, given_up("40001"))()
    assert len(attempts) == 1


def test_what_needs_a_transaction_says_so(committed: WorkerDatabase, salon: SalonCard) -> None:
    with pytest.raises(RuntimeError, match="publish needs an open transaction"):
        must_be_in_transaction("publish")
    with salon_scope(salon), transaction.atomic():
        must_be_in_transaction("publish")
    connection.close()


# Who may call


def request_by(actor: Actor) -> Any:
    request: Any = RequestFactory().get("/")
    request.resolve_actor = lambda: actor
    return request


def test_an_account_without_the_right_is_forbidden_and_a_guest_is_asked_to_sign_in() -> None:
    account = Actor(kind=ActorKind.ACCOUNT, permissions=frozenset({"cat.pet"}))
    guest = Actor(kind=ActorKind.GUEST, permissions=frozenset({"cat.feed"}))

    assert May("cat.pet")(request_by(account)) is account
    with pytest.raises(Forbidden):
        May("cat.feed")(request_by(account))
    with pytest.raises(Unauthenticated):
        May("cat.feed")(request_by(guest))
    assert Open("anybody may see it")(request_by(guest)) is guest


def test_an_actor_is_known_by_kind_and_id() -> None:
    assert Actor(kind=ActorKind.GUEST).key == "guest"
    assert system(channel=Actor(kind=ActorKind.GUEST).channel).key == "system"


def test_statements_sent_together_are_refused_as_the_one_that_failed(in_salon: SalonCard) -> None:
    day = "INSERT INTO staff_closure (id, created_at, updated_at, date, reason) VALUES"
    twice = [(f"{day} (gen_random_uuid(), now(), now(), %s, %s)", ["2026-12-24", "holiday"])] * 2

    with pytest.raises(Conflict), transaction.atomic(), refused_as(UNIQUE_VIOLATION, Conflict):
        send_together(twice)

    assert not Closure.objects.exists()


def test_statements_sent_together_say_exactly_what_they_were_given(in_salon: SalonCard) -> None:
    names = ["100 % Żak; DROP TABLE staff_closure; --", "O'Neil \\ %s", '"%(name)s"']

    send_together([inserting([Client(name=name)]) for name in names])

    assert sorted(Client.objects.values_list("name", flat=True)) == sorted(names)


@pytest.mark.usefixtures("committed")
def test_statements_are_sent_together_in_a_transaction_only(salon: SalonCard) -> None:
    with salon_scope(salon), pytest.raises(RuntimeError):
        send_together([("SELECT %s", [1])])
