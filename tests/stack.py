"""The running system in miniature: web, worker, relay, provisioner and a mail server.

Real processes on a database of their own, spoken to over HTTP only.
"""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tenant_apps.notifications.mailbox import newest_first
from tests.database import APP, OWNER, ROOT, WorkerDatabase

PATIENCE = 60.0
GUEST = {"name": "Ola Żak", "email": "ola@example.com"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(found: Callable[[], Any], *, what: str, seconds: float = PATIENCE) -> Any:
    """Ask until there is an answer; a test that waits in vain says for what."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Stack:
    port: int
    mailbox: Path
    database: WorkerDatabase
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def base_host(self) -> str:
        return f"localhost:{self.port}"

    def host(self, slug: str) -> str:
        return f"{slug}.{self.base_host}"

    def url(self, slug: str = "") -> str:
        return f"http://{self.host(slug) if slug else self.base_host}"

    def ask(self, method: str, host: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = {"Host": host, **headers}
            content = None if body is None else json.dumps(body).encode()
            if content is not None:
                sent["Content-Type"] = "application/json"
            connection.request(method, path, content, sent)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def options(self, slug: str) -> dict[str, str]:
        """Each service's first option, by the service's name."""
        answer = self.ask("GET", self.host(slug), "/api/v1/catalog/services")
        return {item["name"]: item["options"][0]["id"] for item in answer.json()["items"]}

    def starts(self, slug: str, lines: list[str], first: str, last: str) -> list[str]:
        query = urlencode({"from": first, "to": last, "line": lines}, doseq=True)
        answer = self.ask("GET", self.host(slug), f"/api/v1/booking/availability?{query}")
        return [start["starts_at"] for day in answer.json()["days"] for start in day["starts"]]

    def book(self, slug: str, starts_at: str, lines: list[str], **headers: str) -> Answer:
        body = {
            "starts_at": starts_at,
            "lines": [{"option_id": option} for option in lines],
            "client": GUEST,
        }
        key = {"Idempotency-Key": str(uuid4()), **headers}
        return self.ask("POST", self.host(slug), "/api/v1/booking/appointments", body, **key)

    def letters(self) -> list[EmailMessage]:
        return [mail.message for mail in newest_first(self.mailbox)]

    def letter_to(self, address: str) -> EmailMessage:
        found = until(
            lambda: [mail for mail in self.letters() if address in str(mail["To"])],
            what=f"a letter to {address}",
        )
        return EmailMessage() if not found else found[0]

    def start(self, name: str, *command: str, role: str = APP, **more: str) -> None:
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-W", "ignore", *command],
            cwd=ROOT,
            env=self.environment(role, **more),
        )

    def run(self, *command: str, **more: str) -> None:
        """To its end."""
        subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment(APP, **more), check=True
        )

    def environment(self, role: str, **more: str) -> dict[str, str]:
        return {
            **self.database.environment(role),
            "BASE_URL": self.url(),
            "MAILBOX_DIR": str(self.mailbox),
            "LOG_LEVEL": "WARNING",
            **more,
        }

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def is_ready(self) -> bool:
        try:
            return self.ask("GET", self.base_host, "/healthz/ready").status == 200
        except OSError:
            return False


@contextmanager
def running_stack(database: WorkerDatabase, folder: Path) -> Iterator[Stack]:
    database.copy()
    mail_port = free_port()
    stack = Stack(port=free_port(), mailbox=folder / "mail", database=database)
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
    collected = {"STATIC_ROOT": str(folder / "static")}
    try:
        stack.start(
            "mailbox",
            *("-m", "deploy.local.mailbox", "--port", str(mail_port), "--dir", str(stack.mailbox)),
        )
        stack.run("manage.py", "collectstatic", "--noinput", "--verbosity=0", **collected)
        stack.start(
            "web",
            *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(stack.port), "--workers", "2", "--blocking-threads", "4"),
            *("--log-level", "warning", "config.wsgi:application"),
            **mail,
            **collected,
        )
        stack.start(
            "worker",
            *("-m", "celery", "-A", "config", "worker", "--concurrency", "1"),
            *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
            **mail,
        )
        stack.start("relay", "manage.py", "relay", **mail)
        stack.start("provisioner", "manage.py", "provisioner", role=OWNER, READY_SALONS="3")
        until(stack.is_ready, what="the stack to be ready")
        yield stack
    finally:
        stack.stop()
