from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ninja import Schema

from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.policies.phases import minutes_at
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.staff.models import Member


class PriceOut(Schema):
    amount: int
    currency: str


class MemberPrice(Schema):
    """What an option costs, and how long it takes, with this person."""

    option_id: UUID
    price: PriceOut
    minutes: int


class MemberOut(Schema):
    id: UUID
    name: str
    title: str
    level: Level
    languages: list[str]
    option_ids: list[UUID]
    prices: list[MemberPrice]


class Members(Schema):
    items: list[MemberOut]
    next_cursor: str | None = None


def member_out(member: Member, terms: Mapping[UUID, OptionTerms]) -> dict[str, Any]:
    does = [terms[pk] for pk in getattr(member, "does", []) if pk in terms]
    sold = [option for option in does if member.level in option.levels and option.is_online]
    return {
        "id": member.pk,
        "name": member.name,
        "title": member.title,
        "level": member.level,
        "languages": member.languages,
        "option_ids": [option.option_id for option in sold],
        "prices": [_price(option, member.level) for option in sold],
    }


def _price(option: OptionTerms, level: str) -> dict[str, Any]:
    terms = option.levels[level]
    return {
        "option_id": option.option_id,
        "price": {"amount": terms.price, "currency": option.currency},
        "minutes": sum(
            minutes_at(phase.minutes, terms.percent)
            for phase in option.phases
            if phase.takes_client
        ),
    }
