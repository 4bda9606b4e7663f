from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.policies.phases import client_minutes
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.staff.models import Member

Language = Annotated[str, Field(pattern="^[a-z]{2}(-[A-Z]{2})?$")]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]
Title = Annotated[str, Field(max_length=80)]
Languages = Annotated[list[Language], Field(max_length=20)]
OptionIds = Annotated[list[UUID], Field(max_length=1000)]
Place = Annotated[int, Field(ge=0, le=10_000)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


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
        "minutes": client_minutes(option.phases, terms),
    }


class MemberIn(Strict):
    """``account_id``: with which account they sign in. ``person_id``: the same person's in other
    salons of the chain."""

    name: Name
    title: Title = ""
    level: Level = Level.STYLIST
    languages: Languages = []
    position: Place = 0
    is_online: bool = Field(True, description="Clients may choose them")
    account_id: UUID | None = None
    person_id: UUID | None = None
    option_ids: OptionIds = Field([], description="What they do")

    def as_arguments(self) -> dict[str, Any]:
        return dict(self)


class TeamMember(Schema):
    id: UUID
    name: str
    title: str
    level: Level
    languages: list[str]
    position: int
    is_active: bool
    is_online: bool
    account_id: UUID | None
    person_id: UUID | None
    option_ids: list[UUID]
    version: int


class TeamMembers(Schema):
    items: list[TeamMember]
    next_cursor: str | None


def team_member_out(member: Member) -> dict[str, Any]:
    return {
        "id": member.pk,
        "name": member.name,
        "title": member.title,
        "level": member.level,
        "languages": member.languages,
        "position": member.position,
        "is_active": member.is_active,
        "is_online": member.is_online,
        "account_id": member.account_id,
        "person_id": member.person_id,
        "option_ids": sorted(getattr(member, "does", [])),
        "version": member.version,
    }
