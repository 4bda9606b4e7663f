"""The first thing about a request: whose host is it?"""

from contextlib import suppress
from typing import cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import (
    get_supported_language_variant,
    parse_accept_lang_header,
)

from shared_apps.core.requests import GetResponse
from shared_apps.core.scope import public_scope, salon_scope
from tenants.enums import SalonState
from tenants.hosts import reread, salon_at
from tenants.policies import normal_host
from tenants.schema.head import head_version
from tenants.types import SalonCard

ONE_YEAR = 365 * 24 * 3600

log = structlog.get_logger(__name__)


class SalonRequest(HttpRequest):
    """A request on a salon's host."""

    salon: SalonCard


def salon_of(request: HttpRequest) -> SalonCard:
    return cast("SalonRequest", request).salon


class SalonMiddleware:
    """Enters the scope that the host names. An unknown host gets a fixed 404 and nothing else.

    ``X-Forwarded-Host`` and the like are never read: the proxy passes the real ``Host``.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = normal_host(str(request.META.get("HTTP_HOST", "")))
        if host is None:
            return _plain(400, "Bad request.")
        if host == settings.BASE_URL.host:
            request.urlconf = settings.PUBLIC_URLCONF
            with public_scope():
                return self.get_response(request)
        salon = salon_at(host)
        if salon is None:
            return _plain(404, "Not found.")
        return self._serve(request, salon)

    def _serve(self, request: HttpRequest, salon: SalonCard) -> HttpResponse:
        if salon.state != SalonState.ACTIVE:
            return _plain(503, "This salon is not available at the moment.", retry_after=3600)
        if salon.schema_version < head_version():
            salon = reread(salon)  # what we know may be older than the last migrate_salons
        if salon.schema_version < head_version():
            log.error("salon behind the code", salon_id=str(salon.id), at=salon.schema_version)
            return _plain(503, "This salon is being updated. Try again shortly.", retry_after=30)
        structlog.contextvars.bind_contextvars(salon_id=str(salon.id))
        cast("SalonRequest", request).salon = salon
        with salon_scope(salon):
            return self.get_response(request)


def language_asked(request: HttpRequest) -> str:
    """The visitor's choice, else what their browser asks for; empty when we speak none of it."""
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("lang") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if asked in known:
        return str(asked)
    for wished, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        with suppress(LookupError):
            return get_supported_language_variant(wished)
    return ""


class LanguageMiddleware:
    """The visitor's language: their choice, their browser's, else the salon's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_asked(request) or self._of_the_house(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        if request.GET.get("lang") == language:
            self._remember(response, language)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def _remember(self, response: HttpResponse, language: str) -> None:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=ONE_YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )

    def _of_the_house(self, request: HttpRequest) -> str:
        salon: SalonCard | None = getattr(request, "salon", None)
        return salon.language if salon else settings.LANGUAGE_CODE


def _plain(status: int, text: str, *, retry_after: int | None = None) -> HttpResponse:
    response = HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response
