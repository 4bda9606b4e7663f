"""The template schema climbs to the head by Django's own migrations, one at a time.

Each migration's SQL is caught from the real run and kept as a rung of the ladder, in the
transaction that moves the template: a kill can lose both or neither.
"""

from collections.abc import Callable
from typing import Any

import sqlparse
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.utils.timezone import now

from shared_apps.core.scope import public_scope, salon_scope
from tenants.models import SchemaScript, SchemaStep
from tenants.schema.django_step import drop_half_made_indexes
from tenants.schema.errors import LadderBroken
from tenants.schema.grants import public_grants
from tenants.schema.ladder import Disk, needs_django, recorded_steps
from tenants.schema.names import TEMPLATE, TemplateScope
from tenants.schema.script import make_script

OnStep = Callable[[SchemaStep], object]


class RecordingEditor(DatabaseSchemaEditor):
    """Runs DDL and keeps what it ran, one statement at a time."""

    def __init__(self, wrapper: BaseDatabaseWrapper, *, atomic: bool) -> None:
        super().__init__(wrapper, atomic=atomic)
        self.ran: list[str] = []

    def execute(self, sql: Any, params: Any = ()) -> None:
        text = str(sql)
        if params is not None:
            text = self.connection.ops.compose_sql(text, params)
        self.ran += [part.strip().removesuffix(";") for part in sqlparse.split(text)]
        super().execute(text, None)


def grant_public() -> None:
    with public_scope(), transaction.atomic(), connection.cursor() as cursor:
        for statement in public_grants():
            cursor.execute(statement)


def is_at_head() -> bool:
    steps = recorded_steps()
    return not Disk().missing_from(steps) and has_script(len(steps))


def has_script(version: int) -> bool:
    with public_scope():
        return SchemaScript.objects.filter(version=version).exists()


def bring_template_to_head(disk: Disk, *, on_step: OnStep) -> None:
    """Climb what is missing, then dump the script that new salons are made from."""
    steps = recorded_steps()
    missing = disk.missing_from(steps)
    if missing:
        _ensure_template(steps)
        state = disk.state_after(steps)
        for number, migration in enumerate(missing, start=len(steps) + 1):
            step, state = climb_one(number, migration, state)
            on_step(step)
    version = len(steps) + len(missing)
    if not has_script(version):
        _copy_content_types()
        make_script(version)


def climb_one(
    number: int, migration: Migration, state: ProjectState
) -> tuple[SchemaStep, ProjectState]:
    if migration.atomic:
        with transaction.atomic():
            statements, state = _run(migration, state)
            return _keep(number, migration, statements), state
    with salon_scope(TemplateScope()):
        drop_half_made_indexes(migration)
    statements, state = _run(migration, state)
    with transaction.atomic():
        return _keep(number, migration, statements), state


def _ensure_template(steps: list[SchemaStep]) -> None:
    with salon_scope(TemplateScope()), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [TEMPLATE])
        is_there = cursor.fetchone() == (True,)
        if steps and not is_there:
            raise LadderBroken(f"{len(steps)} steps are recorded but schema {TEMPLATE} is gone")
        if not is_there:
            cursor.execute(f"CREATE SCHEMA {TEMPLATE}")
        MigrationRecorder(connection).ensure_schema()


def _run(migration: Migration, state: ProjectState) -> tuple[list[str], ProjectState]:
    with salon_scope(TemplateScope()):
        with RecordingEditor(connection, atomic=migration.atomic) as editor:
            state = migration.apply(state, editor)
        return editor.ran + _widen_identities(), state


def _widen_identities() -> list[str]:
    """Libraries still make 32-bit keys; a sharded database takes only 64-bit ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class c"
            " ON c.oid = attrelid WHERE attidentity <> '' AND atttypid <> 'bigint'::regtype"
            " AND relnamespace = %s::regnamespace",
            [TEMPLATE],
        )
        widened = [
            f"ALTER TABLE {table} ALTER COLUMN {column} TYPE bigint"
            for table, column in cursor.fetchall()
        ]
        for statement in widened:
            cursor.execute(statement)
    return widened


def _keep(number: int, migration: Migration, statements: list[str]) -> SchemaStep:
    with salon_scope(TemplateScope()):
        MigrationRecorder(connection).record_applied(migration.app_label, migration.name)
    with public_scope():
        return SchemaStep.objects.create(
            number=number,
            app_label=migration.app_label,
            migration=migration.name,
            statements=statements,
            through_django=needs_django(migration),
            taken_at=now(),
        )


def _copy_content_types() -> None:
    """The same ids in public and in every salon: Django keeps one cache of them per process."""
    with public_scope(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TEMPLATE}.django_content_type (id, app_label, model)"  # noqa: S608
            " SELECT id, app_label, model FROM public.django_content_type"
            " ORDER BY id ON CONFLICT (app_label, model) DO NOTHING"
        )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id))"
            " FROM public.django_content_type HAVING max(id) IS NOT NULL",
            [f"{TEMPLATE}.django_content_type"],
        )
