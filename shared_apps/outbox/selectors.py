from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from shared_apps.core.health import NotReady
from shared_apps.core.scope import public_scope
from shared_apps.outbox.models import OutboxMessage

LONGEST_LAG = timedelta(minutes=2)


def dead_letters() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(dead_at__isnull=False).order_by("id")


def under_way() -> int:
    """How many messages are leased at the moment."""
    return OutboxMessage.objects.filter(
        dead_at=None, lease__isnull=False, claimable_at__gt=now()
    ).count()


def check_lag() -> None:
    """For ``/healthz/ready``: nothing that is due may wait long for the relay.

    What waits for an older message of its stream, perhaps a dead one, is not the relay's fault.
    """
    older = OutboxMessage.objects.filter(
        handler=OuterRef("handler"),
        stream_id=OuterRef("stream_id"),
        version__lt=OuterRef("version"),
    )
    with public_scope():
        late = (
            OutboxMessage.objects.filter(dead_at=None, claimable_at__lt=now() - LONGEST_LAG)
            .exclude(Exists(older))
            .count()
        )
    if late:
        raise NotReady(f"{late} messages have been due for more than {LONGEST_LAG}")
