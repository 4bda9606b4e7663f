"""What is free: a day of one service, a month of a visit of three lines; any staff, no cache."""

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import send
from tests.benchmarks.measuring import measure as measured
from tests.benchmarks.measuring import statements_of
from tests.benchmarks.salons import reference_salons
from tests.benchmarks.system import System
from tests.benchmarks.visits import Shop

DAYS = 28  # of which the reference salon's diary is full


def measure(system: System) -> list[Figure]:
    slugs = reference_salons(1)
    system.tidy(slugs)
    shop = Shop(system, slugs[0])
    options = shop.popular(3)
    day = [
        shop.availability(options[:1], first=1 + number % DAYS, days=1)
        for number in range(system.about(800))
    ]
    month = [shop.availability(options, first=1, days=31) for _ in range(system.about(60))]
    send(system.port, day[:64], connections=16)
    one_day = measured(system, day, connections=16, expected="200")
    alone = measured(system, day[:100], connections=1, expected="200")
    one_month = measured(system, month, connections=1, expected="200")
    return [
        *one_day.figures("a day, 16 connections", cpu_at_most=3),
        *alone.figures("a day, alone", cpu_at_most=3),
        Figure("a day: statements", round(statements_of(system, day[:40]), 2), at_most=4),
        *one_month.figures("a month of three lines, alone", p95_at_most=250),
        Figure("a month of three lines: statements", round(statements_of(system, month[:8]), 2)),
    ]
