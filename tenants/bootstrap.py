"""Roles, database and extensions of a new installation. Run by an administrator, repeatable."""

import psycopg
from psycopg import sql

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
OLDEST_SERVER = 170000


class TooOld(Exception):
    """The server is older than PostgreSQL 17."""


def bootstrap(
    admin_url: str,
    *,
    database: str,
    owner_role: str,
    owner_password: str,
    app_role: str,
    app_password: str,
) -> None:
    """Make what is missing. ``admin_url`` needs CREATEROLE and CREATEDB, or a superuser.

    The owner role alone may run DDL; the application role gets its rights table by table
    (tenants/schema/grants.py). No default privileges: they would give a replayed journal its
    UPDATE and DELETE back.
    """
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=5) as admin:
        if admin.info.server_version < OLDEST_SERVER:
            raise TooOld(f"PostgreSQL 17 or newer is needed, this is {admin.info.server_version}")
        _make_role(admin, owner_role, owner_password)
        _make_role(admin, app_role, app_password)
        _make_database(admin, database, owner_role)
        conninfo = psycopg.conninfo.make_conninfo(admin_url, dbname=database)
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=5) as inside:
        _furnish(inside, database, owner_role, app_role)


def _make_role(admin: psycopg.Connection, role: str, password: str) -> None:
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    admin.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            verb, sql.Identifier(role), sql.Literal(password)
        )
    )
    if not _is_superuser(admin):
        # Whoever is none may hand a database only to a role that they belong to.
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def _is_superuser(admin: psycopg.Connection) -> bool:
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _make_database(admin: psycopg.Connection, database: str, owner_role: str) -> None:
    known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    if not known:
        admin.execute(
            sql.SQL(
                "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
            ).format(sql.Identifier(database), sql.Identifier(owner_role))
        )


def _furnish(inside: psycopg.Connection, database: str, owner_role: str, app_role: str) -> None:
    name, owner, app = map(sql.Identifier, (database, owner_role, app_role))
    statements: list[sql.SQL | sql.Composed] = [
        sql.SQL("REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CREATE, TEMPORARY, CONNECT ON DATABASE {} TO {}").format(name, owner),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, app),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT CREATE, USAGE ON SCHEMA public TO {}").format(owner),
        sql.SQL("CREATE SCHEMA IF NOT EXISTS extensions"),
        sql.SQL("GRANT USAGE ON SCHEMA extensions TO {}, {}").format(owner, app),
        *(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA extensions").format(
                sql.Identifier(extension)
            )
            for extension in EXTENSIONS
        ),
    ]
    for statement in statements:
        inside.execute(statement)
