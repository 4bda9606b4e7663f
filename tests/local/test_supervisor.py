"""With small real processes in place of the parts."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.errors import Stop
from deploy.local.process import group_exists, read_records, started_at
from deploy.local.supervisor import Part, Supervisor

FOREVER = "import time; print('up', flush=True); time.sleep(60)"
DIES = "import sys; print('no such table', flush=True); sys.exit(3)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(60)"
)
WITH_CHILD = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time;"
    "time.sleep(60)']); print('up', flush=True); time.sleep(60)"
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(
        logs=tmp_path, records=tmp_path / "processes.json", say=said.append
    ) as supervisor:
        yield supervisor


def part(name: str, code: str, tmp_path: Path, *, stage: int = 1, quiet: bool = False) -> Part:
    log = tmp_path / f"{name}.log"
    return Part(
        name=name,
        command=[sys.executable, "-c", code],
        environment={"PATH": os.defpath},
        cwd=tmp_path,
        is_ready=lambda: log.exists() and "up" in log.read_text(),
        stage=stage,
        quiet=quiet,
    )


def pid_of(name: str, tmp_path: Path) -> int:
    return next(r.pid for r in read_records(tmp_path / "processes.json") if r.name == name)


def wait_for(supervisor: Supervisor, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        supervisor.tend()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_part_that_is_killed_starts_again(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    supervisor.start(part("relay", FOREVER, tmp_path))
    supervisor.wait_until_ready(["relay"], seconds=10)
    first = pid_of("relay", tmp_path)
    os.kill(first, signal.SIGKILL)
    wait_for(supervisor, lambda: pid_of("relay", tmp_path) != first)
    assert said == ["relay was ended by signal 9; it starts again in 0.25 s."]


def test_the_children_of_a_killed_part_do_not_keep_its_port(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start(part("web", WITH_CHILD, tmp_path))
    supervisor.wait_until_ready(["web"], seconds=10)
    first = pid_of("web", tmp_path)
    os.kill(first, signal.SIGKILL)
    wait_for(supervisor, lambda: pid_of("web", tmp_path) != first)
    wait_for(supervisor, lambda: not group_exists(first))


def test_a_part_that_dies_five_times_in_a_minute_is_given_up_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.supervisor.LONGEST_PAUSE", 0.01)
    supervisor.start(part("beat", DIES, tmp_path))
    with pytest.raises(
        Stop, match=r"beat ended with exit code 3 5 times within a minute"
    ) as caught:
        wait_for(supervisor, lambda: False)
    assert "no such table" in caught.value.details


def test_a_full_disk_is_said_to_be_one(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.supervisor.LONGEST_PAUSE", 0.01)
    full = DIES.replace("no such table", "No space left on device")
    supervisor.start(part("postgres", full, tmp_path))
    with pytest.raises(Stop, match=r"disk that holds .* is full"):
        wait_for(supervisor, lambda: False)


def test_one_that_is_never_ready_is_named(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(part("worker", FOREVER.replace("up", "starting"), tmp_path))
    with pytest.raises(Stop, match=r"worker was not ready within 0 seconds"):
        supervisor.wait_until_ready(["worker"], seconds=0.3)


def test_a_missing_program_is_one_sentence(supervisor: Supervisor, tmp_path: Path) -> None:
    missing = Part(
        name="web",
        command=["/no/such/program"],
        environment={},
        cwd=tmp_path,
        is_ready=lambda: True,
    )
    with pytest.raises(Stop, match="/no/such/program is needed and was not found"):
        supervisor.start(missing)


def test_lines_carry_the_name_of_the_part_unless_it_is_quiet(
    supervisor: Supervisor, said: list[str], tmp_path: Path
) -> None:
    supervisor.echo = True
    supervisor.start(
        part("web", FOREVER, tmp_path), part("postgres", FOREVER, tmp_path, quiet=True)
    )
    supervisor.wait_until_ready(["web", "postgres"], seconds=10)
    assert said == ["web         | up"]


def test_servers_are_stopped_after_those_who_use_them(tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        f"    open({str(order)!r}, 'a').write(NAME + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    with Supervisor(logs=tmp_path, records=tmp_path / "r.json", say=lambda _: None) as supervisor:
        for name, stage in (("postgres", 0), ("web", 2), ("worker", 1)):
            supervisor.start(part(name, f"NAME = {name!r}\n{code}", tmp_path, stage=stage))
        supervisor.wait_until_ready(["postgres", "web", "worker"], seconds=10)
    assert order.read_text().split() == ["web", "worker", "postgres"]
    assert not (tmp_path / "r.json").exists()


def test_one_that_will_not_stop_is_made_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.local.supervisor.STAGE_SECONDS", 0.3)
    with Supervisor(logs=tmp_path, records=tmp_path / "r.json", say=lambda _: None) as supervisor:
        supervisor.start(part("deaf", DEAF, tmp_path))
        supervisor.wait_until_ready(["deaf"], seconds=10)
        (left,) = read_records(tmp_path / "r.json")
    assert started_at(left.pid) is None


def test_one_that_has_more_to_do_at_its_end_is_given_the_time(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL writes everything to disk; killed meanwhile it would have to recover."""
    monkeypatch.setattr("deploy.local.supervisor.STAGE_SECONDS", 0.1)
    slow = (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        "    time.sleep(0.6)\n"
        "    print('written', flush=True)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    with Supervisor(logs=tmp_path, records=tmp_path / "r.json", say=said.append) as supervisor:
        supervisor.start(replace(part("postgres", slow, tmp_path), stop_seconds=10.0))
        supervisor.wait_until_ready(["postgres"], seconds=10)

    assert said == []
    assert "written" in (tmp_path / "postgres.log").read_text()
