"""What the salon's page shows."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shared_apps.core.actor import Actor
from shared_apps.core.cache import remembered
from shared_apps.core.words import phone_label
from tenant_apps.booking.errors import NobodyDoesThis
from tenant_apps.booking.selectors.availability import availability
from tenant_apps.booking.selectors.setup import read_rules
from tenant_apps.booking.types import AskedLine, Start
from tenant_apps.catalog.enums import NewClients
from tenant_apps.catalog.models import Option, Service
from tenant_apps.catalog.selectors import parts_of, services_on_offer
from tenant_apps.staff.models import Member
from tenant_apps.staff.selectors import salon_hours, team_on_show
from tenant_apps.storefront import presenting
from tenants.enums import Trade
from tenants.selectors import current_salon, salon_url
from tenants.types import SalonCard

LOOK_AHEAD = timedelta(days=6)
SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def salon_facts(salon: SalonCard) -> dict[str, Any]:
    """The salon as templates know it."""
    return {
        "name": salon.name,
        "tagline": salon.tagline,
        "trade": salon.trade,
        "trade_label": Trade(salon.trade).label,
        "street": salon.street,
        "postal_code": salon.postal_code,
        "city": salon.city,
        "phone": phone_label(salon.phone),
        "accent": salon.accent,
        "country": salon.country,
        "url": f"{salon_url(salon)}/",
    }


def booking_facts(salon: SalonCard, *, moment: datetime) -> dict[str, Any]:
    """What the booking flow needs to know before it asks for anything."""
    today = moment.astimezone(salon.zone).date()
    weekdays = {weekday + 1 for weekday, _opens, _closes in salon_hours(today, today).hours}
    return {
        "name": salon.name,
        "timezone": salon.timezone,
        "currency": salon.currency,
        "url": f"{salon_url(salon)}/",
        "phone": phone_label(salon.phone),
        "open_weekdays": sorted(weekdays),
        "policies": _policies(),
    }


def storefront(*, moment: datetime, language: str, actor: Actor) -> dict[str, Any]:
    """Everything on the salon's page, in the reader's language."""
    salon = current_salon()
    zone = salon.zone
    local = moment.astimezone(zone)
    rota = salon_hours(local.date() - timedelta(days=1), local.date())
    services = list(services_on_offer())
    team = list(team_on_show())
    names = {member.pk: member.name for member in team}
    return {
        "salon": salon_facts(salon),
        "today": presenting.today_open(rota, moment, zone),
        "hours": presenting.weekly_hours(rota, local.date(), language),
        "categories": presenting.price_list(
            services, language, levels=_levels_of(team), parts=parts_of(services)
        ),
        "team": [
            {
                "name": member.name,
                "title": member.title,
                "languages_label": presenting.languages_spoken(member.languages, language),
                "initials": presenting.initials(member.name),
            }
            for member in team
        ],
        "next_free": _next_free(services, names, local, language, actor),
        "policies": _policies(),
        "structured_data": _structured_data(salon),
        "noindex": not salon.is_confirmed,
    }


def _levels_of(team: Iterable[Member]) -> dict[UUID, set[str]]:
    """By option, the levels of the members who do it."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for member in team:
        for option_id in getattr(member, "does", []):
            found[option_id].add(member.level)
    return found


def _next_free(
    services: list[Service], names: dict[Any, str], local: datetime, language: str, actor: Actor
) -> dict[str, str] | None:
    """When the first service of the list could be had; a minute old at most."""
    offered, option = _first_sold_alone(services)
    if offered is None or option is None:
        return None

    def look() -> list[Any]:
        try:
            start = _first_start(AskedLine(option_id=option.pk), local, actor)
        except NobodyDoesThis:
            return []
        return [start.starts_at, start.staff_ids[0][0]] if start else []

    found = remembered("next-free", look, seconds=60)
    if not found:
        return None
    return {
        "label": presenting.when_label(found[0], local, language),
        "with_label": _("with %(name)s, %(service)s")
        % {"name": names.get(found[1], ""), "service": offered.name},
    }


def _first_sold_alone(services: Iterable[Service]) -> tuple[Service, Option] | tuple[None, None]:
    """The first thing on the list that anybody may book by itself."""
    for service in services:
        if service.sold_alone and service.new_clients != NewClients.ONLY_KNOWN:
            for option in service.options.all():
                if not option.parts:
                    return service, option
    return None, None


def _first_start(line: AskedLine, local: datetime, actor: Actor) -> Start | None:
    assert local.tzinfo is not None  # noqa: S101 the caller converted it
    offers = availability(
        first=local.date(),
        last=local.date() + LOOK_AHEAD,
        lines=[line],
        actor=actor,
        zone=current_salon().zone,
        moment=local,
    )
    return next((start for offer in offers for start in offer.starts), None)


def _policies() -> list[dict[str, str]]:
    hours = read_rules().free_cancel_hours
    return [
        {
            "title": _("Moving or cancelling"),
            "text": ngettext(
                "Please tell us at least %(hours)s hour before.",
                "Please tell us at least %(hours)s hours before.",
                hours,
            )
            % {"hours": hours},
        },
        {
            "title": _("Paying"),
            "text": _("At the salon, after your visit. Booking online costs nothing."),
        },
    ]


def _structured_data(salon: SalonCard) -> SafeString:
    """schema.org for search engines, safe inside a script element."""
    address = {
        "streetAddress": salon.street,
        "postalCode": salon.postal_code,
        "addressLocality": salon.city,
        "addressCountry": salon.country,
    }
    facts = {
        "@context": "https://schema.org",
        "@type": "HairSalon" if salon.trade in {"hair", "barber"} else "BeautySalon",
        "name": salon.name,
        "description": salon.tagline,
        "url": f"{salon_url(salon)}/",
        "telephone": salon.phone,
        "currenciesAccepted": salon.currency,
        "address": {"@type": "PostalAddress", **_told(address)},
    }
    return mark_safe(json.dumps(_told(facts)).translate(SCRIPT_ESCAPES))  # noqa: S308 escaped above


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    """Without what a new salon has not told us yet."""
    return {name: value for name, value in facts.items() if value}
