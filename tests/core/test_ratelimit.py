"""Nobody knocks more often than the setting says, with Redis or without."""

import pytest
from pytest_django import Settings

from shared_apps.core import ratelimit
from shared_apps.core.errors import TooMany
from shared_apps.core.scope import NoScope, public_scope, salon_scope
from tenants.types import SalonCard
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT = "Women’s cut and finish"
REDIS_AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    ratelimit._shared.cache_clear()
    ratelimit._own.cache_clear()
    ratelimit._shared().storage.reset()


@pytest.fixture
def redis_away(settings: Settings) -> object:
    settings.REDIS_URL = REDIS_AWAY
    ratelimit._shared.cache_clear()
    yield
    ratelimit._shared.cache_clear()


def allowed(times: int, *who: str) -> int:
    """How many of ``times`` knocks get through."""
    through = 0
    for _ in range(times):
        try:
            ratelimit.count("knock", *who)
        except TooMany:
            continue
        through += 1
    return through


def test_the_rate_of_the_setting_is_the_limit(in_public: None, settings: Settings) -> None:
    settings.RATE_LIMITS = {"knock": "3/hour"}

    assert allowed(5, "me") == 3
    assert allowed(5, "somebody else") == 3


def test_a_rule_without_rate_limits_nothing(in_public: None, settings: Settings) -> None:
    settings.RATE_LIMITS = {"knock": ""}

    assert allowed(50, "me") == 50


def test_who_is_stopped_learns_when_to_come_back(in_public: None, settings: Settings) -> None:
    settings.RATE_LIMITS = {"knock": "1/hour"}
    ratelimit.count("knock", "me")

    with pytest.raises(TooMany) as refusal:
        ratelimit.count("knock", "me")

    assert 0 < refusal.value.retry_after <= 2 * 3600


def test_a_flood_at_one_salon_leaves_the_other_alone(
    salon: SalonCard, other_salon: SalonCard, settings: Settings
) -> None:
    settings.RATE_LIMITS = {"knock": "3/hour"}

    with salon_scope(salon):
        assert allowed(5, "me") == 3
    with salon_scope(other_salon):
        assert allowed(5, "me") == 3
    with public_scope():
        assert allowed(5, "me") == 3


def test_without_redis_this_process_counts_alone(
    in_public: None, settings: Settings, redis_away: None
) -> None:
    settings.RATE_LIMITS = {"knock": "3/hour"}

    assert allowed(5, "me") == 3


def test_nobody_is_counted_outside_a_scope(settings: Settings) -> None:
    settings.RATE_LIMITS = {"knock": "3/hour"}

    with pytest.raises(NoScope):
        ratelimit.count("knock", "me")


def test_an_endpoint_answers_429_with_the_time_to_wait(desk: Desk, settings: Settings) -> None:
    settings.RATE_LIMITS = {"sign_in": "2/minute"}
    body = {"email": "anna@example.com", "password": "not this one"}
    answers = [desk.post("/auth/token", body) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[-1]["Retry-After"]) >= 1
    assert answers[-1].json()["code"] == "too_many_requests"


def test_one_account_is_guarded_against_many_networks(desk: Desk, settings: Settings) -> None:
    settings.RATE_LIMITS = {"sign_in": "2/minute"}
    body = {"email": "Anna@example.com", "password": "not this one"}
    answers = [
        desk.client.post(
            "/api/v1/auth/token",
            body,
            "application/json",
            headers=desk.headers(),
            REMOTE_ADDR=f"203.0.113.{number}",
        )
        for number in range(3)
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_looking_for_room_takes_none(in_public: None, settings: Settings) -> None:
    settings.RATE_LIMITS = {"knock": "1/hour"}
    for _ in range(5):
        ratelimit.make_sure_of_room("knock", "me")

    assert allowed(2, "me") == 1
    with pytest.raises(TooMany):
        ratelimit.make_sure_of_room("knock", "me")


def test_what_has_happened_is_counted_and_not_refused(in_public: None, settings: Settings) -> None:
    settings.RATE_LIMITS = {"knock": "1/hour"}
    for _ in range(3):
        ratelimit.note("knock", "me")

    assert allowed(2, "me") == 0


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/book", "/robots.txt", "/manage/x", "/calendar/x.ics", "/confirm/x"),
        *("/api/v1/staff", "/api/v1/catalog/services", "/api/v1/booking/availability"),
        *("/api/v1/openapi.json", "/api/v1/docs"),
        "/api/v1/booking/appointments/01234567-89ab-7def-8123-456789abcdef",
    ],
)
def test_what_anybody_may_read_has_a_rate(desk: Desk, settings: Settings, path: str) -> None:
    settings.RATE_LIMITS = {"public_read": "2/minute"}
    answers = [desk.client.get(path, headers=desk.headers()) for _ in range(3)]

    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    assert int(answers[-1]["Retry-After"]) >= 1


def test_somebody_signed_in_has_a_rate_of_their_own(desk: Desk, settings: Settings) -> None:
    settings.RATE_LIMITS = {"public_read": "2/minute"}
    owner = desk.sign_in("anna@example.com", OWNER_PASSWORD)

    assert [desk.get("/staff").status_code for _ in range(3)] == [200, 200, 429]
    assert [owner.get("/staff").status_code for _ in range(3)] == [200, 200, 429]
    assert owner.get("/auth/me").status_code == 200


def test_strangers_cannot_have_one_address_flooded_by_many_salons(
    desk: Desk, other_desk: Desk, settings: Settings
) -> None:
    settings.RATE_LIMITS = {"letter": "2/hour"}
    service = other_desk.get("/catalog/services").json()["items"][0]["name"]
    first, second = other_desk.starts(service)[:12:11]
    victim = {"name": "Vera", "email": "Vera@example.com"}
    assert desk.post("/clients/contact-codes", {"email": victim["email"]}).status_code == 202
    assert other_desk.book(first["starts_at"], service, client=victim).status_code == 201

    assert other_desk.book(second["starts_at"], service, client=victim).status_code == 429
    assert desk.post("/clients/contact-codes", {"email": victim["email"]}).status_code == 429
    assert desk.post("/clients/contact-codes", {"email": "eva@example.com"}).status_code == 202
    owner = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)
    assert owner.book(second["starts_at"], service, client=victim).status_code == 201


def test_a_hold_is_no_way_round_the_limit_of_bookings(desk: Desk, settings: Settings) -> None:
    settings.RATE_LIMITS = {"guest_booking": "1/hour"}
    first, second = (start["starts_at"] for start in desk.starts(CUT)[:12:11])
    assert desk.book(first, CUT).status_code == 201
    lines = [{"option_id": desk.option(CUT)["id"]}]
    hold = desk.post("/booking/holds", {"starts_at": second, "lines": lines}).json()

    confirmed = desk.post(
        f"/booking/appointments/{hold['id']}/confirm", {"hold": hold["token"], "client": GUEST}
    )

    assert (confirmed.status_code, confirmed.json()["code"]) == (429, "too_many_requests")


def test_several_at_once_count_as_many_and_are_refused_together(
    in_public: None, settings: Settings
) -> None:
    settings.RATE_LIMITS = {"knock": "5/hour"}
    ratelimit.count("knock", "me", times=3)

    with pytest.raises(TooMany):
        ratelimit.count("knock", "me", times=3)
    assert allowed(5, "me") == 2
