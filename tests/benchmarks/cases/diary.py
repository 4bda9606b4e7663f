"""The reception's screens: a day of twelve people, a week of one, the day as it was yesterday."""

import gzip
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Request, send
from tests.benchmarks.measuring import measure as measured
from tests.benchmarks.measuring import statements_of
from tests.benchmarks.salons import reference_salons
from tests.benchmarks.system import System
from tests.benchmarks.visits import Reception, Shop

DAYS = 28  # of which the reference salon's diary is full
CONNECTIONS = 16
LARGEST = 60  # kilobytes
LEVEL = 6  # what a gateway compresses with


def measure(system: System) -> list[Figure]:
    slugs = reference_salons(1)
    system.tidy(slugs)
    reception = Reception(Shop(system, slugs[0]))
    yesterday = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(days=1)
    count = system.about(400)
    day = [reception.diary(first=1 + number % DAYS, days=1) for number in range(count)]
    week = [
        reception.diary(first=1 + number % (DAYS - 7), days=7, staff_id=staff_id)
        for number, staff_id in zip(range(count), _in_turn(reception.team, count), strict=True)
    ]
    then = [
        reception.diary(first=1 + number % DAYS, days=1, as_of=yesterday)
        for number in range(count // 4)
    ]
    send(system.port, day[:64], connections=CONNECTIONS)
    return [
        *_loaded(system, "a day of twelve", day),
        *_loaded(system, "a week of one", week),
        *measured(system, day[:100], connections=1, expected="200").figures("a day, alone"),
        *measured(system, then, connections=1, expected="200").figures("a day as of yesterday"),
        Figure("a day: largest answer", _largest(reception, day[:DAYS]), "KB", at_most=LARGEST),
        Figure("a week: largest answer", _largest(reception, week[:DAYS]), "KB", at_most=LARGEST),
    ]


def _loaded(system: System, name: str, requests: list[Request]) -> list[Figure]:
    found = measured(system, requests, connections=CONNECTIONS, expected="200")
    return [
        *found.figures(f"{name}, {CONNECTIONS} connections", p95_at_most=200),
        Figure(f"{name}: statements", round(statements_of(system, requests[:40]), 2), at_most=6),
    ]


def _in_turn(team: list[str], count: int) -> list[str]:
    return [team[number % len(team)] for number in range(count)]


def _largest(reception: Reception, requests: list[Request]) -> float:
    """Compressed, in kilobytes."""
    bodies = map(reception.body, requests)
    return round(max(len(gzip.compress(body, LEVEL)) for body in bodies) / 1024, 1)
