import json
from pathlib import Path

import pytest

from deploy.local.credentials import load_credentials, write_private
from deploy.local.errors import Stop


def test_secrets_are_made_once_and_for_our_eyes_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first = load_credentials(file)
    assert load_credentials(file) == first
    assert file.stat().st_mode & 0o777 == 0o600


def test_no_two_secrets_are_alike(tmp_path: Path) -> None:
    one, other = (vars(load_credentials(tmp_path / name)) for name in ("a", "b"))
    assert len({*one.values(), *other.values()}) == 2 * len(one)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"surprise": 1}'])
def test_damaged_secrets_are_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(content)
    with pytest.raises(Stop, match="is damaged"):
        load_credentials(file)


def test_a_private_file_replaces_a_readable_one(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, {"name": "Grün"})
    assert json.loads(file.read_text()) == {"name": "Grün"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
