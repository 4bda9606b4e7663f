"""Raw SQL is allowed by a list of what only adds, so what nobody thought of is refused."""

import pytest

from tenants.schema.additive_sql import made_table, only_adds

ADDING = (
    "CREATE INDEX chair_label ON chair (label)",
    "CREATE TABLE mirror (id bigint PRIMARY KEY, width int NOT NULL CHECK (width > 0))",
    "CREATE TABLE IF NOT EXISTS mirror (id bigint)",
    "COMMENT ON COLUMN chair.label IS 'not ours -- do not DROP it'",
    "GRANT SELECT ON chair TO parlour_app",
    "ANALYZE chair",
    "alter table chair add column note text",
    "ALTER TABLE chair ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT 'none, as yet'",
    "ALTER TABLE chair ADD COLUMN price numeric(10, 2), ADD COLUMN tip numeric(10, 2)",
    "ALTER TABLE chair SET (fillfactor = 70, autovacuum_enabled = true)",
    "ALTER TABLE chair ALTER COLUMN label SET STORAGE EXTERNAL",
)
MORE = (
    "ALTER TABLE chair ALTER COLUMN label SET NOT NULL",
    "ALTER TABLE chair ALTER label TYPE int",
    "ALTER TABLE chair ALTER floor DROP DEFAULT",
    "ALTER TABLE chair DROP phone",
    "ALTER TABLE chair DROP COLUMN phone",
    "ALTER TABLE chair DROP CONSTRAINT one_label",
    "ALTER TABLE chair RENAME label TO title",
    "ALTER TABLE chair ADD COLUMN note text, DROP phone",
    "ALTER TABLE chair ADD COLUMN note text NOT NULL",
    'ALTER TABLE chair ADD COLUMN "default" text NOT NULL',
    "ALTER TABLE chair ADD COLUMN IF NOT EXISTS code text UNIQUE DEFAULT ''",
    "ALTER TABLE chair ADD COLUMN note text CHECK (floor > 0)",
    "ALTER TABLE chair ADD CONSTRAINT one_label UNIQUE (label)",
    "ALTER TABLE chair ADD CHECK (floor > 0)",
    "ALTER TABLE chair ADD UNIQUE (label)",
    "ALTER TABLE chair ADD COLUMN a text DEFAULT E'\\'', DROP phone, ADD COLUMN b text DEFAULT ''",
    "ALTER TABLE chair /* ADD COLUMN note text */ DROP phone",
    "CREATE UNIQUE INDEX one_label ON chair (label)",
    "CREATE OR REPLACE VIEW chairs AS SELECT 1",
    "DELETE FROM chair",
    "UPDATE chair SET label = ''",
    "TRUNCATE chair",
    "DROP TABLE chair",
    "DROP INDEX chair_label",
    "REVOKE SELECT ON chair FROM parlour_app",
    "WITH gone AS (DELETE FROM chair RETURNING *) SELECT * FROM gone",
    "SELECT remove_chairs()",
    "DO 'BEGIN DELETE FROM chair END'",
)


@pytest.mark.parametrize("statement", ADDING)
def test_what_only_adds_is_allowed(statement: str) -> None:
    assert only_adds(statement, fresh=set())


@pytest.mark.parametrize("statement", MORE)
def test_what_does_more_is_refused(statement: str) -> None:
    assert not only_adds(statement, fresh={"mirror"})


def test_a_fresh_table_may_become_what_it_likes() -> None:
    assert only_adds("ALTER TABLE mirror ALTER id SET NOT NULL", fresh={"mirror"})
    assert only_adds('CREATE UNIQUE INDEX ON "mirror" (id)', fresh={"mirror"})


def test_a_table_is_made_only_where_there_was_none() -> None:
    assert made_table('CREATE TABLE "mirror" (id bigint)') == "mirror"
    assert made_table("CREATE TABLE IF NOT EXISTS mirror (id bigint)") is None
