"""What the base host serves."""

from django.urls import path

from config.api import public_api

urlpatterns = [path("api/v1/", public_api.urls)]
