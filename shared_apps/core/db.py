"""Small bridges between PostgreSQL and the domain."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar, cast

from django.db import DatabaseError, IntegrityError, connection, transaction

from shared_apps.core.errors import DomainError

EXCLUSION_VIOLATION = "23P01"
UNIQUE_VIOLATION = "23505"
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
LOCK_NOT_AVAILABLE = "55P03"
WORTH_ANOTHER_TRY = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})

Statement = tuple[str, Sequence[Any]]
"""Its text and its values."""

P = ParamSpec("P")
R = TypeVar("R")


def sqlstate_of(error: BaseException) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


@contextmanager
def refused_as(sqlstate: str, error: Callable[[], DomainError]) -> Iterator[None]:
    """Turn one kind of refusal by PostgreSQL into one domain error.

    Decides by SQLSTATE: a sharded database does not report the constraint's name.
    The caller's transaction is lost with the refusal, as it should be: the error ends it.
    """
    try:
        yield
    except IntegrityError as refusal:
        if sqlstate_of(refusal) == sqlstate:
            raise error() from refusal
        raise


def retried_once(command: Callable[P, R]) -> Callable[P, R]:
    """Repeat a whole transaction that PostgreSQL gave up for another's sake (40001, 40P01)."""

    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return command(*args, **kwargs)
        try:
            return command(*args, **kwargs)
        except DatabaseError as error:
            lost = sqlstate_of(error) in WORTH_ANOTHER_TRY or "could not commit" in str(error)
            if not lost:
                raise
            return command(*args, **kwargs)

    attempt.__name__ = getattr(command, "__name__", "command")
    attempt.__doc__ = command.__doc__
    return attempt


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """The commands inside make no savepoints: when one fails, the transaction has failed.

    Two statements less for each, where nobody means to go on after a refusal.
    """
    connection = cast("Any", transaction.get_connection())
    before, connection.is_all_or_nothing = connection.is_all_or_nothing, True
    try:
        yield
    finally:
        connection.is_all_or_nothing = before


def rows(sql: str, *params: Any, **named: Any) -> list[tuple[Any, ...]]:
    """What ``sql`` answers in the scope at hand. For the few reads on a hot path: building and
    compiling a queryset costs several times what PostgreSQL needs to answer it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, named or params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def send_together(statements: Sequence[Statement]) -> None:
    """Run them one after another without waiting for each one's answer: a trip to PostgreSQL
    costs more than most small INSERTs. An error is that of the statement that failed, and the
    transaction at hand, which there must be, is lost."""
    if not statements:
        return
    must_be_in_transaction("sending statements together")
    with connection.cursor() as cursor:
        # Each on its own: the driver remembers how texts of few values are put together.
        cursor.execute("; ".join(cursor.mogrify(text, values) for text, values in statements))


def must_be_in_transaction(what: str) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{what} needs an open transaction")
