"""How many statements a request makes PostgreSQL run, as PostgreSQL itself counts them."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

import psycopg

# Not BEGIN, COMMIT, SAVEPOINT, SET. Each salon's statements count as different ones.
SETTINGS = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_utility": "off",
    "pg_stat_statements.max": "50000",
}
SETTLED = 0.3
ALL = """
    SELECT coalesce(sum(calls), 0) FROM extensions.pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND userid = 'parlour_app'::regrole
"""


def prepare(admin: psycopg.Connection) -> None:
    """Off but for the requests that are counted, so that counting costs the others nothing."""
    admin.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA extensions")
    _track(admin, "none")


@contextmanager
def counted(admin_url: str, requests: int) -> Iterator[list[float]]:
    """Gets one number when the block ends: statements per request of the application's role."""
    found: list[float] = []
    with psycopg.connect(admin_url, autocommit=True) as admin:
        _track(admin, "top")
        admin.execute("SELECT extensions.pg_stat_statements_reset()")
        yield found
        _track(admin, "none")
        (calls,) = admin.execute(ALL).fetchone() or (0,)
        found.append(float(calls) / requests)


def _track(admin: psycopg.Connection, what: str) -> None:
    admin.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{what}'")
    admin.execute("SELECT pg_reload_conf()")
    sleep(SETTLED)
