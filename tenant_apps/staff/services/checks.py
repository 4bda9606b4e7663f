"""What makes no sense in times that somebody typed, in words; nothing here touches a row."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import Invalid
from shared_apps.core.wall import DAY_MINUTES
from tenant_apps.staff.policies import break_fits, is_span
from tenant_apps.staff.types import AskedTimeOff, Break, DatedRota, Shift, WallSpan

MOST_WEEKS = 8
LONGEST_OFF = 366
NO_SPAN = _("Give minutes after midnight from 0 to 2880, the end after the beginning.")
NO_BREAK = _("The break does not fit in the time it may be taken in.")
Problems = dict[str, str | Promise]


def check_pattern(
    *,
    anchor: date,
    weeks: Sequence[Sequence[Shift]],
    breaks: Sequence[tuple[int, Break]],
    valid_from: date,
    valid_until: date | None,
) -> None:
    problems: Problems = {}
    if anchor.weekday() != 0:
        problems["anchor"] = _("Count the weeks from a Monday on.")
    if valid_until and valid_until < valid_from:
        problems["valid_until"] = _("The last day lies before the first.")
    if not 1 <= len(weeks) <= MOST_WEEKS:
        problems["weeks"] = _("Give one to eight weeks.")
    for number, week in enumerate(weeks):
        problems |= _shift_problems(week, f"weeks.{number}")
    problems |= _break_problems([found for _weekday, found in breaks], "breaks")
    for place, (weekday, _found) in enumerate(breaks):
        if not 0 <= weekday <= 6:
            problems[f"breaks.{place}"] = _("Monday is 0, Sunday 6.")
    _refuse(problems)


def check_week(week: Sequence[Shift]) -> None:
    _refuse(_shift_problems(week, "week"))


def check_special(spans: Sequence[WallSpan]) -> None:
    problems = _span_problems(spans, "spans")
    if not spans:
        problems["spans"] = _("A day without hours is a closed day.")
    _refuse(problems)


def check_dated(change: DatedRota) -> None:
    problems = (
        _span_problems(change.replaced or (), "replaced")
        | _span_problems(change.added, "added")
        | _span_problems(change.removed, "removed")
        | _break_problems(change.breaks or (), "breaks")
    )
    says_something = change.added or change.removed or change.open_anyway
    if change.replaced is None and change.breaks is None and not says_something:
        problems["replaced"] = _("Say what is different on this day.")
    _refuse(problems)


def check_time_off(asked: AskedTimeOff) -> None:
    problems: Problems = {}
    if asked.last_day < asked.first_day:
        problems["last_day"] = _("The last day lies before the first.")
    elif (asked.last_day - asked.first_day).days >= LONGEST_OFF:
        problems["last_day"] = _("Ask for at most a year at once.")
    start, until = asked.from_minute, asked.until_minute
    if start is not None and not 0 <= start < DAY_MINUTES:
        problems["from_minute"] = NO_SPAN
    if until is not None:
        earliest = (start or 0) if asked.first_day == asked.last_day else 0
        if not is_span(earliest, until):
            problems["until_minute"] = NO_SPAN
    _refuse(problems)


def _shift_problems(week: Iterable[Shift], path: str) -> Problems:
    return {
        f"{path}.{place}": NO_SPAN
        for place, (weekday, start, end) in enumerate(week)
        if not (0 <= weekday <= 6 and is_span(start, end))
    }


def _span_problems(spans: Iterable[WallSpan], path: str) -> Problems:
    return {
        f"{path}.{place}": NO_SPAN
        for place, (start, end) in enumerate(spans)
        if not is_span(start, end)
    }


def _break_problems(breaks: Iterable[Break], path: str) -> Problems:
    return {
        f"{path}.{place}": NO_BREAK for place, found in enumerate(breaks) if not break_fits(found)
    }


def _refuse(problems: Problems) -> None:
    if problems:
        raise Invalid(fields=problems)
