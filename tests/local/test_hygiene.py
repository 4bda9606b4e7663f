from pathlib import Path

import pytest

from deploy.local.hygiene import faults_of


def faults(tmp_path: Path, name: str, content: str, *, mode: int = 0o644) -> list[str]:
    file = tmp_path / name
    file.write_text(content)
    file.chmod(mode)
    return list(faults_of(file, content.encode()))


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.py", "x = 1", "has no newline at its end"),
        ("a.py", "x = 1 \n", "has blanks at the end of a line"),
        ("a.py", "x = 1\r\n", "has Windows line ends"),
        ("a.py", "<<<<<<< ours\n", "has a conflict marker"),
        ("a.sh", "#!/bin/sh\necho\n", "is a script that cannot be executed"),
    ],
)
def test_a_fault_is_found(tmp_path: Path, name: str, content: str, fault: str) -> None:
    assert fault in faults(tmp_path, name, content)


@pytest.mark.parametrize(
    ("name", "content"), [("a.yml", "a: [1\n"), ("a.json", "{\n"), ("a.toml", "a =\n")]
)
def test_data_must_load(tmp_path: Path, name: str, content: str) -> None:
    (found,) = faults(tmp_path, name, content)
    assert found.startswith("does not load: ")


def test_a_script_must_parse(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, "run", "#!/usr/bin/env bash\nif true; then\n", mode=0o755)
    assert found.startswith("does not parse: ")


def test_clean_files_have_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, "run", "#!/usr/bin/env bash\ntrue\n", mode=0o755) == []
    assert faults(tmp_path, "a.yml", "a: 1\n") == []
    assert faults(tmp_path, "a.bin", "\0 \r\n") == []
