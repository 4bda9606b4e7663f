"""Migrate first, then deploy: release N's code runs on the schemas of N and of N + 1.

So a migration only adds. What nobody counts on any more is taken away, and what everybody keeps
to by now is demanded, one release later, by a migration that says so: ``contract_after = "0.2.0"``
names the last release whose code needs the old shape.

A constraint on columns that come with it may come with them, when the code that does not know
them cannot break it: ``running_code_keeps = {"name of the constraint": "why it cannot"}``. So may
a column come to refer to a table made here: ``{"model.field": "why it has written nothing yet"}``.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.contrib.postgres import operations as postgres
from django.db import connection, migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import AutoField, CheckConstraint, Field, UniqueConstraint
from django.db.models.fields import NOT_PROVIDED

from tenants.schema.additive_sql import made_table, only_adds, without_texts

CONCURRENT = (postgres.AddIndexConcurrently, postgres.RemoveIndexConcurrently)
JUDGED = (
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AlterField,
    migrations.RemoveField,
    migrations.DeleteModel,
)
HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.RunPython,
    postgres.ValidateConstraint,
    *CONCURRENT,
)
LENGTH = re.compile(r"varchar\((\d+)\)")
CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE)


def complaints(migration: migrations.Migration, before: ProjectState, *, release: str) -> list[str]:
    """Why ``migration`` may not ship in ``release``. ``before``: the models it starts from."""
    return list(_why(migration, before.clone(), release))


def _why(migration: migrations.Migration, state: ProjectState, release: str) -> Iterator[str]:
    if migration.replaces:
        yield "a squashed migration changes the number of versions that salons count"
    yield from _about_transaction(migration)
    label = migration.app_label
    contracting: list[str] = []
    fresh: set[str] = set()  # tables made here, which nobody uses yet
    added: set[tuple[str, str]] = set()  # columns made here, which the running code leaves alone
    kept = getattr(migration, "running_code_keeps", {})
    for outer in migration.operations:
        database = state.clone()
        for operation in _on_database([outer]):
            is_fresh = _table_of(operation, database, label) in fresh
            yield from _about(operation, is_fresh=is_fresh)
            if isinstance(operation, migrations.RunSQL):
                contracting += _beyond_adding(operation.sql, fresh)
            elif not (is_fresh or _is_kept(operation, kept, added)):
                found = list(_contracts(operation, database, label))
                contracting += [] if _only_refers(operation, found, fresh, kept) else found
            if isinstance(operation, migrations.AddField):
                added.add((operation.model_name_lower, operation.name))
            operation.state_forwards(label, database)
            if _makes_table(operation):
                fresh.add(_table_of(operation, database, label))
        outer.state_forwards(label, state)
    yield from _about_contracting(contracting, getattr(migration, "contract_after", ""), release)


def _is_kept(
    operation: Operation, kept: Mapping[str, str], added: Collection[tuple[str, str]]
) -> bool:
    """Does the migration vouch for a constraint that concerns a column of its own?"""
    if not isinstance(operation, migrations.AddConstraint):
        return False
    constraint, model = operation.constraint, operation.model_name_lower
    match constraint:
        case CheckConstraint():
            fields = set(constraint.condition.referenced_base_fields)  # type: ignore[union-attr]
        case UniqueConstraint():
            fields = set(constraint.fields)
        case _:
            return False
    return bool(kept.get(constraint.name)) and any((model, field) in added for field in fields)


def _only_refers(
    operation: Operation, found: list[str], fresh: Collection[str], kept: Mapping[str, str]
) -> bool:
    """Does the migration vouch for a column that refers to a table made here, and no more?"""
    if not isinstance(operation, migrations.AlterField):
        return False
    name = f"{operation.model_name}.{operation.name}"
    to = str(getattr(operation.field.remote_field, "model", "")).lower().replace(".", "_")
    return bool(kept.get(name)) and to in fresh and found == [f"{name} becomes a foreign key"]


def _on_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _on_database(operation.database_operations)
        else:
            yield operation


def _makes_table(operation: Operation) -> bool:
    return isinstance(operation, migrations.CreateModel) and operation.options.get("managed", True)


def _table_of(operation: Operation, state: ProjectState, app_label: str) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    model = str(name or "").lower()
    known = state.models.get((app_label, model))
    return (known and known.options.get("db_table")) or f"{app_label}_{model}"


def _about_transaction(migration: migrations.Migration) -> Iterator[str]:
    if any(isinstance(operation, CONCURRENT) for operation in migration.operations):
        if migration.atomic or len(migration.operations) > 1:
            yield "a concurrent index stands alone in a migration with atomic = False"
    elif not migration.atomic and not all(
        isinstance(operation, migrations.RunPython) for operation in migration.operations
    ):
        yield "atomic = False is for concurrent indexes and for data"


def _about(operation: Operation, *, is_fresh: bool) -> Iterator[str]:
    match operation:
        case migrations.RunSQL():
            yield from _about_sql(operation.sql)
        case migrations.AddField():
            yield from _about_new_field(operation, is_fresh=is_fresh)
        case _ if not (is_fresh or isinstance(operation, HARMLESS + JUDGED)):
            yield f"{type(operation).__name__} breaks the release that is still running"


def _about_sql(sql: Any) -> Iterator[str]:
    if isinstance(sql, str):
        yield "RunSQL takes a list of single statements, not a string"
    for statement in _statements(sql):
        if ";" in statement:
            yield f"RunSQL: one statement at a time, without a semicolon: {statement!r}"
        if CONCURRENTLY.search(without_texts(statement)):
            yield f"RunSQL: a concurrent index is Django's own operation: {statement!r}"


def _statements(sql: Any) -> list[str]:
    if isinstance(sql, str):
        return []
    return [item if isinstance(item, str) else item[0] for item in sql]


def _about_new_field(operation: migrations.AddField, *, is_fresh: bool) -> Iterator[str]:
    field, name = operation.field, f"{operation.model_name}.{operation.name}"
    if isinstance(field, AutoField):
        yield f"{name}: an automatic key comes with its table or never"
    elif not (is_fresh or field.null or field.many_to_many or _has_db_default(field)):
        yield f"{name}: NOT NULL needs a db_default, for the code that does not know the column"


def _has_db_default(field: "Field[Any, Any]") -> bool:
    return field.db_default is not NOT_PROVIDED or field.generated


def _beyond_adding(sql: Any, fresh: set[str]) -> Iterator[str]:
    for statement in _statements(sql):
        if not only_adds(statement, fresh=fresh):
            yield f"RunSQL does more than add: {statement!r}"
        if made := made_table(statement):
            fresh.add(made)


def _contracts(operation: Operation, state: ProjectState, app_label: str) -> Iterator[str]:
    """What the running release would miss or run into, in words."""
    match operation:
        case migrations.RemoveField():
            yield f"{operation.model_name}.{operation.name} is removed"
        case migrations.DeleteModel():
            yield f"{operation.name} is deleted"
        case migrations.AlterField():
            yield from _tightened(operation, state, app_label)
        case migrations.AddConstraint():
            yield f"constraint {operation.constraint.name} refuses rows that were good"
        case migrations.RemoveConstraint():
            yield f"constraint {operation.name} is removed, and ON CONFLICT may name it"
        case migrations.AddField() if operation.field.unique and _has_db_default(operation.field):
            yield f"{operation.model_name}.{operation.name} is unique and has one default for all"


def _tightened(
    operation: migrations.AlterField, state: ProjectState, app_label: str
) -> Iterator[str]:
    after = state.clone()
    operation.state_forwards(app_label, after)
    key = (app_label, operation.model_name)
    old = state.apps.get_model(*key)._meta.get_field(operation.name)
    new = after.apps.get_model(*key)._meta.get_field(operation.name)
    name = f"{operation.model_name}.{operation.name}"
    if old.column != new.column:
        yield f"{name} is renamed in the database"
    if not _holds_as_much(str(old.db_type(connection)), str(new.db_type(connection))):
        yield f"{name} changes its type"
    if old.null and not new.null:
        yield f"{name} becomes NOT NULL"
    if new.unique != old.unique:
        yield f"{name} {'becomes' if new.unique else 'stops being'} unique"
    if new.db_check(connection) not in (None, old.db_check(connection)):
        yield f"{name} becomes checked"
    if getattr(new, "db_constraint", False) and not getattr(old, "db_constraint", False):
        yield f"{name} becomes a foreign key"
    if _has_db_default(old) and not _has_db_default(new):
        yield f"{name} loses its db_default"


def _holds_as_much(old: str, new: str) -> bool:
    lengths = LENGTH.fullmatch(old), LENGTH.fullmatch(new)
    if lengths[0] and lengths[1]:
        return int(lengths[0][1]) <= int(lengths[1][1])
    return old == new


def _about_contracting(contracting: list[str], after: str, release: str) -> Iterator[str]:
    if contracting and not after:
        yield from (f"{what}: say contract_after = <the last release that needs it as it was>"
                    for what in contracting)  # fmt: skip
    if after and not contracting:
        yield "contract_after, but nothing is taken away"
    if contracting and after and _numbers(release) <= _numbers(after):
        yield f"may ship after release {after}, and this is {release}"


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))
