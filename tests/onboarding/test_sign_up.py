"""Somebody opens a salon, and it is there."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from shared_apps.accounts.models import Account
from shared_apps.accounts.services import confirm_email
from shared_apps.core import ratelimit
from shared_apps.core.actor import Channel, system
from shared_apps.core.models import IdempotencyKey
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.journal.models import JournalEntry
from shared_apps.outbox.models import OutboxMessage
from tenant_apps.catalog.models import Service
from tenant_apps.onboarding.services import confirm_address
from tenants import services
from tenants.countries import COUNTRIES
from tenants.enums import SalonState, Trade
from tenants.models import Domain, Salon
from tenants.selectors import card_by_id, card_of, get_salon
from tenants.tasks import deliver
from tenants.types import SalonCard
from tests.desk import Desk
from tests.notifications.post import open_post_office, text_of
from tests.onboarding.forms import PASSWORD, answers, call, fields, send_form, sign_up, visit

pytestmark = pytest.mark.django_db


def new_salon(slug: str = "rosa") -> SalonCard:
    with public_scope():
        return card_of(get_salon(slug))


def pool() -> int:
    with public_scope():
        return Salon.objects.filter(state=SalonState.CREATING).count()


@pytest.fixture
def empty_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "LONGEST_WAIT", 0.1)
    with public_scope():
        Salon.objects.filter(state=SalonState.CREATING).update(schema_ready_at=None)


# The API


def test_a_signed_up_salon_is_answered_and_already_serves() -> None:
    response = sign_up()

    assert response.status_code == 201
    salon = response.json()
    assert salon == {
        "id": salon["id"],
        "slug": "rosa",
        "name": "Salon Rosa",
        "url": "http://rosa.localhost:8000",
        "currency": "EUR",
        "timezone": "Europe/Berlin",
        "language": "de",
    }
    assert visit("/", "rosa.localhost").status_code == 200
    assert Desk(new_salon()).sign_in("rosa@example.com", PASSWORD).get("/auth/me").json()[
        "roles"
    ] == ["owner"]


@pytest.mark.parametrize("trade", list(Trade))
def test_everything_on_the_first_price_list_of_a_trade_is_bookable_at_once(trade: Trade) -> None:
    assert sign_up(trade=trade).status_code == 201
    desk = Desk(new_salon())

    services = [service["name"] for service in desk.get("/catalog/services").json()["items"]]
    assert len(services) >= 3
    for service in services:
        booked = desk.book(desk.first_start(service), service)
        assert booked.status_code == 201, booked.content


@pytest.mark.parametrize("trade", list(Trade))
@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_every_trade_has_prices_in_every_countrys_money(trade: Trade, country: str) -> None:
    assert sign_up(trade=trade, country=country).status_code == 201
    desk = Desk(new_salon())

    (member,) = desk.get("/staff").json()["items"]
    options = [s["options"][0] for s in desk.get("/catalog/services").json()["items"]]
    assert [option["id"] for option in options] == member["option_ids"]
    for option in options:
        assert option["price"]["currency"] == COUNTRIES[country].currency
        assert option["price"]["amount"] > 0


def test_the_first_price_list_is_in_the_countrys_language() -> None:
    sign_up(country="GB")
    sign_up(country="PL", slug="roza")

    names = [
        [
            service["name"]
            for service in Desk(new_salon(slug)).get("/catalog/services").json()["items"]
        ]
        for slug in ("rosa", "roza")
    ]
    assert names[0][1] == "Men’s cut"
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "pl"),  # the country's
        ({"Accept-Language": "de-AT, en;q=0.5"}, "de"),
        ({"Accept-Language": "fr"}, "pl"),
        ({"Accept-Language": "de", "Cookie": "language=en"}, "en"),
    ],
)
@pytest.mark.parametrize("by_form", [False, True])
def test_the_owner_is_written_to_as_they_speak_else_as_the_country_does(
    headers: dict[str, str], language: str, by_form: bool
) -> None:
    if by_form:
        host = {"Host": "localhost", **headers}
        response = Client().post("/signup", fields(country="PL"), headers=host)
    else:
        response = call("/signup", answers(country="PL"), **headers)

    assert response.status_code == (302 if by_form else 201), response.content
    with salon_scope(new_salon()):
        assert Account.objects.get().language == language


@pytest.mark.parametrize(
    ("spoken", "country"),
    [("pl", "PL"), ("de-AT,de;q=0.9", "AT"), ("en-GB", "GB"), ("sv, en-ie;q=0.4", "IE")],
)
def test_the_form_begins_with_the_country_the_browser_speaks_of(spoken: str, country: str) -> None:
    page = visit("/signup", **{"Accept-Language": spoken}).text

    assert re.findall(r'<option value="(\w+)" selected', page) == [country]


@pytest.mark.parametrize(
    ("language", "placeholder"), [("en", "yourname"), ("de", "ihrname"), ("pl", "twojanazwa")]
)
def test_an_address_not_chosen_yet_is_named_in_the_readers_language(
    language: str, placeholder: str
) -> None:
    page = visit("/signup", **{"Accept-Language": language}).text

    assert f'data-preview="slug" data-empty="{placeholder}">{placeholder}<' in page


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u202e\u200d "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"slug": "Rosa"}, "slug"),
        ({"slug": "x" * 41}, "slug"),
        ({"slug": "-".join("a" * 25)}, "slug"),
        ({"slug": "admin"}, "slug"),
        ({"slug": "'; drop schema public"}, "slug"),
        ({"country": "XX"}, "country"),
        ({"country": "de"}, "country"),
        ({"trade": "bank"}, "trade"),
        ({"owner": {"name": "", "email": "r@example.com", "password": PASSWORD}}, "owner.name"),
        ({"owner": {"name": "R", "email": "nobody", "password": PASSWORD}}, "owner.email"),
        (
            {"owner": {"name": "R", "email": "a@b.de\nBcc: x@y.de", "password": PASSWORD}},
            "owner.email",
        ),
        ({"owner": {"name": "R", "email": "r@example.com", "password": "short"}}, "owner.password"),
        (
            {"owner": {"name": "R", "email": "r@example.com", "password": "password123"}},
            "owner.password",
        ),
        (
            {"owner": {"name": "Rosamunde", "email": "r@b.de", "password": "rosamunde1"}},
            "owner.password",
        ),
        ({"schema_name": "public"}, "schema_name"),
    ],
)
def test_each_answer_that_will_not_do_is_named(changes: dict[str, Any], path: str) -> None:
    response = sign_up(**changes)

    assert response.status_code == 422, response.content
    assert list(response.json()["fields"]) == [path]
    assert pool() == 2


def test_an_address_that_is_taken_is_a_conflict() -> None:
    response = sign_up(slug="anna")

    assert (response.status_code, response.json()["code"]) == (409, "slug_taken")
    assert pool() == 2


def test_a_name_that_grows_when_composed_is_cut_to_its_column() -> None:
    assert sign_up(name="\ufb2c" * 120).status_code == 201


def test_without_a_ready_schema_it_asks_to_come_back_and_nothing_is_written(
    empty_pool: None,
) -> None:
    with public_scope():
        before = JournalEntry.objects.count()
    response = call("/signup", answers(), **{"Idempotency-Key": "the-first-attempt"})

    assert (response.status_code, response.json()["code"]) == (503, "no_salon_ready")
    assert int(response["Retry-After"]) >= 1
    with public_scope():
        assert not Domain.objects.filter(domain="rosa.localhost").exists()
        assert not IdempotencyKey.objects.exists()
        assert JournalEntry.objects.count() == before


def test_the_same_request_again_renders_the_same_salon() -> None:
    first, second = (
        call("/signup", answers(), **{"Idempotency-Key": "one-key-for-me"}) for _ in "ab"
    )

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert pool() == 1
    other = call("/signup", answers(slug="roza"), **{"Idempotency-Key": "one-key-for-me"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_network_signs_up_so_often_a_day(settings: Settings) -> None:
    ratelimit._shared().storage.reset()
    settings.RATE_LIMITS = {"sign_up": "1/day"}

    assert sign_up().status_code == 201
    response = sign_up(slug="roza")
    assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
    assert int(response["Retry-After"]) >= 1
    assert send_form(slug="roza").status_code == 429
    assert send_form(slug="roza")["Retry-After"]
    ratelimit._shared().storage.reset()


@pytest.mark.parametrize("wrong", [{"email": "nobody"}, {"password": "rosabauer12"}])
def test_what_was_typed_wrong_costs_no_salon(settings: Settings, wrong: dict[str, str]) -> None:
    ratelimit._shared().storage.reset()
    settings.RATE_LIMITS = {"sign_up": "1/day"}

    assert [send_form(**wrong).status_code for _ in range(3)] == [422] * 3
    assert send_form(slug="anna").status_code == 409
    assert send_form().status_code == 302
    assert send_form(slug="roza").status_code == 429
    ratelimit._shared().storage.reset()


def test_a_network_tries_so_often_an_hour(settings: Settings) -> None:
    ratelimit._shared().storage.reset()
    settings.RATE_LIMITS = {"sign_up_try": "2/hour"}

    assert [sign_up(slug="anna").status_code for _ in range(3)] == [409, 409, 429]
    assert pool() == 2
    ratelimit._shared().storage.reset()


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("rosa", None),
        ("anna", "taken"),
        ("www", "reserved"),
        ("x", "format"),
        ("x" * 41, "format"),
        ("%3Cscript%3E", "format"),
        ("a%00b", "format"),
    ],
)
def test_an_address_can_be_tried_before(slug: str, reason: str | None) -> None:
    response = visit(f"/api/v1/slugs/{slug}")

    assert response.status_code == 200
    body = response.json()
    assert (body["available"], body["reason"]) == (reason is None, reason)
    assert len(body["slug"]) <= 40


def test_nothing_of_the_sign_up_is_personal_in_the_journal() -> None:
    sign_up()

    with salon_scope(new_salon()):
        said = [str(vars(entry)) for entry in JournalEntry.objects.all()]
    with public_scope():
        said += [str(vars(entry)) for entry in JournalEntry.objects.all()]
    assert len(said) > 10
    assert not any("rosa@" in text or "Bauer" in text for text in said)


def test_an_owner_whose_name_is_hostile_is_shown_as_text() -> None:
    owner = {"name": "<script>alert(1)</script>", "email": "r@example.com", "password": PASSWORD}
    assert sign_up(owner=owner, name="</script><script>alert(2)</script>").status_code == 201

    for page in ("/", "/book"):
        text = visit(page, "rosa.localhost").text
        assert "<script>alert" not in text
    assert "<script>alert" not in visit("/welcome/rosa").text


# The page, which works without JavaScript


def test_the_form_opens_a_salon_and_leads_to_its_welcome() -> None:
    response = send_form()

    assert (response.status_code, response["Location"]) == (302, "/welcome/rosa")
    page = visit("/welcome/rosa")
    assert page.status_code == 200
    assert "http://rosa.localhost:8000/" in page.text
    assert visit("/", "rosa.localhost").status_code == 200


def test_the_form_is_a_form(settings: Settings) -> None:
    page = visit("/signup")

    assert page.status_code == 200
    for name in fields():
        assert f'name="{name}"' in page.text
    assert "csrfmiddlewaretoken" in page.text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("changes", "input_name"),
    [
        ({"name": ""}, "name"),
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": "anna"}, "slug"),
        ({"country": "XX"}, "country"),
        ({"owner_name": ""}, "owner_name"),
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
    ],
)
def test_a_wrong_answer_is_marked_and_the_others_are_kept(
    changes: dict[str, str], input_name: str
) -> None:
    response = send_form(**changes)

    assert response.status_code in {409, 422}
    assert f'id="{input_name}-error"' in response.text
    kept = {**fields(), **changes}
    for name in ("name", "owner_name", "email", "slug"):
        assert f'value="{kept[name]}"' in response.text
    assert pool() == 2


def test_a_form_with_nothing_in_it_marks_everything() -> None:
    response = Client().post("/signup", {}, headers={"Host": "localhost"})

    assert response.status_code == 422
    assert response.text.count('class="error') == len(fields())


def test_the_password_is_never_sent_back() -> None:
    for response in (send_form(email="nobody"), send_form(slug="anna"), send_form(country="XX")):
        assert PASSWORD not in response.text


def test_what_was_typed_comes_back_as_text() -> None:
    response = send_form(name='"><script>alert(1)</script>', email="nobody")

    assert "<script>alert(1)" not in response.text


def test_an_empty_pool_is_said_on_the_page_with_the_time_to_wait(empty_pool: None) -> None:
    response = send_form()

    assert response.status_code == 503
    assert int(response["Retry-After"]) >= 1
    assert 'value="Salon Rosa"' in response.text


def test_the_welcome_of_nobody_is_not_found() -> None:
    assert visit("/welcome/nobody").status_code == 404


def test_the_landing_page_leads_to_the_form() -> None:
    page = visit("/")

    assert page.status_code == 200
    assert 'href="/signup"' in page.text


def test_furnishing_writes_its_history_by_one_statement() -> None:
    """A journal entry and a savepoint for each service used to be most of a sign-up."""
    with CaptureQueriesContext(connection) as seen:
        assert sign_up().status_code == 201

    statements = [query["sql"] for query in seen]
    histories = [sql for sql in statements if sql.startswith('INSERT INTO "journal_entry"')]
    savepoints = [sql for sql in statements if sql.startswith("SAVEPOINT")]
    assert (len(histories), len(savepoints)) == (3, 3)  # the salon's opening, its owner's account
    with salon_scope(new_salon()):
        services = Service.objects.count()
        told = JournalEntry.objects.filter(event="catalog.service_added").count()
        assert services == told == 7


# The letter and the confirmation


def deliver_welcome(salon: SalonCard) -> None:
    with public_scope():
        message = OutboxMessage.objects.get(salon_id=salon.id, event__startswith="onboarding")
        OutboxMessage.objects.filter(pk=message.pk).update(lease=UUID(int=7))
    deliver(str(message.pk), str(UUID(int=7)))


@pytest.fixture
def letter_of(settings: Settings) -> Callable[[SalonCard], str]:
    """The text of the welcome letter that the outbox hands to a real mail server."""

    def fetch(salon: SalonCard) -> str:
        with open_post_office() as office:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = office.hostname, office.port
            deliver_welcome(salon)
        (letter,) = office.letters
        assert office.recipients == [["rosa@example.com"]]
        return text_of(letter)

    return fetch


def link_in(text: str) -> str:
    (line,) = [line for line in text.splitlines() if "/confirm/" in line]
    return line.removeprefix("http://rosa.localhost:8000")


def robots(host: str) -> str:
    return str(visit("/robots.txt", host).text)


def test_search_engines_stay_out_until_the_owner_presses_the_button(
    letter_of: Callable[[SalonCard], str],
) -> None:
    sign_up()
    path = link_in(letter_of(new_salon()))
    assert "Disallow: /\n" in robots("rosa.localhost")
    assert 'content="noindex' in visit("/", "rosa.localhost").text

    opened = visit(path, "rosa.localhost")
    assert opened.status_code == 200
    assert 'method="post"' in opened.text
    assert 'href="?lang=pl"' in opened.text
    assert not new_salon().is_confirmed

    with public_scope():
        before = Salon.objects.get(slug="rosa").version
    pressed = Client().post(path, headers={"Host": "rosa.localhost"})
    assert (pressed.status_code, pressed["Location"]) == (302, "http://rosa.localhost:8000/")
    salon = new_salon()
    assert salon.is_confirmed
    with salon_scope(salon):
        assert Account.objects.get().email_confirmed_at is not None
    with public_scope():
        assert Salon.objects.get(slug="rosa").version == before + 1

    Client().post(path, headers={"Host": "rosa.localhost"})
    with public_scope():
        assert Salon.objects.get(slug="rosa").version == before + 1


def test_once_confirmed_search_engines_may_come(salon: SalonCard) -> None:
    assert robots(salon.host) == "User-agent: *\nDisallow: /book\n"
    assert 'content="noindex' not in visit("/", salon.host).text


def test_a_link_of_one_salon_opens_nothing_at_another(
    letter_of: Callable[[SalonCard], str], other_salon: SalonCard
) -> None:
    sign_up()
    path = link_in(letter_of(new_salon()))

    for host in (other_salon.host, "localhost"):
        assert visit(path, host).status_code == 404
        assert Client().post(path, headers={"Host": host}).status_code == 404
    assert not new_salon().is_confirmed


@pytest.mark.parametrize("token", ["x", "00000000000070008000000000000000.abc", "%00", "a.b.c"])
def test_a_link_that_was_not_signed_is_not_found(salon: SalonCard, token: str) -> None:
    assert visit(f"/confirm/{token}", salon.host).status_code == 404


def test_the_button_needs_its_token(salon: SalonCard) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/confirm/x", headers={"Host": salon.host}).status_code == 403


def test_confirming_goes_on_where_it_was_interrupted() -> None:
    sign_up()
    salon = new_salon()
    with salon_scope(salon):
        account = Account.objects.get()
        actor = system(Channel.WEB)
        confirm_email(account_id=account.pk, actor=actor)
        confirm_address(account_id=account.pk, actor=actor)

    assert new_salon().is_confirmed


# The command


def test_a_salon_is_opened_by_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSWORD)
    arguments = ["rosa", "--name", "Salon Rosa", "--country", "DE", "--trade", "hair"]
    owner = ["--owner-name", "Rosa", "--owner-email", "Rosa@Example.com"]

    with pytest.raises(CommandError, match="--confirm rosa"):
        call_command("open_salon", *arguments, *owner)
    with pytest.raises(CommandError, match=r"owner\.email"):
        call_command("open_salon", *arguments, *owner[:3], "nobody", "--confirm", "rosa")
    assert pool() == 2

    call_command("open_salon", *arguments, *owner, "--confirm", "rosa")

    assert "http://rosa.localhost:8000/" in capsys.readouterr().out
    with public_scope():
        assert card_by_id(new_salon().id) is not None
    assert Desk(new_salon()).sign_in("rosa@example.com", PASSWORD).token
