"""Contact details as people type them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.actor import Channel, system
from shared_apps.core.models import uuid7
from shared_apps.journal.models import JournalEntry
from tenant_apps.clients.errors import ContactRefused, NoSuchClient
from tenant_apps.clients.models import Client
from tenant_apps.clients.policies import LONGEST_NAME, e164, is_email, tidy_name
from tenant_apps.clients.selectors import clients_of, get_client
from tenant_apps.clients.services import add_client, checked_contact
from tenant_apps.clients.types import Contact
from tenants.types import SalonCard

RECEPTION = system(Channel.STAFF)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("  Zoë   Müller ", "Zoë Müller"),
        ("Zoe\u0308", "Zoë"),
        ("Eve\r\nBcc: all@example.com", "Eve Bcc: all@example.com"),
        ("a\x00b\u202ec", "a b c"),
        ("👩\u200d🦰", "👩\u200d🦰"),
        ("\u200d \u200c", ""),
        ("\u202e\ufeff", ""),
        ("\ufb2c" * 120, "\u05e9\u05bc\u05c1" * 40),
    ],
)
def test_a_name_is_one_line_that_can_be_seen(raw: str, name: str) -> None:
    assert tidy_name(raw) == name


@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing_and_fits_the_column(raw: str) -> None:
    name = tidy_name(raw)

    assert tidy_name(name) == name
    assert len(name) <= LONGEST_NAME
    assert "\n" not in name
    assert "\x00" not in name


@pytest.mark.parametrize(
    ("raw", "country", "number"),
    [
        ("0170 123 45 67", "DE", "+491701234567"),
        ("020 7946 0000", "GB", "+442079460000"),
        ("+48 512 345 678", "GB", "+48512345678"),
        ("512 345 678", "PL", "+48512345678"),
        ("1", "DE", None),
        ("call me", "DE", None),
        ("+999 123456789", "DE", None),
        ("1" * 30, "DE", None),
        ("", "DE", None),
    ],
)
def test_a_phone_number_is_read_as_in_the_salons_country(
    raw: str, country: str, number: str | None
) -> None:
    assert e164(raw, country=country) == number


@given(st.text(max_size=40), st.sampled_from(["DE", "GB", "PL", "AT", "FR", "IE"]))
def test_whatever_is_typed_is_a_number_that_fits_or_none(raw: str, country: str) -> None:
    number = e164(raw, country=country)

    assert number is None or (number.startswith("+") and number[1:].isdigit() and len(number) <= 20)


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("otto@example.com", True),
        ("a@b", False),
        ("otto@example.com\nBcc: x@y.de", False),
        ("", False),
        ("a b@example.com", False),
    ],
)
def test_an_address_is_one(address: str, known: bool) -> None:
    assert is_email(address) is known


def test_a_contact_is_tidied() -> None:
    found = checked_contact(
        Contact(
            name=" Otto  Ö ", email=" Otto@Example.COM ", phone=" 0170 1234567 ", language="de"
        ),
        country="DE",
    )

    assert found == Contact(
        name="Otto Ö", email="otto@example.com", phone="+491701234567", language="de"
    )


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": " "}, {"client.name"}),
        ({"email": "", "phone": ""}, {"client.email"}),
        ({"email": "nobody"}, {"client.email"}),
        ({"phone": "1"}, {"client.phone"}),
        (
            {"name": "", "email": "nobody", "phone": "1"},
            {"client.name", "client.email", "client.phone"},
        ),
    ],
)
def test_what_cannot_be_reached_is_named(changes: dict[str, str], fields: set[str]) -> None:
    given_: dict[str, Any] = {"name": "Otto", "email": "otto@example.com", **changes}

    with pytest.raises(ContactRefused) as refusal:
        checked_contact(Contact(**given_), country="DE")

    assert set(refusal.value.fields) == fields


def test_a_phone_alone_will_do() -> None:
    assert checked_contact(Contact(name="Otto", phone="0170 1234567"), country="DE").email == ""


def card(name: str = "Otto", **changes: str) -> Client:
    contact = Contact(name=name, **changes)
    return add_client(contact=contact, confirmed=True, actor=RECEPTION)


def test_the_journal_says_which_fields_were_filled_and_not_with_what(in_salon: SalonCard) -> None:
    client = card(email="otto@example.com", phone="+491701234567")

    (entry,) = JournalEntry.objects.filter(stream_id=client.pk)
    assert entry.data == {"confirmed": True, "fields": ["name", "email", "phone"]}


def test_a_merged_card_leads_to_the_one_that_stays(in_salon: SalonCard) -> None:
    stays, goes = card("Otto"), card("Otto Ö.")
    Client.objects.filter(pk=goes.pk).update(merged_into=stays)

    assert get_client(goes.pk) == stays
    assert get_client(stays.pk) == stays


def test_a_card_that_never_was_is_no_such_client(in_salon: SalonCard) -> None:
    with pytest.raises(NoSuchClient):
        get_client(uuid7())


def test_nobody_may_book_for_anybody_at_first(in_salon: SalonCard) -> None:
    card()

    assert clients_of(uuid7()) == frozenset()
