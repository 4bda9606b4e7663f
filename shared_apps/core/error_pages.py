"""Branded error pages for people; programs under ``/api/`` get problem+json."""

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared_apps.core.errors import DomainError, Unavailable
from shared_apps.core.http import Problem, answer, answer_refusal, status_of, with_time_to_wait
from shared_apps.core.requests import GetResponse, request_id


class ErrorPageMiddleware:
    """A domain error that leaves a page becomes its page; inside the API, ninja answers first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and _is_program(request):
            allowed = response["Allow"]
            response = error_page(request, HTTPStatus.METHOD_NOT_ALLOWED)
            response["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return _refusal(request, error)


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    if _is_program(request):
        return answer_refusal(error)
    return with_time_to_wait(error_page(request, status_of(error)), error)


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    if _is_program(request):
        title = HTTPStatus(status).phrase
        return answer(Problem(title=title, status=status, code=CODES.get(status, "unreadable")))
    context = {"salon": getattr(request, "salon", None), "request_id": request_id()}
    known = status if status in PAGES else 400
    return render(request, f"errors/{known}.html", context, status=status)


CODES = {403: "forbidden", 404: "not_found", 405: "method_not_allowed", 500: "internal"}
PAGES = frozenset({400, 403, 404, 410, 429, 500, 503})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away is no fault of ours in the code, and passes."""
    if isinstance(sys.exception(), OperationalError):
        return _refusal(request, Unavailable())
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)
