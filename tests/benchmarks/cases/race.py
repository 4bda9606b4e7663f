"""Two hundred bookings of one time from four processes: as many win as there are people."""

from dataclasses import dataclass
from typing import Any

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import send
from tests.benchmarks.salons import small_salons
from tests.benchmarks.system import System
from tests.benchmarks.visits import Shop

RUNNERS, PROCESSES = 200, 4
SAME = ["Women’s cut and finish"]
THERE, BACK = ["Men’s cut", "Root tint"], ["Root tint", "Men’s cut"]


@dataclass(frozen=True, slots=True)
class Race:
    name: str
    shop: Shop
    orders: list[list[str]]
    winners: int


def measure(system: System) -> list[Figure]:
    """Each race has a day of its own, so that the diary is empty."""
    figures, day = [], 7
    system.tidy(["anna"])
    for race in _races(system):
        for warm in (False, True):
            start, day = _first_start(race, day)
            figures += _run(system, race, start, warm=warm)
    return figures


def _races(system: System) -> list[Race]:
    alone, three = Shop(system, "anna"), Shop(system, small_salons(system, 1)[0])
    options = system.stack.options("anna")
    crossing = [[options[name] for name in order] for order in (THERE, BACK)]
    return [
        Race("same staff and chair", alone, [[options[name] for name in SAME]], 1),
        Race("any of three", three, [three.popular(1)], 3),
        Race("crossing lines", alone, crossing, 1),
    ]


def _first_start(race: Race, day: int) -> tuple[str, int]:
    """The first time at which everybody is free, from that day on, and the day after it."""
    for later in range(60):
        path = race.shop.availability(race.orders[0], first=day + later, days=1).path
        (offer,) = race.shop.stack.ask("GET", race.shop.host, path).json()["days"]
        for start in offer["starts"]:
            if len(start["lines"][0]["staff_ids"]) == race.winners:
                return start["starts_at"], day + later + 1
    raise AssertionError(f"no time for {race.name}")


def _run(system: System, race: Race, start: str, *, warm: bool) -> list[Figure]:
    requests = [
        race.shop.booking(race.orders[number // PROCESSES % len(race.orders)], start)
        for number in range(RUNNERS)
    ]
    deadlocks = _deadlocks(system)
    answers = send(system.port, requests, connections=RUNNERS, processes=PROCESSES, warm=warm)
    name = f"{race.name}, {'warm' if warm else 'fresh'}"
    others = RUNNERS - answers.outcomes["201"] - answers.outcomes["409 slot_taken"]
    return [
        Figure(f"{name}: won", answers.outcomes["201"], expected=race.winners),
        Figure(f"{name}: neither won nor 409 slot_taken", others, expected=0),
        Figure(f"{name}: visits in the diary", _visits(system, race, start), expected=race.winners),
        Figure(f"{name}: deadlocks", _deadlocks(system) - deadlocks, expected=0),
        Figure(f"{name}: slowest answer", round(max(answers.seconds), 2), "s", at_most=3),
    ]


def _deadlocks(system: System) -> int:
    ((count,),) = system.query(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    return int(count)


def _visits(system: System, race: Race, start: str) -> int:
    schema = system.schema(race.shop.slug)
    found: list[Any] = system.query(
        f"SELECT DISTINCT line.appointment_id FROM {schema}.booking_phase AS phase"
        f" JOIN {schema}.booking_line AS line ON line.id = phase.line_id"
        f" JOIN {schema}.booking_allocation AS taken ON taken.phase_id = phase.id"
        " WHERE phase.starts_at = %s",
        start,
    )
    return len(found)
