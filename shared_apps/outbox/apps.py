from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "shared_apps.outbox"
    label = "outbox"

    def ready(self) -> None:
        from shared_apps.core import health
        from shared_apps.outbox.selectors import check_lag

        health.register("relay", check_lag)
