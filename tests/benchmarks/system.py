"""The system that is measured: durable PostgreSQL, Redis, and the application as it is served."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from deploy.local.ephemeral import ephemeral_services
from deploy.local.parts import WEB, answers
from deploy.local.progress import Progress
from deploy.local.toolchain import ensure_catalogues
from tests.benchmarks import statements
from tests.benchmarks.cpu import parent_of
from tests.benchmarks.environment import ENVIRONMENT
from tests.database import (
    APP,
    Servers,
    WorkerDatabase,
    build_template_database,
)
from tests.stack import Stack, free_port, until

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # It would tidy up after the furnishing while something else is measured; see `tidy`.
    "autovacuum": "off",
    **statements.SETTINGS,
}
FULL_TABLES = """
    SELECT string_agg(format('%%I.%%I', nspname, relname), ', ')
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = ANY(%s) AND relkind = 'r' AND pg_relation_size(pg_class.oid) > 0
    GROUP BY nspname
"""
BATCH = 50  # salons to a connection: a backend remembers every table it has seen


@dataclass
class System:
    stack: Stack
    servers: Servers
    postgres: int  # the server's first process, the parent of all its others
    is_quick: bool
    salons: int

    @property
    def port(self) -> int:
        return self.stack.port

    @property
    def app_url(self) -> str:
        return self.servers.database_url(self.stack.database.name, APP)

    @property
    def admin_url(self) -> str:
        return database_url(self.servers, self.stack.database)

    @property
    def web(self) -> int:
        return self.stack.processes["web"].pid

    @property
    def parts(self) -> Mapping[str, int]:
        return {"app": self.web, "postgres": self.postgres}

    @property
    def seconds(self) -> int:
        """How long a floor is measured."""
        return 2 if self.is_quick else 8

    def about(self, many: int) -> int:
        """As many, or few enough for a try."""
        return max(8, many // 10) if self.is_quick else many

    def query(self, sql: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            return admin.execute(sql, values).fetchall()

    def schema(self, slug: str) -> str:
        (schema,) = self.schemas([slug])
        return schema

    def schemas(self, slugs: Iterable[str]) -> list[str]:
        found = self.query(
            "SELECT schema_name FROM tenants_salon WHERE slug = ANY(%s)", list(slugs)
        )
        return [str(schema) for (schema,) in found]

    def tidy(self, slugs: Iterable[str]) -> None:
        """What autovacuum does to tables that hold rows: the planner learns their size."""
        schemas = ["public", *self.schemas(slugs)]
        full = [tables for (tables,) in self.query(FULL_TABLES, schemas)]
        for first in range(0, len(full), BATCH):
            with psycopg.connect(self.admin_url, autocommit=True) as admin:
                admin.execute("SET synchronous_commit = off")  # a commit for each table
                for tables in full[first : first + BATCH]:
                    admin.execute(f"VACUUM (ANALYZE) {tables}")

    def restart_web(self) -> None:
        """Fresh processes with fresh connections, which know no salon yet."""
        web = self.stack.processes["web"]
        web.terminate()
        try:
            web.wait(timeout=20)
        except subprocess.TimeoutExpired:
            web.kill()
            web.wait()
        start_web(self.stack)


@contextmanager
def running_system(*, is_quick: bool, salons: int) -> Iterator[System]:
    ensure_catalogues(Progress())
    with tempfile.TemporaryDirectory(prefix="parlour-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL runs as another user when we are root
        with ephemeral_services(folder, settings=SETTINGS) as services:
            servers = Servers(services.admin_url, services.redis_url, str(services.pg_bin))
            build_template_database(servers)
            database = WorkerDatabase(servers, "bench")
            stack = Stack(port=free_port(), mailbox=folder / "mail", database=database)
            database.point_settings_here()
            database.copy()
            with psycopg.connect(database_url(servers, database), autocommit=True) as admin:
                statements.prepare(admin)
                postgres = parent_of(admin.info.backend_pid)
            try:
                start_web(stack)
                with database.owner():  # to furnish salons and to make schemas
                    yield System(stack, servers, postgres, is_quick, salons)
            finally:
                stack.stop()


def database_url(servers: Servers, database: WorkerDatabase) -> str:
    """As the cluster's administrator, who may see everything that runs."""
    return f"{servers.admin_url.rpartition('/')[0]}/{database.name}"


def start_web(stack: Stack) -> None:
    command = (*WEB, "--port", str(stack.port), "config.wsgi:application")
    stack.start("web", *command, **ENVIRONMENT)
    until(lambda: answers(stack.port, "/healthz/live"), what="the web processes")
