"""Where things are in a working copy."""

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
LOCALE = ROOT / "locale"
REQUIREMENTS = ROOT / "requirements"
STAMPS = ROOT / ".cache" / "stamps"
LOGS = ROOT / ".cache" / "logs"


def home_from(environment: Mapping[str, str]) -> Path:
    """The folder with the data of this copy: `$PARLOUR_HOME`, else `.parlour` beside the code."""
    chosen = environment.get("PARLOUR_HOME")
    return Path(chosen).expanduser().absolute() if chosen else ROOT / ".parlour"
