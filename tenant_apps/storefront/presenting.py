"""Facts of a salon in the words of its page. Pure but for translation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, get_day_names
from django.utils.translation import gettext as _

from shared_apps.core.money import Money
from shared_apps.core.words import LOCALES, clock, duration
from tenant_apps.catalog.models import Service
from tenant_apps.catalog.schemas import option_out
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.staff.selectors import opened_on
from tenant_apps.staff.types import Rota, Shift


def _time(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _times(shifts: Iterable[Shift]) -> str:
    found = [f"{_time(start)}–{_time(end)}" for _weekday, start, end in sorted(shifts)]
    return ", ".join(found) if found else _("Closed")


def weekly_hours(rota: Rota, today: date, language: str) -> list[dict[str, Any]]:
    """Days in a row with the same hours share a line; today stands alone."""
    names = get_day_names("abbreviated", locale=LOCALES.get(language, language))
    days = []
    for weekday in range(7):
        times = _times(shift for shift in rota.hours if shift[0] == weekday)
        is_today = weekday == today.weekday()
        if is_today and today in rota.special:
            times = _times((weekday, *span) for span in rota.special[today].spans)
        if is_today and today in rota.closed:
            times = _("Closed")
        days.append((times, is_today, names[weekday]))
    return [
        {"label": _span([name for _t, _i, name in group]), "times": times, "is_today": is_today}
        for (times, is_today), group in (
            (key, list(found)) for key, found in groupby(days, key=lambda day: day[:2])
        )
    ]


def _span(names: Sequence[str]) -> str:
    if len(names) < 3:
        return ", ".join(names)
    return f"{names[0]}–{names[-1]}"


def today_open(rota: Rota, moment: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Is the salon open now, until when, and if not, when does it open?"""
    local = moment.astimezone(zone)
    today = local.date()
    for day in (today - timedelta(days=1), today):
        for opens, closes in opened_on(rota, day, zone):
            if opens <= moment < closes:
                return {"open": True, "until": clock(closes.astimezone(zone)), "label": ""}
    later = [opens for opens, _closes in opened_on(rota, today, zone) if opens > moment]
    if later:
        label = _("Opens today at %(time)s") % {"time": clock(min(later).astimezone(zone))}
    else:
        label = _("Closed now")
    return {"open": False, "until": None, "label": label}


def price_list(
    services: Iterable[Service],
    language: str,
    *,
    levels: Mapping[UUID, Collection[str]],
    parts: Mapping[UUID, OptionTerms],
) -> list[dict[str, Any]]:
    """``levels``: by option, those of the members who do it, for nobody pays the price of a
    level that nobody has. ``parts``: what bundles consist of."""
    categories: dict[Any, dict[str, Any]] = {}
    for service in services:
        category = categories.setdefault(
            service.category_id,
            {
                "id": service.category_id,
                "name": service.category.name,
                "colour": service.category.colour,
                "services": [],
            },
        )
        category["services"].append(
            {
                "name": service.name,
                "description": service.description,
                "is_sold_alone": service.sold_alone,
                "options": [
                    _option(option_out(option, known=parts, among=levels.get(option.pk)), language)
                    for option in service.options.all()
                ],
            }
        )
    return list(categories.values())


def _option(option: Mapping[str, Any], language: str) -> dict[str, Any]:
    quoted = option["price_kind"] == "quoted"
    price = Money(option["price"]["amount"], option["price"]["currency"])
    return {
        "id": option["id"],
        "name": option["name"],
        "minutes_label": duration(option["minutes"]),
        "price_label": _price_label(price, language, is_quoted=quoted),
        "is_from": option["price_kind"] == "from",
    }


def _price_label(price: Money, language: str, *, is_quoted: bool) -> str:
    if is_quoted:
        return _("on request")
    return price.formatted(language) if price.amount else _("free of charge")


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1]))


def languages_spoken(codes: Iterable[str], language: str) -> str:
    """``English, Polish`` in the reader's language; unknown codes are left out."""
    names = Locale.parse(LOCALES.get(language, language)).languages
    return ", ".join(str(names[code]) for code in codes if code in names)


def when_label(starts_at: datetime, moment: datetime, language: str) -> str:
    """``today, 14:30``; both instants on the salon's clock."""
    days = (starts_at.date() - moment.date()).days
    time = clock(starts_at)
    if days == 0:
        return _("today, %(time)s") % {"time": time}
    if days == 1:
        return _("tomorrow, %(time)s") % {"time": time}
    day = format_skeleton("EdMMM", starts_at, locale=LOCALES.get(language, language))
    return f"{day}, {time}"
