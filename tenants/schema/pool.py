"""The pool of ready schemas: salons without a name, waiting for sign-up.

A row and its schema appear in one transaction, so a killed run leaves nothing half made.
One process at a time fills the pool (two gained nothing when measured): callers hold
``alone(Work.PROVISIONING)``.
"""

from collections.abc import Callable

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from shared_apps.core.models import uuid7
from shared_apps.core.scope import public_scope
from tenants.enums import SalonState
from tenants.models import Salon
from tenants.schema.direct import BRIEF_LOCKS, Work, is_running
from tenants.schema.names import TEMPLATE, schema_of
from tenants.schema.script import Script, latest_script

log = structlog.get_logger(__name__)


def make_ready_schema() -> Salon:
    script = latest_script()
    with public_scope(), transaction.atomic():
        salon = _enter_in_directory(script)
        _replay(script, salon)
    return salon


def fill_pool(target: int, *, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Make ready schemas until there are ``target``; answers how many were made."""
    made = 0
    while may_go_on() and ready_count() < target:
        make_ready_schema()
        made += 1
    return made


def ready_count() -> int:
    with public_scope():
        return _pooled().filter(schema_version=latest_script().version).count()


def sweep() -> int:
    """Throw away what cannot become a salon: pooled schemas of an older release, rows without
    their schema, rows that never became ready. Answers how many.

    A schema without a row is only reported: it may be a salon whose row was lost.
    """
    with public_scope():
        there = _schemas_there()
        useless = _names(_pooled(ready=False)) | (_names(_pooled()) - there)
        if not is_running(Work.MIGRATING):
            useless |= _names(_pooled().filter(schema_version__lt=latest_script().version))
        for schema in there - {TEMPLATE} - _names(Salon.objects.all()):
            log.error("a schema without a salon", schema=schema)
        return sum(map(_throw_away, sorted(useless)))


def _pooled(*, ready: bool = True) -> "QuerySet[Salon]":
    return Salon.objects.filter(state=SalonState.CREATING, schema_ready_at__isnull=not ready)


def _enter_in_directory(script: Script) -> Salon:
    salon_id = uuid7()
    return Salon.objects.create(
        id=salon_id,
        schema_name=schema_of(salon_id),
        schema_version=script.version,
        schema_ready_at=now(),
    )


def _replay(script: Script, salon: Salon) -> None:
    script.replay(connection.connection, salon.schema_name)


def _throw_away(schema: str) -> bool:
    """Unless sign-up has taken it, or is taking it, in this moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        row = Salon.objects.select_for_update(skip_locked=True).filter(
            schema_name=schema, state=SalonState.CREATING
        )
        if not row:
            return False
        cursor.execute(BRIEF_LOCKS)
        cursor.execute(f"DROP SCHEMA IF EXISTS {connection.ops.quote_name(schema)} CASCADE")
        row.delete()
    return True


def _schemas_there() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^s_[0-9a-f]{32}$'")
        return {name for (name,) in cursor.fetchall()}


def _names(salons: "QuerySet[Salon]") -> set[str]:
    return set(salons.values_list("schema_name", flat=True))
