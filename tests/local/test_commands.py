import io
import sys
from pathlib import Path

import pytest

from deploy.local.commands import run_step
from deploy.local.errors import Stop
from deploy.local.progress import Progress


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


def test_a_step_is_one_line_with_its_seconds(shown: io.StringIO, tmp_path: Path) -> None:
    run_step(
        Progress(shown), "Front end", python("print('built')"), log=tmp_path / "log", cwd=tmp_path
    )
    assert shown.getvalue().endswith(" s  Front end\n")
    assert (tmp_path / "log").read_text() == "built\n"


def test_a_failing_step_says_how_and_shows_its_last_lines(
    shown: io.StringIO, tmp_path: Path
) -> None:
    code = "import sys; print('reading'); print('no such file'); sys.exit(2)"
    with pytest.raises(Stop, match=r"Front end failed with exit code 2; see .*log") as caught:
        run_step(Progress(shown), "Front end", python(code), log=tmp_path / "log", cwd=tmp_path)
    assert caught.value.details == "reading\nno such file"
    assert shown.getvalue() == "  failed  Front end\n"


def test_a_full_disk_is_recognised_in_the_words_of_any_tool(
    shown: io.StringIO, tmp_path: Path
) -> None:
    code = "import sys; sys.exit('npm error ENOSPC: no space left on device, write')"
    with pytest.raises(Stop, match=r"The disk that holds .* is full"):
        run_step(Progress(shown), "Front end", python(code), log=tmp_path / "log", cwd=tmp_path)


def test_a_missing_tool_is_one_sentence(shown: io.StringIO, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="no-such-tool is needed and was not found"):
        run_step(Progress(shown), "Tool", ["no-such-tool"], log=tmp_path / "log", cwd=tmp_path)


def test_a_progress_bar_ends_its_line_by_returning_to_the_start(
    shown: io.StringIO, tmp_path: Path
) -> None:
    code = r"import sys; sys.stderr.write('\r10%\r 50%\r100%')"
    run_step(Progress(shown), "Demo", python(code), log=tmp_path / "log", cwd=tmp_path)
    assert (tmp_path / "log").read_text().split() == ["10%", "50%", "100%"]


def test_a_long_step_without_a_terminal_is_heard_of_now_and_then(
    shown: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.progress.HEARTBEAT_SECONDS", 0.1)
    code = "import time; print('salon 3 of 6', flush=True); time.sleep(1)"
    run_step(Progress(shown), "Demo", python(code), log=tmp_path / "log", cwd=tmp_path)
    assert "Demo (0 s): salon 3 of 6" in shown.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_what_is_running(tmp_path: Path) -> None:
    terminal = Terminal()
    code = "import time; print('salon 3 of 6', flush=True); time.sleep(0.6)"
    run_step(Progress(terminal), "Demo", python(code), log=tmp_path / "log", cwd=tmp_path)
    assert "\r\x1b[KDemo (0 s): salon 3 of 6" in terminal.getvalue()


def test_a_closed_terminal_does_not_stop_the_work(tmp_path: Path) -> None:
    terminal = Terminal()
    terminal.close()
    progress = Progress(terminal)
    run_step(progress, "Demo", python("pass"), log=tmp_path / "log", cwd=tmp_path)
