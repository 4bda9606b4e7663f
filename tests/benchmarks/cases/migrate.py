"""A whole `manage.py migrate_salons` over many salons: nothing to do, then one AddField."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.benchmarks.environment import ENVIRONMENT
from tests.benchmarks.figures import Figure
from tests.benchmarks.salons import fill_up, schemas_there
from tests.benchmarks.system import System
from tests.database import OWNER, ROOT
from tests.tenants.schema.fleets import NICKNAME
from tests.tenants.schema.releases import Release

SALONS = 500


def measure(system: System) -> list[Figure]:
    """Last of all: afterwards the schemas are those of a release that does not exist."""
    fill_up(system.about(SALONS))
    count = schemas_there()
    base = system.stack.database.environment(OWNER) | ENVIRONMENT
    starting = min(_run(base, "migrate_salons", "--help") for _ in range(3))
    idle = min(_run(base, "migrate_salons", "--verbosity", "0") for _ in range(3))
    with TemporaryDirectory() as folder:
        release = Release(Path(folder), "clients").add("9001_nickname", NICKNAME)
        later = release.environment(base)
        climbing = _run(later, "migrate_salons", "--verbosity", "0")
        _run(later, "migrate_salons", "--check", "--verbosity", "0")
    return [
        Figure("salons", count),
        Figure("starting Python and Django", round(starting, 2), "s"),
        Figure("nothing to do, starting included", round(idle, 2), "s"),
        Figure("nothing to do", round(idle - starting, 2), "s", at_most=1),
        Figure("one AddField, starting included", round(climbing, 2), "s", at_most=10),
        Figure("one AddField, a salon", round(1000 * (climbing - starting) / count, 1), "ms"),
    ]


def _run(environment: Mapping[str, str], *arguments: str) -> float:
    began = monotonic()
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return monotonic() - began
