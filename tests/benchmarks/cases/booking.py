"""A guest books two lines: everything from the first byte to the durable commit."""

import random
from datetime import timedelta
from itertools import chain, islice

from tests.benchmarks import floor
from tests.benchmarks.cpu import peak_megabytes, private_megabytes
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Request, send
from tests.benchmarks.measuring import measure as measured
from tests.benchmarks.measuring import statements_of
from tests.benchmarks.salons import reference_salons
from tests.benchmarks.system import System
from tests.benchmarks.visits import Shop

APART = timedelta(hours=1)
CONNECTIONS = 16
COUNTED = 20


def measure(system: System) -> list[Figure]:
    warming, counted, measuring = 64, COUNTED, system.about(800)
    requests = bookings(system, warming + counted + measuring)
    send(system.port, requests[:warming], connections=CONNECTIONS)
    statements = statements_of(system, requests[warming:][:counted])
    found = measured(system, requests[warming + counted :], connections=CONNECTIONS, expected="201")
    bare = floor.booking(system)
    return [
        *found.figures("booking", cpu_at_most=8, p95_at_most=100),
        Figure("booking: statements", round(statements, 2), at_most=18),
        *bare.figures("floor"),
        Figure("CPU, times the floor's", round(found.cpu / bare.cpu_milliseconds, 1)),
        Figure("rate, floor's times ours", round(bare.per_second / found.answers.per_second, 1)),
        Figure("largest web process", round(peak_megabytes(system.web)), "MB", at_most=300),
        Figure("largest backend, its own", round(private_megabytes(system.postgres)), "MB"),
    ]


def bookings(system: System, count: int) -> list[Request]:
    """Of times that do not meet, in no order, so that few wait for the lock of one day."""
    slugs = reference_salons(2 if system.is_quick else 4)
    system.tidy(slugs)
    shops = [Shop(system, slug) for slug in slugs]
    each = -(-count // len(shops))
    lists = []
    for shop in shops:
        lines = shop.popular(2)
        starts = islice(shop.starts(lines, apart=APART), each)
        lists.append([shop.booking(lines, start) for start in starts])
    requests = list(chain.from_iterable(zip(*lists, strict=False)))[:count]
    assert len(requests) == count, f"only {len(requests)} times of {count} are free"
    random.Random(count).shuffle(requests)
    return requests
