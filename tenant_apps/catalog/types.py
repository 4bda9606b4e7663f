"""What other domains may know of a service when they sell one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

from tenant_apps.catalog.enums import (
    AddonPlace,
    FieldKind,
    Keep,
    NewClients,
    PhaseKind,
    PhasePerformer,
    PriceKind,
    TaxCategory,
)

USUAL: Mapping[PhaseKind, tuple[PhasePerformer, bool]] = {
    PhaseKind.WORK: (PhasePerformer.LEAD, True),
    PhaseKind.PROCESSING: (PhasePerformer.NONE, True),
    PhaseKind.CLEANUP: (PhasePerformer.LEAD, False),
}
"""Who works on a phase of this kind, and whether the client is there, unless it says otherwise."""
AS_USUAL: Any = None
BUNDLE = "bundle"
"""In the place of a level: a bundle costs the same whoever does its parts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """``quantity`` units at once, each of any of ``kinds`` (codes such as ``chair``)."""

    kinds: tuple[str, ...]
    quantity: int = 1
    keep: Keep = Keep.PHASE


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseTerms:
    """``minutes`` are those of a stylist; other levels take a percentage of them.

    ``performer`` and ``client`` (is the client there?) follow from the kind when left out.
    Of services with the same ``merge_key`` in one visit, only the last keeps the phase:
    colour and cut need one blow-dry. ``gap_only_if_followed``: processing that nobody works in
    is sold to others only when more is done with this client afterwards in the visit;
    otherwise whoever does the service stays with it.
    """

    kind: PhaseKind
    minutes: int
    name: str = ""
    performer: PhasePerformer = AS_USUAL
    client: bool = AS_USUAL
    merge_key: str = ""
    needs: tuple[Need, ...] = ()
    gap_only_if_followed: bool = False

    def __post_init__(self) -> None:
        for name, usual in zip(("performer", "client"), USUAL[self.kind], strict=True):
            if getattr(self, name) is None:
                object.__setattr__(self, name, usual)

    @property
    def takes_staff(self) -> bool:
        return self.performer is not PhasePerformer.NONE

    @property
    def takes_client(self) -> bool:
        return self.client


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelTerms:
    """Price in minor units. The time is ``percent`` of the stylist's, or ``phases``: this
    level's own minutes for each phase of the option, where 0 leaves a phase out."""

    price: int
    percent: int = 100
    phases: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BundlePart:
    """One service of a bundle. Parts with the same ``parallel_group`` begin together, each
    with somebody of its own; groups follow one another."""

    option_id: UUID
    parallel_group: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class NewOption:
    """An option as somebody writes it; ``option_id`` names the one it takes the place of."""

    levels: Mapping[str, LevelTerms]
    phases: tuple[PhaseTerms, ...] = ()
    parts: tuple[BundlePart, ...] = ()
    name: str = ""
    price_kind: PriceKind = PriceKind.FIXED
    tax_category: TaxCategory = TaxCategory.SERVICE
    option_id: UUID | None = None


class ServiceFields(TypedDict, total=False):
    """What may be said of a service beside its name; ``OptionTerms`` explains each."""

    description: str
    is_online: bool
    new_clients: NewClients
    weekdays: Collection[int] | None
    from_minute: int | None
    until_minute: int | None
    notice_minutes: int | None
    horizon_days: int | None
    sequence: int | None
    addon_place: AddonPlace | None
    addon_of: Collection[UUID]
    sold_alone: bool
    custom: Mapping[str, Any]


class ServiceChanges(ServiceFields, total=False):
    """What is left out stays as it is. ``options`` are all that the service shall have: those
    with an ``option_id`` take the place of that one, and those not named are archived."""

    category_id: UUID
    name: str
    options: Sequence[NewOption]


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionTerms:
    """One way to have a service, and to whom, when and with what it is sold.

    - ``is_archived``: no longer sold, also at the desk; visits booked before still refer to it.
    - ``weekdays``: Monday is 0. ``from_minute`` and ``until_minute``: the line begins in
      ``[from, until)``, minutes after the salon's midnight.
    - ``notice_minutes`` and ``horizon_days`` take the place of the salon's own rules.
    - ``sequence``: within a visit, lines that have one come in its order (colour before cut).
    - ``addon_place``: it is an add-on, under any of the services ``addon_of`` (none named:
      under every service); ``sold_alone``: it may be booked without one, too.
    - ``parts``: it is a bundle, which has a price but no phases of its own. ``levels`` then
      holds that one price under ``BUNDLE``.
    """

    option_id: UUID
    service_id: UUID
    category_id: UUID
    service_name: str
    option_name: str
    price_kind: str
    currency: str
    tax_category: str
    is_online: bool
    phases: tuple[PhaseTerms, ...]
    levels: Mapping[str, LevelTerms]
    is_archived: bool = False
    new_clients: NewClients = NewClients.ANY
    weekdays: frozenset[int] | None = None
    from_minute: int | None = None
    until_minute: int | None = None
    notice_minutes: int | None = None
    horizon_days: int | None = None
    sequence: int | None = None
    addon_place: AddonPlace | None = None
    addon_of: frozenset[UUID] = frozenset()
    sold_alone: bool = True
    parts: tuple[BundlePart, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Of units that the phases need; those of a bundle are needed by its parts."""
        return frozenset(
            kind for phase in self.phases for need in phase.needs for kind in need.kinds
        )

    @property
    def is_bundle(self) -> bool:
        return bool(self.parts)

    @property
    def bundle_price(self) -> int:
        """Minor units; of bundles only."""
        return self.levels[BUNDLE].price


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitLine:
    """A line of a visit as it is asked for. Lines of one ``parallel_group`` begin together;
    ``parent`` is the place of the line that this one is added to."""

    terms: OptionTerms
    parallel_group: int
    parent: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitTerms:
    """``places``: how many of one party find room in it together."""

    unit_id: UUID
    kind: str
    name: str
    places: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldTerms:
    """A field of the salon's own. ``choices`` only for ``FieldKind.CHOICE``; ``is_archived``:
    nobody is asked for it any more."""

    key: str
    kind: FieldKind
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()
    is_archived: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis:
    """What services may rest on: ``kinds`` of units by code, and the salon's own fields, those
    included that nobody is asked for any more."""

    kinds: frozenset[str]
    fields: tuple[FieldTerms, ...]
