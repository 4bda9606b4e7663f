"""What processes cost, read from /proc: a tree of them, with the children that have ended."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    parent: int
    ticks: int


def cpu_seconds(root: int) -> float:
    """Spent so far by ``root`` and everything below it, be it alive or ended."""
    return sum(process.ticks for process in tree(root)) / PER_SECOND


@contextmanager
def metered(roots: Mapping[str, int]) -> Iterator[dict[str, float]]:
    """Filled when the block ends: CPU seconds by the name of the tree."""
    before = {name: cpu_seconds(root) for name, root in roots.items()}
    spent: dict[str, float] = {}
    yield spent
    spent.update({name: cpu_seconds(root) - before[name] for name, root in roots.items()})


def peak_megabytes(root: int) -> float:
    """Of the largest process below ``root``, at its largest."""
    return max(_status(process.pid).get("VmHWM", 0) for process in tree(root)) / 1024


def private_megabytes(root: int) -> float:
    """Of the largest process now, without what it shares: PostgreSQL's buffers, libraries."""
    return max(_status(process.pid).get("RssAnon", 0) for process in tree(root)) / 1024


def parent_of(pid: int) -> int:
    found = _process(Path(f"/proc/{pid}"))
    return found.parent if found else 0


def tree(root: int) -> list[Process]:
    everybody = [_process(folder) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    alive = [process for process in everybody if process]
    found = [process for process in alive if process.pid == root]
    for process in found:  # grows while it is walked: children of children
        found += [child for child in alive if child.parent == process.pid]
    return found


def _process(folder: Path) -> Process | None:
    try:
        text = (folder / "stat").read_text()
    except OSError:
        return None  # ended since it was listed
    fields = text.rpartition(")")[2].split()  # a name may hold anything, even brackets
    return Process(int(folder.name), int(fields[1]), sum(map(int, fields[11:15])))


def _status(pid: int) -> dict[str, int]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {
        name: int(rest.split()[0])
        for name, _, rest in (line.partition(":") for line in lines)
        if rest.endswith("kB")
    }
