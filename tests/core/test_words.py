"""Dates, durations and money as readers of English, German and Polish write them."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from shared_apps.core.money import Money
from shared_apps.core.words import clock, duration, listed, long_date

FRIDAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Friday, 4 December 2026"),
        ("de", "Freitag, 4. Dezember 2026"),
        ("pl", "piątek, 4 grudnia 2026"),
    ],
)
def test_a_date_is_written_out(language: str, text: str) -> None:
    assert long_date(FRIDAY, language) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(5, "5 min"), (60, "1 h"), (65, "1 h 5 min"), (150, "2 h 30 min")]
)
@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_a_duration_is_hours_and_minutes(minutes: int, text: str, language: str) -> None:
    with translation.override(language):
        shown = duration(minutes)

    assert re.findall(r"\d+", shown) == re.findall(r"\d+", text)
    assert language != "en" or shown == text


def test_the_clock_shows_the_zone_of_the_moment() -> None:
    moment = datetime(2026, 7, 1, 12, 5, tzinfo=UTC)

    assert clock(moment) == "12:05"
    assert clock(moment.astimezone(ZoneInfo("Europe/Warsaw"))) == "14:05"


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(4250, "EUR"), "en", "€42.50"),
        (Money(4200, "EUR"), "en", "€42"),
        (Money(4250, "EUR"), "de", "42,50 €"),
        (Money(420000, "EUR"), "de", "4.200 €"),
        (Money(8500, "PLN"), "pl", "85 zł"),
        (Money(8550, "PLN"), "pl", "85,50 zł"),
        (Money(-500, "GBP"), "en", "-£5"),
        (Money(4250, "JPY"), "en", "JP¥4,250"),
    ],
)
def test_money_is_written_as_its_reader_does(money: Money, language: str, text: str) -> None:
    assert money.formatted(language).replace("\xa0", " ") == text


def test_money_adds_up_in_one_currency_only() -> None:
    assert Money(1, "EUR") + Money(2, "EUR") == Money(3, "EUR")
    with pytest.raises(ValueError, match="EUR and GBP do not add up"):
        Money(1, "EUR") + Money(1, "GBP")


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Anna, Beth and Cleo"), ("de", "Anna, Beth und Cleo"), ("pl", "Anna, Beth i Cleo")],
)
def test_several_are_listed_as_people_say_it(language: str, text: str) -> None:
    assert listed(["Anna", "Beth", "Cleo"], language) == text
    assert listed(["Anna"], language) == "Anna"
