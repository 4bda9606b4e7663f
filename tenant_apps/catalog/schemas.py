from typing import Any
from uuid import UUID

from ninja import Schema

from tenant_apps.catalog.codec import read_levels, read_phases
from tenant_apps.catalog.enums import Colour, PhaseKind, PriceKind
from tenant_apps.catalog.models import Option, Service
from tenant_apps.catalog.policies import minutes_at
from tenant_apps.catalog.types import LevelTerms


class MoneyOut(Schema):
    """Minor units: 4250 EUR is 42.50 euros."""

    amount: int
    currency: str


class CategoryOut(Schema):
    id: UUID
    name: str
    colour: Colour


class PhaseOut(Schema):
    kind: PhaseKind
    minutes: int
    name: str


class OptionOut(Schema):
    """``price`` is the lowest of all levels, ``minutes`` those of whoever asks that price."""

    id: UUID
    name: str
    minutes: int
    price: MoneyOut
    price_kind: PriceKind
    phases: list[PhaseOut]


class ServiceOut(Schema):
    id: UUID
    name: str
    description: str
    category: CategoryOut
    options: list[OptionOut]


class Services(Schema):
    items: list[ServiceOut]
    next_cursor: str | None = None


def cheapest(levels: dict[str, LevelTerms]) -> LevelTerms:
    return min(levels.values(), key=lambda terms: (terms.price, terms.percent))


def option_out(option: Option) -> dict[str, Any]:
    levels = read_levels(option.levels)
    lowest = cheapest(levels)
    phases = [
        {
            "kind": phase.kind,
            "minutes": minutes_at(phase.minutes, lowest.percent),
            "name": phase.name,
        }
        for phase in read_phases(option.phases)
    ]
    differ = len({terms.price for terms in levels.values()}) > 1
    return {
        "id": option.pk,
        "name": option.name,
        "minutes": sum(phase["minutes"] for phase in phases if phase["kind"] != PhaseKind.CLEANUP),
        "price": {"amount": lowest.price, "currency": option.currency},
        "price_kind": PriceKind.FROM
        if differ and option.price_kind == PriceKind.FIXED
        else option.price_kind,
        "phases": phases,
    }


def service_out(service: Service) -> dict[str, Any]:
    return {
        "id": service.pk,
        "name": service.name,
        "description": service.description,
        "category": service.category,
        "options": [option_out(option) for option in service.options.all()],
    }
