from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """The composition root has no tables, only commands that need to know everybody."""

    name = "config"
