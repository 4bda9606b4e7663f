"""One line an event: readable in development, ECS JSON in production."""

from config.settings.env import env
from shared_apps.core.logs import configure

LOG_FORMAT = env("LOG_FORMAT", default="console")
LOGGING = configure(LOG_FORMAT, level=env("LOG_LEVEL", default="INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"
