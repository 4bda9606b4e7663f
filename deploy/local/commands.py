"""Runs one set-up command: its output goes to a log, its newest line to the progress display."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from deploy.local.account import Account
from deploy.local.errors import Stop
from deploy.local.process import die_with_parent, signal_group
from deploy.local.progress import Progress

FULL_DISK = re.compile(r"No space left on device|DiskFull|ENOSPC|Disk quota exceeded")
NEARLY_NOTHING = 16 * 1024 * 1024
TAIL_LINES = 20
# make's own affairs, and a wish that would have every process compile all of Django again: 2 s.
NOISE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PYTHONDONTWRITEBYTECODE")
OURSELVES = Account(name="", user=None, group=None)
_running: set[subprocess.Popen[bytes]] = set()


def run_step(
    progress: Progress,
    title: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    account: Account = OURSELVES,
) -> None:
    """Run `command` as a step; when it fails say so in one sentence with its last lines."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with progress.step(title) as step, log.open("w", errors="replace") as transcript:
        process = start(command, cwd=cwd, environment=environment, account=account)
        try:
            for fragment in fragments(output_of(process)):
                transcript.write(fragment + "\n")
                step.says = fragment.strip() or step.says
            code = process.wait()
        finally:
            end(process)
        if code != 0:
            transcript.flush()
            raise failure(title, code=code, log=log)


def inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in NOISE}


def start(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None,
    account: Account,
) -> subprocess.Popen[bytes]:
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=inherited() if environment is None else environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    except FileNotFoundError as error:
        raise Stop(f"The program {command[0]} is needed and was not found.") from error
    _running.add(process)
    return process


def output_of(process: subprocess.Popen[bytes]) -> IO[bytes]:
    """Of a process that was started with a pipe."""
    return cast("IO[bytes]", process.stdout)


def end(process: subprocess.Popen[bytes]) -> None:
    """Whatever is left of a command; after a clean exit that is nothing."""
    _running.discard(process)
    if process.poll() is None:
        signal_group(process.pid, signal.SIGKILL)
        process.wait()
    output_of(process).close()


def end_all() -> None:
    """Commands that other threads wait for, when the main one has been told to stop."""
    for process in tuple(_running):
        signal_group(process.pid, signal.SIGKILL)


def fragments(stream: IO[bytes]) -> Iterator[str]:
    """Lines of a stream, where a carriage return (a progress bar) ends a line as well."""
    pending = b""
    while chunk := os.read(stream.fileno(), 65536):
        *complete, pending = re.split(rb"[\r\n]", pending + chunk)
        yield from (line.decode(errors="replace") for line in complete if line.strip())
    if pending.strip():
        yield pending.decode(errors="replace")


def failure(title: str, *, code: int, log: Path) -> Stop:
    lines = log.read_text(errors="replace").splitlines()
    if FULL_DISK.search("\n".join(lines)) or has_no_room(log.parent):
        return full_disk(log.parent)
    why = f"exit code {code}" if code >= 0 else f"signal {-code}"
    return Stop(f"{title} failed with {why}; see {log}.", details="\n".join(lines[-TAIL_LINES:]))


def has_no_room(place: Path, *, needed: int = NEARLY_NOTHING) -> bool:
    """Something failed that did not say why; this is the usual reason when it is true."""
    return shutil.disk_usage(place).free < needed


def full_disk(place: Path) -> Stop:
    return Stop(f"The disk that holds {place} is full; free some space and run it again.")
