"""What was found: a table to read, JSON to compare."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.figures import Figure, Value
from tests.database import ROOT

RESULTS = ROOT / "bench-results"
Results = Mapping[str, Sequence[Figure]]


def machine() -> dict[str, Value]:
    return {
        "cores": os.cpu_count() or 0,
        "processor": _processor(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load_before": round(os.getloadavg()[0], 2),
        "commit": _commit(),
    }


def table(name: str, figures: Sequence[Figure]) -> str:
    width = max(len(figure.name) for figure in figures)
    lines = [
        f"  {figure.name:<{width}}  {figure.value!s:>10} {figure.unit:<10} "
        f"{figure.allowed:<10} {figure.verdict}".rstrip()
        for figure in figures
    ]
    return "\n".join([name, *lines, ""])


def write(results: Results, about: Mapping[str, Value], *, is_quick: bool) -> Path:
    moment = datetime.now(UTC)
    document = {
        "at": moment.isoformat(timespec="seconds"),
        "quick": is_quick,
        "machine": dict(about),
        "load_after": round(os.getloadavg()[0], 2),
        "benchmarks": {
            name: [figure.as_json() for figure in figures] for name, figures in results.items()
        },
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{moment:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return path


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()
