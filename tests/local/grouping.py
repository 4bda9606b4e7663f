"""Keeps tests that share a running stack on one worker, started with `-p tests.local.grouping`.

Their `xdist_group` mark says so already, but under pytest 9.2 xdist 3.8 overlooks it
(pytest-dev/pytest-xdist#1386): marks do not reach the scheduler, file names do.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

ONE_WORKER_EACH = ("tests/e2e/", "tests/local/test_stack.py")


class ByStack(LoadGroupScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        shared = (place for place in ONE_WORKER_EACH if nodeid.startswith(place))
        return next(shared, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByStack | None:
    return ByStack(config, log) if config.getvalue("dist") == "loadgroup" else None
