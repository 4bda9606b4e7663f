"""A salon's life: opened, suspended, resumed, renamed, closed."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from shared_apps.core.actor import Channel, system
from shared_apps.core.errors import Forbidden
from shared_apps.core.models import uuid7
from shared_apps.core.scope import public_scope
from shared_apps.journal.models import JournalEntry
from tenants import services
from tenants.enums import SalonState, Trade
from tenants.errors import NoSuchSalon, SlugRefused, SlugTaken, WrongState
from tenants.management.confirmed import AT_THE_CONSOLE
from tenants.models import Domain, FreedSlug, Salon
from tenants.permissions import DESCRIBE_SALON
from tenants.policies import LONGEST_SLUG, RESERVED_SLUGS, slug_problem
from tenants.schema.head import head_version
from tenants.selectors import why_slug_refused
from tenants.types import Profile, SalonCard

pytestmark = pytest.mark.django_db
NOBODY = system(Channel.COMMAND)
OPERATOR = system(Channel.COMMAND, permissions=AT_THE_CONSOLE)


def events(salon: SalonCard) -> list[str]:
    with public_scope():
        entries = JournalEntry.objects.filter(stream_id=salon.id).order_by("version")
        return list(entries.values_list("event", flat=True))


def visit(host: str) -> Any:
    return Client().get("/", headers={"Host": host})


def carry_out(capture: DjangoCaptureOnCommitCallbacks, act: Any, **arguments: Any) -> Any:
    """In the public scope, with what follows the commit."""
    with capture(execute=True), public_scope():
        return act(**arguments)


def test_a_suspended_salon_is_off_the_net_at_once_and_comes_back(
    salon: SalonCard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert visit(salon.host).status_code == 200

    carry_out(
        django_capture_on_commit_callbacks, services.suspend_salon, slug="anna", actor=OPERATOR
    )
    shut = visit(salon.host)
    assert (shut.status_code, shut["Retry-After"]) == (503, "3600")
    assert shut.content == b"This salon is not available at the moment.\n"

    carry_out(
        django_capture_on_commit_callbacks, services.resume_salon, slug="anna", actor=OPERATOR
    )
    assert visit(salon.host).status_code == 200
    assert events(salon)[-2:] == ["tenants.salon_suspended", "tenants.salon_resumed"]


def test_a_change_writes_what_it_means_to_and_leaves_the_schemas_version_alone(
    salon: SalonCard,
) -> None:
    """The row is read by one process and moved by another: the provisioner's columns stay."""
    with public_scope(), CaptureQueriesContext(connection) as seen:
        services.suspend_salon(slug="anna", actor=OPERATOR)

    (update,) = [query["sql"] for query in seen if query["sql"].startswith("UPDATE")]
    written = re.findall(r'"(\w+)" = ', update.partition(" WHERE ")[0])
    assert written == ["updated_at", "state", "version", "state_since"]


def test_a_closed_salon_is_unknown_and_its_address_rests(
    salon: SalonCard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    carry_out(django_capture_on_commit_callbacks, services.close_salon, slug="anna", actor=OPERATOR)

    assert visit(salon.host).status_code == 404
    with public_scope():
        closing = Salon.objects.get(pk=salon.id)
        assert closing.state == SalonState.CLOSING
        assert not closing.domains.exists()
        assert why_slug_refused("anna") == "taken"
        Salon.objects.filter(pk=salon.id).update(state=SalonState.CLOSED)
        assert why_slug_refused("anna") == "resting"
        with time_machine.travel(now() + timedelta(days=179)):
            assert why_slug_refused("anna") == "resting"
        with time_machine.travel(now() + timedelta(days=180)):
            assert why_slug_refused("anna") is None
    assert events(salon)[-1] == "tenants.salon_closed"


def test_a_renamed_salon_moves_and_leaves_no_way_back(
    salon: SalonCard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    visit("rosa.localhost")
    card = carry_out(
        django_capture_on_commit_callbacks,
        services.rename_host,
        slug="anna",
        new_slug="rosa",
        actor=OPERATOR,
    )

    assert (card.slug, card.host) == ("rosa", "rosa.localhost")
    assert visit("rosa.localhost").status_code == 200
    assert visit("anna.localhost").status_code == 404
    with public_scope():
        assert why_slug_refused("anna") == "resting"
    assert events(salon)[-1] == "tenants.host_renamed"


def test_a_salon_behind_the_code_is_being_updated(salon: SalonCard) -> None:
    with public_scope():
        Salon.objects.filter(pk=salon.id).update(schema_version=head_version() - 1)

    response = visit(salon.host)

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.content == b"This salon is being updated. Try again shortly.\n"


def test_a_salon_ahead_of_the_code_serves(salon: SalonCard) -> None:
    with public_scope():
        Salon.objects.filter(pk=salon.id).update(schema_version=head_version() + 1)

    assert visit(salon.host).status_code == 200


def test_a_described_salon_says_so_on_its_page(
    salon: SalonCard, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    profile = Profile(tagline="Cuts by the river", city="Leeds", phone="+441134960000")
    describer = system(Channel.COMMAND, permissions=frozenset({DESCRIBE_SALON}))
    visit(salon.host)
    carry_out(
        django_capture_on_commit_callbacks,
        services.describe_salon,
        salon_id=salon.id,
        profile=profile,
        actor=describer,
    )

    assert "Cuts by the river" in visit(salon.host).text
    with public_scope():
        (entry,) = JournalEntry.objects.filter(event="tenants.salon_described")
    assert entry.data == {"fields": ["tagline", "city", "phone"]}


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        (services.suspend_salon, {"slug": "anna"}),
        (services.resume_salon, {"slug": "anna"}),
        (services.close_salon, {"slug": "anna"}),
        (services.rename_host, {"slug": "anna", "new_slug": "rosa"}),
        (services.describe_salon, {"salon_id": uuid7(), "profile": Profile()}),
    ],
)
def test_nobody_changes_a_salons_life_without_the_right(
    in_public: None, act: Any, arguments: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden):
        act(**arguments, actor=NOBODY)


def test_a_state_that_does_not_allow_it_is_named(in_public: None) -> None:
    with pytest.raises(WrongState) as refusal:
        services.resume_salon(slug="anna", actor=OPERATOR)
    assert refusal.value.extra == {"state": "active"}

    services.close_salon(slug="anna", actor=OPERATOR)
    for act in (services.suspend_salon, services.close_salon):
        with pytest.raises(WrongState):
            act(slug="anna", actor=OPERATOR)


def test_nobody_by_that_name_is_no_such_salon(in_public: None) -> None:
    with pytest.raises(NoSuchSalon):
        services.suspend_salon(slug="nobody", actor=OPERATOR)
    with pytest.raises(NoSuchSalon):
        services.confirm_owner(salon_id=uuid7(), actor=OPERATOR)


def test_an_owner_is_confirmed_once(in_public: None, salon: SalonCard) -> None:
    services.confirm_owner(salon_id=salon.id, actor=OPERATOR)

    assert events(salon).count("tenants.salon_confirmed") == 1


# Slugs


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("abc", None),
        ("a-b-c", None),
        ("1st-cut", None),
        ("a" * 40, None),
        ("ab", "format"),
        ("a" * 41, "format"),
        ("-".join("a" * 21), "format"),
        ("Anna", "format"),
        ("anna ", "format"),
        ("anna\n", "format"),
        ("-anna", "format"),
        ("anna-", "format"),
        ("an--na", "format"),
        ("xn--nna-3mc", "format"),
        ("änna", "format"),
        ("\u0430nna", "format"),
        ("'; drop schema", "format"),
        ("../../x", "format"),
        ("an.na", "format"),
        ("an\x00na", "format"),
        ("", "format"),
        ("www", "reserved"),
        ("admin", "reserved"),
        ("api", "reserved"),
    ],
)
def test_a_slug_is_a_plain_host_label_and_not_ours(slug: str, problem: str | None) -> None:
    assert slug_problem(slug) == problem


@given(st.from_regex(r"\A[a-z0-9](-?[a-z0-9]){2,60}\Z"))
def test_whatever_passes_fits_its_column_and_a_host_label(slug: str) -> None:
    if slug_problem(slug) is None:
        assert 3 <= len(slug) <= LONGEST_SLUG <= 63
        assert "--" not in slug


@given(st.text(max_size=50))
def test_whatever_passes_is_ascii_without_dots(slug: str) -> None:
    if slug_problem(slug) is None:
        assert slug.isascii()
        assert slug == slug.lower()
        assert not set(slug) & set("./ _@:")


def test_every_reserved_word_would_pass_otherwise_or_is_too_short() -> None:
    assert all(word == word.lower() and word.isascii() for word in RESERVED_SLUGS)
    assert {"www", "mail", "api", "admin", "localhost"} <= RESERVED_SLUGS


@pytest.mark.parametrize(
    ("slug", "error"), [("anna", SlugTaken), ("www", SlugRefused), ("a", SlugRefused)]
)
def test_an_address_that_cannot_be_had_is_refused_naming_the_field(
    in_public: None, slug: str, error: type[SlugTaken] | type[SlugRefused]
) -> None:
    for act in (open_named, rename_to):
        with pytest.raises(error) as refusal:
            act(slug)
        assert list(refusal.value.fields) == ["slug"]


def open_named(slug: str) -> SalonCard:
    return services.open_salon(name="X", slug=slug, country="DE", trade=Trade.HAIR, actor=OPERATOR)


def rename_to(slug: str) -> SalonCard:
    return services.rename_host(slug="bruno", new_slug=slug, actor=OPERATOR)


def test_a_freed_address_rests_again_when_it_is_freed_again(in_public: None) -> None:
    FreedSlug.objects.create(slug="anna", freed_on=localdate() - timedelta(days=400))

    services.close_salon(slug="anna", actor=OPERATOR)

    assert FreedSlug.objects.get(slug="anna").freed_on == localdate()


# What PostgreSQL itself refuses


@pytest.mark.parametrize(
    "name", ["public", "a,public", "$user", "s_x", "s_" + "g" * 32, "s_" + "0" * 33]
)
def test_the_database_refuses_a_schema_name_that_is_not_ours(in_public: None, name: str) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Salon.objects.create(schema_name=name)


def test_the_database_refuses_an_open_salon_without_a_name(
    in_public: None, salon: SalonCard
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Salon.objects.filter(pk=salon.id).update(name="")


@pytest.mark.parametrize("host", ["Anna.localhost", "anna.localhost.", "an na", "", "a/b"])
def test_the_database_refuses_a_host_that_is_not_normal(
    in_public: None, salon: SalonCard, host: str
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.create(tenant_id=salon.id, domain=host, is_primary=False)


def test_the_database_refuses_two_open_salons_of_one_slug(
    in_public: None, other_salon: SalonCard
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Salon.objects.filter(pk=other_salon.id).update(slug="anna")


# Commands


@pytest.mark.parametrize(
    ("command", "state", "extra"),
    [
        ("suspend_salon", SalonState.SUSPENDED, []),
        ("close_salon", SalonState.CLOSING, []),
        ("rename_host", SalonState.ACTIVE, ["--to", "rosa"]),
    ],
)
def test_a_command_does_nothing_without_the_salon_repeated(
    salon: SalonCard,
    capsys: pytest.CaptureFixture[str],
    command: str,
    state: SalonState,
    extra: list[str],
) -> None:
    for confirm in ([], ["--confirm", "bruno"], ["--confirm", ""]):
        with pytest.raises(CommandError, match="--confirm anna"):
            call_command(command, "anna", *extra, *confirm)
        with public_scope():
            assert Salon.objects.get(pk=salon.id).slug == "anna"
            assert Salon.objects.get(pk=salon.id).state == SalonState.ACTIVE

    call_command(command, "anna", *extra, "--confirm", "anna")

    with public_scope():
        assert Salon.objects.get(pk=salon.id).state == state
    assert "anna" in capsys.readouterr().out


def test_a_suspended_salon_is_resumed_by_a_command(salon: SalonCard) -> None:
    call_command("suspend_salon", "anna", "--confirm", "anna")
    call_command("resume_salon", "anna", "--confirm", "anna")

    with public_scope():
        assert Salon.objects.get(pk=salon.id).state == SalonState.ACTIVE


def test_a_command_says_in_one_sentence_why_not() -> None:
    with pytest.raises(CommandError, match="no such salon"):
        call_command("suspend_salon", "nobody", "--confirm", "nobody")
    with pytest.raises(CommandError, match=r"slug: .*reserved"):
        call_command("rename_host", "anna", "--to", "www", "--confirm", "anna")
