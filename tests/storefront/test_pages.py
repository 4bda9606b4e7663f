"""The salon's page: what it offers, when it is open, and nobody else's data."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.core.words import clock, duration
from tenant_apps.booking.services.rota import close_day, set_special_hours
from tenant_apps.catalog.enums import AddonPlace, Colour, Level
from tenant_apps.catalog.models import Service
from tenant_apps.catalog.permissions import EDIT_CATALOG
from tenant_apps.catalog.selectors import all_option_terms, option_terms
from tenant_apps.catalog.services.categories import add_category
from tenant_apps.catalog.services.price_list import add_service
from tenant_apps.catalog.types import BUNDLE, BundlePart, LevelTerms, NewOption, PhaseTerms
from tenant_apps.onboarding.starters import WORK
from tenant_apps.staff.permissions import EDIT_ROTA, EDIT_TEAM
from tenant_apps.staff.services.team import add_member
from tenants.models import Salon
from tenants.types import SalonCard
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
MANAGER = system(Channel.COMMAND, permissions=frozenset({EDIT_CATALOG, EDIT_TEAM, EDIT_ROTA}))
TUESDAY = datetime(2026, 12, 1, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def _nothing_cached(salon: SalonCard, other_salon: SalonCard) -> Iterator[None]:
    yield
    for card in (salon, other_salon):
        with salon_scope(card):
            cache.delete("next-free")


def visit(salon: SalonCard, path: str = "/", **headers: str) -> Any:
    return Client().get(path, headers={"Host": salon.host, **headers})


def at(hour: int, minute: int = 0, *, days: int = 0) -> time_machine.travel:
    moment = (TUESDAY + timedelta(days=days)).replace(hour=hour, minute=minute)
    return time_machine.travel(moment.astimezone(UTC), tick=False)


def describe(salon: SalonCard, **changes: str) -> None:
    with public_scope():
        Salon.objects.filter(pk=salon.id).update(**changes)


def test_the_page_shows_services_prices_team_and_hours(desk: Desk) -> None:
    page = visit(desk.salon).text

    for service in desk.get("/catalog/services").json()["items"]:
        assert service["name"] in page
    assert "Anna Owner" in page
    assert "£48" in page
    assert "50 min" in page
    assert "09:00–18:00" in page
    assert "09:00–14:00" in page


def test_another_salons_data_is_never_on_it(salon: SalonCard, other_salon: SalonCard) -> None:
    page, other = visit(salon).text, visit(other_salon).text

    assert "Bruno" not in page
    assert "Anna" not in other
    for text, card in ((page, salon), (other, other_salon)):
        assert card.schema_name not in text
        assert str(card.id) not in text


@pytest.mark.parametrize(
    ("hour", "days", "shown", "hidden"),
    [
        (10, 0, "18:00", "Closed now"),
        (8, 0, "Opens today at 09:00", "Closed now"),
        (18, 0, "Closed now", "Opens today"),
        (13, 4, "14:00", "Closed now"),
        (15, 4, "Closed now", "Opens today"),
        (10, 5, "Closed now", "Opens today"),
    ],
)
def test_it_says_whether_the_salon_is_open(
    salon: SalonCard, hour: int, days: int, shown: str, hidden: str
) -> None:
    with at(hour, days=days):
        page = visit(salon).text

    assert shown in page
    assert hidden not in page


def test_on_a_closed_day_it_is_closed_whatever_the_week_says(salon: SalonCard) -> None:
    with salon_scope(salon):
        close_day(date=TUESDAY.date(), reason="holiday", actor=MANAGER)
    with at(10):
        page = visit(salon).text

    assert "Closed now" in page


def test_on_a_day_with_other_hours_it_says_those(salon: SalonCard) -> None:
    with salon_scope(salon):
        set_special_hours(date=TUESDAY.date(), spans=[(660, 1500)], actor=MANAGER)
    with at(10):
        before = visit(salon).text
    with at(23):
        late = visit(salon).text

    assert "Opens today at 11:00" in before
    assert "11:00–01:00" in before
    assert "01:00" in late
    assert "Closed now" not in late


def test_the_next_free_time_is_the_first_on_offer_on_the_salons_clock(other_desk: Desk) -> None:
    with at(7, days=1):
        service = other_desk.get("/catalog/services").json()["items"][0]
        answer = other_desk.get(
            "/booking/availability",
            {"from": "2026-12-02", "to": "2026-12-08", "line": service["options"][0]["id"]},
        ).json()
        first = next(start for day in answer["days"] for start in day["starts"])
        page = visit(other_desk.salon, **{"Accept-Language": "en"}).text

    starts_at = parse_datetime(first["starts_at"])
    assert starts_at is not None
    warsaw = starts_at.astimezone(ZoneInfo("Europe/Warsaw"))
    assert f"today, {clock(warsaw)}" in page
    assert "Bruno Owner" in page


def test_the_next_free_time_is_a_guests_whoever_looks_first(desk: Desk) -> None:
    """Staff may book without notice; that must not stay in the cache for everybody."""
    owner = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    with at(10, 2):
        signed_in = desk.client.get("/", headers=owner.headers()).text
        with salon_scope(desk.salon):
            cache.delete("next-free")
        guest = visit(desk.salon).text

    found = re.findall(r"today, \d\d:\d\d", guest)
    assert found
    assert re.findall(r"today, \d\d:\d\d", signed_in) == found


def test_a_salon_without_services_says_so(salon: SalonCard) -> None:
    with salon_scope(salon):
        Service.objects.update(is_online=False)

    page = visit(salon)
    assert page.status_code == 200
    assert "being prepared" in page.text


@pytest.mark.parametrize("path", ["/", "/book", "/robots.txt"])
def test_a_page_may_be_looked_at_and_nothing_else(salon: SalonCard, path: str) -> None:
    client = Client()
    head = client.head(path, headers={"Host": salon.host})

    assert (head.status_code, head.content) == (200, b"")
    for method in (client.post, client.put, client.delete):
        assert method(path, headers={"Host": salon.host}).status_code == 405


# Languages


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "pl"),
        ({"Accept-Language": "de"}, "de"),
        ({"Accept-Language": "de-CH, en;q=0.5"}, "de"),
        ({"Accept-Language": "fr, en;q=0.8"}, "en"),
        ({"Accept-Language": "fr"}, "pl"),
        ({"Accept-Language": "*"}, "pl"),
        ({"Accept-Language": ";;;q=x"}, "pl"),
        ({"Accept-Language": "de", "Cookie": "language=en"}, "en"),
        ({"Cookie": "language=klingon"}, "pl"),
    ],
)
def test_a_visitor_is_spoken_to_in_a_language_they_know_else_in_the_salons(
    other_salon: SalonCard, headers: dict[str, str], language: str
) -> None:
    response = visit(other_salon, **headers)

    assert response["Content-Language"] == language
    assert f'<html lang="{language}">' in response.text
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_a_choice_of_language_is_remembered(salon: SalonCard) -> None:
    client = Client()
    chosen = client.get("/?lang=de", headers={"Host": salon.host})
    later = client.get("/", headers={"Host": salon.host, "Accept-Language": "pl"})

    assert (chosen["Content-Language"], later["Content-Language"]) == ("de", "de")
    assert chosen.cookies["language"]["domain"] == ""
    assert "language" not in visit(salon, "/?lang=klingon").cookies


@pytest.mark.parametrize("path", ["/nowhere", "/manage/none", "/calendar/none.ics"])
def test_a_page_that_says_no_is_in_every_language_too(salon: SalonCard, path: str) -> None:
    menu = re.findall(r'<li><a href="(.*?)" lang="(\w+)"', visit(salon, path).text)

    assert menu == [("?lang=en", "en"), ("?lang=de", "de"), ("?lang=pl", "pl")]
    assert "Nothing here" not in visit(salon, f"{path}?lang=de").text


def test_another_language_asks_for_the_same_thing(salon: SalonCard) -> None:
    page = visit(salon, "/nowhere?option=1&x=a%26b&lang=de").text

    assert 'href="?option=1&amp;x=a%26b&amp;lang=pl"' in page


def test_a_path_that_looks_like_a_host_leads_nowhere_else(salon: SalonCard) -> None:
    page = visit(salon, "//evil.example/x").text

    assert "evil.example" not in page


def test_search_engines_find_each_language_under_an_address_of_its_own(salon: SalonCard) -> None:
    url = "http://anna.localhost:8000/"
    plain, german = visit(salon).text, visit(salon, "/?lang=de").text

    assert f'<link rel="canonical" href="{url}">' in plain
    assert f'<link rel="canonical" href="{url}?lang=de">' in german
    alternates = {
        f'<link rel="alternate" hreflang="{code}" href="{url}?lang={code}">'
        for code in ("en", "de", "pl")
    } | {f'<link rel="alternate" hreflang="x-default" href="{url}">'}
    for page in (plain, german):
        assert set(re.findall(r'<link rel="alternate"[^>]*>', page)) == alternates
    assert 'rel="canonical" href="http://anna.localhost:8000/">' in visit(salon, "/?lang=x").text


# What a browser may do


def test_a_page_allows_only_our_own_scripts_and_styles(salon: SalonCard) -> None:
    first, second = visit(salon), visit(salon)
    rules = dict(
        rule.strip().partition(" ")[::2] for rule in first["Content-Security-Policy"].split(";")
    )

    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in first["Content-Security-Policy"]
    (nonce,) = re.findall(r"'nonce-([^']+)'", rules["script-src"])
    assert nonce not in second["Content-Security-Policy"]
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["X-Frame-Options"] == "DENY"
    assert first["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/book", "/nowhere"])
def test_every_inline_script_and_style_carries_the_nonce(salon: SalonCard, path: str) -> None:
    describe(salon, accent="#5b2145")
    response = visit(salon, path)

    inline = re.findall(r"<(script|style)\b([^>]*)>", response.text)
    assert inline
    for tag, attributes in inline:
        harmless = "src=" in attributes or 'type="application/json"' in attributes
        assert harmless or "nonce=" in attributes, (tag, attributes)
    assert not re.search(r"\son\w+=", response.text)


def test_search_engines_read_facts_that_cannot_break_out(salon: SalonCard) -> None:
    describe(salon, name="</script><script>alert(1)</script>", tagline="a < b & c")

    page = visit(salon).text
    assert "<script>alert(1)" not in page
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    assert found is not None
    facts = json.loads(found[1])
    assert facts["name"] == "</script><script>alert(1)</script>"
    assert facts["description"] == "a < b & c"
    assert facts["url"] == "http://anna.localhost:8000/"


def test_what_a_salon_has_not_told_leaves_no_gap(salon: SalonCard, other_salon: SalonCard) -> None:
    page = visit(salon).text
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
    assert found is not None

    assert "<title>Anna · Hair salon</title>" in page
    assert 'content=""' not in page
    assert json.loads(found[1])["address"] == {"@type": "PostalAddress", "addressCountry": "GB"}

    describe(other_salon, city="Łódź", tagline="Calm.")
    page = visit(other_salon, **{"Accept-Language": "en"}).text
    assert "<title>Bruno · Hair salon, Łódź</title>" in page
    assert '<meta name="description" content="Calm.">' in page


def test_the_booking_flow_gets_its_settings_as_data(salon: SalonCard) -> None:
    page = visit(salon, "/book?option=</script><script>alert(1)</script>").text

    assert "<script>alert(1)" not in page
    found = re.search(r'<script id="booking-config" type="application/json">(.*?)</script>', page)
    assert found is not None
    config = json.loads(found[1])
    assert config["option"] == "</script><script>alert(1)</script>"
    assert config["salon"]["open_weekdays"] == [1, 2, 3, 4, 5, 6]
    assert config["salon"]["currency"] == "GBP"


# Prices


def sold_by(salon: SalonCard, *levels: Level) -> None:
    """A service with prices for a junior, a stylist and a director, and members who do it."""
    with salon_scope(salon):
        category = add_category(name="More", colour=Colour.CUT, actor=MANAGER)
        option = NewOption(
            phases=(PhaseTerms(kind=WORK, minutes=30),),
            levels={
                level.value: LevelTerms(price=3000 + 1000 * place)
                for place, level in enumerate([Level.JUNIOR, Level.STYLIST, Level.DIRECTOR])
            },
        )
        service = add_service(
            category_id=category.pk, name="Fringe", options=[option], actor=MANAGER
        )
        for place, level in enumerate(levels):
            add_member(
                name=str(level.label),
                level=level,
                option_ids=service.options.values_list("id", flat=True),
                position=place + 1,
                actor=MANAGER,
            )


@pytest.mark.parametrize(
    ("levels", "price"),
    [
        ([Level.JUNIOR], "£30"),
        ([Level.DIRECTOR], "£50"),
        ([Level.DIRECTOR, Level.STYLIST], "from £40"),
        ([], "from £30"),
    ],
)
def test_the_price_shown_is_one_that_somebody_there_takes(
    salon: SalonCard, levels: list[Level], price: str
) -> None:
    sold_by(salon, *levels)

    page = visit(salon).text
    offer = page[page.index("Fringe") :].split('class="offer-price">')[1].split("</span>")[0]
    assert " ".join(re.sub(r"<[^>]*>", " ", offer).split()) == price


def test_what_is_never_sold_alone_is_listed_without_a_way_to_book_it(salon: SalonCard) -> None:
    with salon_scope(salon):
        category = add_category(name="More", colour=Colour.CUT, actor=MANAGER)
        option = NewOption(
            phases=(PhaseTerms(kind=WORK, minutes=10),),
            levels={Level.STYLIST.value: LevelTerms(price=900)},
        )
        ids = {}
        for name, alone in (("Fringe", True), ("Scalp massage", False)):
            service = add_service(
                category_id=category.pk,
                name=name,
                options=[option],
                addon_place=AddonPlace.AFTER,
                sold_alone=alone,
                actor=MANAGER,
            )
            ids[name] = service.options.get().pk

    page = visit(salon).text
    assert f"/book?option={ids['Fringe']}" in page
    assert "Scalp massage" in page
    assert f"/book?option={ids['Scalp massage']}" not in page


def test_a_bundle_is_listed_at_its_one_price_with_the_time_of_its_parts(
    salon: SalonCard,
) -> None:
    with salon_scope(salon):
        parts = tuple(
            BundlePart(option_id=pk, parallel_group=place)
            for place, pk in enumerate(sorted(all_option_terms())[:2])
        )
        terms = option_terms([part.option_id for part in parts])
        category = add_category(name="More", colour=Colour.CUT, actor=MANAGER)
        option = NewOption(parts=parts, levels={BUNDLE: LevelTerms(price=7700)})
        add_service(category_id=category.pk, name="Both", options=[option], actor=MANAGER)

    stay = sum(
        phase.minutes for found in terms.values() for phase in found.phases if phase.takes_client
    )
    page = visit(salon).text
    offer = page[page.index("Both") :].split('class="add"')[0]
    assert "£77" in offer
    assert duration(stay) in offer


# Cost


def listed(salon: SalonCard, count: int) -> None:
    """So many services and members more."""
    with salon_scope(salon):
        category = add_category(name="More", colour=Colour.CUT, position=9, actor=MANAGER)
        option = NewOption(
            phases=(PhaseTerms(kind=WORK, minutes=30),),
            levels={Level.STYLIST.value: LevelTerms(price=1000)},
        )
        for number in range(count):
            service = add_service(
                category_id=category.pk,
                name=f"Service {number}",
                options=[option, option],
                position=number,
                actor=MANAGER,
            )
            add_member(
                name=f"Member {number}",
                level=Level.STYLIST,
                option_ids=service.options.values_list("id", flat=True),
                position=number + 1,
                actor=MANAGER,
            )


def statements(salon: SalonCard, path: str) -> int:
    visit(salon, path)
    with CaptureQueriesContext(connection) as queries:
        assert visit(salon, path).status_code == 200
    return len([q for q in queries.captured_queries if not q["sql"].startswith("SET ")])


@pytest.mark.parametrize(
    ("path", "most"), [("/", 6), ("/api/v1/catalog/services", 2), ("/api/v1/staff", 2)]
)
def test_a_longer_list_costs_no_more_statements(salon: SalonCard, path: str, most: int) -> None:
    listed(salon, 1)
    one = statements(salon, path)
    listed(salon, 2)

    assert statements(salon, path) == one <= most


def test_the_api_is_described_at_each_host(salon: SalonCard) -> None:
    names = {}
    for host in (salon.host, "localhost"):
        document = Client().get("/api/v1/openapi.json", headers={"Host": host}).json()
        names[host] = {
            operation["operationId"]
            for path in document["paths"].values()
            for operation in path.values()
        }
        assert Client().get("/api/v1/docs", headers={"Host": host}).status_code == 200

    assert {"listServices", "bookAppointment"} <= names[salon.host]
    assert {"signUpSalon", "checkSlug"} <= names["localhost"]
    assert "signUpSalon" not in names[salon.host]
