"""What a country gives a new salon. Data, not law: tax sets name rates kept with their dates."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    name: str | Promise
    currency: str
    timezone: str
    language: str
    tax_set: str


COUNTRIES = {
    country.code: country
    for country in (
        Country("AT", _("Austria"), "EUR", "Europe/Vienna", "de", "at"),
        Country("DE", _("Germany"), "EUR", "Europe/Berlin", "de", "de"),
        Country("FR", _("France"), "EUR", "Europe/Paris", "en", "fr"),
        Country("GB", _("United Kingdom"), "GBP", "Europe/London", "en", "gb"),
        Country("IE", _("Ireland"), "EUR", "Europe/Dublin", "en", "ie"),
        Country("PL", _("Poland"), "PLN", "Europe/Warsaw", "pl", "pl"),
    )
}
