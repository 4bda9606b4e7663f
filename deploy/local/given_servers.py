"""Servers that are not ours, named by `DATABASE_URL` and `REDIS_URL`: tried before anything else.

Whatever is wrong with them becomes one sentence.
"""

import re
from pathlib import Path
from typing import Any

import psycopg
import redis

from deploy.local.credentials import Credentials
from deploy.local.databases import (
    DATABASE,
    Databases,
    address_of,
    database_of,
    require_postgresql,
    require_redis,
    user_of,
    with_database,
    with_role,
)
from deploy.local.errors import Stop

# The template of a salon's schema is dumped with our pg_dump, which reads its own version best.
SERVER_VERSION = 17
OLDEST_REDIS = (6, 2)
PATIENCE = 5
EXTENSIONS_IN_REACH = (
    "SELECT count(*) = 3 FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
    "WHERE n.nspname = 'extensions' AND e.extname IN ('btree_gist', 'pg_trgm', 'unaccent') "
    "AND has_schema_privilege(n.oid, 'USAGE')"
)


def given_databases(
    *,
    database_url: str,
    owner_database_url: str | None,
    redis_url: str,
    credentials: Credentials,
    pg_bin: Path,
) -> Databases:
    """Two ready roles when both URLs are given, else an administrator who can make them."""
    require_postgresql(database_url, name="DATABASE_URL")
    if owner_database_url is None:
        return _with_roles_of_ours(database_url, redis_url, credentials, pg_bin)
    require_postgresql(owner_database_url, name="OWNER_DATABASE_URL")
    _check_ready_roles(database_url, owner_database_url)
    return Databases(
        admin_url=None,
        owner_url=owner_database_url,
        app_url=database_url,
        redis_url=redis_url,
        pg_bin=pg_bin,
    )


def check_redis(url: str) -> None:
    require_redis(url)
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=5) as client:
            information: Any = client.info("server")
    except redis.AuthenticationError as error:
        raise Stop(f"REDIS_URL: Redis at {address_of(url)} refuses the password.") from error
    except redis.RedisError as error:
        raise Stop(f"REDIS_URL: no Redis answers at {address_of(url)} ({error}).") from error
    version = str(information["redis_version"])
    if tuple(map(int, version.split(".")[:2])) < OLDEST_REDIS:
        raise Stop(f"REDIS_URL: Redis 6.2 or newer is needed, {address_of(url)} has {version}.")


def _with_roles_of_ours(
    url: str, redis_url: str, credentials: Credentials, pg_bin: Path
) -> Databases:
    database = database_of(url) or DATABASE
    admin_url = _reachable_admin_url(with_database(url, database))
    rights = _ask(
        admin_url,
        "SELECT rolsuper OR (rolcreaterole AND (rolcreatedb OR EXISTS "
        "(SELECT FROM pg_database WHERE datname = %s))) FROM pg_roles WHERE rolname = current_user",
        database,
        name="DATABASE_URL",
    )
    if not rights:
        raise Stop(
            f"DATABASE_URL: the role {user_of(url)} may not make roles and databases; give one "
            "that may (CREATEROLE and CREATEDB), or two ready roles with OWNER_DATABASE_URL too."
        )
    return Databases(
        admin_url=admin_url,
        owner_url=_role_url(url, database, "owner", credentials.owner_password),
        app_url=_role_url(url, database, "app", credentials.app_password),
        redis_url=redis_url,
        pg_bin=pg_bin,
    )


def _role_url(url: str, database: str, suffix: str, password: str) -> str:
    return with_role(with_database(url, database), role=f"{database}_{suffix}", password=password)


def _reachable_admin_url(url: str) -> str:
    """A database that does not exist yet is made from the one every server has."""
    try:
        _ask(url, "SELECT true", name="DATABASE_URL")
    except _NoSuchDatabase:
        url = with_database(url, "postgres")
        _ask(url, "SELECT true", name="DATABASE_URL")
    return url


def _check_ready_roles(app_url: str, owner_url: str) -> None:
    if (address_of(app_url), database_of(app_url)) != (
        address_of(owner_url),
        database_of(owner_url),
    ):
        raise Stop("DATABASE_URL and OWNER_DATABASE_URL must name the same server and database.")
    _ask(app_url, "SELECT true", name="DATABASE_URL")
    question = "SELECT has_database_privilege(current_database(), 'CREATE')"
    if not _ask(owner_url, question, name="OWNER_DATABASE_URL"):
        raise Stop(
            f"OWNER_DATABASE_URL: the role {user_of(owner_url)} may not create schemas in "
            f"{database_of(owner_url)}; make it the owner of that database."
        )
    if _ask(app_url, question, name="DATABASE_URL"):
        raise Stop(
            f"DATABASE_URL: the role {user_of(app_url)} may create schemas; the application's "
            "role must not, so give a plain one."
        )
    if not _ask(app_url, EXTENSIONS_IN_REACH, name="DATABASE_URL"):
        raise Stop(
            f"DATABASE_URL: {database_of(app_url)} lacks btree_gist, pg_trgm and unaccent in a "
            f"schema named extensions that {user_of(app_url)} may use; an administrator makes them."
        )


class _NoSuchDatabase(Stop):
    pass


def _ask(url: str, question: str, *values: str, name: str) -> bool:
    """The one boolean a question answers with, from a server of the right version."""
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            version = connection.info.server_version // 10_000
            row = connection.execute(question, values).fetchone()
    except psycopg.ProgrammingError as error:
        raise Stop(f"{name} cannot be read as a PostgreSQL URL ({_one_line(error)}).") from error
    except psycopg.OperationalError as error:
        raise _explained(error, url, name) from error
    if version != SERVER_VERSION:
        raise Stop(
            f"{name}: PostgreSQL {SERVER_VERSION} is needed, {address_of(url)} has {version}."
        )
    return bool(row and row[0])


def _explained(error: psycopg.OperationalError, url: str, name: str) -> Stop:
    text = str(error)
    place = address_of(url)
    if re.search(r'database ".*" does not exist', text):
        return _NoSuchDatabase(f"{name}: {place} has no database {database_of(url)}.")
    if re.search(r"password|authentication|role .* does not exist|pg_hba", text):
        return Stop(
            f"{name}: PostgreSQL at {place} refuses the user {user_of(url)} or its password."
        )
    return Stop(f"{name}: no PostgreSQL answers at {place} ({_one_line(error)}).")


def _one_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__
