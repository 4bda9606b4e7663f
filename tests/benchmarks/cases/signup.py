"""A ready schema becomes a salon that answers; and how fast schemas are made."""

from time import monotonic

from tenant_apps.demo.load import schemas
from tenants.schema import pool
from tests.benchmarks.cpu import metered
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.system import System

MARKS = (10, 100, 200)
FIRST = 8  # some for each web process, which reads all migrations at its first


def measure(system: System) -> list[Figure]:
    return [*_making_schemas(system.about(MARKS[-1])), *_signing_up(system, system.about(40))]


def _making_schemas(count: int) -> list[Figure]:
    figures = []
    began = monotonic()
    with schemas():
        for number in range(1, count + 1):
            pool.make_ready_schema()
            if number in MARKS or number == count:
                each = 1000 * (monotonic() - began) / number
                figures.append(Figure(f"a schema, mean of the first {number}", round(each), "ms"))
    whole = round(monotonic() - began, 1)
    return [*figures, Figure(f"{count} schemas", whole, "s", at_most=60 if count == 200 else None)]


def _signing_up(system: System, count: int) -> list[Figure]:
    """One after another, each followed by the salon's own page on its own host."""
    first = [_sign_up_and_look(system, f"first-{number}")[1] for number in range(FIRST)]
    with metered(system.parts) as spent:
        times = [_sign_up_and_look(system, f"bench-{number}") for number in range(count)]
    answered, served = [list(found) for found in zip(*times, strict=True)]
    return [
        Figure(f"slowest of the first {FIRST}, in fresh processes", round(max(first)), "ms"),
        Figure("sign-up: p50", round(percentile(answered, 0.50)), "ms"),
        Figure("sign-up to its first page: p50", round(percentile(served, 0.50)), "ms"),
        Figure(
            "sign-up to its first page: p95", round(percentile(served, 0.95)), "ms", at_most=1000
        ),
        *(
            Figure(f"sign-up to its first page: CPU, {name}", round(1000 * cpu / count), "ms")
            for name, cpu in spent.items()
        ),
    ]


def _sign_up_and_look(system: System, slug: str) -> tuple[float, float]:
    """Milliseconds until sign-up answered, and until the salon's page did."""
    began = monotonic()
    sign_up(system, slug)
    answered = monotonic() - began
    page = system.stack.ask("GET", system.stack.host(slug), "/")
    assert page.status == 200, page.body
    return 1000 * answered, 1000 * (monotonic() - began)


def sign_up(system: System, slug: str) -> None:
    body = {
        "name": slug,
        "slug": slug,
        "country": "DE",
        "trade": "hair",
        "owner": {"name": "Nora", "email": "n@example.com", "password": "a horse reads maps"},
    }
    answer = system.stack.ask("POST", system.stack.base_host, "/api/v1/signup", body)
    assert answer.status == 201, answer.body
