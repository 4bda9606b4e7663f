"""The one place where the servers are really started, apart from those of the test run itself."""

import subprocess
from pathlib import Path

import psycopg
import redis

from deploy.local.ephemeral import Services, ephemeral_services
from deploy.local.process import read_records, started_at


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
