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
FEW, LATER = 10, 2400


def measure(system: System) -> list[Figure]:
    count = system.about(system.salons)
    slugs = small_salons(system, max(FEW, count))
    (few,) = _book(system, slugs[:FEW])
    small = private_megabytes(system.postgres)
    many, later = _book(system, slugs, later=system.about(LATER))
    return [
        *few.figures(f"{FEW} salons"),
        *many.figures(f"{len(slugs)} salons, fresh processes"),
        *later.figures(f"{len(slugs)} salons, later"),
        Figure("CPU, many times few, fresh processes", round(many.cpu / few.cpu, 2)),
        Figure("CPU, many times few, later", round(later.cpu / few.cpu, 2), at_most=1.3),
        Figure(f"largest backend after {FEW}", round(small), "MB"),
        Figure(
            f"largest backend after {len(slugs)}", round(private_megabytes(system.postgres)), "MB"
        ),
        Figure("largest web process", round(peak_megabytes(system.web)), "MB", at_most=300),
    ]


def _book(system: System, slugs: list[str], *, later: int = 0) -> list[Measured]:
    """With fresh processes, warmed by bookings of the same kind; and again after ``later`` more,
    when most processes and backends have met most of the salons that are asked for often."""
    warming, measuring = system.about(300), system.about(600)
    rounds = (warming, later) if later else (warming,)
    requests = iter(_bookings(system, slugs, sum(rounds) + measuring * len(rounds)))
    system.restart_web()
    found = []
    for more in rounds:
        send(system.port, list(islice(requests, more)), connections=CONNECTIONS)
        counted = list(islice(requests, measuring))
        found.append(measured(system, counted, connections=CONNECTIONS, expected="201"))
    return found


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
