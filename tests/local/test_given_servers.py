"""`DATABASE_URL` and `REDIS_URL` against the real servers of the test run."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from deploy.local.credentials import Credentials
from deploy.local.databases import Databases, with_database, with_role
from deploy.local.errors import Stop
from deploy.local.given_servers import check_redis, given_databases
from deploy.local.ports import free_port
from tenants.bootstrap import bootstrap
from tests.database import Servers

CREDENTIALS = Credentials()
MakeRole = Callable[..., str]


@pytest.fixture
def admin_url() -> str:
    return Servers.published().admin_url


@pytest.fixture
def make_role(admin_url: str) -> Iterator[MakeRole]:
    """A role with the rights asked for, and its own database when asked; both are dropped."""
    made: list[str] = []
    with psycopg.connect(admin_url, autocommit=True) as admin:

        def make(rights: str = "", *, database: str | None = None) -> str:
            name = f"given_{secrets.token_hex(4)}"
            made.append(name)
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'given' {}")
            admin.execute(create.format(sql.Identifier(name), sql.SQL(rights)))
            return with_role(
                with_database(admin_url, database or "postgres"), role=name, password="given"
            )

        yield make
        for name in made:
            admin.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(name)))


def given(database_url: str, owner_database_url: str | None = None) -> Databases:
    return given_databases(
        database_url=database_url,
        owner_database_url=owner_database_url,
        redis_url="redis://h",
        credentials=CREDENTIALS,
        pg_bin=Path("/usr/bin"),
    )


def test_an_administrator_is_enough_and_the_roles_go_by_the_database(admin_url: str) -> None:
    databases = given(with_database(admin_url, "salons_of_mine"))
    assert databases.admin_url == admin_url
    assert (databases.database, databases.owner_role, databases.app_role) == (
        "salons_of_mine",
        "salons_of_mine_owner",
        "salons_of_mine_app",
    )


def test_a_url_without_a_database_means_one_called_parlour(admin_url: str) -> None:
    assert given(with_database(admin_url, "")).database == "parlour"


def test_rights_to_make_roles_and_databases_are_enough(make_role: MakeRole) -> None:
    assert given(make_role("CREATEROLE CREATEDB")).admin_url


def test_a_role_with_too_few_rights_is_one_sentence(make_role: MakeRole) -> None:
    with pytest.raises(Stop, match=r"may not make roles and databases"):
        given(make_role())


def test_a_wrong_password_is_one_sentence_that_does_not_repeat_it(admin_url: str) -> None:
    wrong = with_role(admin_url, role="parlour_admin", password="a-wrong-one")
    with pytest.raises(Stop, match=r"refuses the user parlour_admin or its password") as caught:
        given(wrong)
    assert "a-wrong-one" not in str(caught.value)


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    port = free_port()
    with pytest.raises(Stop, match=rf"no PostgreSQL answers at 127.0.0.1:{port}"):
        given(f"postgresql://u:p@127.0.0.1:{port}/parlour")


def test_a_host_that_is_not_known_is_one_sentence() -> None:
    with pytest.raises(Stop, match=r"no PostgreSQL answers at nowhere.invalid:5432"):
        given("postgresql://u:p@nowhere.invalid/parlour")


def test_another_version_of_postgresql_is_one_sentence(
    admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.given_servers.SERVER_VERSION", 18)
    with pytest.raises(Stop, match=r"PostgreSQL 18 is needed, .* has 17"):
        given(admin_url)


@pytest.fixture
def ready_roles(admin_url: str) -> Iterator[tuple[str, str]]:
    """Owner and application of a database that an administrator prepared."""
    name = f"given_{secrets.token_hex(4)}"
    owner, app = f"{name}_owner", f"{name}_app"
    bootstrap(
        admin_url,
        database=name,
        owner_role=owner,
        owner_password="given",
        app_role=app,
        app_password="given",
    )
    own = with_database(admin_url, name)
    yield with_role(own, role=owner, password="given"), with_role(own, role=app, password="given")
    with psycopg.connect(admin_url, autocommit=True) as admin:
        drop = sql.SQL("DROP DATABASE {}; DROP ROLE {}; DROP ROLE {}")
        for statement in (
            drop.format(*map(sql.Identifier, (name, owner, app))).as_string().split(";")
        ):
            admin.execute(statement.encode())


def test_two_ready_roles_are_taken_as_they_are(ready_roles: tuple[str, str]) -> None:
    owner, app = ready_roles
    databases = given(app, owner)
    assert (databases.admin_url, databases.owner_url, databases.app_url) == (None, owner, app)


def test_ready_roles_without_the_extensions_are_one_sentence(make_role: MakeRole) -> None:
    with pytest.raises(Stop, match=r"lacks btree_gist, pg_trgm and unaccent"):
        given(make_role(), make_role("SUPERUSER"))


def test_an_owner_that_may_not_create_schemas_is_one_sentence(make_role: MakeRole) -> None:
    with pytest.raises(Stop, match=r"OWNER_DATABASE_URL: the role .* may not create schemas"):
        given(make_role(), make_role())


def test_an_application_role_that_may_is_refused(make_role: MakeRole) -> None:
    with pytest.raises(Stop, match=r"DATABASE_URL: the role .* may create schemas"):
        given(make_role("SUPERUSER"), make_role("SUPERUSER"))


def test_both_roles_must_be_of_one_database(make_role: MakeRole) -> None:
    with pytest.raises(Stop, match="must name the same server and database"):
        given(make_role(), make_role(database="template1"))


def test_a_database_that_is_missing_is_named(make_role: MakeRole) -> None:
    with pytest.raises(Stop, match="has no database no_such_thing"):
        given(make_role(database="no_such_thing"), make_role(database="no_such_thing"))


def test_redis_is_tried() -> None:
    check_redis(Servers.published().redis_url)


def test_redis_with_a_wrong_password_is_one_sentence() -> None:
    url = Servers.published().redis_url.replace("redis://:", "redis://:wrong-")
    with pytest.raises(Stop, match="refuses the password"):
        check_redis(url)


def test_redis_that_is_not_there_is_one_sentence() -> None:
    port = free_port()
    with pytest.raises(Stop, match=rf"no Redis answers at 127.0.0.1:{port}"):
        check_redis(f"redis://127.0.0.1:{port}")
