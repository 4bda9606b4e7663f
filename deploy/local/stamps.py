"""Skips work whose inputs have not changed, judged by content and not by date."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BUILT_FOLDERS = frozenset({"node_modules", "dist", "coverage", "__pycache__", "test-results"})


def source_files(folder: Path, *, suffixes: tuple[str, ...] = ("",)) -> Iterator[Path]:
    """Files below `folder` that people wrote, in a stable order."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in BUILT_FOLDERS and not name.startswith(".")
        )
        yield from (Path(parent, name) for name in sorted(names) if name.endswith(suffixes))


def fingerprint(files: Iterable[Path], *, salt: str = "") -> str:
    digest = hashlib.sha256(salt.encode())
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"\n{file} {content}".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """Remembers the fingerprint of the inputs of some work that succeeded."""

    file: Path
    wanted: str

    def is_current(self) -> bool:
        return self.file.is_file() and self.file.read_text() == self.wanted

    def write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.wanted)
