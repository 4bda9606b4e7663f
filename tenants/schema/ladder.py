"""The ladder: which migrations lead a salon's schema from version 0 to the head.

A version is a number of rungs. The order is the one in which the template took them, kept in
``SchemaStep``; the code on disk only adds rungs at the top.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import SeparateDatabaseAndState
from django.db.migrations.state import ProjectState

from shared_apps.core.scope import public_scope
from tenants.models import SchemaStep
from tenants.schema.errors import LadderBroken
from tenants.schema.head import salon_app_labels

MAKES_A_TABLE = re.compile(r"CREATE TABLE ")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of the ladder climbed in one way: all its SQL at once, or one Django step."""

    steps: tuple[SchemaStep, ...]

    @property
    def target(self) -> int:
        return self.steps[-1].number

    @property
    def through_django(self) -> bool:
        return self.steps[0].through_django

    def steps_above(self, version: int) -> list[SchemaStep]:
        return [step for step in self.steps if step.number > version]


def makes_tables(steps: Iterable[SchemaStep]) -> bool:
    return any(
        step.through_django or any(map(MAKES_A_TABLE.match, step.statements)) for step in steps
    )


def legs(steps: Sequence[SchemaStep], *, above: int) -> list[Leg]:
    """The stretches from version ``above`` to the top. Every Django step stands alone."""
    found: list[list[SchemaStep]] = []
    for step in steps:
        if step.number <= above:
            continue
        if not found or step.through_django or found[-1][-1].through_django:
            found.append([])
        found[-1].append(step)
    return [Leg(tuple(stretch)) for stretch in found]


def recorded_steps() -> list[SchemaStep]:
    with public_scope():
        return list(SchemaStep.objects.order_by("number"))


def key_of(step: SchemaStep) -> Key:
    return step.app_label, step.migration


class Disk:
    """The salon apps' migrations as files, in an order that respects their dependencies."""

    def __init__(self, loader: MigrationLoader | None = None) -> None:
        self.loader = loader or MigrationLoader(None)
        labels = salon_app_labels()
        keys: dict[Key, None] = {}
        for leaf in self.loader.graph.leaf_nodes():
            if leaf[0] in labels:
                keys.update(dict.fromkeys(self.loader.graph.forwards_plan(leaf)))
        strangers = sorted(key for key in keys if key[0] not in labels)
        if strangers:
            raise LadderBroken(f"salon migrations depend on public ones: {strangers}")
        self.keys = list(keys)

    def migration(self, key: Key) -> Migration:
        found: Migration | None = self.loader.disk_migrations.get(key)
        if found is None:
            raise LadderBroken(f"this code does not know {'.'.join(key)}; run the newer release's")
        return found

    def missing_from(self, steps: Sequence[SchemaStep]) -> list[Migration]:
        """What the template has yet to take; refuses a database that went another way."""
        taken = {key_of(step) for step in steps}
        missing = [key for key in self.keys if key not in taken]
        unknown = sorted(taken.difference(self.keys))
        if missing and unknown:
            raise LadderBroken(
                f"the database has taken {unknown}, which this code does not know, "
                f"and lacks {missing}: it belongs to another line of releases"
            )
        return [self.migration(key) for key in missing]

    def state_after(self, steps: Iterable[SchemaStep]) -> ProjectState:
        """Django's models as they stand on a rung of the ladder."""
        state = ProjectState(real_apps=self.loader.unmigrated_apps)
        for step in steps:
            state = self.migration(key_of(step)).mutate_state(state, preserve=False)
        return state


def needs_django(migration: Migration) -> bool:
    """Whether SQL seen on the template would not do for a salon: data, or no transaction."""
    return not migration.atomic or not all(map(_is_sql, migration.operations))


def _is_sql(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(map(_is_sql, operation.database_operations))
    return bool(operation.reduces_to_sql)
