from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "tenant_apps.booking"
    label = "booking"
