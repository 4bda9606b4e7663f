"""`python -m deploy.local COMMAND`: what the Makefile calls. Makes its own tools first."""

import importlib
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local import toolchain
from deploy.local.commands import full_disk
from deploy.local.errors import Stop, is_full_disk
from deploy.local.paths import ROOT, VENV, VENV_PYTHON, home_from
from deploy.local.progress import Progress


@dataclass(frozen=True)
class Command:
    """Named, not imported: this file also runs before there is a virtual environment."""

    module: str
    function: str
    packages: str

    def __call__(self, arguments: Sequence[str]) -> int:
        module = importlib.import_module(f"deploy.local.{self.module}")
        code: int = getattr(module, self.function)(arguments)
        return code


COMMANDS = {
    "run": Command("stack", "run", packages="local"),
    "manage": Command("tools", "manage", packages="local"),
    "seed": Command("tools", "seed", packages="local"),
    "services": Command("tools", "services", packages="local"),
    "check": Command("check", "check", packages="dev"),
    "test": Command("check", "test", packages="dev"),
    "bench": Command("tools", "bench", packages="dev"),
    "mutate": Command("tools", "mutate", packages="dev"),
    "messages": Command("tools", "messages", packages="dev"),
    "lock": Command("tools", "lock", packages="dev"),
}


def main(words: Sequence[str]) -> int:
    name, *arguments = words or [""]
    if name not in COMMANDS:
        raise Stop(f"Say one of: {', '.join(COMMANDS)}.")
    command = COMMANDS[name]
    toolchain.ensure_packages(command.packages, Progress())
    if Path(sys.prefix).resolve() != VENV.resolve():
        sys.stdout.flush()
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "deploy.local", *words])  # noqa: S606
    return command(arguments)


def guarded(words: Sequence[str]) -> int:
    """Turn what went wrong into one sentence and an exit code."""
    try:
        return main(words)
    except Stop as stop:
        if stop.details:
            print(stop.details, file=sys.stderr)
        print(f"parlour: {stop}", file=sys.stderr)
        return 1
    except OSError as error:
        if not is_full_disk(error):
            raise
        print(f"parlour: {full_disk(_fullest(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _fullest(error: OSError) -> Path:
    """A failed write names no file; then it is the disk with the least room of those we use."""
    if error.filename:
        return Path(error.filename)
    chosen = home_from(os.environ)
    home = next(path for path in (chosen, *chosen.parents) if path.exists())
    return min((home, ROOT), key=lambda place: shutil.disk_usage(place).free)


if __name__ == "__main__":
    sys.exit(guarded(sys.argv[1:]))
