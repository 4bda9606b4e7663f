"""Money: whole minor units and a currency. Never a float."""

from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, get_currency_precision

from shared_apps.core.words import LOCALES


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """``Money(4250, "EUR")`` is 42.50 euros."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.amount + other.amount, self.currency)

    def formatted(self, language: str) -> str:
        """As a reader of ``language`` writes it; whole amounts without decimals: ``42 €``."""
        locale = Locale.parse(LOCALES.get(language, language))
        digits = get_currency_precision(self.currency)
        number = Decimal(self.amount).scaleb(-digits)
        pattern = locale.currency_formats["standard"].pattern
        if self.amount % 10**digits == 0:
            pattern = pattern.replace(".00", "")
        return str(
            format_currency(
                number, self.currency, format=pattern, locale=locale, currency_digits=False
            )
        )
