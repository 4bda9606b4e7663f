"""`$PARLOUR_HOME`: what one copy keeps, and the lock that lets one supervisor use it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import Stop

STOPPING_SECONDS = 45.0


class RunsAlready(Stop):
    """Another process holds this home."""


@dataclass(frozen=True)
class Home:
    path: Path

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def ports(self) -> Path:
        return self.path / "ports.json"

    @property
    def processes(self) -> Path:
        return self.path / "processes.json"

    @property
    def demo(self) -> Path:
        return self.path / "demo.json"

    @property
    def demo_users(self) -> Path:
        return self.path / "demo-users.json"

    @property
    def stamps(self) -> Path:
        return self.path / "stamps"

    @property
    def mailbox(self) -> Path:
        return self.path / "mail"

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    def make(self) -> None:
        """Others may pass through, because PostgreSQL's user must reach its folder; not list it."""
        try:
            if not self.path.exists():
                self.path.mkdir(parents=True)
                self.path.chmod(0o711)
            self.stamps.mkdir(exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            self.logs.chmod(0o700)
        except (PermissionError, FileExistsError, NotADirectoryError) as error:
            raise Stop(f"PARLOUR_HOME={self.path} cannot be used: {error.strerror}.") from error


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Refuse a second supervisor in the same home; wait for one that is stopping already."""
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + STOPPING_SECONDS
        while not _try_lock(descriptor):
            pid, _, state = os.pread(descriptor, 100, 0).decode().partition(" ")
            if state != "stopping" or time.monotonic() > deadline:
                raise RunsAlready(
                    f"Parlour runs already in {home.path} (process {pid or 'unknown'}); stop it, "
                    "or give the second copy its own PARLOUR_HOME and PORT."
                )
            time.sleep(0.2)
        note_state(home, "running")
        yield
    finally:
        os.close(descriptor)


def note_state(home: Home, state: str) -> None:
    """Written over in place: replacing the file would lose the lock on it."""
    home.lock.write_text(f"{os.getpid()} {state}")


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
