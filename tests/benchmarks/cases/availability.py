"""What is free: a day of one service, made anew and remembered; a month of three lines."""

from itertools import cycle, islice, permutations, product

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Request, send
from tests.benchmarks.measuring import measure as measured
from tests.benchmarks.measuring import statements_of
from tests.benchmarks.salons import reference_salons
from tests.benchmarks.system import System
from tests.benchmarks.visits import Shop

DAYS = 28  # of which the reference salon's diary is full
SERVICES = 16
KNOWN = 2 * DAYS  # questions after which both processes know all days


def measure(system: System) -> list[Figure]:
    slugs = reference_salons(1)
    system.tidy(slugs)
    shop = Shop(system, slugs[0])
    new = list(islice(_new_questions(shop), system.about(SERVICES * DAYS)))
    same = list(islice(cycle(_days(shop, shop.popular(1))), system.about(800)))
    month = [
        shop.availability(lines, first=1, days=31)
        for lines in islice(permutations(shop.popular(5), 3), system.about(60))
    ]
    send(system.port, same[:KNOWN], connections=16)
    anew = measured(system, new, connections=16, expected="200")
    again = measured(system, same, connections=16, expected="200")
    alone = measured(system, same[:200], connections=1, expected="200")
    one_month = measured(system, month, connections=1, expected="200")
    return [
        *anew.figures("a day made anew, 16 connections", cpu_at_most=3),
        *again.figures("a day remembered, 16 connections", cpu_at_most=1.2),
        *alone.figures("a day remembered, alone", cpu_at_most=1.2),
        Figure("a day: statements", round(statements_of(system, same[:40]), 2), at_most=1),
        *one_month.figures("a month of three lines, alone", p95_at_most=250),
        Figure("a month of three lines: statements", round(statements_of(system, month[:8]), 2)),
    ]


def _new_questions(shop: Shop) -> list[Request]:
    """Each is asked once, so that nobody remembers the answer."""
    asked = product(shop.popular(SERVICES), range(1, 1 + DAYS))
    return [shop.availability([option], first=day, days=1) for option, day in asked]


def _days(shop: Shop, lines: list[str]) -> list[Request]:
    return [shop.availability(lines, first=1 + number, days=1) for number in range(DAYS)]
