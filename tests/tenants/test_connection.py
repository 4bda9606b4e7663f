"""Whether a kept connection lives is found out before a request relies on it."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.db import connection

from shared_apps.core.scope import PublicScope, public_scope
from tenants.postgresql.base import A_MOMENT
from tests.database import WorkerDatabase

ASKED, WORK = "SELECT 1", "SELECT 'at work'"


@pytest.fixture
def kept(committed: WorkerDatabase) -> Iterator[Any]:
    """A connection of its own, as a web process keeps one from request to request."""
    wrapper = another()
    wrapper.health_check_enabled = True
    with public_scope():
        serve(wrapper)
        serve(wrapper)  # the first to find it there asks in any case
        yield wrapper
    wrapper.close()


def another() -> Any:
    wrapper = cast("Any", connection.copy())
    wrapper.set_tenant(PublicScope())
    return wrapper


def serve(wrapper: Any) -> int:
    """A request: answers which backend it spoke to."""
    wrapper.close_if_unusable_or_obsolete()
    with wrapper.cursor() as cursor:
        cursor.execute(WORK)
    return int(wrapper.connection.info.backend_pid)


def begin(wrapper: Any) -> None:
    wrapper.close_if_unusable_or_obsolete()
    wrapper.close_if_health_check_failed()


def from_outside(sql: str, *params: Any) -> Any:
    """What another session learns."""
    other = another()
    try:
        with other.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone()[0]
    finally:
        other.close()


def last_statement(wrapper: Any) -> str:
    pid = wrapper.connection.info.backend_pid
    return str(from_outside("SELECT query FROM pg_stat_activity WHERE pid = %s", pid))


def test_a_connection_that_was_just_at_work_costs_no_statement(kept: Any) -> None:
    begin(kept)

    assert last_statement(kept) == WORK


def test_after_a_silence_it_is_asked(kept: Any) -> None:
    kept.at_work_at -= A_MOMENT

    begin(kept)

    assert last_statement(kept) == ASKED


def test_a_session_that_the_server_ended_is_replaced_before_anybody_uses_it(kept: Any) -> None:
    before = kept.connection.info.backend_pid
    assert from_outside("SELECT pg_terminate_backend(%s, 5000)", before)

    assert serve(kept) != before


def test_a_connection_that_broke_on_our_side_is_replaced(kept: Any) -> None:
    before = kept.connection.info.backend_pid
    kept.connection.close()

    assert serve(kept) != before
