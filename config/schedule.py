"""TABLE 4: clock -> work. ``SALON_WORK`` runs in every open salon and in the public scope."""

from datetime import timedelta

SALON_WORK = {
    "shared_apps.core.idempotency.forget_old_keys": timedelta(hours=6),
    "shared_apps.accounts.services.forget_old_sessions": timedelta(hours=24),
}

BEAT = {
    f"{work} {task}": {"task": f"tenants.{task}", "schedule": every, "args": (work,)}
    for work, every in SALON_WORK.items()
    for task in ("for_each_salon", "in_public")
}
