"""What other domains may know of a service when they sell one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.catalog.enums import Keep, PhaseKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """``quantity`` units at once, each of any of ``kinds`` (codes such as ``chair``)."""

    kinds: tuple[str, ...]
    quantity: int = 1
    keep: Keep = Keep.PHASE


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseTerms:
    """``minutes`` are those of a stylist; other levels take a percentage of them."""

    kind: PhaseKind
    minutes: int
    name: str = ""
    needs: tuple[Need, ...] = ()

    @property
    def takes_staff(self) -> bool:
        return self.kind is not PhaseKind.PROCESSING

    @property
    def takes_client(self) -> bool:
        return self.kind is not PhaseKind.CLEANUP


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelTerms:
    """Price in minor units; duration in percent of the stylist's."""

    price: int
    percent: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionTerms:
    option_id: UUID
    service_name: str
    option_name: str
    price_kind: str
    currency: str
    tax_category: str
    is_online: bool
    phases: tuple[PhaseTerms, ...]
    levels: Mapping[str, LevelTerms]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(
            kind for phase in self.phases for need in phase.needs for kind in need.kinds
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitTerms:
    unit_id: UUID
    kind: str
    name: str
