"""When a service may be sold. Pure."""

from collections.abc import Iterator, Sequence

from tenant_apps.catalog.policies.phases import LONGEST_DAY, Problem
from tenant_apps.catalog.types import OptionTerms


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
