"""What a request carries: an id of its own, and the network that limits count."""

import re

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from shared_apps.core.requests import begin_request, network_of, request_id
from tests.desk import Desk

HOSTILE_IDS = [
    "short",
    "x" * 65,
    "has space in it",
    "semi;colon;semi",
    "new\\nline--",
    "ünïcödé-id",
]


def test_a_decent_request_id_is_taken_over(desk: Desk) -> None:
    response = desk.get("/staff", **{"X-Request-ID": "ca11e400-0123-4567-89ab-cdef01234567"})

    assert response["X-Request-ID"] == "ca11e400-0123-4567-89ab-cdef01234567"


@pytest.mark.parametrize("given", ["", *HOSTILE_IDS])
def test_any_other_request_id_is_replaced_by_ours(desk: Desk, given: str) -> None:
    response = desk.get("/staff", **{"X-Request-ID": given})

    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


def test_a_problem_names_the_request_it_happened_in(desk: Desk) -> None:
    response = desk.get("/auth/me", **{"X-Request-ID": "ca11e40000000123"})

    assert response.json()["request_id"] == response["X-Request-ID"] == "ca11e40000000123"


def test_an_unknown_host_gets_an_id_too(db: None) -> None:
    response = Client().get(
        "/", headers={"Host": "nobody.localhost", "X-Request-ID": "ca11e4000000000f"}
    )

    assert (response.status_code, response["X-Request-ID"]) == (404, "ca11e4000000000f")


def test_each_piece_of_work_begins_with_a_new_id() -> None:
    assert begin_request() != begin_request()
    assert begin_request("ca11e4000000abcd") == request_id() == "ca11e4000000abcd"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9/32"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "127.0.0.1/32"),
    ],
)
def test_a_network_is_one_ipv4_address_or_one_ipv6_64(address: str, network: str) -> None:
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "198.51.100.1", "203.0.113.9/32"),
        (1, "198.51.100.1", "198.51.100.1/32"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1/32"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1/32"),
        (2, "198.51.100.1", "203.0.113.9/32"),
        (1, "unknown", "203.0.113.9/32"),
        (1, "", "203.0.113.9/32"),
    ],
)
def test_only_our_own_proxies_are_believed_about_the_client(
    settings: Settings, proxies: int, forwarded: str, network: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="203.0.113.9", headers={"X-Forwarded-For": forwarded}
    )

    assert network_of(request) == network
