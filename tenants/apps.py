from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        from shared_apps.core import health
        from tenants.schema.head import check_schemas

        health.register("migrations", check_schemas)
