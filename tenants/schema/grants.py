"""What the application's role may do in one schema, said table by table.

There are no default privileges: they would be added to a replayed table's own and silently
give UPDATE and DELETE on the journal back. A forgotten grant fails closed (42501). TRUNCATE
is never granted.
"""

from django.conf import settings
from psycopg import sql

from shared_apps.core.scope import PUBLIC

APPEND_ONLY = ("journal_entry",)
READ_ONLY = ("django_migrations", "django_content_type")
READ_ONLY_IN_PUBLIC = (
    *READ_ONLY,
    "tenants_schemastep",
    "tenants_schemascript",
    "tenants_schemamove",
)


def salon_grants(schema: str) -> list[str]:
    return _grants(schema, read_only=READ_ONLY)


def public_grants() -> list[str]:
    return _grants(PUBLIC, read_only=READ_ONLY_IN_PUBLIC)


def rights_withdrawn(schema: str) -> list[str]:
    """Shuts the application out of a schema; its tables' own grants no longer matter."""
    return [_said("REVOKE USAGE ON SCHEMA {schema} FROM {role}", schema)]


def _grants(schema: str, *, read_only: tuple[str, ...]) -> list[str]:
    return [
        _said("GRANT USAGE ON SCHEMA {schema} TO {role}", schema),
        _said(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
            schema,
        ),
        _said("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}", schema),
        _said("REVOKE UPDATE, DELETE ON {tables} FROM {role}", schema, APPEND_ONLY),
        _said("REVOKE INSERT, UPDATE, DELETE ON {tables} FROM {role}", schema, read_only),
    ]


def _said(template: str, schema: str, tables: tuple[str, ...] = ()) -> str:
    return (
        sql.SQL(template)
        .format(
            schema=sql.Identifier(schema),
            role=sql.Identifier(settings.APP_DATABASE_ROLE),
            tables=sql.SQL(", ").join(sql.Identifier(schema, table) for table in tables),
        )
        .as_string()
    )
