"""Which Chromium: the one named, the system's, Debian's package, Playwright's own download.

When none can be had the tests fail with one sentence; they never skip.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


class NoBrowser(RuntimeError):
    pass


@cache
def chromium_path() -> str | None:
    """Its path, or ``None`` for the one that Playwright downloaded."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise NoBrowser(f"$CHROMIUM names {named}, which is not there.")
        return named
    found = _on_path() or _from_debian()
    if found:
        return found
    if _run(sys.executable, "-m", "playwright", "install", "chromium"):
        return None
    raise NoBrowser("No Chromium: set $CHROMIUM to one, or install the package 'chromium'.")


def flags() -> list[str]:
    """As root Chromium runs only without its sandbox."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    _run("apt-get", "update", "-qq")
    _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    return _on_path()


def _run(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    return done.returncode == 0
