from pathlib import Path

import pytest

from deploy.local.credentials import Credentials
from deploy.local.databases import Databases
from deploy.local.options import Options
from deploy.local.parts import Workshop, answers, greets
from deploy.local.ports import free_port
from deploy.local.supervisor import Part

CREDENTIALS = Credentials()
PORTS = {"mail": 1025, "worker": 1, "beat": 2, "relay": 3, "provisioner": 4}


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Part]:
    """As made for someone who gave an administrator's URL."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://admin:admins-secret@h/parlour")
    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://owner:owners-secret@h/parlour")
    databases = Databases(
        admin_url="postgresql://admin:admins-secret@h/postgres",
        owner_url="postgresql://parlour_owner:owners-secret@h/parlour",
        app_url="postgresql://parlour_app:apps-secret@h/parlour",
        redis_url="redis://:rediss-secret@h",
        pg_bin=Path("/usr/bin"),
    )
    options = Options.read({"PARLOUR_HOME": str(tmp_path), "PORT": "8123"})
    workshop = Workshop(options, databases, CREDENTIALS, PORTS)
    return {part.name: part for part in (*workshop.parts(), workshop.provisioner())}


def holders(secret: str, parts: dict[str, Part]) -> set[str]:
    return {name for name, part in parts.items() if secret in str(part)}


def test_each_part_knows_the_secrets_it_needs_and_no_others(parts: dict[str, Part]) -> None:
    application = {"web", "worker", "beat", "relay"}
    assert set(parts) == application | {"provisioner", "mailbox"}
    assert holders("admins-secret", parts) == set()
    assert holders("owners-secret", parts) == {"provisioner"}
    assert holders("apps-secret", parts) == application
    assert holders("rediss-secret", parts) == application | {"provisioner"}
    assert holders(CREDENTIALS.secret_key, parts) == application | {"provisioner"}


def test_no_secret_is_on_a_command_line(parts: dict[str, Part]) -> None:
    words = " ".join(word for part in parts.values() for word in part.command)
    assert "s-secret" not in words
    assert CREDENTIALS.secret_key not in words


def test_every_part_is_told_where_parlour_lives(parts: dict[str, Part]) -> None:
    assert parts["web"].environment["BASE_URL"] == "http://localhost:8123"
    assert parts["worker"].environment["EMAIL_URL"] == "smtp://127.0.0.1:1025"
    assert parts["provisioner"].environment["APP_DATABASE_ROLE"] == "parlour_app"


def test_nobody_is_ready_who_does_not_answer() -> None:
    port = free_port()
    assert not answers(port, "/healthz/ready")
    assert not greets(port)
