"""One load, measured whole: times, CPU and memory of both sides, statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.cpu import metered
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Answers, Request, send
from tests.benchmarks.statements import counted
from tests.benchmarks.system import System


@dataclass(frozen=True, slots=True)
class Measured:
    answers: Answers
    app: float
    postgres: float
    expected: str

    @property
    def cpu(self) -> float:
        return self.app + self.postgres

    def figures(
        self, name: str, *, cpu_at_most: float | None = None, p95_at_most: float | None = None
    ) -> list[Figure]:
        answers = self.answers
        return [
            Figure(f"{name}: CPU in all", round(self.cpu, 2), "ms", at_most=cpu_at_most),
            Figure(f"{name}: CPU of the application", round(self.app, 2), "ms"),
            Figure(f"{name}: CPU of PostgreSQL", round(self.postgres, 2), "ms"),
            Figure(f"{name}: other answers", answers.others(self.expected), expected="none"),
            Figure(f"{name}: per second", round(answers.per_second, 1)),
            Figure(f"{name}: p50", round(answers.milliseconds(0.50), 1), "ms"),
            Figure(f"{name}: p95", round(answers.milliseconds(0.95), 1), "ms", at_most=p95_at_most),
            Figure(f"{name}: p99", round(answers.milliseconds(0.99), 1), "ms"),
        ]


def measure(
    system: System, requests: Sequence[Request], *, connections: int, expected: str
) -> Measured:
    """CPU is in milliseconds per request."""
    with metered(system.parts) as spent:
        answers = send(system.port, requests, connections=connections)
    each = {name: 1000 * seconds / answers.count for name, seconds in spent.items()}
    return Measured(answers, each["app"], each["postgres"], expected)


def statements_of(system: System, requests: Sequence[Request]) -> float:
    """Per request, one after another, in processes that have served some before."""
    with counted(system.admin_url, len(requests)) as found:
        send(system.port, requests, connections=1, processes=1, warm=False)
    return found[0]
