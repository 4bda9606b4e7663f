"""The whole of `make run`, really started: what happens when things are killed or in the way."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deploy.local.paths import ROOT
from deploy.local.ports import free_port
from deploy.local.process import Record, group_exists, read_records

pytestmark = pytest.mark.xdist_group("copy")

PARTS = ("beat", "mailbox", "postgres", "provisioner", "redis", "relay", "web", "worker")
READY_SECONDS = 240
STOP_SECONDS = 12


@dataclass
class Copy:
    """One copy of Parlour, as somebody at a terminal has it."""

    home: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    output_file: Path | None = None
    process: subprocess.Popen[bytes] = field(init=False)

    def environment(self) -> dict[str, str]:
        ours = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "MAKELEVEL")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ours and not name.startswith(("PYTEST_", "COV_"))
        }
        return {
            **kept,
            "PARLOUR_HOME": str(self.home),
            "PORT": str(self.port),
            "DEMO": "no",
            "READY_SALONS": "2",
            **self.settings,
        }

    def start(self) -> subprocess.Popen[bytes]:
        with self._output_file().open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.local", "run"],
                cwd=ROOT,
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return self.process

    def output(self) -> str:
        return self._output_file().read_text()

    def _output_file(self) -> Path:
        return self.output_file or self.home.parent / "output"

    def fails(self) -> str:
        """Start it where it cannot; its last line is the sentence people read."""
        with self.start() as process:
            assert process.wait(timeout=60) == 1, self.output()
        return self.output().splitlines()[-1]

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        with self.start() as process:
            try:
                self.wait_for(lambda: "Parlour is ready" in self.output(), seconds=READY_SECONDS)
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGINT)
                    process.wait(timeout=STOP_SECONDS)

    def wait_for(self, condition: Callable[[], bool], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.1)

    def records(self) -> dict[str, Record]:
        return {record.name: record for record in read_records(self.home / "processes.json")}

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and JSON; status 0 when nobody answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Host": f"localhost:{self.port}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")
        except (OSError, ValueError):
            return 0, None

    def is_ready(self) -> bool:
        return self.ask("/healthz/ready")[0] == 200

    def sign_up(self, slug: str) -> None:
        owner = {"name": "Ana", "email": f"{slug}@example.com", "password": "scissors-and-comb"}
        salon = {"name": "Studio", "slug": slug, "country": "DE", "trade": "hair", "owner": owner}
        status, answer = self.ask("/api/v1/signup", salon)
        assert status == 201, answer

    def knows(self, slug: str) -> bool:
        """Asked of the database: what was acknowledged must be there, whatever the web says."""
        url = json.loads((self.home / "demo.json").read_text())["database_url"]
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT state FROM public.tenants_salon WHERE slug = %s", [slug]
            )
            return found.fetchall() == [("active",)]


def nothing_left(records: dict[str, Record]) -> bool:
    return not any(group_exists(record.pid) for record in records.values())


@contextmanager
def open_folder() -> Iterator[Path]:
    """pytest's own folders are closed to PostgreSQL's user, whose data would move elsewhere."""
    with tempfile.TemporaryDirectory(prefix="parlour-stack-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def copy() -> Iterator[Copy]:
    """A copy that runs for all tests here; those who stop one make their own beside it."""
    with open_folder() as folder:
        copy = Copy(folder / "home")
        with copy.running():
            yield copy


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_every_part_runs_and_the_sign_ins_are_written_for_us_alone(copy: Copy) -> None:
    demo = json.loads((copy.home / "demo.json").read_text())
    assert demo["base_url"] == f"http://localhost:{copy.port}"
    assert "parlour_app:" in demo["database_url"]
    assert tuple(sorted(copy.records())) == PARTS
    assert (copy.home / "demo.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_comes_back_and_nothing_acknowledged_is_lost(
    copy: Copy, part: str
) -> None:
    slug = f"kept-by-{part}-{copy.port}"
    copy.wait_for(copy.is_ready, seconds=60)
    copy.sign_up(slug)
    before = copy.records()[part]
    os.kill(before.pid, signal.SIGKILL)
    copy.wait_for(lambda: copy.records().get(part, before) != before, seconds=20)
    copy.wait_for(copy.is_ready, seconds=60)
    assert copy.knows(slug)


def test_a_second_copy_in_the_same_home_is_refused(copy: Copy, folder: Path) -> None:
    second = Copy(copy.home, output_file=folder / "output")
    assert second.fails() == (
        f"parlour: Parlour runs already in {copy.home} (process {copy.process.pid}); stop it, "
        "or give the second copy its own PARLOUR_HOME and PORT."
    )


def test_a_copy_beside_it_survives_kill_nine_and_ends_within_ten_seconds(
    copy: Copy, folder: Path
) -> None:
    other = Copy(folder / "home")
    slug = f"kept-{other.port}"
    with other.running() as process:
        other.sign_up(slug)
        left = other.records()
        process.kill()
        process.wait()
    with other.running() as process:
        assert nothing_left(left)
        assert other.knows(slug)
        assert copy.is_ready()
        left = other.records()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=STOP_SECONDS) == 0
        assert time.monotonic() - began < 10
    assert nothing_left(left)


def test_a_taken_port_is_one_sentence(folder: Path) -> None:
    copy = Copy(folder / "home")
    with socket.socket() as server:
        server.bind(("127.0.0.1", copy.port))
        server.listen()
        assert copy.fails() == (
            f"parlour: Port {copy.port} is taken by another program; "
            "choose one: PORT=8001 make run."
        )


def test_a_wrong_database_url_is_one_sentence(folder: Path) -> None:
    port = free_port()
    url = f"postgresql://u:p@127.0.0.1:{port}/x"
    sentence = Copy(folder / "home", settings={"DATABASE_URL": url}).fails()
    assert f"parlour: DATABASE_URL: no PostgreSQL answers at 127.0.0.1:{port} (" in sentence


def test_lost_secrets_are_one_sentence_and_the_data_stays(folder: Path) -> None:
    data = folder / "home" / "postgres"
    data.mkdir(parents=True)
    data.parent.chmod(0o711)
    (data / "PG_VERSION").write_text("17\n")
    assert "belongs to another secrets.json than the one here" in Copy(folder / "home").fails()
    assert (data / "PG_VERSION").exists()
