"""Sign-up takes a ready schema out of the pool."""

from time import monotonic, sleep

from shared_apps.core.db import must_be_in_transaction
from tenants.enums import SalonState
from tenants.errors import NoSalonReady
from tenants.models import Salon
from tenants.schema.head import head_version

LOOK_AGAIN_AFTER = 0.1


def take_ready_salon(*, wait_seconds: float) -> Salon:
    """A salon in state ``creating``, locked for the caller's transaction: nobody else gets it,
    and it goes back to the pool if that transaction fails.

    Newer schemas will do: releases migrate first and deploy afterwards. READ COMMITTED sees
    what the provisioner commits while we wait; then ``NoSalonReady``.
    """
    must_be_in_transaction("taking a ready salon")
    give_up_at = monotonic() + wait_seconds
    while True:
        salon = (
            Salon.objects.select_for_update(skip_locked=True)
            .filter(
                state=SalonState.CREATING,
                schema_ready_at__isnull=False,
                schema_version__gte=head_version(),
            )
            .order_by("id")
            .first()
        )
        if salon is not None:
            return salon
        if monotonic() >= give_up_at:
            raise NoSalonReady
        sleep(LOOK_AGAIN_AFTER)
