"""Passwords and keys of one copy, made at random once and kept in a file of mode 600."""

import dataclasses
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.errors import Stop


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Credentials:
    """`copy` names this copy of Parlour, whose data another may have had the place of."""

    admin_password: str = field(default_factory=_password)
    owner_password: str = field(default_factory=_password)
    app_password: str = field(default_factory=_password)
    redis_password: str = field(default_factory=_password)
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    copy: str = field(default_factory=lambda: secrets.token_hex(8))


def load_credentials(file: Path) -> Credentials:
    """Read the file, making it at the first start."""
    if not file.exists():
        credentials = Credentials()
        write_private(file, dataclasses.asdict(credentials))
        return credentials
    try:
        return Credentials(**json.loads(file.read_text()))
    except (ValueError, TypeError) as error:
        raise Stop(f"{file} is damaged ({error}); restore it, or delete {file.parent}.") from error


def write_private(file: Path, content: Any) -> None:
    """Write JSON for our own eyes, as a whole or not at all."""
    partial = file.with_name(f".{file.name}.partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(content, stream, indent=2, ensure_ascii=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)
