"""The processes of Parlour itself: what each runs, what it may know, how it shows it is ready."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.commands import inherited
from deploy.local.credentials import Credentials
from deploy.local.databases import Databases
from deploy.local.options import Options
from deploy.local.paths import ROOT, VENV_PYTHON
from deploy.local.supervisor import Part

PYTHON = str(VENV_PYTHON)
# Set for us, not for the parts: each of them gets only what it needs.
OURS = frozenset({"DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT"})
WEB = (
    *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
    # Two processes, because one would leave a core idle behind Python's lock; four threads each,
    # because a thread keeps a database connection and waits for it most of the time.
    *("--workers", "2", "--blocking-threads", "4"),
    *("--respawn-failed-workers", "--workers-kill-timeout", "3", "--log-level", "warning"),
)
WORKER = (
    *("-m", "celery", "-A", "config", "worker", "-Q", "default", "--concurrency", "2"),
    *("--without-gossip", "--without-mingle", "--loglevel", "INFO"),
)


@dataclass(frozen=True)
class Workshop:
    """Makes parts for one copy."""

    options: Options
    databases: Databases
    credentials: Credentials
    ports: Mapping[str, int]

    def parts(self) -> list[Part]:
        return [
            self.web(),
            self._django("worker", *WORKER),
            self._django("beat", *self._beat()),
            self._django("relay", "manage.py", "relay"),
            self.mailbox(),
        ]

    def web(self) -> Part:
        port = self.options.port
        return Part(
            name="web",
            command=[PYTHON, *WEB, "--port", str(port), "config.wsgi:application"],
            environment=self.app_environment(),
            cwd=ROOT,
            is_ready=lambda: answers(port, "/healthz/ready", host=f"localhost:{port}"),
            stage=2,
        )

    def provisioner(self) -> Part:
        """Alone with the owner's role; it parses nothing that comes from outside."""
        name = "provisioner"
        return self._django(name, "manage.py", name, environment=self.owner_environment())

    def mailbox(self) -> Part:
        port = self.ports["mail"]
        folder = str(self.options.home.mailbox)
        arguments = ("-m", "deploy.local.mailbox", "--port", str(port), "--dir", folder)
        return Part(
            name="mailbox",
            command=[PYTHON, *arguments],
            environment=common_environment(),
            cwd=ROOT,
            is_ready=lambda: greets(port),
            stage=0,
        )

    def _beat(self) -> tuple[str, ...]:
        schedule = str(self.options.home.path / "beat-schedule")
        return ("-m", "celery", "-A", "config", "beat", "--schedule", schedule, "--pidfile", "")

    def _django(
        self, name: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> Part:
        port = self.ports[name]
        return Part(
            name=name,
            command=[PYTHON, *arguments],
            environment={**(environment or self.app_environment()), "HEALTH_PORT": str(port)},
            cwd=ROOT,
            is_ready=lambda: answers(port, "/healthz/live"),
            stage=1,
        )

    # --- Environments ----------------------------------------------------------------------

    def app_environment(self) -> dict[str, str]:
        return self._environment(self.databases.app_url)

    def owner_environment(self) -> dict[str, str]:
        return self._environment(self.databases.owner_url)

    def _environment(self, database_url: str) -> dict[str, str]:
        home = self.options.home
        return {
            **common_environment(),
            "DATABASE_URL": database_url,
            "APP_DATABASE_ROLE": self.databases.app_role,
            "REDIS_URL": self.databases.redis_url,
            "SECRET_KEY": self.credentials.secret_key,
            "BASE_URL": self.options.base_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['mail']}",
            "MAILBOX_DIR": str(home.mailbox),
            "PARLOUR_HOME": str(home.path),
            "PG_BIN": str(self.databases.pg_bin),
        }


def common_environment() -> dict[str, str]:
    kept = {name: value for name, value in inherited().items() if name not in OURS}
    kept.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    return {**kept, "PYTHONUNBUFFERED": "1"}


def answers(port: int, path: str, *, host: str = "localhost") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greets(port: int) -> bool:
    """An SMTP server speaks first."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            return link.recv(3) == b"220"
    except OSError:
        return False
