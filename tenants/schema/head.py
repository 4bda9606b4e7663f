"""Which version of a salon's schema this code needs."""

from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from shared_apps.core.health import NotReady
from shared_apps.core.scope import public_scope
from tenants.enums import SalonState
from tenants.models import Salon


def salon_app_labels() -> frozenset[str]:
    return frozenset(
        config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS
    )


@lru_cache
def head_version() -> int:
    """How many migrations a salon at the head has. Grows with every release, never shrinks."""
    labels = salon_app_labels()
    return sum(label in labels for label, _name in MigrationLoader(None).disk_migrations)


def check_schemas() -> None:
    """For ``/healthz/ready``: no open salon may be behind the running code."""
    with public_scope():
        behind = Salon.objects.filter(
            state=SalonState.ACTIVE, schema_version__lt=head_version()
        ).count()
    if behind:
        raise NotReady(f"{behind} salons are behind schema version {head_version()}")
