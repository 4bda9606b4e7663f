"""No text is left in English, none loses a placeholder, and pages speak the salon's language."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation
from django.utils.translation import ngettext

from deploy.local.catalogues import missing
from deploy.local.paths import LOCALE
from tenants.types import SalonCard

CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}|<[^>]+>")
NOTICE = (
    "Please tell us at least %(hours)s hour before.",
    "Please tell us at least %(hours)s hours before.",
)


@pytest.fixture(params=CATALOGUES, ids=lambda source: source.parents[1].name)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    source: Path = request.param
    with source.open("rb") as file:
        return read_po(file, locale=source.parents[1].name)


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def placeholders(text: str) -> Counter[str]:
    """Markup counts as well: it reaches the page unescaped."""
    return Counter(PLACEHOLDER.findall(text))


def test_nothing_is_missing() -> None:
    assert missing() == []


def test_nothing_is_a_guess(catalogue: Catalog) -> None:
    assert not catalogue.fuzzy
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_translations_have_the_placeholders_of_their_source(catalogue: Catalog) -> None:
    for message in catalogue:
        asked = [placeholders(form) for form in forms(message.id)]
        for form in forms(message.string) if message.id else ():
            assert placeholders(form) in asked, form


def test_translations_have_every_plural_of_their_language(catalogue: Catalog) -> None:
    plurals = [message for message in catalogue if message.pluralizable]
    assert plurals
    for message in plurals:
        assert len(forms(message.string)) == catalogue.num_plurals, message.id


def test_polish_counts_in_three_ways() -> None:
    with translation.override("pl"):
        texts = [ngettext(*NOTICE, hours) % {"hours": hours} for hours in (1, 2, 5, 12, 22)]
    assert [re.findall(r"\d+ \w+", text)[0] for text in texts] == [
        "1 godzinę",
        "2 godziny",
        "5 godzin",
        "12 godzin",
        "22 godziny",
    ]


@pytest.mark.django_db
def test_the_page_of_a_polish_salon_is_in_polish(client: Client, other_salon: SalonCard) -> None:
    response = client.get("/", headers={"Host": other_salon.host})
    page = response.content.decode()
    assert response["Content-Language"] == "pl"
    assert '<html lang="pl">' in page
    for polish, english in (("Umów wizytę", ">Book<"), ("Usługi", "Services"), ("Zespół", "Team")):
        assert polish in page
        assert english not in page
