"""What the kernel knows of processes: who dies with whom, and who was left behind."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
LEFTOVER_SECONDS = 8.0
PROC = Path("/proc")
BOOT = PROC / "sys" / "kernel" / "random" / "boot_id"


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel signals this process when the *thread* that started it ends.

    So parts are started from the main thread. Linux only; elsewhere the records below must do.
    """
    if not sys.platform.startswith("linux"):
        return None
    # Looked up before the fork: the child of a threaded process must not load libraries.
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def die_with_make() -> None:
    """`kill -9` of make must not leave a supervisor that nobody can see."""
    arrange = die_with_parent(signal.SIGTERM) if "MAKELEVEL" in os.environ else None
    if arrange is not None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass(frozen=True)
class Record:
    """A process group we started. The start time tells it from a later one with its number."""

    name: str
    pid: int
    started: str
    stop_signal: int


def started_at(pid: int) -> str | None:
    """An opaque mark of when the process began; None when there is none (or a zombie)."""
    if not BOOT.exists():
        return _started_at_by_ps(pid)
    status = _status(PROC / str(pid))
    return None if status is None else status[19]


def _status(folder: Path) -> list[str] | None:
    """What follows the name in `/proc/<pid>/stat`: state, parent, group, … start as the 20th."""
    try:
        status = (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if status[0] == "Z" else status


def _started_at_by_ps(pid: int) -> str | None:
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def write_records(file: Path, records: Iterable[Record]) -> None:
    content = {"boot": _boot(), "processes": [vars(record) for record in records]}
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(content))
    partial.replace(file)


def read_records(file: Path) -> list[Record]:
    try:
        content = json.loads(file.read_text())
        if content["boot"] != _boot():
            return []
        return [Record(**entry) for entry in content["processes"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _boot() -> str:
    return BOOT.read_text().strip() if BOOT.exists() else ""


def end_leftovers(file: Path) -> list[str]:
    """End what a killed supervisor left running, politely first. Returns their names."""
    left = [record for record in read_records(file) if _is_ours(record)]
    for record in left:
        if started_at(record.pid) is None:
            signal_group(record.pid, signal.SIGKILL)  # children whose leader is gone
        else:
            signal_process(record.pid, record.stop_signal)
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while any(_is_ours(record) for record in left) and time.monotonic() < deadline:
        time.sleep(0.05)
    for record in left:
        signal_group(record.pid, signal.SIGKILL)
    file.unlink(missing_ok=True)
    return [record.name for record in left]


def _is_ours(record: Record) -> bool:
    """The leader lives; or it is gone and its group is not (its number is then still in use)."""
    now = started_at(record.pid)
    return now == record.started if now is not None else group_exists(record.pid)


def group_exists(leader: int) -> bool:
    """Whether a process of this group lives; the dead that nobody has buried do not count."""
    try:
        os.killpg(leader, 0)
    except (ProcessLookupError, PermissionError):
        return False
    if not BOOT.exists():
        return True
    found = (_status(folder) for folder in PROC.glob("[0-9]*"))
    return any(status is not None and status[2] == str(leader) for status in found)


def processes_in(folder: Path) -> list[int]:
    """Those that work in this folder and that we may look at. Linux only."""
    found = []
    for process in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").resolve() == folder.resolve():
                found.append(int(process.name))
    return found


def signal_process(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
