"""Whoever comes from another salon, or from nowhere, learns nothing and changes nothing."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shared_apps.core.scope import public_scope, salon_scope
from tenant_apps.booking.models import Appointment
from tenants.models import Salon
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
NEVER = UUID("01234567-89ab-7def-8123-456789abcdef")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Visit:
    """A booking at Bruno's, and its owner's signed-in desk at Anna's."""

    id: str
    token: str
    option_id: str
    staff_id: str


@pytest.fixture
def visit_elsewhere(other_desk: Desk) -> Visit:
    service = other_desk.get("/catalog/services").json()["items"][0]["name"]
    response = other_desk.book(other_desk.first_start(service), service)
    assert response.status_code == 201
    body = response.json()
    (line,) = body["lines"]
    return Visit(
        body["id"], body["manage_url"].rpartition("/")[2], line["option_id"], line["staff_id"]
    )


def shown(response: Any) -> tuple[int, Any]:
    """Status and body bytes, the request's own id aside."""
    body = response.content.replace(response["X-Request-ID"].encode(), b"")
    return response.status_code, body


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, path)
        else:
            found.append(path)
    return found


DAYS = {"day", "valid_from"}


def with_id(route: str, value: str) -> str:
    """``value`` in place of every id, and an ordinary date where a day is asked for."""

    def filled(part: re.Match[str]) -> str:
        return "2026-12-24" if part[1].rpartition(":")[2] in DAYS else value

    return "/" + re.sub(r"<([^>]+)>", filled, route)


ROUTES = sorted(routes(get_resolver("config.urls_salon").url_patterns))
WITH_AN_ID = [route for route in ROUTES if "<" in route]


def test_there_are_routes_to_attack() -> None:
    assert len(ROUTES) >= 12
    assert len(WITH_AN_ID) >= 5


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("route", WITH_AN_ID)
def test_an_id_of_another_salon_is_one_that_never_was(
    desk: Desk, visit_elsewhere: Visit, route: str, signed_in: bool
) -> None:
    if signed_in:
        desk = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    for method in METHODS:
        answers = [
            shown(desk.client.generic(method, with_id(route, value), "", headers=desk.headers()))
            for value in (visit_elsewhere.id, str(NEVER))
        ]
        assert answers[0] == answers[1], (method, route)
        # 422: the body, which is empty here, is looked at before the id.
        assert answers[0][0] in {401, 404, 405, 422}, (method, route, answers[0])


@pytest.mark.parametrize("route", WITH_AN_ID)
def test_a_signed_link_of_another_salon_is_one_that_never_was(
    desk: Desk, visit_elsewhere: Visit, route: str
) -> None:
    forged = f"{NEVER.hex}.{'A' * 43}"
    for method in ("get", "post"):
        call = getattr(desk.client, method)
        answers = [
            shown(call(with_id(route, token), headers=desk.headers()))
            for token in (visit_elsewhere.token, forged)
        ]
        assert answers[0] == answers[1], (method, route)
        assert answers[0][0] in {404, 405}


def test_another_salons_token_in_the_header_opens_nothing(
    desk: Desk, other_desk: Desk, visit_elsewhere: Visit
) -> None:
    path = f"/booking/appointments/{visit_elsewhere.id}"
    known = other_desk.get(path, **{"Manage-Token": visit_elsewhere.token})
    assert known.status_code == 200

    for call in (desk.get, desk.post):
        ending = "/cancel" if call == desk.post else ""
        response = call(path + ending, **{"Manage-Token": visit_elsewhere.token})
        assert response.status_code == 404

    with salon_scope(other_desk.salon):
        assert Appointment.objects.get(pk=visit_elsewhere.id).state == "confirmed"


def test_another_salons_options_and_people_cannot_be_booked(
    desk: Desk, visit_elsewhere: Visit
) -> None:
    service = desk.get("/catalog/services").json()["items"][0]
    start, mine = desk.first_start(service["name"]), service["options"][0]["id"]

    for theirs, never in (
        ({"option_id": visit_elsewhere.option_id}, {"option_id": str(NEVER)}),
        (
            {"option_id": mine, "staff_id": visit_elsewhere.staff_id},
            {"option_id": mine, "staff_id": str(NEVER)},
        ),
    ):
        answers = [shown(desk.book(start, lines=[line])) for line in (theirs, never)]
        assert answers[0] == answers[1]
        assert answers[0][0] in {404, 422}


def test_another_salons_ids_in_a_query_say_nothing(desk: Desk, visit_elsewhere: Visit) -> None:
    query = {"from": "2026-12-01", "to": "2026-12-02"}
    answers = [
        shown(desk.get("/booking/availability", {**query, "line": option}))
        for option in (visit_elsewhere.option_id, str(NEVER))
    ]

    assert answers[0] == answers[1]


def test_somebody_elses_visit_of_the_same_salon_is_one_that_never_was(desk: Desk) -> None:
    service = desk.get("/catalog/services").json()["items"][0]["name"]
    visit = desk.book(desk.first_start(service), service).json()

    answers = [
        shown(desk.get(f"/booking/appointments/{value}")) for value in (visit["id"], str(uuid4()))
    ]

    assert answers[0] == answers[1]
    assert answers[0][0] in {401, 404}


def test_opening_a_visits_link_changes_nothing(other_desk: Desk, visit_elsewhere: Visit) -> None:
    for method in ("get", "head", "put", "patch", "delete", "options"):
        for path in (f"/manage/{visit_elsewhere.token}", f"/calendar/{visit_elsewhere.token}.ics"):
            getattr(other_desk.client, method)(path, headers=other_desk.headers())

    with salon_scope(other_desk.salon):
        assert Appointment.objects.get(pk=visit_elsewhere.id).state == "confirmed"


def test_a_link_is_not_pressed_without_the_forms_token(
    other_desk: Desk, visit_elsewhere: Visit
) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(f"/manage/{visit_elsewhere.token}", headers=other_desk.headers())

    assert response.status_code == 403
    with salon_scope(other_desk.salon):
        assert Appointment.objects.get(pk=visit_elsewhere.id).state == "confirmed"


# Browsers and proxies


@pytest.mark.parametrize(
    "origin", ["http://bruno.localhost:8000", "null", "https://anna.localhost.evil.example"]
)
def test_no_other_origin_is_told_that_it_may_read(desk: Desk, origin: str) -> None:
    answers = [
        desk.get("/catalog/services", Origin=origin),
        desk.client.options(
            "/api/v1/booking/appointments",
            headers=desk.headers(Origin=origin, **{"Access-Control-Request-Method": "POST"}),
        ),
    ]

    for answer in answers:
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_cookies_belong_to_one_host(desk: Desk) -> None:
    for path in ("/?lang=de", "/nowhere"):
        response = desk.client.get(path, headers=desk.headers())
        for cookie in response.cookies.values():
            assert cookie["domain"] == ""


@pytest.mark.parametrize(
    "path", ["/metrics", "/__debug__/", "/silk/", "/admin/", "/dev/mail", "/.env", "/static/../x"]
)
def test_no_back_room_is_open_on_a_salons_host(desk: Desk, path: str) -> None:
    response = desk.client.get(path, headers=desk.headers())

    assert response.status_code == 404
    assert desk.salon.schema_name not in response.text


def test_no_answer_names_a_schema_a_table_or_a_version(desk: Desk) -> None:
    quiet = Client(raise_request_exception=False)
    answers = [
        quiet.get("/nowhere", headers=desk.headers()),
        quiet.get("/api/v1/nowhere", headers=desk.headers()),
        quiet.post("/api/v1/auth/token", "{", "application/json", headers=desk.headers()),
        quiet.get("/api/v1/booking/appointments/x", headers=desk.headers()),
        quiet.get("/manage/x", headers=desk.headers()),
        quiet.get("/", headers={"Host": "evil.example"}),
    ]

    for answer in answers:
        told = answer.text + json.dumps(dict(answer.headers))
        assert desk.salon.schema_name not in told
        assert not re.search(r"Django|PostgreSQL|psycopg|granian|Traceback|SELECT ", told, re.I)


@pytest.mark.parametrize("parameter", ["ordering", "order_by", "staff__account__password", "page"])
def test_parameters_that_are_not_ours_choose_nothing(desk: Desk, parameter: str) -> None:
    plain = desk.get("/staff").json()

    assert desk.get("/staff", {parameter: "-account__password"}).json() == plain


def test_nothing_of_an_attack_is_left_in_the_directory(desk: Desk) -> None:
    for host in ("evil.example", "x'; DROP SCHEMA public; --", "public", "s_" + "0" * 32):
        assert Client().get("/", headers={"Host": host}).status_code in {400, 404}
    with public_scope():
        assert Salon.objects.filter(slug="anna").exists()
