"""The script that makes a whole salon schema, dumped from the template once per release."""

import os
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from shared_apps.core.scope import public_scope
from tenants.models import SchemaScript
from tenants.schema.direct import server
from tenants.schema.errors import DumpFailed, NoScript, TemplateHoldsRows
from tenants.schema.fold import folded, statements
from tenants.schema.grants import READ_ONLY, salon_grants
from tenants.schema.names import TEMPLATE, rendered

LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
}


@dataclass(frozen=True, slots=True)
class Script:
    version: int
    statements: tuple[str, ...]

    def replay(self, session: psycopg.Connection, schema: str) -> None:
        """Make ``schema``, in the transaction that the caller has begun."""
        with session.pipeline(), psycopg.Cursor(session) as cursor:
            for statement in self.statements:
                cursor.execute(rendered(statement, schema).encode())


def make_script(version: int) -> Script:
    """Dump the template. Without privileges: the explicit grants at the end are the whole truth."""
    _refuse_rows_of_business()
    without_rights = ("--no-owner", "--no-privileges", "--no-comments")
    ddl = pg_dump("--schema-only", *without_rights, f"--schema={TEMPLATE}")
    data = pg_dump(
        "--data-only",
        "--rows-per-insert=5000",
        *(f"--table={TEMPLATE}.{table}" for table in READ_ONLY),
    )
    made = [*folded(statements(ddl)), *statements(data), *salon_grants(TEMPLATE)]
    with public_scope():
        SchemaScript.objects.update_or_create(
            version=version, defaults={"statements": made, "made_at": now()}
        )
    return Script(version, tuple(made))


def latest_script() -> Script:
    """The newest script in the database, whatever this process's own code would need."""
    with public_scope():
        version = (
            SchemaScript.objects.order_by("-version").values_list("version", "made_at").first()
        )
        if version is None:
            raise NoScript("there is no template script; run manage.py migrate_salons first")
        return _script(*version)


@lru_cache(maxsize=1)
def _script(version: int, made_at: object) -> Script:
    return Script(version, tuple(SchemaScript.objects.get(version=version).statements))


def pg_dump(*arguments: str) -> str:
    """Run pg_dump on Django's database. All it needs goes by the environment, which other
    users of the machine cannot read."""
    program = Path(settings.PG_BIN) / "pg_dump"
    try:
        done = subprocess.run(
            [program, *arguments],
            env={**os.environ, **{LIBPQ[word]: value for word, value in server().items()}},
            check=False,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise DumpFailed(f"There is no {program}; set PG_BIN to PostgreSQL's programs.") from None
    if done.returncode:
        raise DumpFailed(done.stderr.strip())
    return str(done.stdout)


def _refuse_rows_of_business() -> None:
    with public_scope(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = %s::regnamespace AND NOT relname = ANY(%s)",
            [TEMPLATE, list(READ_ONLY)],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT FROM {TEMPLATE}."{table}")')  # noqa: S608
            if cursor.fetchone() == (True,):
                raise TemplateHoldsRows(f"the template's {table} holds rows")
