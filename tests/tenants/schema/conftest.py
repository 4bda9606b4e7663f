from collections.abc import Callable

import pytest
from django.apps import apps

from shared_apps.core.scope import salon_scope
from tenants.types import SalonCard


@pytest.fixture
def a_client(salon: SalonCard) -> Callable[[], None]:
    """Puts one person on the books of the first salon."""

    def make() -> None:
        with salon_scope(salon):
            apps.get_model("clients", "Client").objects.create(name="Nora")

    return make
