"""Whose tables a query means. Whoever does not say so gets no answer."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import ProgrammingError, connection, transaction
from django_tenants.utils import schema_context

from shared_apps.accounts.models import Account
from shared_apps.chains.models import Chain
from shared_apps.core.scope import NoScope, current_scope, public_scope, salon_scope
from shared_apps.outbox.models import OutboxMessage
from tenant_apps.staff.models import Member
from tenants.models import Salon
from tenants.types import SalonCard
from tests.database import WorkerDatabase


def one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
        assert row is not None
        return row[0]


def path() -> str:
    return str(one("SHOW search_path"))


def emails() -> set[str]:
    return set(Account.objects.values_list("email", flat=True))


QUERIES: dict[str, Callable[[], object]] = {
    "a count": Salon.objects.count,
    "a lookup": Account.objects.filter(email="x").first,
    "a write": lambda: Chain.objects.create(name="x", currency="EUR"),
    "a bulk write": lambda: Member.objects.bulk_create([Member(name="x", level="stylist")]),
    "a deletion": lambda: Account.objects.all().delete(),
    "raw SQL": lambda: one("SELECT 1"),
    "a server-side cursor": lambda: list(Salon.objects.all().iterator()),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_without_a_scope_there_is_no_query(db: None, query: Callable[[], object]) -> None:
    with pytest.raises(NoScope):
        query()


def test_without_a_scope_there_is_nobody_to_ask_about() -> None:
    with pytest.raises(NoScope):
        current_scope()


def test_a_transaction_may_begin_without_a_scope_but_not_ask_anything(db: None) -> None:
    with transaction.atomic(), pytest.raises(NoScope):
        Salon.objects.count()


def test_leaving_a_scope_closes_it(db: None, salon: SalonCard) -> None:
    with salon_scope(salon):
        assert Account.objects.exists()
    with pytest.raises(NoScope):
        Account.objects.exists()


def test_a_scope_left_by_an_error_is_closed_as_well(db: None, salon: SalonCard) -> None:
    with pytest.raises(ZeroDivisionError), salon_scope(salon):
        _ = 1 / 0
    with pytest.raises(NoScope):
        Account.objects.exists()


def test_inside_a_salon_the_path_is_the_salon_and_never_public(in_salon: SalonCard) -> None:
    assert path() == f"{in_salon.schema_name}, extensions"


def test_an_inner_scope_gives_the_outer_one_back(
    db: None, salon: SalonCard, other_salon: SalonCard
) -> None:
    with salon_scope(salon):
        with public_scope():
            assert path() == "public, extensions"
        with salon_scope(other_salon):
            assert emails() == {"bruno@example.com"}
        assert current_scope() == salon
        assert emails() == {"anna@example.com"}


def test_a_table_that_the_salon_lost_is_missed_although_public_has_one_of_that_name(
    owner: WorkerDatabase, salon: SalonCard
) -> None:
    with salon_scope(salon):
        assert Account.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE accounts_account CASCADE")
    with public_scope():
        assert Account.objects.count() == 0  # it is there, and would have answered

    with salon_scope(salon), pytest.raises(ProgrammingError, match="does not exist") as missing:
        Account.objects.count()
    assert cast("Any", missing.value.__cause__).sqlstate == "42P01"


def test_a_table_of_the_platform_is_not_seen_from_a_salon(in_salon: SalonCard) -> None:
    with pytest.raises(ProgrammingError, match="does not exist"):
        OutboxMessage.objects.count()


class Imposter:
    id: UUID | None = None

    def __init__(self, schema_name: str) -> None:
        self.schema_name = schema_name


HOSTILE = (
    "information_schema",
    "pg_catalog",
    "extensions",
    "a,public",
    "$user",
    "s_x",
    "",
    's_"; DROP SCHEMA public; --',
    "s_" + "0" * 31,
    "s_" + "G" * 32,
    "S_" + "0" * 32,
    "s_" + "0" * 32 + "\n",
    "public\n",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_but_a_schema_of_ours_can_be_entered(db: None, name: str) -> None:
    with pytest.raises(NoScope, match="not a schema of ours"), salon_scope(Imposter(name)):
        pass
    theirs: Any = schema_context
    with pytest.raises(NoScope, match="not a schema of ours"), theirs(name):
        pass


def test_a_schema_that_does_not_exist_answers_nothing(db: None) -> None:
    nobody = Imposter("s_" + "f" * 32)

    with salon_scope(nobody), pytest.raises(ProgrammingError, match="does not exist"):
        Account.objects.count()


def undo(work: Callable[[], object]) -> None:
    """Do it in a transaction (or a savepoint) that is rolled back."""
    with suppress(ZeroDivisionError), transaction.atomic():
        work()
        _ = 1 / 0


def test_a_savepoint_rolled_back_does_not_bring_back_another_salons_path(
    db: None, salon: SalonCard, other_salon: SalonCard
) -> None:
    def look_into_both() -> None:
        with salon_scope(other_salon):
            assert emails() == {"bruno@example.com"}
        assert emails() == {"anna@example.com"}

    with salon_scope(salon):
        assert emails() == {"anna@example.com"}
        undo(look_into_both)
        assert path() == f"{salon.schema_name}, extensions"
        with salon_scope(other_salon):
            undo(emails)
            assert path() == f"{other_salon.schema_name}, extensions"


def test_a_transaction_rolled_back_does_not_bring_back_another_salons_path(
    committed: WorkerDatabase, salon: SalonCard, other_salon: SalonCard
) -> None:
    with salon_scope(salon):
        assert emails() == {"anna@example.com"}
    with salon_scope(other_salon):
        undo(emails)
        assert path() == f"{other_salon.schema_name}, extensions"


def test_a_connection_made_anew_is_set_to_the_scope(
    committed: WorkerDatabase, salon: SalonCard
) -> None:
    with salon_scope(salon):
        assert emails() == {"anna@example.com"}
        connection.close()
        assert emails() == {"anna@example.com"}


def test_the_path_is_set_once_for_many_queries_of_one_salon(
    db: None, salon: SalonCard, django_assert_num_queries: Any
) -> None:
    with salon_scope(salon):
        emails()
    with django_assert_num_queries(3), salon_scope(salon):
        for _ in range(3):
            emails()


def test_two_threads_that_cross_each_other_keep_their_own_salons(
    committed: WorkerDatabase, salon: SalonCard, other_salon: SalonCard
) -> None:
    """The order in which django-tenants' own context manager swaps the two."""
    barrier = threading.Barrier(2, timeout=10)
    seen: dict[str, list[set[str]]] = {"anna": [], "bruno": []}

    def work(mine: SalonCard) -> None:
        for _ in range(20):
            barrier.wait()
            with salon_scope(mine):
                barrier.wait()
                seen[mine.slug].append(emails())
                with public_scope():
                    barrier.wait()
                seen[mine.slug].append(emails())
                barrier.wait()
            with pytest.raises(NoScope):
                emails()
        connection.close()

    threads = [threading.Thread(target=work, args=[card]) for card in (salon, other_salon)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert seen == {"anna": [{"anna@example.com"}] * 40, "bruno": [{"bruno@example.com"}] * 40}


def test_a_scope_does_not_reach_into_another_thread(
    committed: WorkerDatabase, salon: SalonCard
) -> None:
    found: list[BaseException] = []

    def ask() -> None:
        try:
            Account.objects.count()
        except NoScope as error:
            found.append(error)
        connection.close()

    with salon_scope(salon):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(10)

    assert len(found) == 1


def test_coroutines_at_once_each_see_their_own_salon(
    committed: WorkerDatabase, salon: SalonCard, other_salon: SalonCard
) -> None:
    def look(card: SalonCard) -> set[str]:
        with salon_scope(card):
            return emails()

    async def ask(card: SalonCard) -> set[str]:
        await asyncio.sleep(0)
        return await sync_to_async(look)(card)

    async def everybody() -> list[set[str]]:
        return await asyncio.gather(*(ask(card) for card in (salon, other_salon) * 50))

    assert asyncio.run(everybody()) == [{"anna@example.com"}, {"bruno@example.com"}] * 50


def test_a_scope_set_in_a_coroutine_is_none_for_the_orm_in_its_thread(
    committed: WorkerDatabase, salon: SalonCard
) -> None:
    """django-tenants answered from ``public`` here."""

    async def ask() -> int:
        with salon_scope(salon):
            return await Account.objects.acount()

    with pytest.raises(NoScope):
        asyncio.run(ask())
