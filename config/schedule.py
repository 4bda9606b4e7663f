"""TABLE 4: clock -> work. What runs in every open salon, and what in the public scope too."""

from datetime import timedelta

EVERYWHERE = {
    "shared_apps.core.idempotency.forget_old_keys": timedelta(hours=6),
    "shared_apps.accounts.services.forget_old_sessions": timedelta(hours=24),
}
SALON_WORK = {
    **EVERYWHERE,
    "tenant_apps.booking.services.expiry.release_expired_holds": timedelta(minutes=15),
    "tenant_apps.clients.proofs.forget_old_codes": timedelta(hours=1),
}

BEAT = {
    f"{work} {task}": {"task": f"tenants.{task}", "schedule": every, "args": (work,)}
    for task, table in (("for_each_salon", SALON_WORK), ("in_public", EVERYWHERE))
    for work, every in table.items()
}
