"""The clients of a demo salon."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from random import Random

from tenant_apps.clients.types import Contact
from tenant_apps.demo.names import EDGES, FIRST, LAST

SHARED = 0.06  # A: e-mail or phone of somebody else's card (families)
DUPLICATE = 0.03  # A: the same person on a second card
NO_PHONE = 0.02  # A
NEW = 0.18  # A
ONLINE = 0.20  # A: cards that guests made by booking on the web
OTHER_LANGUAGE = 0.05  # A
FREQUENCY_SHAPE = 1.3  # A: gamma; a few come every other week, most a few times a year

HOSTS = ("example.com", "example.org", "example.net")
LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ı": "i", "ø": "o", "Ø": "O", "đ": "d"})  # noqa: RUF001
# Kept for films by Ofcom and the Bundesnetzagentur; no Polish area begins with 20.
RESERVED_NUMBERS = {
    "DE": (
        "+493023125{:03}",
        "+496990009{:03}",
        "+494066969{:03}",
        "+492214710{:03}",
        "+498999998{:03}",
    ),
    "GB": (
        "+447700900{:03}",
        "+442079460{:03}",
        "+441134960{:03}",
        "+441174960{:03}",
        "+441214960{:03}",
        "+441514960{:03}",
        "+441614960{:03}",
    ),
    "PL": ("+4820555{:04}",),
}
NUMBERS_IN_A_RANGE = {"DE": 1000, "GB": 1000, "PL": 10_000}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """``weight``: how often in comparison with others. ``is_guest``: known by web only."""

    contact: Contact
    is_man: bool
    is_new: bool
    is_guest: bool
    weight: float


def draw_people(
    count: int, *, country: str, language: str, men: float, luck: Random
) -> list[Person]:
    numbers = phone_numbers(country)
    people: list[Person] = []
    for place in range(count):
        earlier = luck.choice(people) if people else None
        if earlier and place > len(EDGES) and luck.random() < DUPLICATE:
            people.append(_again(earlier, luck))
            continue
        person = _draw(place, country, language, men, next(numbers), luck)
        if earlier and luck.random() < SHARED:
            person = replace(person, contact=_sharing(person.contact, earlier.contact, luck))
        people.append(person)
    return people


def phone_numbers(country: str) -> Iterator[str]:
    """Reserved numbers, one after the other; when all are used, from the beginning."""
    most = NUMBERS_IN_A_RANGE[country]
    return cycle(
        pattern.format(number) for pattern in RESERVED_NUMBERS[country] for number in range(most)
    )


def _draw(place: int, country: str, language: str, men: float, phone: str, luck: Random) -> Person:
    is_man = luck.random() < men
    name = EDGES[place] if place < len(EDGES) else _name(country, is_man, luck)
    has_phone = luck.random() >= NO_PHONE
    speaks = "en" if luck.random() < OTHER_LANGUAGE else language
    return Person(
        contact=Contact(
            name=name, email=_email(name, place), phone=phone if has_phone else "", language=speaks
        ),
        is_man=is_man,
        is_new=luck.random() < NEW,
        is_guest=luck.random() < ONLINE,
        weight=luck.gammavariate(FREQUENCY_SHAPE, 1),
    )


def _name(country: str, is_man: bool, luck: Random) -> str:
    women, men = FIRST[country]
    first, last = luck.choice(men if is_man else women), luck.choice(LAST[country])
    if country == "PL" and is_man and last.endswith(("ska", "cka")):
        last = last[:-1] + "i"
    return f"{first} {last}"


def _again(person: Person, luck: Random) -> Person:
    """The card that reception opened because it did not find the first one."""
    contact = replace(person.contact, email="") if person.contact.phone else person.contact
    return replace(person, contact=contact, is_guest=False, weight=luck.random() / 2)


def _sharing(contact: Contact, other: Contact, luck: Random) -> Contact:
    if luck.random() < 0.5 and other.phone:
        return replace(contact, phone=other.phone)
    return replace(contact, email=other.email or contact.email)


def _email(name: str, place: int) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(LETTERS)).encode("ascii", "ignore")
    parts = "".join(sign if sign.isalnum() else " " for sign in plain.decode().lower()).split()[:2]
    return f"{'.'.join([*parts, str(place)])}@{HOSTS[place % len(HOSTS)]}"
