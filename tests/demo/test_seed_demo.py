"""Seeding as `make run` does it: by command, as the application, all six salons."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from shared_apps.accounts.selectors import actor_with_token
from shared_apps.accounts.services import sign_in
from shared_apps.chains.models import Chain, Membership
from shared_apps.core.actor import ActorKind
from shared_apps.core.scope import public_scope, salon_scope
from tenant_apps.booking.models import Appointment
from tenant_apps.clients.selectors import clients_of
from tenant_apps.demo.salons import CHAIN, SALONS
from tenant_apps.demo.seeding import Plan, demo_salons, seed_demo
from tenant_apps.demo.users import UsersFile
from tenant_apps.staff.selectors import team_on_show
from tenants.schema.pool import fill_pool
from tests.database import WorkerDatabase

# A Wednesday: every salon is open.
TODAY = date(2026, 11, 18)
ROLES = {"owner", "manager", "receptionist", "stylist", "client"}


@pytest.fixture
def home(committed: WorkerDatabase, tmp_path: Path, settings: Settings) -> Path:
    """An empty home, and as many ready schemas as there are demo salons."""
    with committed.owner():
        fill_pool(len(SALONS))
    settings.PARLOUR_HOME = tmp_path / "home"
    return Path(settings.PARLOUR_HOME)


def run(**options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("seed_demo", today=TODAY, weeks=0, stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue().strip()


def test_six_salons_are_open_and_everybody_can_sign_in(home: Path) -> None:
    first_sum, said = run(checksum=True)
    assert "Six salons are open" in said
    file = home / "demo-users.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir()] == [file.name]
    document = json.loads(file.read_text())
    assert [salon["slug"] for salon in document["salons"]] == [salon.slug for salon in SALONS]
    cards, visits = demo_salons(), 0
    for salon in document["salons"]:
        card = cards[salon["slug"]]
        assert salon["users"].keys() == ROLES
        assert {name: salon[name] for name in salon if name not in {"slug", "users"}} == {
            "name": card.name,
            "schema": card.schema_name,
            "country": card.country,
            "currency": card.currency,
            "timezone": card.timezone,
        }
        assert card.is_confirmed
        assert card.accent
        assert card.tagline
        with salon_scope(card):
            check_salon(salon["users"])
            visits += Appointment.objects.count()
    assert visits > 50
    check_platform(document)
    passwords = {
        user["password"] for salon in document["salons"] for user in salon["users"].values()
    }
    assert len(passwords) == len(SALONS) * len(ROLES)

    again_sum, said = run(checksum=True)
    assert again_sum == first_sum
    assert "there already" in said
    assert json.loads(file.read_text()) == document

    # Killed in its last moment, the file not yet in its place: nothing is opened twice.
    file.rename(home / "demo-users.draft.json")
    assert run(checksum=True)[0] == first_sum
    assert json.loads(file.read_text()) == document
    check_platform(document)
    call_command("verify_journal", stdout=StringIO())


def check_salon(users: dict[str, dict[str, Any]]) -> None:
    ids = {}
    for role, user in users.items():
        assert user["totp_secret"] is None
        tokens = sign_in(email=user["email"], password=user["password"])
        ids[role] = actor_with_token(tokens.access).id
    assert ids["stylist"] in {member.account_id for member in team_on_show()}
    assert len(clients_of(ids["client"] or pytest.fail("nobody"))) == 1


def check_platform(document: dict[str, Any]) -> None:
    kinds = {"hq": ActorKind.HQ, "operator": ActorKind.OPERATOR}
    with public_scope():
        for name, kind in kinds.items():
            user = document[name]
            tokens = sign_in(email=user["email"], password=user["password"])
            assert actor_with_token(tokens.access).kind == kind
        assert Chain.objects.get().name == "Linden & Lune"
        members = set(Membership.objects.values_list("salon_id", flat=True))
        assert members == {demo_salons()[salon.slug].id for salon in CHAIN}


class Killed(BaseException):
    """As by Ctrl-C, or worse."""


def test_a_run_that_was_killed_is_completed_by_the_next(home: Path) -> None:
    file, plan, days = UsersFile(home), Plan(seed=1, today=TODAY, span=timedelta(0)), 0

    def die_in_the_third_salon() -> None:
        nonlocal days
        days += 1
        if days == 3:
            raise Killed

    with pytest.raises(Killed):
        seed_demo(plan, file=file, on_day=die_in_the_third_salon)
    assert list(demo_salons()) == [salon.slug for salon in SALONS[:2]]
    assert not file.is_finished
    half = file.read()
    assert half is not None

    run()
    document = json.loads(file.path.read_text())
    assert len(demo_salons()) == len(SALONS)
    for salon, before in zip(document["salons"], half["salons"], strict=True):
        assert salon["users"] == before["users"]
    with salon_scope(demo_salons()[SALONS[0].slug]):
        check_salon(document["salons"][0]["users"])


def test_lost_passwords_are_said_in_one_sentence(home: Path) -> None:
    file = UsersFile(home)
    with pytest.raises(Killed):
        seed_demo(
            Plan(seed=1, today=TODAY, span=timedelta(0)), file=file, on_day=die_after_the_first()
        )
    for path in home.iterdir():
        path.unlink()
    with pytest.raises(CommandError, match="with their passwords is gone"):
        run()


def die_after_the_first() -> Any:
    days = iter([False, True])

    def on_day() -> None:
        if next(days):
            raise Killed

    return on_day


def test_without_a_provisioner_it_says_so(
    committed: WorkerDatabase,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.PARLOUR_HOME = tmp_path
    monkeypatch.setattr("tenants.services.LONGEST_WAIT", 0.1)
    with pytest.raises(CommandError, match="is the provisioner running"):
        run()
