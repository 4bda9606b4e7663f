"""Ports: the one people type, and the ones nobody sees."""

import errno
import json
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

from deploy.local.errors import Stop

# Below the range from which the kernel takes ports for outgoing connections.
UNSEEN = range(20_000, 32_000)


def parse_port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65_536:
        return int(text)
    raise Stop(f"PORT must be a number from 1 to 65535, not {text!r}.")


def require_free(port: int) -> None:
    """On both loopback addresses: a browser may try either for `localhost`."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        reason = _why_taken(family, address, port)
        if reason == errno.EADDRINUSE:
            raise Stop(f"Port {port} is taken by another program; choose one: PORT=8001 make run.")
        if reason == errno.EACCES:
            raise Stop(f"Port {port} may be used by root only; choose one above 1023.")


def is_free(port: int) -> bool:
    return _why_taken(socket.AF_INET, "127.0.0.1", port) is None


def _why_taken(family: socket.AddressFamily, address: str, port: int) -> int | None:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # Connections that linger in TIME_WAIT hinder no server.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        # A machine without IPv6 has nothing that could be taken.
        known = error.errno in (errno.EADDRINUSE, errno.EACCES) or family == socket.AF_INET
        return error.errno if known else None
    return None


def free_port(*, taken: Iterable[int] = ()) -> int:
    avoid = set(taken)
    for port in (secrets.choice(UNSEEN) for _ in range(200)):
        if port not in avoid and is_free(port):
            return port
    raise Stop(f"No free port between {UNSEEN.start} and {UNSEEN.stop} was found.")


def known_ports(file: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads(file.read_text()).items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}


def remembered_ports(file: Path, names: Iterable[str], **given: int) -> dict[str, int]:
    """A port per name: last time's while it is free, so that a noted psql line keeps working."""
    last = known_ports(file)
    chosen = dict(given)
    for name in names:
        port = last.get(name)
        if port is None or port in chosen.values() or not is_free(port):
            port = free_port(taken=[*last.values(), *chosen.values()])
        chosen[name] = port
    file.write_text(json.dumps(chosen, indent=2) + "\n")
    return chosen
