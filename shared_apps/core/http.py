"""The one place where errors become HTTP answers (RFC 9457 problem details)."""

import json
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from shared_apps.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Gone,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from shared_apps.core.requests import request_id

STATUS = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    TooMany: 429,
    Unavailable: 503,
}
log = structlog.get_logger(__name__)


class Problem(Schema):
    """RFC 9457. ``code`` is stable, ``fields`` says per field what to mend."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str = ""
    fields: dict[str, str] = {}
    request_id: str = ""


def problems(*statuses: int) -> dict[frozenset[int], type[Problem]]:
    """For ``response=``: the failures that an endpoint can give."""
    return {frozenset(statuses): Problem}


def status_of(error: DomainError) -> int:
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)


def answer(problem: Problem, **extra: Any) -> HttpResponse:
    body = {**problem.model_dump(), "request_id": request_id(), **extra}
    return HttpResponse(
        json.dumps(body, cls=DjangoJSONEncoder),
        status=problem.status,
        content_type="application/problem+json",
    )


def answer_refusal(error: DomainError) -> HttpResponse:
    response = answer(
        Problem(
            type=f"{settings.DOCS_URL}/errors#{error.code}",
            title=str(error),
            status=status_of(error),
            code=error.code,
            fields={path: str(text) for path, text in error.fields.items()},
        ),
        **error.extra,
    )
    if isinstance(error, Unauthenticated):
        response["WWW-Authenticate"] = "Bearer"
    return with_time_to_wait(response, error)


def with_time_to_wait(response: HttpResponse, error: DomainError) -> HttpResponse:
    if isinstance(error, (TooMany, Unavailable)):
        response["Retry-After"] = str(error.retry_after)
    return response


def _path(location: tuple[int | str, ...]) -> str:
    """``("body", "payload", "lines", 0, "option_id")`` -> ``lines.0.option_id``; an item of a
    list in a query's schema, ``("query", "days", "staff_id", 0)`` -> ``staff_id.0``."""
    parts = list(location[1:])
    if location[0] == "body":
        parts = parts[1:] or ["body"]
    if location[0] == "query" and len(parts) > 2:
        parts = parts[1:]
    return ".".join(map(str, parts))


def install_error_handlers(api: NinjaAPI) -> None:
    @api.exception_handler(DomainError)
    def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
        return answer_refusal(error)

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {_path(tuple(e["loc"])): str(e["msg"]) for e in error.errors}
        title = _("Some fields are not valid.")
        return answer(Problem(title=title, status=422, code="invalid", fields=fields))

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        title = _("The request could not be read.")
        return answer(Problem(title=title, status=error.status_code, code="unreadable"))

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        title = _("The request is too large.")
        return answer(Problem(title=title, status=413, code="too_large"))

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer_refusal(NotFound())

    @api.exception_handler(OperationalError)
    def database_away(request: HttpRequest, error: OperationalError) -> HttpResponse:
        log.error("database unavailable", exc_info=error)
        return answer_refusal(Unavailable())

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        log.error("unexpected error", exc_info=error)
        title = _("Something went wrong on our side. It has been reported.")
        return answer(Problem(title=title, status=500, code="internal"))
