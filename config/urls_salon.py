"""What a salon's host serves."""

from django.urls import path

from config.api import salon_api
from config.routes import by_first_word
from tenant_apps.booking.pages import calendar_file, manage_page
from tenant_apps.onboarding.pages import confirm_page
from tenant_apps.storefront.pages import book_page, robots, salon_page

urlpatterns = [
    path("", salon_page, name="salon"),
    path("book", book_page, name="book"),
    path("manage/<str:token>", manage_page, name="manage"),
    path("calendar/<str:token>.ics", calendar_file, name="calendar"),
    path("confirm/<str:token>", confirm_page, name="confirm"),
    path("robots.txt", robots),
    path("api/v1/", by_first_word(salon_api.urls)),
]

handler400 = "shared_apps.core.error_pages.bad_request"
handler403 = "shared_apps.core.error_pages.permission_denied"
handler404 = "shared_apps.core.error_pages.page_not_found"
handler500 = "shared_apps.core.error_pages.server_error"
