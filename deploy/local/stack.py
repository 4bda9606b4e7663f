"""`make run`: the whole of Parlour, from nothing to the first page, until Ctrl-C."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from deploy.local import commands, report, toolchain
from deploy.local.credentials import load_credentials
from deploy.local.home import note_state, only_one
from deploy.local.installation import Installation
from deploy.local.options import Options
from deploy.local.parts import Workshop
from deploy.local.ports import known_ports, remembered_ports, require_free
from deploy.local.process import die_with_make, end_leftovers
from deploy.local.progress import Progress
from deploy.local.servers import running_servers, start_servers
from deploy.local.supervisor import Supervisor

PARTS_SECONDS = 90.0
UNSEEN_PORTS = ("postgres", "redis", "mail", "worker", "beat", "relay", "provisioner")


class Background:
    """Work beside the main thread; its failure is raised where its result is needed."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 raised again in finish()
            self._error = error

    def finish(self) -> None:
        while self._thread.is_alive():
            # In small pieces, so that Ctrl-C is heard in between.
            self._thread.join(timeout=0.2)
        if self._error is not None:
            raise self._error


@contextmanager
def open_copy(
    options: Options, progress: Progress, *, check: Callable[[], None] = lambda: None
) -> Iterator[tuple[Workshop, Supervisor]]:
    """Take hold of a home and start its servers; leaving stops everything in it."""
    home = options.home
    home.make()
    with ExitStack() as stack:
        stack.enter_context(only_one(home))
        for name in end_leftovers(home.processes):
            progress.line(f"          Ended {name}, which an earlier run left behind.")
        check()
        credentials = load_credentials(home.secrets)
        ports = remembered_ports(home.ports, UNSEEN_PORTS, web=options.port)
        supervisor = stack.enter_context(
            Supervisor(
                logs=home.logs,
                records=home.processes,
                say=progress.line,
                on_stopping=lambda: note_state(home, "stopping"),
            )
        )
        stack.callback(commands.end_all)
        supervisor.catch_signals()
        databases = start_servers(
            options, credentials=credentials, ports=ports, supervisor=supervisor, progress=progress
        )
        yield Workshop(options, databases, credentials, ports), supervisor


def running_copy(options: Options) -> Workshop:
    """The copy that another process runs in this home."""
    credentials = load_credentials(options.home.secrets)
    ports = known_ports(options.home.ports)
    options = replace(options, port=ports.get("web", options.port))
    databases = running_servers(options, credentials=credentials, ports=ports)
    return Workshop(options, databases, credentials, ports)


def run(_: Sequence[str]) -> int:
    began = time.monotonic()
    die_with_make()
    options = Options.read(os.environ)
    progress = Progress()
    with open_copy(options, progress, check=lambda: require_free(options.port)) as copy:
        workshop, supervisor = copy
        demo = _bring_up(workshop, supervisor, progress)
        for line in report.lines(options, demo, seconds=time.monotonic() - began):
            progress.line(line)
        supervisor.echo = True
        try:
            supervisor.watch()
        except KeyboardInterrupt:
            progress.line("Stopping …")
    return 0


def _bring_up(workshop: Workshop, supervisor: Supervisor, progress: Progress) -> dict[str, Any]:
    """The front end is built while the database is prepared; what is done already is skipped."""
    frontend = Background(lambda: _build(progress))
    installation = Installation(workshop, progress)
    installation.migrate()
    provisioner = workshop.provisioner()
    supervisor.start(provisioner)
    if workshop.options.demo:
        installation.seed()
    frontend.finish()
    installation.collect_static()
    parts = workshop.parts()
    with progress.step("Web, worker, beat, relay, provisioner and mailbox"):
        supervisor.start(*parts)
        names = [part.name for part in (*parts, provisioner)]
        supervisor.wait_until_ready(names, seconds=PARTS_SECONDS)
    return report.write_demo(workshop.options, workshop.databases)


def _build(progress: Progress) -> None:
    toolchain.ensure_catalogues(progress)
    toolchain.ensure_frontend(progress)
