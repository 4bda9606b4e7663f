"""Dates, times and durations as people read them."""

from collections.abc import Sequence
from datetime import date, datetime

import phonenumbers
from babel.dates import format_date
from babel.lists import format_list
from django.utils.translation import gettext as _

LOCALES = {"en": "en_GB"}
"""English here is European: 4 December, 24 hours, Monday first."""


def long_date(day: date, language: str) -> str:
    """``Friday, 4 December 2026``."""
    return str(format_date(day, format="full", locale=LOCALES.get(language, language)))


def listed(words: Sequence[str], language: str) -> str:
    """``Anna, Beth and Cleo``."""
    return str(format_list(words, locale=LOCALES.get(language, language)))


def clock(moment: datetime) -> str:
    """``14:30``, on the clock of the zone that ``moment`` is in."""
    return f"{moment:%H:%M}"


def duration(minutes: int) -> str:
    """``1 h 5 min``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def phone_label(number: str) -> str:
    """``+49 341 1234567`` for an E.164 number; anything else stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
