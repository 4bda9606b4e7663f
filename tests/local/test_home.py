import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.errors import Stop
from deploy.local.home import Home, RunsAlready, note_state, only_one
from deploy.local.paths import ROOT

HOLD = """
import sys, time
from pathlib import Path
from deploy.local.home import Home, only_one
with only_one(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


def test_a_home_can_be_passed_through_but_not_listed_by_others(home: Home) -> None:
    assert home.path.stat().st_mode & 0o777 == 0o711
    assert home.logs.stat().st_mode & 0o777 == 0o700


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Stop, match="cannot be used"):
        Home(tmp_path / "file").make()


def test_a_second_supervisor_is_refused_with_the_first_ones_number(home: Home) -> None:
    with (
        only_one(home),
        pytest.raises(RunsAlready, match=rf"process {os.getpid()}"),
        only_one(home),
    ):
        pass


def test_after_the_first_has_left_there_is_room(home: Home) -> None:
    with only_one(home):
        pass
    with only_one(home):
        pass


def test_one_that_is_stopping_is_waited_for(home: Home) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, home.path], cwd=ROOT, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        note_state(home, "stopping")
        began = time.monotonic()
        holder.kill()
        with only_one(home):
            assert time.monotonic() - began < 5
