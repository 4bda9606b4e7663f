"""What the base host serves."""

from django.conf import settings
from django.urls import path

from config.api import public_api
from config.routes import by_first_word
from config.urls_salon import handler400, handler403, handler404, handler500
from tenant_apps.notifications.pages import mail_list, mail_message
from tenant_apps.onboarding.pages import landing, signup_page, welcome

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", landing, name="landing"),
    path("signup", signup_page, name="signup"),
    path("welcome/<slug:slug>", welcome, name="welcome"),
    path("api/v1/", by_first_word(public_api.urls)),
]

if settings.DEV_MAILBOX:
    urlpatterns += [
        path("dev/mail", mail_list, name="mailbox"),
        path("dev/mail/<str:key>", mail_message),
    ]
