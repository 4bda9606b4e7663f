"""The price list as clients see it."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from tenant_apps.catalog.codec import own_phases, read_levels, read_parts
from tenant_apps.catalog.enums import AddonPlace, Colour, NewClients, PhaseKind, PriceKind
from tenant_apps.catalog.models import Option, Service
from tenant_apps.catalog.policies.phases import client_minutes
from tenant_apps.catalog.policies.prices import prices_among
from tenant_apps.catalog.policies.visit import bundle_minutes
from tenant_apps.catalog.types import BundlePart, OptionTerms


class Strict(Schema):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class VersionIn(Strict):
    """``version`` as last seen."""

    version: int


class PatchIn(VersionIn):
    """What is left out stays as it is."""

    def sent(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"version"})


class OrderIn(Strict):
    """Each of them once, in the order they shall have."""

    ids: Annotated[list[UUID], Field(max_length=1000)]


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


class BundlePartOut(Schema):
    """Parts of a bundle with the same ``parallel_group`` begin together, each with somebody
    of its own; groups follow one another."""

    option_id: UUID
    parallel_group: int


class OptionOut(Schema):
    """``price`` is the lowest that is configured for any level, whether or not somebody of
    that level does it: ``listStaff`` has what each person takes. ``minutes`` are those of a
    stylist. A bundle has ``parts`` instead of ``phases``."""

    id: UUID
    name: str
    minutes: int
    price: MoneyOut
    price_kind: PriceKind
    phases: list[PhaseOut]
    parts: list[BundlePartOut]


class LimitsOut(Schema):
    """To whom and when it is sold online. ``weekdays`` (Monday is 0; null: all) and minutes
    after the salon's midnight, from and until, concern the beginning of the service.
    ``notice_minutes`` and ``horizon_days`` null: the salon's own."""

    new_clients: NewClients
    weekdays: list[int] | None
    from_minute: int | None
    until_minute: int | None
    notice_minutes: int | None
    horizon_days: int | None


class AddonOut(Schema):
    """It is added to one of the services ``of`` (none named: to any); ``sold_alone``: it may
    be booked without one, too."""

    place: AddonPlace
    of: list[UUID]
    sold_alone: bool


class ServiceOut(Schema):
    """``sequence``: in one visit, services that have one come in its order. ``addon``: null
    unless it is one."""

    id: UUID
    name: str
    description: str
    category: CategoryOut
    options: list[OptionOut]
    limits: LimitsOut
    sequence: int | None
    addon: AddonOut | None


class Services(Schema):
    items: list[ServiceOut]
    next_cursor: str | None = None


def option_out(
    option: Option,
    *,
    known: Mapping[UUID, OptionTerms],
    among: Collection[str] | None = None,
) -> dict[str, Any]:
    """``known`` holds the parts of bundles; ``among``: the levels that somebody has who does
    it, else all that have a price."""
    prices = prices_among(read_levels(option.levels), among)
    phases, parts = own_phases(option.phases, option.parts), read_parts(option.parts)
    depends = len(prices) > 1 and option.price_kind == PriceKind.FIXED
    return {
        "id": option.pk,
        "name": option.name,
        "minutes": bundle_minutes(parts, known) if parts else client_minutes(phases),
        "price": {"amount": min(prices), "currency": option.currency},
        "price_kind": PriceKind.FROM if depends else option.price_kind,
        "phases": [
            {"kind": phase.kind, "minutes": phase.minutes, "name": phase.name} for phase in phases
        ],
        "parts": [part_out(part) for part in parts],
    }


def part_out(part: BundlePart) -> dict[str, Any]:
    return {"option_id": part.option_id, "parallel_group": part.parallel_group}


def service_out(service: Service, known: Mapping[UUID, OptionTerms]) -> dict[str, Any]:
    addon = {"place": service.addon_place, "of": service.addon_of, "sold_alone": service.sold_alone}
    return {
        "id": service.pk,
        "name": service.name,
        "description": service.description,
        "category": service.category,
        "options": [option_out(option, known=known) for option in service.options.all()],
        "limits": service,
        "sequence": service.sequence,
        "addon": addon if service.addon_place else None,
    }
