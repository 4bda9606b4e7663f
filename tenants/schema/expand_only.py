"""Migrate first, then deploy: release N's code runs on the schemas of N and of N + 1.

So a migration only adds. What nobody reads any more is taken away one release later, by a
migration that says so: ``contract_after = "0.2.0"`` names the last release whose code read it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres import operations as postgres
from django.db import connection, migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import AutoField, Field
from django.db.models.fields import NOT_PROVIDED

CONCURRENT = (postgres.AddIndexConcurrently, postgres.RemoveIndexConcurrently)
HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.RunPython,
    postgres.ValidateConstraint,
    *CONCURRENT,
)
LENGTH = re.compile(r"varchar\((\d+)\)")
TAKES_AWAY = re.compile(r"\b(DROP (TABLE|COLUMN)|RENAME|TYPE|CONCURRENTLY)\b", re.IGNORECASE)


def complaints(migration: migrations.Migration, before: ProjectState, *, release: str) -> list[str]:
    """Why ``migration`` may not ship in ``release``. ``before``: the models it starts from."""
    return list(_why(migration, before.clone(), release))


def _why(migration: migrations.Migration, state: ProjectState, release: str) -> Iterator[str]:
    if migration.replaces:
        yield "a squashed migration changes the number of versions that salons count"
    yield from _about_transaction(migration)
    contracting: list[str] = []
    fresh: set[str] = set()
    for outer in migration.operations:
        for operation in _on_database([outer]):
            if isinstance(operation, migrations.CreateModel):
                fresh.add(operation.name_lower)
            elif _model_of(operation) not in fresh or isinstance(operation, migrations.AddField):
                yield from _about(operation, is_fresh=_model_of(operation) in fresh)
                contracting += _contracts(operation, state, migration.app_label, fresh)
        outer.state_forwards(migration.app_label, state)
    yield from _about_contracting(contracting, getattr(migration, "contract_after", ""), release)


def _on_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _on_database(operation.database_operations)
        else:
            yield operation


def _model_of(operation: Operation) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    return str(name or "").lower()


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
        case migrations.AlterField() | migrations.RemoveField() | migrations.DeleteModel():
            pass
        case _ if not isinstance(operation, HARMLESS):
            yield f"{type(operation).__name__} breaks the release that is still running"


def _about_sql(sql: Any) -> Iterator[str]:
    if isinstance(sql, str):
        yield "RunSQL takes a list of single statements, not a string"
        return
    for item in sql:
        statement = item if isinstance(item, str) else item[0]
        if ";" in statement:
            yield f"RunSQL: one statement at a time, without a semicolon: {statement!r}"
        if TAKES_AWAY.search(statement):
            yield f"RunSQL takes away or locks; Django's own operation is checked: {statement!r}"


def _about_new_field(operation: migrations.AddField, *, is_fresh: bool) -> Iterator[str]:
    field, name = operation.field, f"{operation.model_name}.{operation.name}"
    if isinstance(field, AutoField):
        yield f"{name}: an automatic key comes with its table or never"
    elif not (is_fresh or field.null or field.many_to_many or _has_db_default(field)):
        yield f"{name}: NOT NULL needs a db_default, for the code that does not know the column"


def _has_db_default(field: "Field[Any, Any]") -> bool:
    return field.db_default is not NOT_PROVIDED or field.generated


def _contracts(
    operation: Operation, state: ProjectState, app_label: str, fresh: set[str]
) -> list[str]:
    """What the running release would miss, in words."""
    if _model_of(operation) in fresh:
        return []
    if isinstance(operation, migrations.RemoveField):
        return [f"{operation.model_name}.{operation.name} is removed"]
    if isinstance(operation, migrations.DeleteModel):
        return [f"{operation.name} is deleted"]
    if isinstance(operation, migrations.AlterField):
        return list(_tightened(operation, state, app_label))
    return []


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
    if new.unique and not old.unique:
        yield f"{name} becomes unique"
    if _has_db_default(old) and not _has_db_default(new):
        yield f"{name} loses its db_default"


def _holds_as_much(old: str, new: str) -> bool:
    lengths = LENGTH.fullmatch(old), LENGTH.fullmatch(new)
    if lengths[0] and lengths[1]:
        return int(lengths[0][1]) <= int(lengths[1][1])
    return old == new


def _about_contracting(contracting: list[str], after: str, release: str) -> Iterator[str]:
    if contracting and not after:
        yield from (f"{what}: say contract_after = <the last release that read it>"
                    for what in contracting)  # fmt: skip
    if after and not contracting:
        yield "contract_after, but nothing is taken away"
    if contracting and after and _numbers(release) <= _numbers(after):
        yield f"may ship after release {after}, and this is {release}"


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))
