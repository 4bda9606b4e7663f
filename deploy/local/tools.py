"""The smaller commands: a shell, demo data, servers alone, translations, locks, mutants."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from deploy.local import report, toolchain
from deploy.local.commands import inherited, run_step
from deploy.local.ephemeral import ephemeral_services
from deploy.local.errors import Stop
from deploy.local.home import RunsAlready
from deploy.local.installation import Installation
from deploy.local.options import Options
from deploy.local.parts import PYTHON, Workshop
from deploy.local.paths import LOGS, REQUIREMENTS, ROOT, VENV
from deploy.local.progress import Progress
from deploy.local.stack import open_copy, running_copy

# These change tables, which the application's role may not.
OWNER_COMMANDS = frozenset({"migrate_schemas", "migrate_salons", "provisioner"})
MUTMUT = VENV / "bin" / "mutmut"
NOTICED = frozenset({"killed", "timeout"})  # a loop without end is noticed as well
NOTICED_AT_LEAST = 0.85


@contextmanager
def workshop_for(options: Options, progress: Progress) -> Iterator[Workshop]:
    """Of the copy that runs in this home; when none does, its servers run for the moment."""
    with ExitStack() as stack:
        try:
            workshop, supervisor = stack.enter_context(open_copy(options, progress))
        except RunsAlready:
            workshop = running_copy(options)
        else:
            Installation(workshop, progress).migrate()
            supervisor.start(workshop.provisioner())
        yield workshop


def manage(arguments: Sequence[str]) -> int:
    """`manage.py` with the right servers, keys and role."""
    with workshop_for(Options.read(os.environ), Progress(sys.stderr)) as workshop:
        owner = bool(arguments) and arguments[0] in OWNER_COMMANDS
        environment = workshop.owner_environment() if owner else workshop.app_environment()
        return _in_the_foreground([PYTHON, "manage.py", *arguments], environment)


def seed(_: Sequence[str]) -> int:
    options = Options.read(os.environ)
    progress = Progress()
    with workshop_for(options, progress) as workshop:
        Installation(workshop, progress).seed()
        report.write_demo(workshop.options, workshop.databases)
    progress.line(f"The demo salons are there; their sign-ins are in {options.home.demo}.")
    return 0


def services(_: Sequence[str]) -> int:
    """PostgreSQL and Redis alone, empty and without fsync, until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder, ephemeral_services(Path(folder)) as running:
        for name, value in (
            ("ADMIN_DATABASE_URL", running.admin_url),
            ("REDIS_URL", running.redis_url),
            ("PG_BIN", running.pg_bin),
        ):
            print(f"export {name}={shlex.quote(str(value))}", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()
    return 0


def bench(arguments: Sequence[str]) -> int:
    return _in_the_foreground([PYTHON, "-m", "tests.benchmarks", *arguments], inherited())


def mutate(arguments: Sequence[str]) -> int:
    """Change the pure policies in small ways: tests that still pass have missed something."""
    environment = inherited() | {"PARLOUR_TEST_SERVERS": "none"}
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)  # mutmut does not see that a test changed
    code = _in_the_foreground([MUTMUT, "run", *arguments], environment)
    if code != 0:
        return code
    fates = _fates_by_module(environment)
    for module, seen in fates.items():
        print(f"{sum(seen):4} of {len(seen):3} {sum(seen) / len(seen):5.0%}  {module}")
    noticed, tried = sum(map(sum, fates.values())), sum(map(len, fates.values()))
    said = f"The tests noticed {noticed} of {tried} mutants"
    if noticed < NOTICED_AT_LEAST * tried:
        raise Stop(f"{said}; {NOTICED_AT_LEAST:.0%} are due. See .venv/bin/mutmut results.")
    print(f"{said}.")
    return 0


def _fates_by_module(environment: Mapping[str, str]) -> dict[str, list[bool]]:
    """For each mutant that was tried, whether a test noticed it."""
    listed = subprocess.run(
        [MUTMUT, "results", "--all=true"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    fates = defaultdict[str, list[bool]](list)
    for mutant, fate in re.findall(r"^ +(\S+): (.+)$", listed.stdout, re.MULTILINE):
        if fate != "not checked":
            fates[mutant.rpartition(".")[0]].append(fate in NOTICED)
    return fates


def messages(_: Sequence[str]) -> int:
    from deploy.local.catalogues import update_catalogues

    progress = Progress()
    with progress.step("Messages of Python and templates into locale/"):
        update_catalogues()
    toolchain.ensure_catalogues(progress)
    toolchain.ensure_node_modules(progress)
    toolchain.npm(progress, "Messages of the front end", "run", "messages")
    return 0


def lock(_: Sequence[str]) -> int:
    """Pin the newest versions that fit together; development may not differ from production."""
    progress = Progress()
    for name in ("runtime", "local", "dev"):
        constraint = [] if name == "runtime" else ["-c", "runtime.txt"]
        command = [
            *(toolchain.UV, "pip", "compile", "--universal", "--python-version", "3.11"),
            *("--generate-hashes", "--no-emit-index-url", "--no-annotate", "--upgrade"),
            *(f"{name}.in", "-o", f"{name}.txt", *constraint),
        ]
        log = LOGS / f"lock-{name}.log"
        run_step(progress, f"requirements/{name}.txt", command, log=log, cwd=REQUIREMENTS)
    return 0


def _in_the_foreground(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """With our terminal. Ctrl-C is for the command; we only wait for it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
