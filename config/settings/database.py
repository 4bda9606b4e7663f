"""One database; the role comes with the URL. A second alias would break the tenant router."""

from datetime import timedelta

from config.settings.env import env

_server = env.db_url("DATABASE_URL", default="postgresql://parlour_app@127.0.0.1:5432/parlour")
DATABASES = {
    "default": {
        **_server,
        "ENGINE": "tenants.postgresql",
        # Kept per thread and closed after a while: a backend never forgets a table it has seen.
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s",
            **_server.get("OPTIONS", {}),  # what the URL asks for, such as sslmode
        },
    }
}
APP_DATABASE_ROLE = env("APP_DATABASE_ROLE", default=DATABASES["default"]["USER"])
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
SKIP_PG_EXTRA_VALIDATION = True
PG_EXTRA_SEARCH_PATHS = ["extensions"]
PG_BIN = env("PG_BIN", default="")

READY_SALONS = env.int("READY_SALONS", default=20)
CLOSED_SALONS_KEPT = timedelta(days=env.int("CLOSED_SALONS_KEPT_DAYS", default=30))
