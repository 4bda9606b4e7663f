"""Fixtures for everybody: servers, a database per worker, two open salons, scopes."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.cache import caches
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker

from deploy.local.ephemeral import ephemeral_services
from deploy.local.progress import Progress
from deploy.local.toolchain import ensure_catalogues
from shared_apps.core.scope import public_scope, salon_scope
from tenants import hosts
from tenants.selectors import card_of, get_salon
from tenants.types import SalonCard
from tests.database import (
    Servers,
    WorkerDatabase,
    build_template_database,
    place_in_memory,
    servers_are_left_out,
)
from tests.desk import Desk

# No deadline and no complaint of slowness: a loaded machine is slow, not wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("patient")

# Hundreds of short runs, each over at the first failure: it need not be the smallest one.
settings.register_profile(
    "mutants",
    max_examples=30,
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow,),
)


def pytest_configure(config: pytest.Config) -> None:
    """Servers live in the main process, for as long as the run."""
    is_worker = hasattr(config, "workerinput")
    runs_no_test = config.option.collectonly or config.option.help
    if is_worker or runs_no_test or servers_are_left_out():
        return
    ensure_catalogues(Progress())
    stack = ExitStack()
    config.add_cleanup(stack.close)
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="parlour-test-", dir=place_in_memory())
    )
    Path(folder).chmod(0o711)  # the servers run as another user when we are root
    services = stack.enter_context(ephemeral_services(Path(folder)))
    servers = Servers(services.admin_url, services.redis_url, str(services.pg_bin))
    build_template_database(servers)
    servers.publish()


@pytest.fixture(scope="session")
def worker_database(request: pytest.FixtureRequest) -> WorkerDatabase:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return WorkerDatabase(Servers.published(), worker)


@pytest.fixture(scope="session")
def django_db_setup(worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker) -> None:
    """In place of pytest-django's: nothing is migrated, the template is copied."""
    with django_db_blocker.unblock():
        worker_database.point_settings_here()
        worker_database.copy()


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rows are rolled back; scopes and what caches saw of those rows must go as well."""
    yield
    wrapper = cast("Any", connection)
    left = wrapper.tenant
    wrapper.leave_scope()
    hosts.here.clear()
    if "django_db_setup" in request.fixturenames:
        caches["platform"].clear()
    assert left is None, f"the test left the scope {left!r} open"


@pytest.fixture
def committed(
    django_db_setup: None, worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker
) -> Iterator[WorkerDatabase]:
    """For tests that must commit (races, processes): the database is copied anew afterwards."""
    with django_db_blocker.unblock():
        yield worker_database
        worker_database.copy()


@pytest.fixture
def owner(committed: WorkerDatabase) -> Iterator[WorkerDatabase]:
    """``committed``, with Django's connections in the owner's role."""
    with committed.owner():
        yield committed


@pytest.fixture(scope="session")
def _cards(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, SalonCard]:
    with django_db_blocker.unblock(), public_scope():
        return {slug: card_of(get_salon(slug)) for slug in ("anna", "bruno")}


@pytest.fixture
def salon(_cards: dict[str, SalonCard]) -> SalonCard:
    return _cards["anna"]


@pytest.fixture
def other_salon(_cards: dict[str, SalonCard]) -> SalonCard:
    return _cards["bruno"]


@pytest.fixture
def in_salon(db: None, salon: SalonCard) -> Iterator[SalonCard]:
    with salon_scope(salon):
        yield salon


@pytest.fixture
def in_public(db: None) -> Iterator[None]:
    with public_scope():
        yield


@pytest.fixture
def desk(db: None, salon: SalonCard) -> Desk:
    return Desk(salon)


@pytest.fixture
def other_desk(db: None, other_salon: SalonCard) -> Desk:
    return Desk(other_salon)
