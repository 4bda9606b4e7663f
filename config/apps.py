from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CompositionConfig(AppConfig):
    """The composition root has no tables, only commands that need to know everybody."""

    name = "config"
    default = True


class StaticFiles(StaticFilesConfig):
    """Without what nobody asks for and what takes long to compress: maps of other people's
    minified code, and a page of the API that we do not use."""

    ignore_patterns = (*StaticFilesConfig.ignore_patterns, "*.map", "redoc*")
