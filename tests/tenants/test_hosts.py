"""Which salon a host leads to, and that any other host leads nowhere."""

import time
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from shared_apps.core.scope import public_scope
from tenants import hosts
from tenants.models import Domain, Salon
from tenants.policies import normal_host
from tenants.selectors import card_at_host
from tenants.types import SalonCard

pytestmark = pytest.mark.django_db
ANNA, LANDING, UNKNOWN, BAD = "Anna", "Parlour", 404, 400

HOSTS = {
    "anna.localhost": ANNA,
    "anna.localhost:8000": ANNA,
    "ANNA.LocalHost": ANNA,
    "anna.localhost.": ANNA,
    "anna.localhost.:8000": ANNA,
    "localhost": LANDING,
    "LOCALHOST:8000": LANDING,
    "nobody.localhost": UNKNOWN,
    "anna.localhost.evil.example": UNKNOWN,
    "xanna.localhost": UNKNOWN,
    "www.anna.localhost": UNKNOWN,
    "xn--nna-3mc.localhost": UNKNOWN,
    "127.0.0.1": UNKNOWN,
    "evil.example": UNKNOWN,
    "": BAD,
    "me@anna.localhost": BAD,
    "me:secret@anna.localhost": BAD,
    "anna.localhost, bruno.localhost": BAD,
    "anna.localhost bruno.localhost": BAD,
    "anna..localhost": BAD,
    ".localhost": BAD,
    "anna.localhost:": BAD,
    "anna.localhost:80:80": BAD,
    "anna.localhost:eighty": BAD,
    "anna.localhost/": BAD,
    "anna.localhost\\": BAD,
    "anna_.localhost#": BAD,
    "a" * 254: BAD,
    "[::1]": BAD,
}


def visit(host: str, address: str = "/", **headers: str) -> Any:
    return Client().get(address, headers={"Host": host, **headers})


@pytest.mark.parametrize(("host", "expected"), HOSTS.items(), ids=lambda value: repr(value)[:40])
def test_every_way_to_write_a_host_has_one_answer(host: str, expected: str | int) -> None:
    response = visit(host)

    if isinstance(expected, int):
        assert response.status_code == expected
    else:
        assert response.status_code == 200
        assert f"{expected}</" in response.text or expected in response.text


def test_an_unknown_host_gets_a_fixed_text_and_no_echo() -> None:
    first, second = visit("evil.example", "/<script>"), visit("worse.example", "/other?x=1")

    assert first.content == second.content == b"Not found.\n"
    assert first["Content-Type"] == "text/plain; charset=utf-8"
    assert "evil" not in str(first.headers)


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Tenant", "X-Host", "Forwarded", "X-Original-Host"]
)
def test_no_other_header_chooses_the_salon(header: str) -> None:
    named = visit("anna.localhost", "/api/v1/staff", **{header: "bruno.localhost"})

    assert [member["name"] for member in named.json()["items"]] == ["Anna Owner"]
    assert visit("evil.example", **{header: "anna.localhost"}).status_code == 404


def test_a_host_outside_ascii_is_known_by_its_idna_form(in_public: None) -> None:
    salon = Salon.objects.get(slug="anna")
    Domain.objects.create(tenant=salon, domain="xn--schn-7qa.example", is_primary=False)

    assert visit("xn--schn-7qa.example").status_code == 200
    assert visit("XN--SCHN-7QA.example").status_code == 200


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        ("Schön.Example", "xn--schn-7qa.example"),
        ("xn--schn-7qa.example", "xn--schn-7qa.example"),
        ("\uff41\uff4e\uff4e\uff41.localhost", "anna.localhost"),
        ("anna。localhost", "anna.localhost"),
        ("\u0430nna.localhost", "xn--nna-5cd.localhost"),
        ("a\u200dnna.localhost", None),
        ("☃.example", None),
        ("ß" * 80 + ".example", None),
    ],
)
def test_a_look_alike_is_another_host(raw: str, host: str | None) -> None:
    assert normal_host(raw) == host


@given(st.text(max_size=60))
def test_normalising_never_fails_and_is_done_once(raw: str) -> None:
    host = normal_host(raw)

    assert host is None or normal_host(host) == host


def test_a_warm_host_costs_no_query(
    salon: SalonCard, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert hosts.salon_at(salon.host) == salon

    with django_assert_num_queries(0):
        assert hosts.salon_at(salon.host) == salon


def test_another_process_finds_it_in_redis(
    salon: SalonCard, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hosts.salon_at(salon.host)
    hosts.here.clear()

    with django_assert_num_queries(0):
        assert hosts.salon_at(salon.host) == salon


def test_without_redis_the_directory_answers(
    salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "caches", {"platform": RedisCache("redis://127.0.0.1:1/0", {})})

    assert hosts.salon_at(salon.host) == salon
    hosts.forget(salon.host)
    assert hosts.salon_at("nobody.localhost") is None


def test_a_card_that_another_release_wrote_is_looked_up_anew(salon: SalonCard) -> None:
    caches["platform"].set(f"host:{salon.host}", '{"id": "0", "colour": "of the next release"}')

    assert hosts.salon_at(salon.host) == salon


def test_a_new_salon_is_found_at_once_though_its_host_was_asked_for_before(
    salon: SalonCard,
) -> None:
    assert hosts.salon_at("second.localhost") is None
    with public_scope():
        Domain.objects.create(
            tenant=Salon.objects.get(pk=salon.id), domain="second.localhost", is_primary=False
        )
    assert hosts.salon_at("second.localhost") is None  # remembered for a second

    hosts.forget("second.localhost")

    found = hosts.salon_at("second.localhost")
    assert found is not None
    assert found.id == salon.id


def test_a_reader_who_began_before_the_change_cannot_write_the_old_answer_back(
    salon: SalonCard,
) -> None:
    with public_scope():
        old = card_at_host(salon.host)
        Salon.objects.filter(pk=salon.id).update(name="Renamed")
    hosts.forget(salon.host)

    hosts._keep(salon.host, old)

    found = hosts.salon_at(salon.host)
    assert found is not None
    assert found.name == "Renamed"


def test_what_this_process_knows_ends_after_a_while(
    salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = hosts.HostCache()
    known.put(salon.host, salon)
    assert known.get(salon.host) == salon

    later = time.monotonic() + hosts.KEPT_HERE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert known.get(salon.host) is None


def test_this_process_knows_so_many_hosts_and_forgets_those_not_met_lately(
    salon: SalonCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "MOST_HOSTS", 3)
    known = hosts.HostCache()
    for name in "abc":
        known.put(name, salon)
    known.get("a")
    known.put("d", salon)

    assert [name for name in "abcd" if known.get(name)] == ["a", "c", "d"]


def test_unknown_hosts_leave_nothing_in_memory() -> None:
    for number in range(200):
        assert hosts.salon_at(f"h{number}.evil.example") is None

    assert len(hosts.here._cards) == 0


def test_ten_thousand_known_hosts_do_not_grow_beyond_the_bound(salon: SalonCard) -> None:
    known = hosts.HostCache()
    for number in range(10_000):
        known.put(f"h{number}.example", salon)

    assert len(known._cards) == hosts.MOST_HOSTS
