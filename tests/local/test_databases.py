from pathlib import Path

import pytest

from deploy.local.databases import (
    Databases,
    address_of,
    database_of,
    require_postgresql,
    require_redis,
    user_of,
    with_database,
    with_role,
)
from deploy.local.errors import Stop

URL = "postgresql://admin:s%40cret@db.example:6543/salons?sslmode=require"


def test_a_url_is_taken_apart_for_people_and_programs() -> None:
    assert (user_of(URL), database_of(URL), address_of(URL)) == (
        "admin",
        "salons",
        "db.example:6543",
    )


def test_the_usual_ports_are_understood() -> None:
    assert address_of("postgresql://u:p@db.example/x") == "db.example:5432"
    assert address_of("redis://cache.example") == "cache.example:6379"


def test_another_database_keeps_the_rest_of_the_url() -> None:
    assert with_database(URL, "post gres") == (
        "postgresql://admin:s%40cret@db.example:6543/post%20gres?sslmode=require"
    )


def test_another_role_keeps_the_rest_of_the_url() -> None:
    assert with_role(URL, role="salons_app", password="a/b@c") == (
        "postgresql://salons_app:a%2Fb%40c@db.example:6543/salons?sslmode=require"
    )


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:x@localhost/parlour",
        "localhost:5432/parlour",
        "postgresql:///parlour",
        "postgresql://localhost/parlour",
        "postgresql://u:top-secret@localhost:port/parlour",
        "",
    ],
)
def test_a_wrong_database_url_is_one_sentence_without_the_password(url: str) -> None:
    with pytest.raises(Stop, match="DATABASE_URL must look like postgresql://") as caught:
        require_postgresql(url, name="DATABASE_URL")
    assert "top-secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost", "redis://", "redis://h:x"])
def test_a_wrong_redis_url_is_one_sentence(url: str) -> None:
    with pytest.raises(Stop, match="REDIS_URL must look like redis://"):
        require_redis(url)


def test_roles_and_database_are_read_from_the_urls() -> None:
    databases = Databases(
        admin_url=None,
        owner_url="postgresql://salons_owner:x@h/salons",
        app_url="postgresql://salons_app:y@h/salons",
        redis_url="redis://h",
        pg_bin=Path("/usr/bin"),
    )
    assert (databases.database, databases.owner_role, databases.app_role) == (
        "salons",
        "salons_owner",
        "salons_app",
    )
