"""TABLE 4: clock -> work. ``SALON_WORK`` runs once in every open salon."""

from datetime import timedelta

SALON_WORK = {
    "shared_apps.core.idempotency.forget_old_keys": timedelta(hours=6),
    "shared_apps.accounts.services.forget_old_sessions": timedelta(hours=24),
}

BEAT = {
    work: {"task": "tenants.for_each_salon", "schedule": every, "args": (work,)}
    for work, every in SALON_WORK.items()
}
