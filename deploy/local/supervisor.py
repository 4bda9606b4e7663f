"""Keeps the parts of Parlour alive, and ends them all in order."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from deploy.local.account import Account
from deploy.local.commands import FULL_DISK, OURSELVES, full_disk, has_no_room, output_of
from deploy.local.errors import Stop
from deploy.local.process import (
    Record,
    die_with_parent,
    signal_group,
    signal_process,
    started_at,
    write_records,
)

POLL_SECONDS = 0.05
DEATHS_TO_GIVE_UP = 5
DEATHS_WITHIN = 60.0
LONGEST_PAUSE = 8.0
STAGE_SECONDS = 3.0  # three stages in less than ten, unless one has more to do
LOG_BYTES = 5_000_000
LAST_WORDS = 12
NO_ROOM = 64 * 1024


@dataclass(frozen=True)
class Part:
    """One long-running process. Higher stages are stopped first, so servers go last."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    cwd: Path
    is_ready: Callable[[], bool]
    stage: int = 1
    account: Account = OURSELVES
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 0.0
    quiet: bool = False


@dataclass
class Running:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: str = ""
    deaths: list[float] = field(default_factory=list)
    next_start: float = 0.0
    last_words: list[str] = field(default_factory=list)


class Supervisor(AbstractContextManager["Supervisor"]):
    """Use as a context: leaving it, however, stops every part. Start parts in the main thread."""

    def __init__(
        self,
        *,
        logs: Path,
        records: Path,
        say: Callable[[str], None],
        on_stopping: Callable[[], None] = lambda: None,
    ) -> None:
        self.logs = logs
        self.records = records
        self.say = say
        self.on_stopping = on_stopping
        self.echo = False
        self._running: dict[str, Running] = {}
        self._stopping = False
        self._hurry = False

    # --- Life ------------------------------------------------------------------------------

    def __exit__(self, *_: object) -> None:
        self.stop()

    def catch_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """The first asks for an orderly end, wherever set-up is; the second hurries it."""
        if self._stopping:
            self._hurry = True
        else:
            self._stopping = True
            raise KeyboardInterrupt

    def start(self, *parts: Part) -> None:
        for part in parts:
            running = self._running.setdefault(part.name, Running(part))
            self._launch(running)

    def watch(self) -> None:
        """Restart what dies, until a signal raises KeyboardInterrupt."""
        while True:
            self.tend()
            time.sleep(POLL_SECONDS * 4)

    def wait_until_ready(self, names: Iterable[str], *, seconds: float) -> None:
        waiting = [self._running[name].part for name in names]
        deadline = time.monotonic() + seconds
        while waiting := [part for part in waiting if not part.is_ready()]:
            self.tend()
            if time.monotonic() > deadline or has_no_room(self.logs, needed=NO_ROOM):
                slow = self._running[waiting[0].name]
                raise self._given_up(slow, f"was not ready within {seconds:.0f} seconds")
            time.sleep(POLL_SECONDS)

    # --- Deaths ----------------------------------------------------------------------------

    def tend(self) -> None:
        """Notice the dead, start again those whose pause is over."""
        now = time.monotonic()
        for running in self._running.values():
            if running.process is not None and running.process.poll() is not None:
                self._bury(running, running.process, now)
            elif running.process is None and now >= running.next_start:
                self._launch(running)

    def _bury(self, running: Running, process: subprocess.Popen[bytes], now: float) -> None:
        # A killed leader leaves children that would hold its port.
        signal_group(process.pid, signal.SIGKILL)
        how = _how_it_ended(process.returncode)
        running.process = None
        running.deaths = [then for then in running.deaths if now - then < DEATHS_WITHIN] + [now]
        if len(running.deaths) >= DEATHS_TO_GIVE_UP:
            raise self._given_up(running, f"{how} {DEATHS_TO_GIVE_UP} times within a minute")
        pause = min(0.25 * 2 ** (len(running.deaths) - 1), LONGEST_PAUSE)
        running.next_start = now + pause
        self.say(f"{running.part.name} {how}; it starts again in {pause:g} s.")

    def _given_up(self, running: Running, what: str) -> Stop:
        words = "\n".join(running.last_words)
        if FULL_DISK.search(words) or has_no_room(self.logs):
            return full_disk(self.logs)
        log = self._log_file(running.part)
        return Stop(f"{running.part.name} {what}; see {log}.", details=words)

    # --- Processes -------------------------------------------------------------------------

    def _launch(self, running: Running) -> None:
        part = running.part
        try:
            process = subprocess.Popen(
                part.command,
                cwd=part.cwd,
                env=part.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # Its own session: Ctrl-C in the terminal reaches the supervisor alone.
                start_new_session=True,
                user=part.account.user,
                group=part.account.group,
                extra_groups=part.account.extra_groups,
                preexec_fn=die_with_parent(part.stop_signal),
            )
        except FileNotFoundError as error:
            raise Stop(f"The program {part.command[0]} is needed and was not found.") from error
        running.process = process
        running.started = started_at(process.pid) or ""
        self._write_records()
        threading.Thread(
            target=self._pump, args=(running, output_of(process)), name=part.name, daemon=True
        ).start()

    def _write_records(self) -> None:
        alive = (running for running in self._running.values() if running.process is not None)
        write_records(
            self.records,
            (
                Record(
                    running.part.name,
                    running.process.pid,
                    running.started,
                    running.part.stop_signal,
                )
                for running in alive
                if running.process is not None
            ),
        )

    def _pump(self, running: Running, stream: IO[bytes]) -> None:
        """Lines go to the part's log, and to the terminal under the part's name."""
        part = running.part
        with self._open_log(part) as log, stream:
            for raw in stream:
                line = raw.decode(errors="replace").rstrip()
                running.last_words = [*running.last_words[1 - LAST_WORDS :], line]
                if self.echo and not part.quiet:
                    self.say(f"{part.name:<11} | {line}")
                with contextlib.suppress(OSError):  # a full disk must not block who talks
                    log.write(raw)

    def _open_log(self, part: Part) -> IO[bytes]:
        file = self._log_file(part)
        if file.exists() and file.stat().st_size > LOG_BYTES:
            file.replace(file.with_suffix(".log.old"))
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:  # the same full disk: its words are still worth hearing
            descriptor = os.open(os.devnull, os.O_WRONLY)
        return os.fdopen(descriptor, "wb", buffering=0)

    def _log_file(self, part: Part) -> Path:
        return self.logs / f"{part.name}.log"

    # --- The end ---------------------------------------------------------------------------

    def stop(self) -> None:
        self._stopping = True
        self.echo = False
        if self._running:
            self.on_stopping()
        for stage in sorted(
            {running.part.stage for running in self._running.values()}, reverse=True
        ):
            self._stop_stage([r for r in self._running.values() if r.part.stage == stage])
        self._running.clear()
        self.records.unlink(missing_ok=True)

    def _stop_stage(self, stage: Sequence[Running]) -> None:
        processes = [(r.part, r.process) for r in stage if r.process is not None]
        for part, process in processes:
            if process.poll() is None:
                signal_process(process.pid, part.stop_signal)
        began = time.monotonic()
        while late := [part for part, process in processes if process.poll() is None]:
            patience = max(STAGE_SECONDS, *(part.stop_seconds for part in late))
            if self._hurry or time.monotonic() > began + patience:
                break
            time.sleep(POLL_SECONDS)
        for part, process in processes:
            if process.poll() is None:
                self.say(f"{part.name} did not stop in time and was killed.")
            signal_group(process.pid, signal.SIGKILL)
            process.wait()


def _how_it_ended(code: int) -> str:
    return f"ended with exit code {code}" if code >= 0 else f"was ended by signal {-code}"
