"""The days that somebody asks about."""

from datetime import date

from django.utils.translation import gettext as _
from ninja import Field, Schema

from shared_apps.core.errors import Invalid

LONGEST_SPAN = 31
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


class Days(Schema):
    first: date = Field(alias="from", description="Local date")
    last: date = Field(alias="to", description="Local date, included")


def check_span(first: date, last: date, *, longest: int = LONGEST_SPAN) -> None:
    if not EARLIEST <= first <= LATEST:
        raise Invalid(fields={"from": _("There is no diary that long ago or that far ahead.")})
    if last < first:
        raise Invalid(fields={"to": _("The last day lies before the first.")})
    if (last - first).days >= longest:
        text = _("Ask for at most %(days)s days at once.")
        raise Invalid(fields={"to": text % {"days": longest}})


def check_day(day: date, field: str) -> date:
    """A day that somebody wants to change."""
    if not EARLIEST <= day <= LATEST:
        raise Invalid(fields={field: _("There is no diary that long ago or that far ahead.")})
    return day
