"""Set-up as one line per step with its seconds; steps may run at the same time."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

HEARTBEAT_SECONDS = 15.0
REFRESH_SECONDS = 0.2
WIDTH = 100


class Step:
    """One running step; `says` is the newest line of whatever does the work."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.says = ""
        self.began = time.monotonic()
        self.last_heartbeat = self.began

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class Progress:
    """Finished steps are printed for good; on a terminal a live line shows the running ones."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self._running: list[Step] = []
        self._lock = threading.RLock()
        self._ticker: threading.Thread | None = None

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        step = Step(title)
        with self._lock:
            self._running.append(step)
        self._tick()
        try:
            yield step
        except BaseException:
            self._leave(step, f"  failed  {title}")
            raise
        self._leave(step, f"{step.seconds:6.1f} s  {title}")

    def line(self, text: str) -> None:
        """Print a whole line, above the live one."""
        with self._lock:
            self._write(("\r\x1b[K" if self.live else "") + text + "\n")

    def _leave(self, step: Step, text: str) -> None:
        with self._lock:
            self._running.remove(step)
            self.line(text)

    def _tick(self) -> None:
        if self._ticker is None or not self._ticker.is_alive():
            self._ticker = threading.Thread(target=self._refresh, daemon=True)
            self._ticker.start()

    def _refresh(self) -> None:
        while True:
            time.sleep(REFRESH_SECONDS)
            with self._lock:
                if not self._running:
                    return
                if self.live:
                    self._write("\r\x1b[K" + " | ".join(map(_status, self._running))[:WIDTH])
                else:
                    self._heartbeat()

    def _heartbeat(self) -> None:
        for step in self._running:
            if time.monotonic() - step.last_heartbeat > HEARTBEAT_SECONDS:
                step.last_heartbeat = time.monotonic()
                self._write(f"      …   {_status(step)}\n")

    def _write(self, text: str) -> None:
        # A closed terminal must not keep the supervisor from stopping its parts in order.
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError):
            self.live = False


def _status(step: Step) -> str:
    status = f"{step.title} ({step.seconds:.0f} s)"
    return f"{status}: {step.says}" if step.says else status
