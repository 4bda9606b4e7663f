"""A service as whoever edits the price list reads and writes it."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.catalog.codec import own_phases, read_levels, read_parts
from tenant_apps.catalog.enums import (
    AddonPlace,
    Keep,
    NewClients,
    PhaseKind,
    PhasePerformer,
    PriceKind,
    TaxCategory,
)
from tenant_apps.catalog.models import Option, Service
from tenant_apps.catalog.policies.phases import PRICES
from tenant_apps.catalog.schemas import BundlePartOut, Strict, part_out
from tenant_apps.catalog.types import (
    AS_USUAL,
    BundlePart,
    LevelTerms,
    Need,
    NewOption,
    PhaseTerms,
)

MOST_MINUTES = 24 * 60
MOST_OPTIONS = 30
MOST_PHASES = 20
LARGEST = 2**15 - 1
Minute = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
Code = Annotated[str, Field(max_length=20)]


class NeedIO(Strict):
    """``quantity`` units at once, each of any of these kinds."""

    any_of: Annotated[list[Code], Field(max_length=10)]
    quantity: int = Field(1, ge=1, le=20)
    keep: Keep = Keep.PHASE


class PhaseIn(Strict):
    """``performer`` and ``client`` (is the client there?) null: as usual for the kind. Of
    services with the same ``merge_key`` in one visit, only the last keeps the phase.
    ``gap_only_if_followed``, of processing that nobody works in: it is sold to others only when
    more is done with this client afterwards; otherwise whoever does the service stays."""

    kind: PhaseKind
    minutes: Minute
    name: str = Field("", max_length=40)
    performer: PhasePerformer | None = None
    client: bool | None = None
    merge_key: Code = ""
    needs: Annotated[list[NeedIO], Field(max_length=10)] = []
    gap_only_if_followed: bool = False

    def as_terms(self) -> PhaseTerms:
        return PhaseTerms(
            kind=self.kind,
            minutes=self.minutes,
            name=self.name.strip(),
            performer=self.performer or AS_USUAL,
            client=AS_USUAL if self.client is None else self.client,
            merge_key=self.merge_key,
            needs=tuple(
                Need(kinds=tuple(need.any_of), quantity=need.quantity, keep=need.keep)
                for need in self.needs
            ),
            gap_only_if_followed=self.gap_only_if_followed,
        )


class LevelIO(Strict):
    """``price`` in minor units. The time is ``percent`` of a stylist's, or ``phases``: minutes
    for each phase, where 0 leaves one out."""

    price: int = Field(ge=0, lt=PRICES.stop)
    percent: int = 100
    phases: Annotated[list[Minute], Field(max_length=MOST_PHASES)] | None = None

    def as_terms(self) -> LevelTerms:
        phases = None if self.phases is None else tuple(self.phases)
        return LevelTerms(price=self.price, percent=self.percent, phases=phases)


class BundlePartIn(Strict):
    option_id: UUID
    parallel_group: int = Field(0, ge=0, le=20)


class OptionIn(Strict):
    """With ``id``: in the place of that option. ``levels``: what each level takes, by
    ``junior``, ``stylist``, ``senior``, ``director``. A bundle has ``parts`` instead of
    ``phases`` and its one price as level ``bundle``."""

    id: UUID | None = None
    name: str = Field("", max_length=80)
    price_kind: PriceKind = PriceKind.FIXED
    tax_category: TaxCategory = TaxCategory.SERVICE
    phases: Annotated[list[PhaseIn], Field(max_length=MOST_PHASES)] = []
    levels: Annotated[dict[str, LevelIO], Field(max_length=10)]
    parts: Annotated[list[BundlePartIn], Field(max_length=10)] = []

    def as_option(self) -> NewOption:
        return NewOption(
            option_id=self.id,
            name=self.name,
            price_kind=self.price_kind,
            tax_category=self.tax_category,
            phases=tuple(phase.as_terms() for phase in self.phases),
            levels={level: found.as_terms() for level, found in self.levels.items()},
            parts=tuple(BundlePart(**dict(part)) for part in self.parts),
        )


class Said(Strict):
    """What may be said of a service beside its name; ``listServices`` explains each."""

    description: str = Field("", max_length=400)
    is_online: bool = True
    new_clients: NewClients = NewClients.ANY
    weekdays: Annotated[list[int], Field(max_length=7)] | None = None
    from_minute: Minute | None = None
    until_minute: Minute | None = None
    notice_minutes: Annotated[int, Field(ge=0, le=60 * 24 * 365)] | None = None
    horizon_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    sequence: Annotated[int, Field(ge=0, le=LARGEST)] | None = None
    addon_place: AddonPlace | None = None
    addon_of: Annotated[list[UUID], Field(max_length=200)] = []
    sold_alone: bool = True
    custom: Annotated[dict[str, Any], Field(max_length=100)] = {}

    def sent(self) -> dict[str, Any]:
        """What was sent, ready for the command."""
        sent = self.model_fields_set - {"version"}
        found = {name: getattr(self, name) for name in type(self).model_fields if name in sent}
        if "options" in found:
            found["options"] = [option.as_option() for option in found["options"]]
        return found


class ServiceIn(Said):
    category_id: UUID
    name: str = Field(max_length=120)
    options: Annotated[list[OptionIn], Field(max_length=MOST_OPTIONS)]


class ServicePatch(Said):
    """What is left out stays as it is. ``options`` are then all that the service shall have;
    those not named are archived. ``version`` as last seen."""

    version: int
    category_id: UUID = Field(default_factory=lambda: UUID(int=0))
    name: str = Field(default_factory=str, max_length=120)
    options: list[OptionIn] = Field(default_factory=list, max_length=MOST_OPTIONS)


class PhaseFull(Schema):
    kind: PhaseKind
    minutes: int
    name: str
    performer: PhasePerformer
    client: bool
    merge_key: str
    needs: list[NeedIO]
    gap_only_if_followed: bool


class LevelFull(Schema):
    price: int
    percent: int
    phases: list[int] | None


class OptionFull(Schema):
    id: UUID
    name: str
    price_kind: PriceKind
    tax_category: TaxCategory
    currency: str
    phases: list[PhaseFull]
    levels: dict[str, LevelFull]
    parts: list[BundlePartOut]


class ServiceFull(Schema):
    """``archived``: no longer sold."""

    id: UUID
    version: int
    category_id: UUID
    name: str
    description: str
    is_online: bool
    new_clients: NewClients
    weekdays: list[int] | None
    from_minute: int | None
    until_minute: int | None
    notice_minutes: int | None
    horizon_days: int | None
    sequence: int | None
    addon_place: AddonPlace | None
    addon_of: list[UUID]
    sold_alone: bool
    custom: dict[str, Any]
    archived: bool
    options: list[OptionFull]


class PriceList(Schema):
    items: list[ServiceFull]
    next_cursor: str | None = None


AS_THEY_ARE = (
    *("id", "version", "category_id", "name", "description", "is_online", "new_clients"),
    *("weekdays", "from_minute", "until_minute", "notice_minutes", "horizon_days", "sequence"),
    *("addon_of", "sold_alone", "custom"),
)


def service_full(service: Service) -> dict[str, Any]:
    return {
        **{name: getattr(service, name) for name in AS_THEY_ARE},
        "addon_place": service.addon_place or None,
        "archived": service.archived_at is not None,
        "options": [_option_full(option) for option in service.options.all()],
    }


def _option_full(option: Option) -> dict[str, Any]:
    return {
        "id": option.pk,
        "name": option.name,
        "price_kind": option.price_kind,
        "tax_category": option.tax_category,
        "currency": option.currency,
        "phases": [_phase_full(phase) for phase in own_phases(option.phases, option.parts)],
        "levels": read_levels(option.levels),
        "parts": [part_out(part) for part in read_parts(option.parts)],
    }


def _phase_full(phase: PhaseTerms) -> dict[str, Any]:
    return {
        "kind": phase.kind,
        "minutes": phase.minutes,
        "name": phase.name,
        "performer": phase.performer,
        "client": phase.client,
        "merge_key": phase.merge_key,
        "needs": [
            {"any_of": list(need.kinds), "quantity": need.quantity, "keep": need.keep}
            for need in phase.needs
        ],
        "gap_only_if_followed": phase.gap_only_if_followed,
    }
