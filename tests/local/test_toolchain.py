import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local import toolchain
from deploy.local.errors import Stop
from deploy.local.paths import REQUIREMENTS
from deploy.local.progress import Progress

LOCK = """\
uritools==4.0 \\
    --hash=sha256:aa
uv==0.13.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
uvloop==1.0 \\
    --hash=sha256:dd
"""


def test_the_installer_is_pinned_by_the_lock() -> None:
    assert toolchain.pinned_block(LOCK, "uv") == (
        "uv==0.13.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    )


def test_the_real_lock_pins_the_installer() -> None:
    assert toolchain.pinned_block((REQUIREMENTS / "dev.txt").read_text(), "uv").startswith("uv==")


def test_a_lock_without_the_installer_is_one_sentence() -> None:
    with pytest.raises(Stop, match="does not pin uv"):
        toolchain.pinned_block("django==5.2.19\n", "uv")


def test_npm_is_one_of_node_22_or_newer() -> None:
    path = toolchain.node_environment()["PATH"].split(":")[0]
    assert toolchain._node_version(f"{path}/node") >= 22 or toolchain._node_version("node") >= 22


def test_something_that_is_not_node_has_no_version(tmp_path: Path) -> None:
    assert toolchain._node_version(str(tmp_path / "missing")) == 0
    assert toolchain._node_version("/bin/true") == 0


def test_two_runs_that_need_the_catalogues_take_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits for the first, and then finds them made."""
    monkeypatch.setattr(toolchain, "STAMPS", tmp_path)
    said = io.StringIO()
    toolchain.ensure_catalogues(Progress(said))
    stamp = tmp_path / "catalogues"
    made = stamp.read_text()
    stamp.unlink()

    with ThreadPoolExecutor() as pool:
        with toolchain.one_at_a_time("catalogues"):
            second = pool.submit(toolchain.ensure_catalogues, Progress(said))
            with pytest.raises(TimeoutError):
                second.result(timeout=0.3)
            stamp.write_text(made)
        second.result(timeout=10)

    assert said.getvalue().count("Translation catalogues") == 1
