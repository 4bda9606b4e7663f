"""The end of a salon: shut and renamed, kept for a while, dropped. One per transaction, since
dropping takes more than ten locks a table."""

from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from shared_apps.core.scope import public_scope
from shared_apps.outbox.models import OutboxMessage
from tenants.enums import SalonState
from tenants.models import Salon
from tenants.schema.direct import BRIEF_LOCKS
from tenants.schema.grants import rights_withdrawn
from tenants.schema.names import name_after_closing

log = structlog.get_logger(__name__)


def put_away_next() -> Salon | None:
    """Rename the schema of one closing salon whose outbox is drained: no scope can enter it."""
    with public_scope(), transaction.atomic(), connection.cursor() as cursor:
        waiting = OutboxMessage.objects.filter(dead_at=None, salon_id__isnull=False)
        salon = _locked(
            Salon.objects.filter(state=SalonState.CLOSING).exclude(
                id__in=waiting.values("salon_id")
            )
        )
        if salon is None:
            return None
        cursor.execute(BRIEF_LOCKS)
        for statement in rights_withdrawn(salon.schema_name):
            cursor.execute(statement)
        kept_as = name_after_closing(salon.schema_name)
        cursor.execute(f"ALTER SCHEMA {salon.schema_name} RENAME TO {kept_as}")
        # Dead letters of a salon that nobody can enter any more would wait for ever.
        OutboxMessage.objects.filter(salon_id=salon.pk).delete()
        salon.state, salon.state_since = SalonState.CLOSED, now()
        salon.save(update_fields=["state", "state_since", "updated_at"])
        log.info("salon put away", salon=str(salon.pk), schema=kept_as)
        return salon


def drop_next(*, closed_before: datetime) -> Salon | None:
    """Drop the schema of one salon that has been closed for longer than we promised to keep it."""
    with public_scope(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT replace(nspname, 'closed_', 's_') FROM pg_namespace"
            " WHERE nspname ~ '^closed_[0-9a-f]{32}$'"
        )
        kept = [name for (name,) in cursor.fetchall()]
        salon = _locked(
            Salon.objects.filter(
                state=SalonState.CLOSED, state_since__lt=closed_before, schema_name__in=kept
            )
        )
        if salon is None:
            return None
        cursor.execute(BRIEF_LOCKS)
        cursor.execute(f"DROP SCHEMA {name_after_closing(salon.schema_name)} CASCADE")
        log.info("salon dropped", salon=str(salon.pk))
        return salon


def _locked(salons: "QuerySet[Salon]") -> Salon | None:
    return salons.select_for_update(skip_locked=True).order_by("state_since").first()
