"""Every migration only adds, and the lint that says so can be seen to refuse."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently, BtreeGistExtension
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from tenants.schema.expand_only import complaints

ROOT = Path(__file__).resolve().parents[2]
OURS = ("tenants", "shared_apps.", "tenant_apps.")


def our_migrations() -> list[tuple[str, str]]:
    ours = {c.label for c in apps.get_app_configs() if c.name.startswith(OURS)}
    return sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in ours)


@pytest.mark.parametrize("key", our_migrations(), ids=".".join)
def test_our_migrations_only_expand(key: tuple[str, str]) -> None:
    loader = MigrationLoader(None)
    release = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    migration = loader.get_migration(*key)
    before = loader.project_state(key, at_end=False)
    assert complaints(migration, before, release=release) == []


def field(name: str, new: "models.Field[Any, Any]") -> migrations.AddField:
    return migrations.AddField("chair", name, new)


def alter(name: str, new: "models.Field[Any, Any]") -> migrations.AlterField:
    return migrations.AlterField("chair", name, new)


INDEX = models.Index(fields=["label"], name="chair_label")
NEW_MODEL = migrations.CreateModel(
    "Mirror", [("id", models.BigAutoField(primary_key=True)), ("width", models.IntegerField())]
)

ALLOWED: dict[str, list[Operation]] = {
    "a table": [NEW_MODEL],
    "a column that may be null": [field("note", models.TextField(null=True))],
    "a column with a default in the database": [field("note", models.TextField(db_default=""))],
    "a required column of a table made here": [
        NEW_MODEL,
        migrations.AddField("Mirror", "height", models.IntegerField()),
    ],
    "an index": [migrations.AddIndex("chair", INDEX)],
    "a longer text": [alter("label", models.CharField(max_length=80))],
    "a column that may now be null": [alter("label", models.CharField(max_length=40, null=True))],
    "single statements": [migrations.RunSQL(["SELECT 1", ("SELECT %s", [2])])],
    "data": [migrations.RunPython(migrations.RunPython.noop)],
    "a field that only the code forgets": [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("chair", "label")]
        )
    ],
}
REFUSED: dict[str, tuple[list[Operation], str]] = {
    "removing a column": ([migrations.RemoveField("chair", "label")], "is removed"),
    "removing it behind the state's back": (
        [
            migrations.SeparateDatabaseAndState(
                database_operations=[migrations.RemoveField("chair", "label")]
            )
        ],
        "is removed",
    ),
    "deleting a table": ([migrations.DeleteModel("Chair")], "is deleted"),
    "renaming a column": ([migrations.RenameField("chair", "label", "title")], "RenameField"),
    "renaming a table": ([migrations.RenameModel("Chair", "Seat")], "RenameModel"),
    "moving a table": ([migrations.AlterModelTable("chair", "seat")], "AlterModelTable"),
    "renaming in the database": (
        [alter("label", models.CharField(max_length=40, db_column="title"))],
        "is renamed",
    ),
    "another type": ([alter("label", models.TextField())], "changes its type"),
    "a shorter text": ([alter("label", models.CharField(max_length=9))], "changes its type"),
    "demanding a value": ([alter("spare", models.IntegerField())], "becomes NOT NULL"),
    "demanding uniqueness": (
        [alter("label", models.CharField(max_length=40, unique=True))],
        "becomes unique",
    ),
    "dropping a default": ([alter("floor", models.IntegerField())], "loses its db_default"),
    "a required column": ([field("note", models.TextField(default=""))], "needs a db_default"),
    "an automatic key later": (
        [field("number", models.BigAutoField(primary_key=True))],
        "an automatic key",
    ),
    "unique together": (
        [migrations.AlterUniqueTogether("chair", {("label", "floor")})],
        "AlterUniqueTogether",
    ),
    "an extension in a salon's schema": ([BtreeGistExtension()], "BtreeGistExtension"),
    "a string of SQL": ([migrations.RunSQL("SELECT 1")], "not a string"),
    "two statements in one": ([migrations.RunSQL(["SELECT 1; SELECT 2"])], "semicolon"),
    "a drop in SQL": ([migrations.RunSQL(["ALTER TABLE a DROP COLUMN b"])], "takes away"),
    "a concurrent index in a transaction": (
        [AddIndexConcurrently("chair", INDEX)],
        "atomic = False",
    ),
}


def chairs() -> ProjectState:
    state = ProjectState()
    state.add_model(
        ModelState(
            "salon",
            "Chair",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("label", models.CharField(max_length=40)),
                ("spare", models.IntegerField(null=True)),
                ("floor", models.IntegerField(db_default=0)),
            ],
        )
    )
    return state


def migration(operations: list[Operation], **attributes: Any) -> migrations.Migration:
    made = migrations.Migration("0002_made_up", "salon")
    for name, value in {"operations": operations, **attributes}.items():
        setattr(made, name, value)
    return made


def judged(operations: list[Operation], release: str = "0.1.0", **attributes: Any) -> list[str]:
    return complaints(migration(operations, **attributes), chairs(), release=release)


@pytest.mark.parametrize("operations", ALLOWED.values(), ids=ALLOWED)
def test_adding_is_allowed(operations: list[Operation]) -> None:
    assert judged(operations) == []


@pytest.mark.parametrize(("operations", "reason"), REFUSED.values(), ids=REFUSED)
def test_taking_away_is_refused(operations: list[Operation], reason: str) -> None:
    (complaint,) = judged(operations)
    assert reason in complaint


def test_a_release_later_it_may_be_taken_away() -> None:
    removal: list[Operation] = [migrations.RemoveField("chair", "label")]
    assert judged(removal, release="0.3.0", contract_after="0.2.0") == []
    assert judged(removal, release="0.10.0", contract_after="0.9.0") == []
    (complaint,) = judged(removal, release="0.2.0", contract_after="0.2.0")
    assert complaint == "may ship after release 0.2.0, and this is 0.2.0"


def test_contract_after_needs_something_to_contract() -> None:
    (complaint,) = judged([NEW_MODEL], release="0.3.0", contract_after="0.2.0")
    assert complaint == "contract_after, but nothing is taken away"


def test_a_concurrent_index_stands_alone() -> None:
    index = AddIndexConcurrently("chair", INDEX)
    assert judged([index], atomic=False) == []
    assert len(judged([index, NEW_MODEL], atomic=False)) == 1


def test_only_indexes_and_data_go_without_a_transaction() -> None:
    assert judged([migrations.RunPython(migrations.RunPython.noop)], atomic=False) == []
    assert len(judged([NEW_MODEL], atomic=False)) == 1


def test_squashing_is_refused() -> None:
    assert len(judged([NEW_MODEL], replaces=[("salon", "0001_initial")])) == 1
