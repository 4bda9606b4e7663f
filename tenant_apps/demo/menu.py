"""What a row of the price list says: phases, prices, and what it goes with. A: assumption."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from tenant_apps.catalog.enums import (
    AddonPlace,
    Colour,
    Keep,
    Level,
    NewClients,
    PhaseKind,
    PriceKind,
)
from tenant_apps.catalog.types import BUNDLE, LevelTerms, Need, PhaseTerms, ServiceFields
from tenant_apps.demo.menu_texts import DESCRIPTIONS, PHASE_NAMES

CURRENCIES = ("EUR", "GBP", "PLN")
WASH_MINUTES = 10
LETTERS = {
    "A": PhaseKind.WORK,
    "G": PhaseKind.PROCESSING,
    "F": PhaseKind.WORK,
    "D": PhaseKind.WORK,
    "C": PhaseKind.CLEANUP,
}
SHARED = {"F": "dry", "D": "dry"}
"""Of a visit with colour and cut, the hair is dried once."""
PLACES = {"double_cabin": 2}
KEPT = {"backwash": Keep.PHASE, "double_cabin": Keep.VISIT}
"""Whoever has got a chair keeps it; any backwash will do; two stay in one room."""
CUTS, DRY = (1, 2, 4, 6), 3
COLOURS, STRAIGHTENING = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17), 18
LONG_GAPS = (8, 9, 10, 12, 13, 14, 15)
"""Half an hour or so, in which something else can be done with the hair."""
SEQUENCES = {
    **dict.fromkeys((*COLOURS, STRAIGHTENING), 10),
    **dict.fromkeys(CUTS, 20),
    DRY: 30,
}
ADDONS = {
    7: (AddonPlace.AFTER, (*CUTS, *COLOURS, STRAIGHTENING)),
    19: (AddonPlace.DURING, LONG_GAPS),
    20: (AddonPlace.BEFORE, (*CUTS, *COLOURS)),
}
"""Where each goes, and under what; all of them are sold by themselves, too."""
WEEKDAYS: Mapping[int, Collection[int]] = {6: range(5)}
FOR_KNOWN_CLIENTS = frozenset({16, 32})
PACE = {Level.JUNIOR: 125, Level.STYLIST: 100, Level.SENIOR: 100, Level.DIRECTOR: 90}  # A
NOT_FOR_JUNIORS = frozenset({15, 16})


class Craft(StrEnum):
    """What somebody has learnt, and so which services are theirs."""

    HAIR = "hair"
    NAILS = "nails"
    BEAUTY = "beauty"


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    colour: Colour
    craft: Craft


CUT = Section("cut", Colour.CUT, Craft.HAIR)
COLOUR = Section("colour", Colour.COLOUR, Craft.HAIR)
NAILS = Section("nails", Colour.NAILS, Craft.NAILS)
BROWS = Section("brows", Colour.BROWS, Craft.BEAUTY)
SKIN = Section("skin", Colour.SKIN, Craft.BEAUTY)
SECTIONS = (CUT, COLOUR, NAILS, BROWS, SKIN)


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the price list.

    ``phases``: A active, G gap, F finish, D blow-dry, C cleanup, in minutes. ``prices`` in whole
    EUR, GBP and PLN for junior/stylist/director, or one for all. ``unit``: the kind it takes.
    ``asked``: how often in comparison with the rest of its craft. ``wash``: which phase begins
    at the backwash. ``also``: who has learnt it besides. ``parts``: it is a bundle of these,
    ``together`` side by side or not at all.
    """

    number: int
    section: Section
    phases: str
    prices: tuple[str, str, str]
    unit: str = ""
    asked: float = 1.0
    wash: str = ""
    for_men: bool | None = None
    price_kind: PriceKind = PriceKind.FIXED
    is_online: bool = True
    also: Craft | None = None
    parts: tuple[int, ...] = ()
    together: bool = False

    @property
    def crafts(self) -> frozenset[Craft]:
        also = {self.also} if self.also else set()
        return frozenset({self.section.craft} | also)

    @property
    def sequence(self) -> int | None:
        return SEQUENCES.get(self.number)

    @property
    def addon(self) -> AddonPlace | None:
        return ADDONS[self.number][0] if self.number in ADDONS else None

    @property
    def under(self) -> tuple[int, ...]:
        """What it may be added to."""
        return ADDONS[self.number][1] if self.number in ADDONS else ()

    @property
    def weekdays(self) -> Collection[int] | None:
        return WEEKDAYS.get(self.number)

    @property
    def new_clients(self) -> NewClients:
        return NewClients.ONLY_KNOWN if self.number in FOR_KNOWN_CLIENTS else NewClients.ANY

    @property
    def is_amid(self) -> bool:
        """Added while something else develops, by anybody."""
        return self.addon is AddonPlace.DURING

    def is_sold(self, *, weekday: int) -> bool:
        return self.weekdays is None or weekday in self.weekdays

    def is_for(self, *, is_new: bool) -> bool:
        other = NewClients.ONLY_KNOWN if is_new else NewClients.ONLY_NEW
        return self.new_clients is not other

    def said(self, language: str, services: Mapping[int, UUID]) -> ServiceFields:
        """What the price list says of it beside its options; ``services`` that are there."""
        return {
            "description": DESCRIPTIONS[language].get(self.number, ""),
            "addon_of": [services[number] for number in self.under if number in services],
            "is_online": self.is_online,
            "sequence": self.sequence,
            "addon_place": self.addon,
            "weekdays": self.weekdays,
            "new_clients": self.new_clients,
        }

    def terms(self, kinds: frozenset[str], language: str) -> tuple[PhaseTerms, ...]:
        """Its phases in a salon that has units of these ``kinds``."""
        names = PHASE_NAMES[language]
        return tuple(
            PhaseTerms(
                kind=LETTERS[step],
                minutes=minutes,
                name=names[name],
                merge_key=SHARED.get(name, "") if self.wash else "",
                needs=_needs(unit),
            )
            for step, minutes, unit, name in self._steps("backwash" in kinds)
        )

    def levels(self, currency: str) -> dict[str, LevelTerms]:
        """Price in minor units and pace, for every level that offers it."""
        found = self.prices[CURRENCIES.index(currency)].split("/")
        if self.parts:
            return {BUNDLE: LevelTerms(price=int(found[0]) * 100)}
        junior, stylist, director = found * 3 if len(found) == 1 else found
        senior = stylist if director == "-" else str((int(stylist) + int(director)) // 2)
        by_level = {
            Level.JUNIOR: "-" if self.number in NOT_FOR_JUNIORS else junior,
            Level.STYLIST: stylist,
            Level.SENIOR: senior,
            Level.DIRECTOR: director,
        }
        return {
            level.value: LevelTerms(price=int(price) * 100, percent=PACE[level])
            for level, price in by_level.items()
            if price != "-"
        }

    def _steps(self, has_backwash: bool) -> Iterator[tuple[str, int, str, str]]:
        for part in self.phases.split():
            step, minutes = part[0], int(part[1:])
            if step == self.wash:
                yield step, WASH_MINUTES, "backwash" if has_backwash else self.unit, "wash"
                minutes -= WASH_MINUTES
            if minutes:
                yield step, minutes, self.unit, step


def _needs(unit: str) -> tuple[Need, ...]:
    return (Need(kinds=(unit,), keep=KEPT.get(unit, Keep.LINE)),) if unit else ()
