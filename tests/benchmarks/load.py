"""Many requests over many connections, and how long each took."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks.figures import percentile
from tests.database import ROOT

WARM = "/api/v1/staff"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    host: str
    path: str
    body: str | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    outcomes: Counter[str]
    seconds: list[float]
    lasted: float

    @property
    def count(self) -> int:
        return len(self.seconds)

    @property
    def per_second(self) -> float:
        return self.count / self.lasted

    def milliseconds(self, share: float) -> float:
        return 1000 * percentile(self.seconds, share)

    def others(self, expected: str) -> str:
        found = [(name, count) for name, count in self.outcomes.items() if name != expected]
        return ", ".join(f"{name} × {count}" for name, count in found) or "none"


def send(
    port: int,
    requests: Sequence[Request],
    *,
    connections: int,
    processes: int = 2,
    warm: bool = True,
) -> Answers:
    """``warm``: every connection is open and has served a request before the first counts.
    Otherwise each request opens one. All lanes start at once."""
    lanes = [[asdict(one) for one in requests[i::connections]] for i in range(connections)]
    senders = [_sender(port, lanes[i::processes], warm=warm) for i in range(processes)]
    for sender in senders:
        assert sender.stdout is not None
        assert sender.stdout.readline() == "ready\n"
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("go\n")
        sender.stdin.flush()
    found = [answer for one in senders for answer in json.loads(one.communicate(timeout=600)[0])]
    began = min(start for _outcome, start, _seconds in found)
    ended = max(start + seconds for _outcome, start, seconds in found)
    return Answers(
        outcomes=Counter(outcome for outcome, _start, _seconds in found),
        seconds=[seconds for _outcome, _start, seconds in found],
        lasted=ended - began,
    )


def _sender(
    port: int, lanes: list[list[dict[str, object]]], *, warm: bool
) -> "subprocess.Popen[str]":
    sender = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.sender"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    order = {"port": port, "lanes": lanes, "warm": WARM if warm else None}
    assert sender.stdin is not None
    sender.stdin.write(json.dumps(order) + "\n")
    sender.stdin.flush()
    return sender
