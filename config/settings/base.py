"""What every environment shares. Topics live in files of their own."""

from pathlib import Path

from config.settings.apps import *  # noqa: F403
from config.settings.cache import *  # noqa: F403
from config.settings.database import *  # noqa: F403
from config.settings.env import BASE_DIR, BaseUrl, env
from config.settings.languages import *  # noqa: F403
from config.settings.limits import *  # noqa: F403
from config.settings.log import *  # noqa: F403
from config.settings.mail import *  # noqa: F403
from config.settings.pages import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.tasks import *  # noqa: F403

BASE_URL = BaseUrl.parse(env("BASE_URL", default="http://localhost:8000"))
PARLOUR_HOME = Path(env.str("PARLOUR_HOME", default=str(BASE_DIR / ".parlour")))

DOCS_URL = env("DOCS_URL", default="https://parlour.example/docs")
HEALTH_PORT = env.int("HEALTH_PORT", default=0)

USE_TZ = True
TIME_ZONE = "UTC"
WSGI_APPLICATION = "config.wsgi.application"
ROOT_URLCONF = "config.urls_salon"
PUBLIC_URLCONF = "config.urls_public"

# The map of the system (config/): who reacts to what, and who may do what.
SUBSCRIPTIONS = "config.subscriptions.SUBSCRIPTIONS"
ROLES = "config.roles.ROLES"
SALON_WORK = "config.schedule.SALON_WORK"
