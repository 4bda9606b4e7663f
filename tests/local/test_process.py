import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from deploy.local.paths import ROOT
from deploy.local.process import (
    Record,
    end_leftovers,
    group_exists,
    read_records,
    started_at,
    write_records,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
]
PARENT = """
import signal, subprocess, sys, time
from deploy.local.process import die_with_parent
child = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(60)"],
    start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM),
)
print(child.pid, flush=True)
time.sleep(60)
"""


def record_of(process: subprocess.Popen[bytes]) -> Record:
    return Record("part", process.pid, started_at(process.pid) or "", signal.SIGTERM)


def test_a_child_dies_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert started_at(child) is not None
        parent.kill()
    deadline = time.monotonic() + 5
    while started_at(child) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_a_killed_supervisor_left_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "processes.json"
    with subprocess.Popen(SLEEP, start_new_session=True) as left:
        write_records(file, [record_of(left)])
        assert end_leftovers(file) == ["part"]
        assert left.wait() == -signal.SIGTERM
    assert not file.exists()


def test_a_process_that_only_has_the_number_by_chance_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "processes.json"
    with subprocess.Popen(SLEEP, start_new_session=True) as other:
        write_records(file, [Record("part", other.pid, "long ago", signal.SIGTERM)])
        assert end_leftovers(file) == []
        assert other.poll() is None
        other.kill()


def test_children_of_a_leader_that_is_gone_are_ended_too(tmp_path: Path) -> None:
    file = tmp_path / "processes.json"
    # The leader starts a deaf child in its own group and ends.
    script = f"import subprocess; subprocess.Popen({DEAF!r}, stdout=subprocess.DEVNULL)"
    with subprocess.Popen([sys.executable, "-c", script], start_new_session=True) as leader:
        write_records(file, [record_of(leader)])
        leader.wait()
    assert group_exists(leader.pid)
    end_leftovers(file)
    deadline = time.monotonic() + 5
    while group_exists(leader.pid):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_records_from_before_a_reboot_mean_nothing(tmp_path: Path) -> None:
    file = tmp_path / "processes.json"
    write_records(file, [Record("part", os.getpid(), started_at(os.getpid()) or "", 15)])
    assert len(read_records(file)) == 1
    content = json.loads(file.read_text())
    file.write_text(json.dumps({**content, "boot": "another"}))
    assert read_records(file) == []


def test_a_damaged_file_of_records_means_nothing(tmp_path: Path) -> None:
    file = tmp_path / "processes.json"
    file.write_text("{")
    assert end_leftovers(file) == []
