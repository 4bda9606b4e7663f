"""What no other tool looks at: text files end well, scripts parse, YAML, JSON and TOML load."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from deploy.local.paths import ROOT

LARGEST = 2_000_000
CONFLICT = re.compile(rb"^(<{7} |>{7} )", re.MULTILINE)
TRAILING = re.compile(rb"[ \t]+$", re.MULTILINE)
# Trailing blanks mean something in these, or are somebody else's.
MAY_END_ANYHOW = (".txt",)  # templates of e-mails, which are put into one another
MAY_TRAIL = (".md", ".svg", ".po", ".snap")
SHELLS = {b"sh": "sh", b"bash": "bash"}


def load_yaml(text: bytes) -> None:
    for _ in yaml.safe_load_all(text):
        pass


def load_toml(text: bytes) -> None:
    tomllib.loads(text.decode())


LOADERS: dict[str, Callable[[bytes], object]] = {
    ".json": json.loads,
    ".toml": load_toml,
    ".yaml": load_yaml,
    ".yml": load_yaml,
}


def faults_of(path: Path, content: bytes) -> Iterator[str]:
    if len(content) > LARGEST:
        yield f"is larger than {LARGEST:,} bytes"
    if b"\0" in content:
        return
    if content and not content.endswith(b"\n") and path.suffix not in MAY_END_ANYHOW:
        yield "has no newline at its end"
    if b"\r\n" in content:
        yield "has Windows line ends"
    if CONFLICT.search(content):
        yield "has a conflict marker"
    if not path.name.endswith(MAY_TRAIL) and TRAILING.search(content):
        yield "has blanks at the end of a line"
    yield from _faults_of_syntax(path, content)
    yield from _faults_of_script(path, content)


def _faults_of_syntax(path: Path, content: bytes) -> Iterator[str]:
    load = LOADERS.get(path.suffix)
    # tsconfig files are JSON with comments, which TypeScript reads itself.
    if load is None or path.name.startswith("tsconfig"):
        return
    try:
        load(content)
    except (ValueError, yaml.YAMLError) as error:
        yield f"does not load: {error}"


def _faults_of_script(path: Path, content: bytes) -> Iterator[str]:
    found = re.match(rb"#!\s*(?:/usr/bin/env )?(?:/bin/)?(sh|bash)\b", content)
    if found is None:
        return
    if not path.stat().st_mode & 0o111:
        yield "is a script that cannot be executed"
    shell = SHELLS[found[1]]
    answer = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        yield f"does not parse: {answer.stderr.strip()}"


def our_files() -> Iterator[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in sorted(set(listing.decode().split("\0"))):
        path = ROOT / name
        if name and path.is_file() and not path.is_symlink():
            yield path


def main() -> int:
    faults = [
        f"{path.relative_to(ROOT)} {fault}"
        for path in our_files()
        for fault in faults_of(path, path.read_bytes())
    ]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
