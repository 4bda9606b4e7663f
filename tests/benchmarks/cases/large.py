"""A month of three lines by anybody of forty: a colour that develops, something with it, a cut or
blow-dry. Sixty different visits, so that nobody remembers an answer, into a busy diary."""

from datetime import timedelta
from statistics import mean

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import send
from tests.benchmarks.measuring import measure as measured
from tests.benchmarks.measuring import statements_of
from tests.benchmarks.salons import large_salon, reference_salons
from tests.benchmarks.system import System
from tests.benchmarks.visits import Shop

MONTH = 31
SLOWEST = 250
COUNTED = 8


def measure(system: System) -> list[Figure]:
    forty, breaks = large_salon(breaks_in_rota=False), large_salon(breaks_in_rota=True)
    (twelve,) = reference_salons(1)
    system.tidy([forty, breaks, twelve])
    return [
        *_month(system, Shop(system, forty), "40 people"),
        *_month(system, Shop(system, breaks), "40 people, breaks in the rota"),
        *_month(system, Shop(system, twelve), "12 people"),
    ]


def _month(system: System, shop: Shop, name: str) -> list[Figure]:
    visits = shop.colourings()
    lines = visits[0]
    month = [shop.availability(one, first=1, days=MONTH) for one in visits[: system.about(60)]]
    send(system.port, [shop.availability(lines, first=1, days=MONTH)] * 8, connections=2)
    found = measured(system, month, connections=1, expected="200")
    schema = system.schema(shop.slug)
    ((booked,),) = system.query(f"SELECT count(*) FROM {schema}.booking_appointment")
    offered = (shop.starts(one, apart=timedelta(0), first=1, months=1) for one in visits)
    return [
        Figure(f"{name}: visits in the diary", booked),
        Figure(f"{name}: starts offered, mean", round(mean(len(list(one)) for one in offered))),
        *found.figures(f"{name}: a month, alone", p95_at_most=SLOWEST),
        *(
            Figure(f"{name}: statements, {days} days", _statements(system, shop, lines, days))
            for days in (1, MONTH)
        ),
    ]


def _statements(system: System, shop: Shop, lines: list[str], days: int) -> float:
    """Asked once before, so that the day is known."""
    requests = [shop.availability(lines, first=1, days=days)] * COUNTED
    send(system.port, requests, connections=2)
    return round(statements_of(system, requests), 2)
