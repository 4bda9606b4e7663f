"""The one place where the servers are really started, apart from those of the test run itself."""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from deploy.local.account import ordinary_account
from deploy.local.ephemeral import Services, ephemeral_services
from deploy.local.postgres import Cluster
from deploy.local.process import processes_in, read_records, started_at


def server_version(services: Services) -> int:
    with psycopg.connect(services.admin_url) as connection:
        return connection.info.server_version // 10_000


def test_both_servers_live_inside_the_with_and_no_longer(tmp_path: Path) -> None:
    with ephemeral_services(tmp_path / "servers") as services:
        assert server_version(services) == 17
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.ping()
        pids = [record.pid for record in read_records(tmp_path / "servers" / "processes.json")]
        assert len(pids) == 2
    assert [started_at(pid) for pid in pids] == [None, None]
    assert not (tmp_path / "servers" / "postgres").exists()


def test_passwords_are_asked_for_also_on_this_machine(tmp_path: Path) -> None:
    with ephemeral_services(tmp_path) as services:
        wrong = services.admin_url.replace("parlour_admin:", "parlour_admin:not-")
        answer = subprocess.run(
            [services.pg_bin / "psql", wrong, "-c", "SELECT 1"], capture_output=True, text=True
        )
        assert "password authentication failed" in answer.stderr


def test_settings_of_the_caller_win(tmp_path: Path) -> None:
    settings = {"fsync": "on", "work_mem": "7MB"}
    with (
        ephemeral_services(tmp_path, settings=settings) as services,
        psycopg.connect(services.admin_url) as connection,
    ):
        rows = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'work_mem') ORDER BY 1"
        ).fetchall()
    assert rows == [("fsync", "on"), ("work_mem", "7168")]


def test_what_a_killed_server_left_at_work_is_ended_before_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its processes have groups of their own, and hold its memory for as long as they live."""
    monkeypatch.setattr("deploy.local.postgres.LEFTOVER_SECONDS", 0.5)
    with ephemeral_services(tmp_path) as services:
        with psycopg.connect(services.admin_url, autocommit=True) as connection:
            data = connection.execute("SHOW data_directory").fetchone()
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
            ).fetchone()
        assert data is not None
        assert found is not None
        cluster = Cluster(
            data=Path(data[0]),
            port=urlsplit(services.admin_url).port or 0,
            binaries=services.pg_bin,
            account=ordinary_account(uid=os.geteuid()),
        )
        os.kill(found[0], signal.SIGSTOP)  # as if the disk kept it waiting
        server = int((cluster.data / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGKILL)
        while started_at(server) is not None:
            time.sleep(0.02)
        assert found[0] in processes_in(cluster.data)

        cluster.clear_leftovers()

        assert processes_in(cluster.data) == []
        assert not (cluster.data / "postmaster.pid").exists()
