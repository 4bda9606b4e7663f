"""Contact details as people type them, made comparable. Pure."""

import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINERS = "\u200c\u200d"
LONGEST_NAME = 120
# Shorter ones are alarm and service numbers, but for a few that a numbering plan knows of.
USUAL_DIGITS = 7


def tidy_name(raw: str) -> str:
    """One line, single spaces, no invisible characters but the joiners that emoji need.

    Cut to what a column holds: composing some scripts makes them longer than they were sent.
    """
    shown = "".join(
        sign if sign in JOINERS or unicodedata.category(sign) not in CONTROL else " "
        for sign in unicodedata.normalize("NFC", raw)
    )
    return " ".join(shown.split()).strip(JOINERS + " ")[:LONGEST_NAME]


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def is_a_name(text: str) -> bool:
    """Not empty, and no address of the web: names stand in letters to other people."""
    lowered = text.lower()
    return bool(text) and "://" not in lowered and "www." not in lowered


def e164(raw: str, *, country: str) -> str | None:
    """``0170 123 45 67`` in Germany is ``+491701234567``; ``None`` for no real number."""
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None
    if not _reaches_a_person(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _reaches_a_person(number: phonenumbers.PhoneNumber) -> bool:
    """New ranges are dialled before the plans we know have them, so length is enough for most."""
    if phonenumbers.is_valid_number(number):
        return True
    digits = len(phonenumbers.national_significant_number(number))
    return digits >= USUAL_DIGITS and phonenumbers.is_possible_number(number)
