"""To whom, and when, a service may be sold. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenant_apps.catalog.enums import NewClients
from tenant_apps.catalog.policies.phases import LONGEST_DAY, Problem
from tenant_apps.catalog.types import OptionTerms


@dataclass(frozen=True, kw_only=True, slots=True)
class Sale:
    """One line that somebody wants to buy online.

    ``weekday`` (Monday is 0) and ``minute`` (after local midnight) are those at which the line
    begins; ``minutes_ahead`` and ``days_ahead`` how far off that is. Somebody whom nobody
    knows is new.
    """

    weekday: int
    minute: int
    minutes_ahead: int
    days_ahead: int
    is_new: bool


def sale_problems(
    terms: OptionTerms, sale: Sale, *, notice_minutes: int, horizon_days: int
) -> tuple[str, ...]:
    """Everything that speaks against it; empty when it may be sold.

    ``notice_minutes`` and ``horizon_days`` are the salon's, for options without their own. Of
    a bundle its own limits count, not those of its parts. Staff are bound by ``no_longer_sold``
    only.
    """
    return tuple(_against(terms, sale, notice_minutes, horizon_days))


def _against(terms: OptionTerms, sale: Sale, notice: int, horizon: int) -> Iterator[str]:
    if terms.is_archived:
        yield "no_longer_sold"
    elif not terms.is_online:
        yield "not_online"
    if terms.new_clients is NewClients.ONLY_NEW and not sale.is_new:
        yield "new_clients_only"
    if terms.new_clients is NewClients.ONLY_KNOWN and sale.is_new:
        yield "known_clients_only"
    span = sold_between(terms, sale.weekday)
    if span is None:
        yield "not_on_this_weekday"
    elif not span[0] <= sale.minute < span[1]:
        yield "not_at_this_time"
    if sale.minutes_ahead < notice_of(terms, notice):
        yield "too_soon"
    if sale.days_ahead > horizon_of(terms, horizon):
        yield "too_far"


def sold_between(terms: OptionTerms, weekday: int) -> tuple[int, int] | None:
    """In which minutes of such a day a line of it may begin, ``[from, until)``."""
    if terms.weekdays is not None and weekday not in terms.weekdays:
        return None
    first, until = terms.from_minute, terms.until_minute
    return (0 if first is None else first, LONGEST_DAY if until is None else until)


def notice_of(terms: OptionTerms, salons: int) -> int:
    return salons if terms.notice_minutes is None else terms.notice_minutes


def horizon_of(terms: OptionTerms, salons: int) -> int:
    return salons if terms.horizon_days is None else terms.horizon_days


def limit_problems(
    *, weekdays: Sequence[int] | None, from_minute: int | None, until_minute: int | None
) -> Iterator[Problem]:
    """What is wrong with limits as somebody writes them."""
    if weekdays is not None and not weekdays:
        yield "weekdays", "never_sold"
    if weekdays is not None and not set(weekdays) <= set(range(7)):
        yield "weekdays", "no_such_weekday"
    first = 0 if from_minute is None else from_minute
    until = LONGEST_DAY if until_minute is None else until_minute
    if not 0 <= first < LONGEST_DAY:
        yield "from_minute", "not_in_a_day"
    elif not first < until <= LONGEST_DAY:
        yield "until_minute", "ends_before_it_begins"
