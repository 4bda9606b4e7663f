import json
from pathlib import Path
from typing import Any

import pytest

from deploy.local.databases import Databases
from deploy.local.options import Options
from deploy.local.report import lines, write_demo

OWNER = {"email": "ana@example.com", "password": "a-good-password", "totp_secret": None}
SALON = {
    "slug": "t1",
    "name": "Studio Ana",
    "schema": "s_" + "1" * 32,
    "country": "DE",
    "currency": "EUR",
    "timezone": "Europe/Berlin",
    "users": {"owner": OWNER},
}
HQ = {"email": "hq@example.com", "password": "another-password", "totp_secret": None}


@pytest.fixture
def options(tmp_path: Path) -> Options:
    options = Options.read({"PARLOUR_HOME": str(tmp_path), "PORT": "8123"})
    options.home.demo_users.write_text(json.dumps({"salons": [SALON], "hq": HQ, "operator": None}))
    return options


@pytest.fixture
def demo(options: Options) -> dict[str, Any]:
    databases = Databases(
        admin_url=None,
        owner_url="postgresql://parlour_owner:o@h/parlour",
        app_url="postgresql://parlour_app:a@h/parlour",
        redis_url="redis://h",
        pg_bin=Path("/usr/bin"),
    )
    return write_demo(options, databases)


def test_programs_read_addresses_sign_ins_and_the_application_role(
    options: Options, demo: dict[str, Any]
) -> None:
    assert json.loads(options.home.demo.read_text()) == demo
    assert demo == {
        "base_url": "http://localhost:8123",
        "database_url": "postgresql://parlour_app:a@h/parlour",
        "salons": [{**SALON, "url": "http://t1.localhost:8123"}],
        "hq": HQ,
        "operator": None,
    }


def test_only_we_may_read_the_sign_ins(options: Options, demo: dict[str, Any]) -> None:
    assert options.home.demo.stat().st_mode & 0o777 == 0o600


def test_people_read_each_address_with_its_sign_in(options: Options, demo: dict[str, Any]) -> None:
    text = "\n".join(lines(options, demo, seconds=4.2))
    for expected in (
        "Parlour is ready after 4.2 s.",
        "http://localhost:8123/signup",
        "http://t1.localhost:8123   Studio Ana",
        "ana@example.com",
        "a-good-password",
        "hq@example.com",
        "curl -H 'Host: t1.localhost:8123' http://127.0.0.1:8123/api/v1/catalog/services",
    ):
        assert expected in text
