"""The days that somebody asks about."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from shared_apps.core.errors import Invalid

LONGEST_SPAN = 31
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)


class Days(Schema):
    first: date = Field(alias="from", description="Local date")
    last: date = Field(alias="to", description="Local date, included; at most 31 days")


def check_span(first: date, last: date) -> None:
    if not EARLIEST <= first <= LATEST:
        raise Invalid(fields={"from": _("There is no diary that long ago or that far ahead.")})
    if last < first:
        raise Invalid(fields={"to": _("The last day lies before the first.")})
    if (last - first).days >= LONGEST_SPAN:
        raise Invalid(fields={"to": _("Ask for at most 31 days at once.")})
