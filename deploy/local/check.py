"""`make check` and `make test`: everything that can be said about the code, and then its tests."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import toolchain
from deploy.local.commands import inherited
from deploy.local.errors import Stop
from deploy.local.paths import FRONTEND, ROOT, VENV
from deploy.local.progress import Progress

PYTHON_PACKAGES = ("config", "tenants", "shared_apps", "tenant_apps", "deploy")
# Low ones and these three are what ruff's S rules ask a reason for, place by place.
BANDIT = ("-q", "-r", "-ll", "--skip", "B308,B608,B703", "-c", "pyproject.toml")
GROUPING = "tests.local.grouping"
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]
    cwd: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    check: Check
    code: int
    output: str
    seconds: float


def all_checks() -> list[Check]:
    """The slow ones first, so that the quick ones fill the gaps."""
    node = {"PATH": toolchain.node_environment()["PATH"], "CI": "1", "NO_COLOR": "1"}
    return [
        Check("mypy", _tool("mypy")),
        Check("front end", ("npm", "run", "--silent", "check"), FRONTEND, node),
        Check("migrations", _manage("makemigrations", "--check", "--dry-run"), ROOT, TEST_SETTINGS),
        Check("messages", (sys.executable, "-m", "deploy.local.catalogues")),
        Check("API documents", _manage("export_openapi", "--check"), ROOT, TEST_SETTINGS),
        Check("API contract", (sys.executable, "-m", "deploy.local.contract")),
        Check("bandit", _tool("bandit", *BANDIT, *PYTHON_PACKAGES)),
        Check("import contracts", _tool("lint-imports", "--no-cache")),
        Check("ruff", _tool("ruff", "check", "--quiet", ".")),
        Check("format", _tool("ruff", "format", "--check", "--quiet", "--diff", ".")),
        Check("files", (sys.executable, "-m", "deploy.local.hygiene")),
    ]


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(VENV / "bin" / name), *arguments)


def _manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "manage.py", *arguments)


def check(_: Sequence[str]) -> int:
    progress = Progress()
    _prepare(progress)
    failed = run_checks(all_checks(), progress)
    if failed:
        raise Stop(f"{len(failed)} checks failed: {', '.join(sorted(failed))}.")
    return 0


def test(arguments: Sequence[str]) -> int:
    """Checks, front end, back end; the first that fails ends it, so its words come last."""
    check(())
    progress = Progress()
    outcome = run_check(
        Check(
            "front-end tests",
            ("npm", "run", "--silent", "test"),
            FRONTEND,
            {"PATH": toolchain.node_environment()["PATH"], "NO_COLOR": "1"},
        )
    )
    _show(outcome, progress)
    if outcome.code != 0:
        raise Stop("The front-end tests failed.")
    pytest = [*_tool("pytest"), *pytest_flags(arguments)]
    return subprocess.run(pytest, cwd=ROOT, env=inherited(), check=False).returncode


def pytest_flags(arguments: Sequence[str]) -> list[str]:
    """Coverage is of the whole, so a chosen part is run without it."""
    workers = os.environ.get("WORKERS") or "2"
    coverage = [] if arguments else ["--cov", "--cov-report=term"]
    return ["-p", GROUPING, "-n", workers, "--dist", "loadgroup", *coverage, *arguments]


def _prepare(progress: Progress) -> None:
    toolchain.ensure_catalogues(progress)
    toolchain.ensure_node_modules(progress)
    toolchain.ensure_frontend(progress)


def run_checks(checks: Sequence[Check], progress: Progress) -> list[str]:
    """All of them, as many at once as there are processors; the names of those that failed."""
    failed = []
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 1)) as pool:
        for future in as_completed([pool.submit(run_check, check) for check in checks]):
            outcome = future.result()
            _show(outcome, progress)
            if outcome.code != 0:
                failed.append(outcome.check.name)
    return failed


def run_check(check: Check) -> Outcome:
    began = time.monotonic()
    try:
        answer = subprocess.run(
            check.command,
            cwd=check.cwd,
            env={**inherited(), **check.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        code, output = answer.returncode, answer.stdout
    except FileNotFoundError as error:
        code, output = 127, f"{error.filename} was not found."
    return Outcome(check, code, output, time.monotonic() - began)


def _show(outcome: Outcome, progress: Progress) -> None:
    if outcome.code == 0:
        progress.line(f"{outcome.seconds:6.1f} s  {outcome.check.name}")
    else:
        progress.line(f"  failed  {outcome.check.name}\n{outcome.output.rstrip()}\n")
