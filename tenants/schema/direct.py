"""Connections past Django, for work that names its schema in every statement.

Straight to the server: an advisory lock belongs to one session, which a pooler would share.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from shared_apps.core.scope import public_scope
from tenants.schema.errors import AlreadyRunning, NotTheOwner

LOCK_SPACE = 0x7061726C  # "parl": our corner of the advisory locks
LOCK_TIMEOUT = "2s"
BRIEF_LOCKS = f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"


class Work(IntEnum):
    """What only one process at a time may do in a database."""

    MIGRATING = 1
    PROVISIONING = 2


def server() -> dict[str, str]:
    """Where Django's connection leads, in libpq's words. What is empty is left to libpq."""
    django = connection.settings_dict
    named = {
        "host": django["HOST"],
        "port": django["PORT"],
        "dbname": django["NAME"],
        "user": django["USER"],
        "password": django["PASSWORD"],
    }
    return {word: str(value) for word, value in named.items() if value}


def connect() -> psycopg.Connection:
    return psycopg.connect(
        make_conninfo(**server()),
        autocommit=True,
        connect_timeout=5,
        application_name="parlour schemas",
        options=f"-c search_path= -c lock_timeout={LOCK_TIMEOUT}",
    )


@contextmanager
def as_owner() -> Iterator[None]:
    """Django's own connection, checked to be the owner's and free of the web's time limits."""
    with public_scope(), connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
        if cursor.fetchone() != (True,):
            raise NotTheOwner("this needs the owner role: set DATABASE_URL to it")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        yield
    finally:
        connection.close()


@contextmanager
def alone(work: Work) -> Iterator[psycopg.Connection]:
    """Hold the lock on ``work`` in a session of its own; raises ``AlreadyRunning``.

    A killed holder's lock ends with its session, after its last statement has.
    """
    with connect() as session:
        taken = session.execute(
            "SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, work]
        ).fetchone()
        if taken != (True,):
            raise AlreadyRunning
        yield session


def is_running(work: Work) -> bool:
    """Whether some process holds the lock on ``work`` right now."""
    with connect() as session:
        row = session.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = %s AND objid = %s AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [LOCK_SPACE, int(work)],
        ).fetchone()
        return row == (True,)
