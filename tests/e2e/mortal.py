"""The application as the web server runs it, in a process that dies while it books.

When a booking comes in with a header ``Dies`` the process gets SIGKILL: nothing is cleaned up,
nothing more is sent. ``before commit``, ``after commit`` or ``before answer`` say when.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from config.wsgi import application as booking

BOOKINGS = "/api/v1/booking/appointments"
commit = BaseDatabaseWrapper.commit
here = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    here.dies = environ.get("HTTP_DIES", "") if environ["PATH_INFO"] == BOOKINGS else ""
    answer = booking(environ, start_response)
    die("before answer")
    return answer


def mortal_commit(connection: BaseDatabaseWrapper) -> None:
    die("before commit")
    commit(connection)
    die("after commit")


def die(moment: str) -> None:
    if getattr(here, "dies", "") == moment:
        os.kill(os.getpid(), signal.SIGKILL)


BaseDatabaseWrapper.commit = mortal_commit  # type: ignore[method-assign, assignment]
