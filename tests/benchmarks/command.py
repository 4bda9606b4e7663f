"""Measure a throw-away copy of the whole system."""

from argparse import ArgumentParser
from collections.abc import Sequence

from tests.benchmarks import report
from tests.benchmarks.catalogue import BENCHMARKS
from tests.benchmarks.figures import Figure
from tests.benchmarks.system import running_system


def main(words: Sequence[str]) -> int:
    parser = ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all when none is given")
    parser.add_argument("--list", action="store_true", help="say which there are")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, for a try")
    parser.add_argument("--salons", type=int, default=300, help="how many `salons` opens")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - BENCHMARKS.keys():
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )
    if asked.list:
        print("\n".join(f"{name:<14}{case.about}" for name, case in BENCHMARKS.items()))
        return 0
    chosen = [name for name in BENCHMARKS if not asked.names or name in asked.names]
    about = report.machine()
    print(", ".join(f"{name}: {value}" for name, value in about.items()), "\n", flush=True)
    results: dict[str, list[Figure]] = {}
    try:
        with running_system(is_quick=asked.quick, salons=asked.salons) as system:
            for name in chosen:
                results[name] = BENCHMARKS[name].measure(system)
                print(report.table(name, results[name]), flush=True)
    finally:  # what was found before somebody stopped it counts as well
        print(f"Written to {report.write(results, about, is_quick=asked.quick)}")
    return 0
