"""Branded error pages for people; programs under ``/api/`` get problem+json."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared_apps.core.errors import DomainError, Gone, NotFound, TooMany
from shared_apps.core.http import Problem, answer, status_of
from shared_apps.core.requests import GetResponse, request_id


class ErrorPageMiddleware:
    """A domain error that leaves a page becomes its page; inside the API, ninja answers first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        response = error_page(request, status_of(error))
        if isinstance(error, TooMany):
            response["Retry-After"] = str(error.retry_after)
        return response


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        title = HTTPStatus(status).phrase
        return answer(Problem(title=title, status=status, code=CODES.get(status, "unreadable")))
    context = {"salon": getattr(request, "salon", None), "request_id": request_id()}
    known = status if status in PAGES else 400
    return render(request, f"errors/{known}.html", context, status=status)


CODES = {403: "forbidden", 404: NotFound.code, 410: Gone.code, 429: TooMany.code, 500: "internal"}
PAGES = frozenset({400, 403, 404, 410, 429, 500, 503})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)
