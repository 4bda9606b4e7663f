"""Brings the database to the state the code expects, and does nothing when it is there already."""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from deploy.local.commands import run_step
from deploy.local.credentials import Credentials
from deploy.local.databases import Databases
from deploy.local.errors import Stop
from deploy.local.parts import PYTHON, Workshop
from deploy.local.paths import FRONTEND, REQUIREMENTS, ROOT, STAMPS
from deploy.local.progress import Progress
from deploy.local.stamps import Stamp, fingerprint, source_files

DEMO_SEED = 1


@dataclass(frozen=True)
class Installation:
    workshop: Workshop
    progress: Progress

    @property
    def databases(self) -> Databases:
        return self.workshop.databases

    def migrate(self) -> None:
        stamp = self._stamp("migrations", fingerprint(schema_sources()))
        if stamp.is_current():
            return
        admin_url = self.databases.admin_url
        if admin_url:
            with self.progress.step("Roles, database and extensions"):
                make_roles_and_database(admin_url, self.databases, self.workshop.credentials)
        self._manage("Public tables", "migrate_schemas", "--shared")
        self._manage("Template and salons", "migrate_salons")
        # Only now the database exists for sure, and with it the name the stamp goes by.
        self._stamp("migrations", fingerprint(schema_sources())).write()

    def seed(self) -> None:
        """Once per database. The provisioner must be running: it makes the salons' schemas."""
        stamp = self._stamp("demo", "")
        if stamp.is_current() and self.workshop.options.home.demo_users.exists():
            return
        today = dt.datetime.now(dt.UTC).date().isoformat()
        arguments = ("seed_demo", "--seed", str(DEMO_SEED), "--today", today)
        self._manage("Demo salons", *arguments, owner=False)
        stamp.write()

    def collect_static(self) -> None:
        settings = source_files(ROOT / "config" / "settings", suffixes=(".py",))
        sources = (*source_files(FRONTEND), *settings, REQUIREMENTS / "runtime.txt")
        stamp = Stamp(STAMPS / "static", fingerprint(sources))
        if not stamp.is_current() or not (ROOT / "staticfiles").is_dir():
            self._manage("Static files", "collectstatic", "--noinput", owner=False)
            stamp.write()

    def _manage(self, title: str, *arguments: str, owner: bool = True) -> None:
        shop = self.workshop
        run_step(
            self.progress,
            title,
            [PYTHON, "manage.py", *arguments],
            log=shop.options.home.logs / f"{arguments[0]}.log",
            cwd=ROOT,
            environment=shop.owner_environment() if owner else shop.app_environment(),
        )

    def _stamp(self, name: str, wanted: str) -> Stamp:
        file = self.workshop.options.home.stamps / name
        return Stamp(file, f"{wanted} {identity(self.databases.app_url)}")


def make_roles_and_database(admin_url: str, databases: Databases, credentials: Credentials) -> None:
    """`tenants.bootstrap` is the one place that knows how; production uses it as well."""
    sys.path.insert(0, str(ROOT))
    from tenants.bootstrap import bootstrap

    try:
        bootstrap(
            admin_url,
            database=databases.database,
            owner_role=databases.owner_role,
            owner_password=credentials.owner_password,
            app_role=databases.app_role,
            app_password=credentials.app_password,
        )
    except psycopg.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise Stop(f"The roles and the database could not be made: {reason}.") from error


def identity(url: str) -> str:
    """Which database this is: a stamp made for another one must not count."""
    question = (
        "SELECT system_identifier || '/' || oid FROM pg_control_system(), pg_database "
        "WHERE datname = current_database()"
    )
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return " ".join(map(str, connection.execute(question).fetchone() or ()))
    except psycopg.OperationalError:
        return "none"


def schema_sources() -> Iterator[Path]:
    """The code that decides what tables look like and how they are made."""
    yield REQUIREMENTS / "runtime.txt"
    yield from source_files(ROOT / "tenants", suffixes=(".py",))
    for package in ("config/settings", "shared_apps", "tenant_apps"):
        for file in source_files(ROOT / package, suffixes=(".py",)):
            if package == "config/settings" or "migrations" in file.parts or "models" in str(file):
                yield file
