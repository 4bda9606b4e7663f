"""What a salon's host serves."""

from django.urls import path

from config.api import salon_api

urlpatterns = [path("api/v1/", salon_api.urls)]
