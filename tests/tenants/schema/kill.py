"""kill -9 at a named point: before or after some function of ours, for the n-th time."""

import os
import signal
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from typing import Any

from django.db import connections

from tenants.schema.direct import connect


@dataclass(frozen=True)
class Point:
    when: str
    function: str
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.function.rpartition('.')[2].strip('_')}" + (
            f" no. {self.nth}" if self.nth > 1 else ""
        )

    def arm(self) -> None:
        """From now on this process dies there, without a word and without cleaning up."""
        module_name, _, name = self.function.rpartition(".")
        module = import_module(module_name)
        real = getattr(module, name)
        calls = count(1)

        def deadly(*args: Any, **kwargs: Any) -> Any:
            is_the_one = next(calls) == self.nth  # of this thread's call, whoever comes meanwhile
            if self.when == "before" and is_the_one:
                os.kill(os.getpid(), signal.SIGKILL)
            result = real(*args, **kwargs)
            if self.when == "after" and is_the_one:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(module, name, deadly)


def killed(work: Callable[[], object], point: Point) -> None:
    """Do ``work`` in a process of its own that dies at ``point``."""
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads and fork, Python 3.12
        child = os.fork()
    if child == 0:
        try:
            point.arm()
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the process never came {point}"
    assert os.WTERMSIG(status) == signal.SIGKILL
    _wait_until_its_sessions_end()


def _wait_until_its_sessions_end() -> None:
    give_up_at = time.monotonic() + 10
    with connect() as session:
        while session.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone():
            assert time.monotonic() < give_up_at, "a dead process's session lives on"
            time.sleep(0.02)
