"""Names, addresses and numbers as people type them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.clients.policies import LONGEST_NAME, e164, is_a_name, is_email, tidy_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna Müller", "Anna Müller"),
        ("  Anna \t Müller\n", "Anna Müller"),
        ("Ana\u0301", "An\u00e1"),  # two signs become the one that looks like them
        ("Anna\x00\x07Müller", "Anna Müller"),  # control
        ("\u202eannA\ufeff", "annA"),  # turned round; without width
        ("\ue000Anna", "Anna"),  # private use
        ("\ud800Anna", "Anna"),  # half a pair
        ("\u0378Anna", "Anna"),  # not assigned
        ("\U0001f469\u200d\U0001f4bb Eve", "\U0001f469\u200d\U0001f4bb Eve"),  # joined emoji
        ("\u0645\u06cc\u200c\u062e\u0648\u0627", "\u0645\u06cc\u200c\u062e\u0648\u0627"),
        ("\u200d Anna \u200c", "Anna"),  # a joiner with nothing to join
        ("\u200c\u200b\u200d", ""),
    ],
)
def test_a_name_is_one_tidy_line(typed: str, kept: str) -> None:
    assert tidy_name(typed) == kept


def test_a_name_is_cut_to_its_column_though_composing_made_it_longer() -> None:
    typed = "\u0958" * 100  # one sign each, which Unicode composes as two

    assert tidy_name(typed) == unicodedata.normalize("NFC", typed)[:LONGEST_NAME]
    assert tidy_name("x" * LONGEST_NAME) == "x" * LONGEST_NAME


@given(st.text(max_size=200))
def test_whatever_is_typed_fits_and_shows(typed: str) -> None:
    name = tidy_name(typed)

    assert len(name) <= LONGEST_NAME
    assert "  " not in name
    assert all(sign.isprintable() or sign in "\u200c\u200d" for sign in name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna@example.com", True),
        ("anna+salon@mail.example.com", True),
        ("anna", False),
        ("anna@", False),
        ("@example.com", False),
        ("anna m@example.com", False),
        ("anna@example.com\n", False),
        ("anna@example.com,eve@example.com", False),
    ],
)
def test_an_address_is_one_that_a_letter_can_go_to(text: str, expected: bool) -> None:
    assert is_email(text) is expected


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("0170 123 45 67", "DE", "+491701234567"),
        ("tel: 0170/123-4567", "DE", "+491701234567"),
        ("07700 900123", "GB", "+447700900123"),
        ("600100200", "PL", "+48600100200"),
        ("+48 600 100 200", "GB", "+48600100200"),  # a guest from abroad
        ("0048 600 100 200", "DE", "+48600100200"),
        ("+683 4000", "GB", "+6834000"),  # an island's numbers are short
        ("0341 12345", "DE", "+4934112345"),  # an old German line
    ],
)
def test_a_number_is_kept_as_the_whole_world_dials_it(
    typed: str, country: str, number: str
) -> None:
    assert e164(typed, country=country) == number


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("call me", "DE"),
        ("", "DE"),
        ("+999 12345678", "DE"),  # no such country
        ("+4917012345671234567", "DE"),  # too long
        ("0170 123 45 67", "PL"),  # too long there
        ("112", "DE"),
        ("12345", "DE"),  # numbers so short are services
        ("123456", "GB"),
    ],
)
def test_what_nobody_can_dial_is_no_number(typed: str, country: str) -> None:
    assert e164(typed, country=country) is None


@pytest.mark.parametrize("text", ["", "Anna: http://evil.example/x", "see WWW.evil.example"])
def test_a_name_is_not_empty_and_no_address_of_the_web(text: str) -> None:
    assert not is_a_name(text)


@pytest.mark.parametrize("text", ["Anna", "Zoë Ångström-O’Brien", "A/B Hair", "Nail & Co.", "שרה"])
def test_whatever_people_are_called_is_a_name(text: str) -> None:
    assert is_a_name(text)
