from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from pytest_django import Settings

from shared_apps.core.scope import salon_scope
from tenants.schema.head import head_version
from tenants.types import SalonCard
from tests.tenants.schema.releases import Release


@pytest.fixture
def a_client(salon: SalonCard) -> Callable[[], None]:
    """Puts one person on the books of the first salon."""

    def make() -> None:
        with salon_scope(salon):
            apps.get_model("clients", "Client").objects.create(name="Nora")

    return make


@pytest.fixture
def release(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Release]:
    """A later release of the clients app, in force in this process."""
    made = Release(tmp_path, "clients")
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = made.modules
    head_version.cache_clear()
    yield made
    head_version.cache_clear()
