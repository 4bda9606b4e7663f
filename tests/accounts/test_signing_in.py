"""Signing in and out through the API, at one host and at no other."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from config.roles import ROLES
from shared_apps.accounts import services
from shared_apps.accounts.enums import Role
from shared_apps.accounts.errors import EmailTaken, InvalidToken
from shared_apps.accounts.models import Account, Session
from shared_apps.accounts.selectors import actor_for, actor_with_token, get_account
from shared_apps.accounts.services import forget_old_sessions, hash_password, open_account
from shared_apps.accounts.tokens import Claims, Use, _key, write
from shared_apps.core.actor import ActorKind, Channel, system
from shared_apps.core.errors import NotFound
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.journal.models import JournalEntry
from tenants.permissions import SUSPEND_SALON
from tenants.types import SalonCard
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


def tokens_of(desk: Desk, email: str = ANNA, password: str = OWNER_PASSWORD) -> dict[str, Any]:
    response = desk.post("/auth/token", {"email": email, "password": password})
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def me(desk: Desk, token: str) -> Any:
    return desk.get("/auth/me", Authorization=f"Bearer {token}")


def refused(response: Any) -> bool:
    """As any other bad token: nothing says why."""
    body = response.json()
    said = (response.status_code, body["code"], body["detail"], body["fields"])
    return said == (401, "invalid_token", "", {})


def session_of(desk: Desk) -> Session:
    with salon_scope(desk.salon):
        return Session.objects.select_related("account").latest("created_at")


def test_who_knows_the_password_gets_a_pair_of_tokens(desk: Desk) -> None:
    tokens = tokens_of(desk)

    assert set(tokens) == {"access", "refresh", "expires_in"}
    assert tokens["expires_in"] == 24 * 3600
    response = me(desk, tokens["access"])
    assert response.status_code == 200
    assert response.json() == {
        "id": response.json()["id"],
        "name": "Anna Owner",
        "email": ANNA,
        "language": response.json()["language"],
        "roles": ["owner"],
    }


def test_an_address_is_known_in_any_case(desk: Desk) -> None:
    tokens_of(desk, email="ANNA@Example.com")


def test_a_wrong_password_and_an_unknown_address_look_the_same(desk: Desk) -> None:
    asked = [(ANNA, "not this one"), ("nobody@example.com", OWNER_PASSWORD), (ANNA, "")]
    answers = [desk.post("/auth/token", {"email": e, "password": p}) for e, p in asked]

    def shown(answer: Any) -> Any:
        return answer.status_code, {**answer.json(), "request_id": ""}

    assert answers[0].status_code == 401
    assert answers[0].json()["code"] == "wrong_credentials"
    assert shown(answers[0]) == shown(answers[1]) == shown(answers[2])


def test_an_account_put_to_rest_signs_nobody_in_and_its_tokens_end(desk: Desk) -> None:
    tokens = tokens_of(desk)
    with salon_scope(desk.salon):
        Account.objects.filter(email=ANNA).update(is_active=False)

    asked = desk.post("/auth/token", {"email": ANNA, "password": OWNER_PASSWORD})
    assert (asked.status_code, asked.json()["code"]) == (401, "wrong_credentials")
    assert refused(me(desk, tokens["access"]))
    assert refused(desk.post("/auth/token/refresh", {"refresh": tokens["refresh"]}))


def test_a_stranger_is_asked_to_sign_in(desk: Desk) -> None:
    response = desk.get("/auth/me")

    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic YTpi", "nonsense", "Bearer a.b.c", "Bearer \u00e9"]
)
def test_credentials_that_are_none_are_refused_even_where_none_are_needed(
    desk: Desk, header: str
) -> None:
    assert refused(desk.get("/staff", Authorization=header))


@pytest.mark.parametrize("header", ["X-User", "X-Actor", "X-Permissions", "X-Forwarded-User"])
def test_no_other_header_says_who_calls(desk: Desk, header: str) -> None:
    with salon_scope(desk.salon):
        account = Account.objects.get(email=ANNA)

    assert desk.get("/auth/me", **{header: str(account.pk)}).status_code == 401


# Another salon's


def test_a_token_of_one_salon_is_refused_at_another(desk: Desk, other_desk: Desk) -> None:
    tokens = tokens_of(desk)

    assert refused(me(other_desk, tokens["access"]))
    for path in ("/auth/token/refresh", "/auth/token/revoke"):
        assert refused(other_desk.post(path, {"refresh": tokens["refresh"]}))
    assert me(desk, tokens["access"]).status_code == 200


def test_it_is_refused_also_where_account_and_session_were_cloned(
    desk: Desk, other_desk: Desk
) -> None:
    tokens = tokens_of(desk)
    session = session_of(desk)
    with salon_scope(other_desk.salon):
        Account.objects.bulk_create([session.account])
        Session.objects.bulk_create([session])
        assert get_account(session.account_id).email == ANNA

    assert refused(me(other_desk, tokens["access"]))
    assert refused(other_desk.post("/auth/token/refresh", {"refresh": tokens["refresh"]}))


def test_a_salons_token_is_refused_on_the_platform_and_the_reverse(desk: Desk) -> None:
    operator = operator_token()
    access = tokens_of(desk)["access"]

    assert refused(platform_me(access))
    assert refused(me(desk, operator))
    assert platform_me(operator).json()["roles"] == ["operator"]


def operator_token() -> str:
    with public_scope():
        open_account(
            email="op@example.com",
            name="Op",
            password_hash=hash_password(OWNER_PASSWORD),
            roles=[Role.OPERATOR],
            actor=system(Channel.COMMAND),
        )
    response = Client().post(
        "/api/v1/auth/token",
        {"email": "op@example.com", "password": OWNER_PASSWORD},
        "application/json",
        headers={"Host": "localhost"},
    )
    return str(response.json()["access"])


def platform_me(token: str) -> Any:
    headers = {"Host": "localhost", "Authorization": f"Bearer {token}"}
    return Client().get("/api/v1/auth/me", headers=headers)


def test_an_operator_is_one_to_every_command_of_the_platform(in_public: None) -> None:
    actor = actor_with_token(operator_token())

    assert actor.kind is ActorKind.OPERATOR
    assert actor.may(SUSPEND_SALON)


# Forged and old ones


def forged(desk: Desk, *, key: bytes | None = None, signed: bool = True, **changes: Any) -> str:
    session = session_of(desk)
    moment = now()
    with salon_scope(desk.salon):
        ours = _key()
    claims = {
        "iss": "parlour",
        "aud": str(desk.salon.id),
        "use": "access",
        "sub": str(session.account_id),
        "sid": str(session.pk),
        "gen": 1,
        "iat": moment,
        "exp": moment + timedelta(hours=1),
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    if not signed:
        return jwt.encode(kept, None, algorithm="none")
    return jwt.encode(kept, key or ours, algorithm="HS256")


def test_a_token_made_with_our_key_is_taken(desk: Desk) -> None:
    """So that what follows is refused for its own reason."""
    tokens_of(desk)

    assert me(desk, forged(desk)).status_code == 200


FORGERIES: dict[str, dict[str, Any]] = {
    "unsigned": {"signed": False},
    "another key": {"key": b"x" * 32},
    "the platform's": {"aud": "public"},
    "nobody's": {"aud": None},
    "another issuer": {"iss": "somebody"},
    "a refresh token": {"use": "refresh"},
    "an unknown use": {"use": "anything"},
    "another account": {"sub": str(uuid4())},
    "another session": {"sid": str(uuid4())},
    "no session": {"sid": None},
    "a session that is no id": {"sid": "not an id"},
    "a generation that is no number": {"gen": "many"},
    "expired": {"exp": now() - timedelta(minutes=1)},
    "endless": {"exp": None},
    "of tomorrow": {"iat": now() + timedelta(hours=24), "exp": now() + timedelta(hours=48)},
}


@pytest.mark.parametrize("changes", FORGERIES.values(), ids=FORGERIES)
def test_a_token_that_is_not_quite_ours_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    tokens_of(desk)

    assert refused(me(desk, forged(desk, **changes)))


def test_an_access_token_ends_after_a_day(desk: Desk) -> None:
    access = tokens_of(desk)["access"]

    with time_machine.travel(now() + timedelta(hours=23, minutes=59)):
        assert me(desk, access).status_code == 200
    with time_machine.travel(now() + timedelta(hours=24, seconds=2)):
        assert refused(me(desk, access))


def test_neither_token_does_the_others_work(desk: Desk) -> None:
    tokens = tokens_of(desk)

    assert refused(me(desk, tokens["refresh"]))
    assert refused(desk.post("/auth/token/refresh", {"refresh": tokens["access"]}))


# Renewing and ending


def renewed(desk: Desk, refresh: str) -> dict[str, Any]:
    response = desk.post("/auth/token/refresh", {"refresh": refresh})
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_a_refresh_token_is_good_for_one_new_pair(desk: Desk) -> None:
    first = tokens_of(desk)
    second = renewed(desk, first["refresh"])
    third = renewed(desk, second["refresh"])

    assert len({pair["refresh"] for pair in (first, second, third)}) == 3
    assert me(desk, third["access"]).status_code == 200


def test_a_refresh_token_that_comes_back_ends_the_session_for_everybody(desk: Desk) -> None:
    stolen = tokens_of(desk)
    second = renewed(desk, stolen["refresh"])

    assert refused(desk.post("/auth/token/refresh", {"refresh": stolen["refresh"]}))

    assert refused(me(desk, second["access"]))
    assert refused(desk.post("/auth/token/refresh", {"refresh": second["refresh"]}))
    assert history_of(session_of(desk), desk) == [
        ("accounts.session_started", 1),
        ("accounts.session_renewed", 2),
        ("accounts.session_ended", 3),
    ]


def history_of(session: Session, desk: Desk) -> list[tuple[str, int]]:
    with salon_scope(desk.salon):
        entries = JournalEntry.objects.filter(stream_id=session.pk).order_by("version")
        return list(entries.values_list("event", "version"))


def test_another_session_of_the_same_account_goes_on(desk: Desk) -> None:
    mine, theirs = tokens_of(desk), tokens_of(desk)

    assert desk.post("/auth/token/revoke", {"refresh": theirs["refresh"]}).status_code == 204

    assert refused(me(desk, theirs["access"]))
    assert me(desk, mine["access"]).status_code == 200


def test_signing_out_twice_is_no_trouble(desk: Desk) -> None:
    tokens = tokens_of(desk)

    for _ in range(2):
        response = desk.post("/auth/token/revoke", {"refresh": tokens["refresh"]})
        assert (response.status_code, response.content) == (204, b"")


def test_a_session_left_alone_for_a_month_has_ended(desk: Desk) -> None:
    tokens = tokens_of(desk)

    with time_machine.travel(now() + timedelta(days=31)):
        assert refused(desk.post("/auth/token/refresh", {"refresh": tokens["refresh"]}))


def test_old_sessions_are_swept_a_week_after_their_end(desk: Desk) -> None:
    ended, running, over = (tokens_of(desk) for _ in range(3))
    desk.post("/auth/token/revoke", {"refresh": ended["refresh"]})
    with salon_scope(desk.salon):
        claims = jwt.decode(over["refresh"], options={"verify_signature": False})
        Session.objects.filter(pk=claims["sid"]).update(expires_at=now() - timedelta(days=8))
        assert forget_old_sessions() == 1
        with time_machine.travel(now() + timedelta(days=8)):
            assert forget_old_sessions() == 1
            (kept,) = Session.objects.all()
    alive = jwt.decode(running["refresh"], options={"verify_signature": False})
    assert str(kept.pk) == alive["sid"]


# Accounts and roles


def test_an_address_has_one_account_in_a_salon_and_another_in_the_next(
    salon: SalonCard, other_salon: SalonCard
) -> None:
    arguments: dict[str, Any] = {
        "email": "Twice@Example.com",
        "name": "Twice",
        "password_hash": "!",
        "roles": [],
        "actor": system(Channel.COMMAND),
    }
    with salon_scope(other_salon):
        services.open_account(**arguments)
    with salon_scope(salon):
        assert services.open_account(**arguments).email == "twice@example.com"
        with pytest.raises(EmailTaken):
            services.open_account(**arguments)


def test_an_unknown_account_is_not_found(in_salon: SalonCard) -> None:
    with pytest.raises(NotFound):
        get_account(uuid4())


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gives_its_permissions_and_what_everybody_may(role: Role) -> None:
    actor = actor_for(Account(roles=[role]))

    assert actor.permissions == ROLES[None] | ROLES[role]


def test_roles_add_up() -> None:
    actor = actor_for(Account(roles=[Role.TRAINEE, Role.RECEPTIONIST]))

    assert actor.permissions == ROLES[None] | ROLES[Role.TRAINEE] | ROLES[Role.RECEPTIONIST]


def test_every_role_has_its_line_in_the_table() -> None:
    assert set(ROLES) == {None, *Role}


def test_a_stolen_session_row_is_not_enough(in_salon: SalonCard) -> None:
    """Claims of another account do not fit the session."""
    account = Account.objects.get(email=ANNA)
    session = Session.objects.create(account=account, expires_at=now() + timedelta(days=1))
    claims = Claims(UUID(int=7), session.pk, 1)

    with pytest.raises(InvalidToken):
        actor_with_token(write(claims, use=Use.ACCESS, issued_at=now()))


def test_who_calls_is_found_out_with_one_query(desk: Desk) -> None:
    access = tokens_of(desk)["access"]
    with salon_scope(desk.salon):
        Account.objects.count()
        statements: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            statements.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            actor_with_token(access)

    assert len(statements) == 1
