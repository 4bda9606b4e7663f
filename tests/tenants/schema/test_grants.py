"""PostgreSQL itself refuses the application what it must not do."""

import pytest
from django.db import DatabaseError, connection, transaction

from shared_apps.core.db import sqlstate_of
from shared_apps.core.scope import public_scope, salon_scope
from tenants.schema.names import TEMPLATE
from tenants.types import SalonCard

FORBIDDEN = "42501"

NOT_IN_A_SALON = [
    "CREATE TABLE mine (id bigint)",
    "CREATE TEMPORARY TABLE mine (id bigint)",
    "CREATE TABLE extensions.mine (id bigint)",
    "ALTER TABLE clients_client ADD COLUMN mine text",
    "ALTER TABLE clients_client DISABLE TRIGGER ALL",
    "DROP TABLE clients_client",
    "TRUNCATE clients_client",
    "CREATE INDEX mine ON clients_client (id)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION citext SCHEMA extensions",
    "SET ROLE parlour_owner",
    "UPDATE journal_entry SET event = 'never'",
    "DELETE FROM journal_entry",
    "TRUNCATE journal_entry",
    "SELECT id FROM journal_entry FOR UPDATE",
    "MERGE INTO journal_entry USING journal_entry j ON false WHEN MATCHED THEN DELETE",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
    "DELETE FROM django_migrations",
    "UPDATE django_content_type SET model = 'other'",
    f"SELECT count(*) FROM {TEMPLATE}.clients_client",
]
NOT_IN_PUBLIC = [
    "CREATE TABLE mine (id bigint)",
    "DROP TABLE tenants_salon",
    "TRUNCATE outbox_message",
    "UPDATE journal_entry SET event = 'never'",
    "DELETE FROM journal_entry",
    "UPDATE tenants_schemascript SET statements = '{DROP}'",
    "DELETE FROM tenants_schemastep",
    "INSERT INTO tenants_schemamove SELECT * FROM tenants_schemamove",
    "DELETE FROM django_migrations",
]


def assert_forbidden(statement: str) -> None:
    with (
        pytest.raises(DatabaseError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert sqlstate_of(refusal.value) == FORBIDDEN


@pytest.mark.parametrize("statement", NOT_IN_A_SALON)
def test_the_application_may_not_in_a_salon(in_salon: SalonCard, statement: str) -> None:
    assert_forbidden(statement)


@pytest.mark.parametrize("statement", NOT_IN_PUBLIC)
def test_the_application_may_not_in_public(in_public: None, statement: str) -> None:
    assert_forbidden(statement)


def test_a_grant_to_itself_changes_nothing(in_salon: SalonCard) -> None:
    with connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE ON journal_entry TO CURRENT_USER")
        cursor.execute("SELECT has_table_privilege('journal_entry', 'UPDATE')")
        assert cursor.fetchone() == (False,)


def test_every_other_table_is_open_for_rows_and_nothing_more(db: None, salon: SalonCard) -> None:
    question = (
        "SELECT relname, string_agg(right_name, ',' ORDER BY right_name) FROM pg_class,"
        " unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER','REFERENCES'])"
        " right_name WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        " AND has_table_privilege(oid, right_name) GROUP BY relname"
    )
    closed = {
        "journal_entry": "INSERT,SELECT",
        "django_migrations": "SELECT",
        "django_content_type": "SELECT",
        "tenants_schemastep": "SELECT",
        "tenants_schemascript": "SELECT",
        "tenants_schemamove": "SELECT",
    }
    for scope in (salon_scope(salon), public_scope()):
        with scope, connection.cursor() as cursor:
            cursor.execute(question)
            rights = dict(cursor.fetchall())
        assert len(rights) > 10
        assert rights == {
            table: closed.get(table, "DELETE,INSERT,SELECT,UPDATE") for table in rights
        }
