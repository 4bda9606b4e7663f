"""One salon climbs: its missing steps as SQL, in one transaction with its version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from shared_apps.core.models import uuid7
from tenants.enums import SalonState
from tenants.models import SchemaStep
from tenants.schema.grants import salon_grants
from tenants.schema.ladder import makes_tables
from tenants.schema.names import TEMPLATE


@dataclass(frozen=True, slots=True)
class Behind:
    """A salon whose schema is not at the head."""

    id: UUID
    schema_name: str
    version: int
    slug: str

    def __str__(self) -> str:
        return self.slug or self.schema_name


def salons_behind(
    session: psycopg.Connection, head: int, *, slug: str | None = None
) -> list[Behind]:
    """One query over the directory. Closed salons are out of reach and stay where they are."""
    rows = session.execute(
        "SELECT id, schema_name, schema_version, slug FROM public.tenants_salon"
        " WHERE schema_version < %(head)s AND schema_ready_at IS NOT NULL"
        " AND state <> %(closed)s AND (%(slug)s::text IS NULL OR slug = %(slug)s) ORDER BY id",
        {"head": head, "closed": SalonState.CLOSED.value, "slug": slug},
    )
    return [Behind(*row) for row in rows]


def climb(session: psycopg.Connection, salon: Behind, steps: Sequence[SchemaStep]) -> bool:
    """``False`` when the salon moved or closed meanwhile: somebody else's business then."""
    with session.transaction():
        row = session.execute(lock_salon(salon).encode()).fetchone()
        if row != (steps[0].number - 1,):
            return False
        session.execute(
            sql.SQL("SET LOCAL search_path TO {}, extensions").format(
                sql.Identifier(salon.schema_name)
            )
        )
        with session.pipeline():
            for step in steps:
                for statement in step.statements:
                    session.execute(statement.encode())
            for statement in arrival(salon, steps):
                session.execute(statement.encode())
    return True


def lock_salon(salon: Behind) -> str:
    """Reads the version under a lock: no second runner, no closing while the schema moves."""
    return _composed(
        "SELECT schema_version FROM public.tenants_salon WHERE id = {id} AND state <> {closed}"
        " FOR NO KEY UPDATE",
        id=salon.id,
        closed=SalonState.CLOSED.value,
    )


def arrival(salon: Behind, steps: Sequence[SchemaStep]) -> list[str]:
    """What belongs to every climb, with the salon's own search path in force."""
    target = steps[-1].number
    recorded = [
        _composed(
            "INSERT INTO django_migrations (app, name, applied) VALUES ({app}, {name}, now())",
            app=step.app_label,
            name=step.migration,
        )
        for step in steps
    ]
    new_tables = _dowry(salon) if makes_tables(steps) else []
    version = _composed(
        "UPDATE public.tenants_salon SET schema_version = {target} WHERE id = {id}",
        target=target,
        id=salon.id,
    )
    way = (steps[0].number - 1, target)
    return [*recorded, *new_tables, version, move(salon, way)]


def _dowry(salon: Behind) -> list[str]:
    """New tables come with their content types, under the template's ids, and their grants."""
    copied = (
        "INSERT INTO django_content_type (id, app_label, model)"  # noqa: S608 a constant
        f" SELECT id, app_label, model FROM {TEMPLATE}.django_content_type"
        " ON CONFLICT (app_label, model) DO NOTHING"
    )
    counted = (
        "SELECT setval(pg_get_serial_sequence('django_content_type', 'id'), max(id))"
        " FROM django_content_type HAVING max(id) IS NOT NULL"
    )
    return [copied, counted, *salon_grants(salon.schema_name)]


def move(
    salon: Behind, way: tuple[int, int], *, error: str = "", milliseconds: int | None = None
) -> str:
    """The record of one climb; the time is the transaction's own unless it is given."""
    return _composed(
        "INSERT INTO public.tenants_schemamove (id, created_at, updated_at, salon_id,"
        " from_version, to_version, succeeded, error, milliseconds) VALUES ({id}, now(), now(),"
        " {salon}, {before}, {after}, {succeeded}, {error}, coalesce({milliseconds},"
        " (1000 * extract(epoch FROM clock_timestamp() - now()))::int))",
        id=uuid7(),
        salon=salon.id,
        before=way[0],
        after=way[1],
        succeeded=not error,
        error=error,
        milliseconds=milliseconds,
    )


def _composed(template: LiteralString, **values: Any) -> str:
    literals = {name: sql.Literal(value) for name, value in values.items()}
    return sql.SQL(template).format(**literals).as_string()


@dataclass(frozen=True, slots=True)
class Outcome:
    salon: Behind
    error: str = ""
    is_locked: bool = False
    milliseconds: int = 0
