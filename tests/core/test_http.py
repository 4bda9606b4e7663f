"""Errors become one shape of answer, whatever went wrong."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import path
from pytest_django import Settings

from config.urls_salon import urlpatterns
from shared_apps.core import errors
from shared_apps.core.http import answer_refusal
from tests.desk import Desk

pytestmark = pytest.mark.django_db
SHAPE = {"type", "title", "status", "code", "detail", "fields", "request_id"}


def problem(response: Any) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert set(body) >= SHAPE
    assert body["status"] == response.status_code
    assert body["request_id"] == response["X-Request-ID"]
    return body


@contextmanager
def database_that_fails(error: Exception) -> Iterator[None]:
    """PostgreSQL as it answers when it goes away in the middle of a request."""

    def fail(*_: Any) -> Any:
        raise error

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def quiet_desk(desk: Desk) -> Desk:
    """Answers an unexpected error as a server does, instead of raising it in the test."""
    return Desk(desk.salon, Client(raise_request_exception=False))


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.Invalid(), 422, "invalid"),
        (errors.DomainError(), 422, "refused"),
        (errors.Unauthenticated(), 401, "unauthenticated"),
        (errors.Forbidden(), 403, "forbidden"),
        (errors.NotFound(), 404, "not_found"),
        (errors.Gone(), 410, "gone"),
        (errors.Conflict(), 409, "conflict"),
        (errors.Stale(), 409, "stale"),
        (errors.TooMany(retry_after=7), 429, "too_many_requests"),
        (errors.Unavailable(retry_after=9), 503, "unavailable"),
    ],
)
def test_each_domain_error_has_its_status_and_stable_code(
    error: errors.DomainError, status: int, code: str, settings: Settings
) -> None:
    response = answer_refusal(error)
    body = json.loads(response.content)

    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["type"] == f"{settings.DOCS_URL}/errors#{code}"
    assert body["title"] == str(error)


def test_who_may_come_back_is_told_when_and_who_must_sign_in_is_told_how() -> None:
    assert answer_refusal(errors.TooMany(retry_after=7))["Retry-After"] == "7"
    assert answer_refusal(errors.Unavailable(retry_after=9))["Retry-After"] == "9"
    assert answer_refusal(errors.Unauthenticated())["WWW-Authenticate"] == "Bearer"
    assert "Retry-After" not in answer_refusal(errors.Conflict())


def test_what_a_client_needs_to_go_on_stands_beside_the_problem() -> None:
    error = errors.Conflict("Sorry.", fields={"lines.0": "Taken."}, extra={"alternatives": [1]})

    body = json.loads(answer_refusal(error).content)

    assert body["title"] == "Sorry."
    assert body["fields"] == {"lines.0": "Taken."}
    assert body["alternatives"] == [1]


def test_an_invalid_field_is_named_by_its_path_in_the_body(desk: Desk) -> None:
    response = desk.post(
        "/booking/appointments",
        {"starts_at": "tomorrow", "lines": [{"option_id": "x"}], "client": {"name": "A"}},
    )
    body = problem(response)

    assert (response.status_code, body["code"]) == (422, "invalid")
    assert set(body["fields"]) == {"starts_at", "lines.0.option_id"}
    assert all(body["fields"].values())


@pytest.mark.parametrize(
    ("client", "fields"),
    [
        ({"name": "", "email": 5}, {"client.name", "client.email"}),
        ({"name": "Anna", "mail": "anna@example.com"}, {"client.mail"}),
        ({}, {"client.name"}),
        ({"id": "x"}, {"client.id"}),
        ({"id": str(uuid4()), "name": "Anna"}, {"client.name"}),
        (5, {"client"}),
        (None, {"client"}),
    ],
)
def test_a_field_is_named_as_it_was_sent_where_a_body_may_have_two_shapes(
    desk: Desk, client: Any, fields: set[str]
) -> None:
    visit = {"starts_at": "2026-12-01T10:00:00Z", "lines": [{"option_id": str(uuid4())}]}
    response = desk.post(
        "/booking/appointments", {**visit, "client": client}, **{"Idempotency-Key": "a" * 16}
    )

    assert response.status_code == 422
    assert set(problem(response)["fields"]) == fields


def test_an_invalid_query_parameter_is_named_as_in_the_address(desk: Desk) -> None:
    body = problem(desk.get("/booking/availability", {"from": "x", "to": "2026-12-01"}))

    assert set(body["fields"]) == {"from", "line"}


@pytest.mark.parametrize("sent", ["", "null", "[]", "5", '"text"'])
def test_a_body_that_is_no_object_is_named_as_a_whole(desk: Desk, sent: str) -> None:
    response = desk.client.post(
        "/api/v1/auth/token", sent, "application/json", headers=desk.headers()
    )

    assert response.status_code == 422
    assert set(problem(response)["fields"]) <= {"body", "email", "password"}


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b"[" * 100_000, b'{"email": NaNa}'],
    ids=["half", "no text", "too deep", "nonsense"],
)
def test_a_body_that_is_no_json_is_a_bad_request(desk: Desk, body: bytes) -> None:
    response = desk.client.post(
        "/api/v1/auth/token", body, "application/json", headers=desk.headers()
    )

    assert (response.status_code, problem(response)["code"]) == (400, "unreadable")


def test_a_body_beyond_all_measure_is_refused_unread(desk: Desk) -> None:
    response = desk.post("/auth/token", {"email": "a" * 3_000_000, "password": "x"})

    assert (response.status_code, problem(response)["code"]) == (413, "too_large")


@pytest.mark.parametrize("text", ["a\x00b@example.com", "\ud800@example.com"])
def test_text_that_no_table_can_hold_is_invalid_and_not_an_accident(desk: Desk, text: str) -> None:
    response = desk.post("/auth/token", {"email": text, "password": "whatever it is"})

    assert response.status_code in {400, 401, 422}


@pytest.mark.parametrize(
    "path", ["/nowhere", "/booking/appointments/not-an-id", "/auth", "/auth/me/"]
)
def test_an_unknown_address_of_the_api_is_a_problem_too(desk: Desk, path: str) -> None:
    response = desk.get(path)

    assert (response.status_code, problem(response)["code"]) == (404, "not_found")


def test_a_wrong_method_names_the_right_ones(desk: Desk) -> None:
    response = desk.post("/staff")

    assert (response.status_code, response["Allow"]) == (405, "GET")
    assert problem(response)["code"] == "method_not_allowed"


@pytest.mark.parametrize("host_is_known", [True, False])
def test_a_database_that_is_away_is_unavailable_and_not_an_accident(
    quiet_desk: Desk, host_is_known: bool
) -> None:
    if host_is_known:
        assert quiet_desk.get("/staff").status_code == 200
    with database_that_fails(OperationalError("host db-7.internal is down")):
        response = quiet_desk.get("/staff")

    assert (response.status_code, problem(response)["code"]) == (503, "unavailable")
    assert response["Retry-After"]
    assert b"db-7" not in response.content


@pytest.mark.parametrize("host_is_known", [True, False])
def test_an_unexpected_error_tells_the_client_nothing_but_its_number(
    quiet_desk: Desk, host_is_known: bool
) -> None:
    if host_is_known:
        assert quiet_desk.get("/staff").status_code == 200
    with database_that_fails(RuntimeError("a secret of s_0123456789abcdef0123456789abcdef")):
        response = quiet_desk.get("/staff")

    assert (response.status_code, problem(response)["code"]) == (500, "internal")
    assert b"s_0123" not in response.content
    assert b"secret" not in response.content


# Pages


def refuse(error: Exception) -> Any:
    def view(request: Any) -> Any:
        raise error

    return view


class BrokenPages:
    """A salon's pages, and one for each way to fail."""

    handler400 = "shared_apps.core.error_pages.bad_request"
    handler403 = "shared_apps.core.error_pages.permission_denied"
    handler404 = "shared_apps.core.error_pages.page_not_found"
    handler500 = "shared_apps.core.error_pages.server_error"
    urlpatterns = [
        *urlpatterns,
        path("gone", refuse(errors.Gone())),
        path("many", refuse(errors.TooMany(retry_after=7))),
        path("busy", refuse(errors.Unavailable(retry_after=9))),
        path("clash", refuse(errors.Conflict())),
        path("forbidden", refuse(errors.Forbidden())),
        path("broken", refuse(RuntimeError("a secret"))),
        path("away", refuse(OperationalError("db-7 is down"))),
        path("api/v1/away", refuse(OperationalError("db-7 is down"))),
        path("api/v1/broken", refuse(RuntimeError("a secret"))),
    ]


@pytest.fixture
def visitor(desk: Desk, settings: Settings) -> Any:
    settings.ROOT_URLCONF = BrokenPages
    client = Client(raise_request_exception=False)
    return lambda address: client.get(address, headers={"Host": desk.salon.host})


@pytest.mark.parametrize(
    ("address", "status", "retry_after"),
    [
        ("/nowhere", 404, None),
        ("/gone", 410, None),
        ("/many", 429, "7"),
        ("/busy", 503, "9"),
        ("/clash", 409, None),
        ("/forbidden", 403, None),
        ("/broken", 500, None),
        ("/away", 503, "5"),
    ],
)
def test_a_person_gets_a_page_in_the_look_of_the_house(
    visitor: Any, address: str, status: int, retry_after: str | None
) -> None:
    response = visitor(address)

    assert (response.status_code, response.get("Retry-After")) == (status, retry_after)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["X-Request-ID"] in response.text
    assert "secret" not in response.text
    assert "db-7" not in response.text


@pytest.mark.parametrize("path", ["/", "/book", "/nowhere"])
def test_a_query_beyond_all_measure_is_a_page_of_its_own(desk: Desk, path: str) -> None:
    client = Client(raise_request_exception=False)
    query = "&".join(f"a{number}=1" for number in range(1_001))
    response = client.get(f"{path}?{query}", headers={"Host": desk.salon.host})

    assert response.status_code == 400
    assert "That did not quite arrive" in response.text
    assert 'href="?lang=pl"' in response.text


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [("/api/v1/away", 503, "unavailable"), ("/api/v1/broken", 500, "internal")],
)
def test_a_program_gets_a_problem_even_where_no_endpoint_answered(
    visitor: Any, address: str, status: int, code: str
) -> None:
    response = visitor(address)

    assert (response.status_code, problem(response)["code"]) == (status, code)


def test_a_form_without_its_token_is_refused_by_a_page(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/signup", {"name": "X"}, headers={"Host": "localhost"})

    assert response.status_code == 403
    assert response["Content-Type"] == "text/html; charset=utf-8"
