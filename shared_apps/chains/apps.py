from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "shared_apps.chains"
    label = "chains"
