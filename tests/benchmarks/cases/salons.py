"""Bookings drawn by Zipf's law over many salons, against the same over ten."""

import random
from collections import Counter
from datetime import timedelta
from itertools import islice

from tests.benchmarks.cpu import peak_megabytes, private_megabytes
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Request, send
from tests.benchmarks.measuring import Measured
from tests.benchmarks.measuring import measure as measured
from tests.benchmarks.salons import small_salons
from tests.benchmarks.system import System
from tests.benchmarks.visits import Shop

# Two visits that nearly touch could leave whoever works alone that day no time for their break.
APART = timedelta(hours=2)
CONNECTIONS = 16
FEW = 10


def measure(system: System) -> list[Figure]:
    count = system.about(system.salons)
    slugs = small_salons(system, max(FEW, count))
    few = _book(system, slugs[:FEW])
    small = private_megabytes(system.postgres)
    many = _book(system, slugs)
    return [
        *few.figures(f"{FEW} salons"),
        *many.figures(f"{len(slugs)} salons"),
        Figure("CPU, many times few", round(many.cpu / few.cpu, 2), at_most=1.3),
        Figure(f"largest backend after {FEW}", round(small), "MB"),
        Figure(
            f"largest backend after {len(slugs)}", round(private_megabytes(system.postgres)), "MB"
        ),
        Figure("largest web process", round(peak_megabytes(system.web)), "MB", at_most=300),
    ]


def _book(system: System, slugs: list[str]) -> Measured:
    """With fresh processes, warmed by bookings of the same kind."""
    warming, measuring = system.about(300), system.about(600)
    requests = _bookings(system, slugs, warming + measuring)
    system.restart_web()
    send(system.port, requests[:warming], connections=CONNECTIONS)
    return measured(system, requests[warming:], connections=CONNECTIONS, expected="201")


def _bookings(system: System, slugs: list[str], count: int) -> list[Request]:
    dice = random.Random(count)
    weights = [1 / place for place in range(1, len(slugs) + 1)]
    drawn = Counter(dice.choices(slugs, weights, k=count))
    system.tidy(drawn)
    requests = []
    for slug, often in drawn.items():
        shop = Shop(system, slug)
        lines = shop.popular(2)
        starts = list(islice(shop.starts(lines, apart=APART), often))
        assert len(starts) == often, f"only {len(starts)} of {often} times are free in {slug}"
        requests += [shop.booking(lines, start) for start in starts]
    dice.shuffle(requests)
    return requests
