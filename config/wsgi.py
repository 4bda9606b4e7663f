import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

application = get_wsgi_application()

# Counting the migrations on disk takes a moment; let it not be the first visitor's.
from tenants.schema.head import head_version  # noqa: E402 apps have to be loaded first

head_version()
