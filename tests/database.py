"""The tests' PostgreSQL: built once, kept between runs, copied for every worker.

The servers of a run are started by pytest's main process; workers learn of them from the
environment. Tests run as the application's role. The owner's is for those that move schemas.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from psycopg import sql

from tenants.bootstrap import bootstrap

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".cache" / "test-pg"
TEMPLATE_DATABASE = "parlour_template"
OWNER, APP, PASSWORD = "parlour_owner", "parlour_app", "for-tests-only"
ROOM = 2 * 1024**3
SERVERS = "PARLOUR_TEST_SERVERS"
LEFT_OUT = "none"
WHAT_THE_TEMPLATE_IS_MADE_OF = (
    "tenants/**/*.py",
    "*_apps/**/models.py",
    "*_apps/**/models/*.py",
    "*_apps/**/migrations/*.py",
    "config/settings/*.py",
    "tests/make_template.py",
    "tenant_apps/onboarding/*.py",
    "locale/*/LC_MESSAGES/*.po",
    "tests/database.py",
    "requirements/*.txt",
)


def place_in_memory() -> Path | None:
    """Copying a database is twenty times faster there than on a disk, when there is room."""
    memory = Path("/dev/shm")  # noqa: S108 a folder of our own is made in it
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return memory
    return None


def servers_are_left_out() -> bool:
    """By ``PARLOUR_TEST_SERVERS=none``: for runs of pure tests alone, as mutants want them."""
    return os.environ.get(SERVERS) == LEFT_OUT


@dataclass(frozen=True)
class Servers:
    admin_url: str
    redis_url: str
    pg_bin: str

    def publish(self) -> None:
        os.environ[SERVERS] = json.dumps(asdict(self))

    @classmethod
    def published(cls) -> "Servers":
        if servers_are_left_out():
            raise RuntimeError(f"This test needs servers, and {SERVERS}={LEFT_OUT} left them out.")
        return cls(**json.loads(os.environ[SERVERS]))

    def database_url(self, database: str, role: str) -> str:
        parts = urlsplit(self.admin_url)
        return f"postgresql://{role}:{PASSWORD}@{parts.hostname}:{parts.port}/{database}"

    def environment(self, database: str, role: str) -> dict[str, str]:
        """For a process of ours: who it is and where its servers are."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": self.database_url(database, role),
            "APP_DATABASE_ROLE": APP,
            "REDIS_URL": self.redis_url,
            "PG_BIN": self.pg_bin,
            "PYTHONPATH": str(ROOT),
        }


def build_template_database(servers: Servers) -> None:
    """From the copy that an earlier run kept, or anew when anything changed that it is made of."""
    bootstrap(
        servers.admin_url,
        database=TEMPLATE_DATABASE,
        owner_role=OWNER,
        owner_password=PASSWORD,
        app_role=APP,
        app_password=PASSWORD,
    )
    kept = KEPT / f"{_fingerprint()}.sql"
    if kept.exists():
        _run_tool(servers, "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={kept}")
        return
    subprocess.run(
        [sys.executable, "-m", "tests.make_template"],
        check=True,
        cwd=ROOT,
        env=servers.environment(TEMPLATE_DATABASE, OWNER),
    )
    _keep(servers, kept)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in WHAT_THE_TEMPLATE_IS_MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _keep(servers: Servers, kept: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("*.sql"):
        old.unlink(missing_ok=True)
    being_written = kept.with_suffix(f".{os.getpid()}")
    _run_tool(
        servers,
        "pg_dump",
        "--exclude-schema=extensions",
        "--exclude-extension=*",
        f"--file={being_written}",
    )
    being_written.rename(kept)


def _run_tool(servers: Servers, program: str, *arguments: str) -> None:
    parts = urlsplit(servers.admin_url)
    subprocess.run(
        [Path(servers.pg_bin) / program, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        env={
            **os.environ,
            "PGHOST": str(parts.hostname),
            "PGPORT": str(parts.port),
            "PGUSER": str(parts.username),
            "PGPASSWORD": parts.password or "",
            "PGDATABASE": TEMPLATE_DATABASE,
        },
    )


class WorkerDatabase:
    """One worker's copy of the template database, and Django's settings pointed at it."""

    def __init__(self, servers: Servers, worker: str) -> None:
        self.servers = servers
        self.name = f"parlour_{worker}"
        # One of Redis's sixteen databases for each worker; nobody runs more workers than that.
        number = 1 + int(worker.removeprefix("gw") or 0) if worker.startswith("gw") else 0
        self.redis_url = f"{servers.redis_url.rpartition('/')[0]}/{number}"

    def point_settings_here(self) -> None:
        parts = urlsplit(self.servers.admin_url)
        connections.settings["default"].update(
            NAME=self.name, HOST=parts.hostname, PORT=parts.port, USER=APP, PASSWORD=PASSWORD
        )
        for alias, cache in settings.CACHES.items():
            cache["LOCATION"] = self.redis_url
            with suppress(AttributeError):
                del caches[alias]  # made on import, with the address of before
        settings.REDIS_URL = settings.CELERY_BROKER_URL = self.redis_url
        settings.APP_DATABASE_ROLE = APP
        settings.PG_BIN = self.servers.pg_bin

    def copy(self) -> None:
        """Afresh from the template. Whoever is still connected is thrown out."""
        connections.close_all()
        with psycopg.connect(self.servers.admin_url, autocommit=True) as admin:
            name, template = sql.Identifier(self.name), sql.Identifier(TEMPLATE_DATABASE)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                    name, template, sql.Identifier(OWNER)
                )
            )
            # A copy has the template's tables but the rights of a new database.
            for statement in (
                "REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC",
                f"GRANT CONNECT ON DATABASE {{}} TO {APP}",
            ):
                admin.execute(sql.SQL(statement).format(name))

    def environment(self, role: str = APP) -> dict[str, str]:
        return {
            **self.servers.environment(self.name, role),
            "REDIS_URL": self.redis_url,
        }

    @contextmanager
    def owner(self) -> Iterator[None]:
        """Let Django's connections be the owner's for a while, as the provisioner's are."""
        connections.close_all()
        connections.settings["default"].update(USER=OWNER)
        try:
            yield
        finally:
            connections.close_all()
            connections.settings["default"].update(USER=APP)
