from tests.benchmarks import floor
from tests.benchmarks.figures import Figure
from tests.benchmarks.system import System


def measure(system: System) -> list[Figure]:
    return [
        *floor.nothing(system).figures("SELECT 1"),
        *floor.booking(system).figures("booking's inserts"),
    ]
