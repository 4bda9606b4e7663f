"""Where PostgreSQL and Redis are, whoever runs them, and which role is for whom."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from deploy.local.errors import Stop

DATABASE = "parlour"


@dataclass(frozen=True)
class Databases:
    """`admin_url` is there when the roles and the database are ours to make."""

    admin_url: str | None
    owner_url: str
    app_url: str
    redis_url: str
    pg_bin: Path

    @property
    def database(self) -> str:
        return database_of(self.app_url)

    @property
    def app_role(self) -> str:
        return user_of(self.app_url)

    @property
    def owner_role(self) -> str:
        return user_of(self.owner_url)


def require_postgresql(url: str, *, name: str) -> None:
    """Never quotes the URL: it holds a password."""
    try:
        parts = urlsplit(url)
        looks_right = bool(
            parts.scheme in ("postgresql", "postgres") and parts.hostname and parts.username
        )
        _ = parts.port
    except ValueError:
        looks_right = False
    if not looks_right:
        raise Stop(f"{name} must look like postgresql://user:password@host:5432/database.")


def require_redis(url: str) -> None:
    try:
        parts = urlsplit(url)
        looks_right = parts.scheme in ("redis", "rediss") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        looks_right = False
    if not looks_right:
        raise Stop("REDIS_URL must look like redis://:password@host:6379/0.")


def database_of(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/"))


def user_of(url: str) -> str:
    return unquote(urlsplit(url).username or "")


def address_of(url: str) -> str:
    """Host and port, for people to read."""
    parts = urlsplit(url)
    default = 5432 if parts.scheme.startswith("postgres") else 6379
    return f"{parts.hostname}:{parts.port or default}"


def with_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database, safe='')}"))


def with_role(url: str, *, role: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{quote(role, safe='')}:{quote(password, safe='')}@{host}"
    return urlunsplit(parts._replace(netloc=netloc))
