"""The salon's public pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.pages import public_page
from tenant_apps.storefront import selectors
from tenants.middleware import salon_of


@public_page
@require_safe
def salon_page(request: HttpRequest) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    # What staff could book would stay in the cache for everybody.
    guest = Actor(kind=ActorKind.GUEST, channel=Channel.WEB)
    context = selectors.storefront(moment=now(), language=language, actor=guest)
    return render(request, "storefront/salon.html", context)


@public_page
@require_safe
def book_page(request: HttpRequest) -> HttpResponse:
    """The shell in which the booking flow runs."""
    salon = salon_of(request)
    config = {
        "salon": selectors.booking_facts(salon, moment=now()),
        "locale": get_language(),
        "option": request.GET.get("option"),
    }
    context = {"salon": selectors.salon_facts(salon), "booking_config": config}
    return render(request, "storefront/book.html", context)


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines are kept out until the owner's address is confirmed."""
    rule = "Disallow: /book" if salon_of(request).is_confirmed else "Disallow: /"
    return HttpResponse(f"User-agent: *\n{rule}\n", content_type="text/plain")
