"""A rung that SQL cannot express (data, CREATE INDEX CONCURRENTLY), taken through Django."""

from dataclasses import dataclass

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from shared_apps.core.scope import salon_scope
from tenants.models import SchemaStep
from tenants.schema.climb import Behind, arrival, lock_salon


@dataclass(frozen=True, slots=True)
class _Act:
    operation: Operation
    before: ProjectState
    after: ProjectState


class DjangoStep:
    """One migration with its model states, made once and used for every salon."""

    def __init__(self, step: SchemaStep, migration: Migration, state: ProjectState) -> None:
        self.step = step
        self.migration = migration
        self._acts: list[_Act] = []
        for operation in migration.operations:
            after = state.clone()
            operation.state_forwards(migration.app_label, after)
            self._acts.append(_Act(operation, state, after))
            state = after

    def take(self, salon: Behind) -> bool:
        """Take the step in one salon; ``False`` when it is no longer on the rung below."""
        with salon_scope(salon):
            if self.migration.atomic:
                with transaction.atomic():
                    return self._take(salon)
            return self._take(salon)

    def _take(self, salon: Behind) -> bool:
        if not self._is_below(salon):
            return False
        if not self.migration.atomic:
            drop_half_made_indexes(self.migration)
        self._apply()
        with transaction.atomic():
            return self._arrive(salon)

    def _is_below(self, salon: Behind) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(lock_salon(salon))
            return bool(cursor.fetchone() == (self.step.number - 1,))

    def _apply(self) -> None:
        atomic = self.migration.atomic
        with connection.schema_editor(atomic=atomic) as editor:
            for act in self._acts:
                if not atomic and getattr(act.operation, "atomic", False):
                    with transaction.atomic():
                        self._do(act, editor)
                else:
                    self._do(act, editor)

    def _do(self, act: _Act, editor: BaseDatabaseSchemaEditor) -> None:
        act.operation.database_forwards(self.migration.app_label, editor, act.before, act.after)

    def _arrive(self, salon: Behind) -> bool:
        if not self._is_below(salon):
            return False
        with connection.cursor() as cursor:
            for statement in arrival(salon, [self.step]):
                cursor.execute(statement)
        return True


def drop_half_made_indexes(migration: Migration) -> None:
    """What a killed CREATE INDEX CONCURRENTLY left: the migration is not recorded, so the
    index of that name is nobody's yet, valid or not."""
    for operation in migration.operations:
        if isinstance(operation, AddIndexConcurrently):
            with connection.cursor() as cursor:
                name = connection.ops.quote_name(operation.index.name)
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
