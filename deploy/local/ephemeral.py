"""PostgreSQL and Redis for tests and benchmarks: fast, private, gone afterwards."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from deploy.local.account import ordinary_account
from deploy.local.credentials import Credentials
from deploy.local.ports import free_port
from deploy.local.postgres import ADMIN, THROW_AWAY, Cluster, binaries_for
from deploy.local.progress import Progress
from deploy.local.redis_server import RedisServer, server_for
from deploy.local.supervisor import Supervisor


@dataclass(frozen=True)
class Services:
    admin_url: str
    redis_url: str
    pg_bin: Path


@contextmanager
def ephemeral_services(
    folder: Path, *, settings: Mapping[str, str] | None = None, progress: Progress | None = None
) -> Iterator[Services]:
    """Servers that live inside this `with`, and die with the calling process in any case.

    `settings` are PostgreSQL's and win over the throw-away ones (`{"fsync": "on"}`). Call it
    from the main thread: the servers die with the thread that started them.
    """
    account = ordinary_account(uid=os.geteuid())
    progress = progress or Progress(StringIO())
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        place = folder if account.may_enter(folder) else _place_for_all(stack)
        credentials = Credentials()
        cluster = Cluster(
            data=place / "postgres",
            port=free_port(),
            binaries=binaries_for(account),
            account=account,
            settings={**THROW_AWAY, **(settings or {})},
        )
        redis = RedisServer(
            data=place / "redis",
            port=free_port(taken=[cluster.port]),
            program=server_for(account),
            account=account,
            password=credentials.redis_password,
            keep=False,
        )
        stack.callback(_remove, cluster.data, redis.data)
        cluster.create(
            password=credentials.admin_password, progress=progress, log=folder / "initdb.log"
        )
        supervisor = stack.enter_context(
            Supervisor(logs=folder, records=folder / "processes.json", say=progress.line)
        )
        supervisor.start(cluster.part(), redis.part())
        supervisor.wait_until_ready(["postgres", "redis"], seconds=60)
        yield Services(
            admin_url=cluster.url(ADMIN, credentials.admin_password, "postgres"),
            redis_url=redis.url,
            pg_bin=cluster.binaries,
        )


def _place_for_all(stack: contextlib.ExitStack) -> Path:
    """pytest's folders are closed to other users, so root needs one that is not."""
    place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parlour-")))
    place.chmod(0o711)
    return place


def _remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
