"""Which app has its tables where: public, in every salon, or in both."""

SHARED_APPS = [
    "config",
    "django_tenants",
    "tenants",
    "shared_apps.core",
    "shared_apps.outbox",
    "shared_apps.journal",
    "shared_apps.accounts",
    "shared_apps.chains",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "config.apps.StaticFiles",
    "django_vite",
    "ninja",
    "tenant_apps.demo",
]
TENANT_APPS = [
    "shared_apps.core",
    "shared_apps.journal",
    "shared_apps.accounts",
    "django.contrib.contenttypes",
    "tenant_apps.catalog",
    "tenant_apps.clients",
    "tenant_apps.staff",
    "tenant_apps.booking",
    "tenant_apps.notifications",
    "tenant_apps.onboarding",
    "tenant_apps.storefront",
]
INSTALLED_APPS = list(dict.fromkeys(SHARED_APPS + TENANT_APPS))

TENANT_MODEL = "tenants.Salon"
TENANT_DOMAIN_MODEL = "tenants.Domain"
AUTH_USER_MODEL = "accounts.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "shared_apps.core.requests.RequestIdMiddleware",
    "shared_apps.core.health.HealthMiddleware",
    "tenants.middleware.SalonMiddleware",  # an unknown host gets nothing, not even a redirect
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shared_apps.accounts.middleware.ActorMiddleware",
    "shared_apps.core.error_pages.ErrorPageMiddleware",
    "shared_apps.core.csp.PlainCspMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
