"""Every migration only adds, and the lint that says so can be seen to refuse."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    BtreeGistExtension,
)
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


def constrain(constraint: models.BaseConstraint, model: str = "chair") -> migrations.AddConstraint:
    return migrations.AddConstraint(model, constraint)


def sql(*statements: str) -> list[Operation]:
    return [migrations.RunSQL(list(statements))]


INDEX = models.Index(fields=["label"], name="chair_label")
NEW_MODEL = migrations.CreateModel(
    "Mirror", [("id", models.BigAutoField(primary_key=True)), ("width", models.IntegerField())]
)
ONE_LABEL = models.UniqueConstraint(fields=["label"], name="one_label")
HIGH_FLOOR = models.CheckConstraint(condition=models.Q(floor__gt=0), name="high_floor")
NO_OVERLAP = ExclusionConstraint(name="no_overlap", expressions=[("label", "=")])
WIDE = models.CheckConstraint(condition=models.Q(width__gt=0), name="wide")
VIEW = migrations.CreateModel(
    "View",
    [("id", models.BigAutoField(primary_key=True))],
    options={"managed": False, "db_table": "salon_chair"},
)

ALLOWED: dict[str, list[Operation]] = {
    "a table": [NEW_MODEL],
    "a column that may be null": [field("note", models.TextField(null=True))],
    "a column with a default in the database": [field("note", models.TextField(db_default=""))],
    "a required column of a table made here": [
        NEW_MODEL,
        migrations.AddField("Mirror", "height", models.IntegerField()),
    ],
    "a unique column that may be null": [field("code", models.TextField(null=True, unique=True))],
    "constraints of a table made here": [
        NEW_MODEL,
        constrain(WIDE, "mirror"),
        migrations.RemoveConstraint("mirror", "wide"),
        migrations.AddField("Mirror", "code", models.TextField(unique=True, db_default="")),
        migrations.RunSQL(["ALTER TABLE salon_mirror ALTER width SET NOT NULL"]),
    ],
    "a constraint of a table made by hand": [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(["CREATE TABLE salon_mirror (id bigint, width int)"])], [NEW_MODEL]
        ),
        constrain(WIDE, "mirror"),
    ],
    "an index": [migrations.AddIndex("chair", INDEX)],
    "a longer text": [alter("label", models.CharField(max_length=80))],
    "a column that may now be null": [alter("label", models.CharField(max_length=40, null=True))],
    "single statements": [
        migrations.RunSQL(["ANALYZE", ("COMMENT ON TABLE salon_chair IS %s", ["to sit on"])])
    ],
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
    "giving up uniqueness": (
        [alter("code", models.CharField(max_length=40))],
        "stops being unique",
    ),
    "demanding a positive number": (
        [alter("floor", models.PositiveIntegerField(db_default=0))],
        "becomes checked",
    ),
    "demanding that a row exists": (
        [alter("twin", models.ForeignKey("salon.Chair", models.CASCADE, null=True))],
        "becomes a foreign key",
    ),
    "a unique column with one default for all": (
        [field("number", models.IntegerField(unique=True, db_default=0))],
        "is unique and has one default",
    ),
    "a unique constraint": ([constrain(ONE_LABEL)], "one_label refuses rows"),
    "a check": ([constrain(HIGH_FLOOR)], "high_floor refuses rows"),
    "a check of new rows only": (
        [AddConstraintNotValid("chair", HIGH_FLOOR)],
        "high_floor refuses rows",
    ),
    "an exclusion": ([constrain(NO_OVERLAP)], "no_overlap refuses rows"),
    "a constraint behind the state's back": (
        [migrations.SeparateDatabaseAndState([constrain(ONE_LABEL)])],
        "one_label refuses rows",
    ),
    "a constraint under another name of the table": (
        [VIEW, constrain(ONE_LABEL)],
        "one_label refuses rows",
    ),
    "removing a constraint": (
        [migrations.RemoveConstraint("chair", "two_labels")],
        "two_labels is removed",
    ),
    "a string of SQL": ([migrations.RunSQL("ANALYZE")], "not a string"),
    "two statements in one": (sql("ANALYZE a; ANALYZE b"), "semicolon"),
    "demanding a value in SQL": (
        sql("ALTER TABLE chair ALTER label SET NOT NULL"),
        "does more than add",
    ),
    "removing a column in SQL": (sql("ALTER TABLE chair DROP phone"), "does more than add"),
    "deleting rows in SQL": (sql("DELETE FROM chair"), "does more than add"),
    "changing rows in SQL": (sql("UPDATE chair SET floor = 1"), "does more than add"),
    "emptying a table in SQL": (sql("TRUNCATE chair"), "does more than add"),
    "a concurrent index in SQL": (sql("CREATE INDEX CONCURRENTLY i ON a (b)"), "concurrent"),
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
                ("code", models.CharField(max_length=40, unique=True)),
                (
                    "twin",
                    models.ForeignKey(
                        "salon.Chair", models.CASCADE, null=True, db_constraint=False
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["label", "floor"], name="two_labels")
                ]
            },
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


def test_sql_may_do_anything_to_a_table_that_it_made() -> None:
    new = "CREATE TABLE mirror (id bigint)"
    demand = "ALTER TABLE mirror ALTER id SET NOT NULL"
    assert judged(sql(new, demand)) == []
    assert len(judged(sql(demand, new))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        field("number", models.IntegerField(unique=True, db_default=0)),
        constrain(ONE_LABEL),
        constrain(HIGH_FLOOR),
        constrain(NO_OVERLAP),
        migrations.RemoveConstraint("chair", "two_labels"),
        migrations.RunSQL(["ALTER TABLE chair DROP phone"]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_a_release_later_more_may_be_demanded(operation: Operation) -> None:
    assert judged([operation], release="0.3.0", contract_after="0.2.0") == []
    assert judged([operation], release="0.2.0", contract_after="0.2.0") != []


def test_a_release_later_it_may_be_taken_away() -> None:
    removal: list[Operation] = [migrations.RemoveField("chair", "label")]
    assert judged(removal, release="0.3.0", contract_after="0.2.0") == []
    assert judged(removal, release="0.10.0", contract_after="0.9.0") == []
    (complaint,) = judged(removal, release="0.2.0", contract_after="0.2.0")
    assert complaint == "may ship after release 0.2.0, and this is 0.2.0"


KNOWN_WIDTH = models.CheckConstraint(condition=models.Q(width=None), name="no_width_yet")


@pytest.mark.parametrize(
    ("operations", "kept", "is_fine"),
    [
        ([field("width", models.IntegerField(null=True)), constrain(KNOWN_WIDTH)], True, True),
        ([field("width", models.IntegerField(null=True)), constrain(KNOWN_WIDTH)], False, False),
        ([field("width", models.IntegerField(null=True)), constrain(ONE_LABEL)], True, False),
    ],
    ids=["on a column of its own", "without a word", "on an old column"],
)
def test_a_constraint_may_come_with_its_column_when_the_running_code_keeps_it(
    operations: list[Operation], kept: bool, is_fine: bool
) -> None:
    why = {"no_width_yet": "nobody writes it", "one_label": "we hope so"} if kept else {}
    assert (judged(operations, running_code_keeps=why) == []) is is_fine


TWIN = migrations.AlterField("chair", "twin", models.ForeignKey("salon.Mirror", models.CASCADE))
MAYBE_TWIN = alter("twin", models.ForeignKey("salon.Mirror", models.CASCADE, null=True))


@pytest.mark.parametrize(
    ("operations", "kept", "complaint"),
    [
        ([NEW_MODEL, MAYBE_TWIN], {"chair.twin": "it writes none"}, ""),
        ([NEW_MODEL, MAYBE_TWIN], {}, "becomes a foreign key"),
        ([NEW_MODEL, TWIN], {"chair.twin": "it writes none"}, "becomes NOT NULL"),
        (
            [alter("twin", models.ForeignKey("salon.Chair", models.CASCADE, null=True))],
            {"chair.twin": "it writes none"},
            "becomes a foreign key",
        ),
    ],
    ids=["to a table made here", "without a word", "and demands a value", "to an old table"],
)
def test_a_column_may_come_to_refer_to_a_table_made_here(
    operations: list[Operation], kept: dict[str, str], complaint: str
) -> None:
    told = judged(operations, running_code_keeps=kept)
    assert (complaint in told[0]) if complaint else told == []


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
