from typing import Any
from uuid import UUID

from ninja import Schema

from tenant_apps.catalog.codec import read_levels, read_phases
from tenant_apps.catalog.enums import Colour, PhaseKind, PriceKind
from tenant_apps.catalog.models import Option, Service


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
    """``price`` is the lowest of all levels, ``minutes`` those of a stylist."""

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


def option_out(option: Option) -> dict[str, Any]:
    prices = {terms.price for terms in read_levels(option.levels).values()}
    phases = read_phases(option.phases)
    depends = len(prices) > 1 and option.price_kind == PriceKind.FIXED
    return {
        "id": option.pk,
        "name": option.name,
        "minutes": sum(phase.minutes for phase in phases if phase.takes_client),
        "price": {"amount": min(prices), "currency": option.currency},
        "price_kind": PriceKind.FROM if depends else option.price_kind,
        "phases": [
            {"kind": phase.kind, "minutes": phase.minutes, "name": phase.name} for phase in phases
        ],
    }


def service_out(service: Service) -> dict[str, Any]:
    return {
        "id": service.pk,
        "name": service.name,
        "description": service.description,
        "category": service.category,
        "options": [option_out(option) for option in service.options.all()],
    }
