"""What a new salon of each trade begins with. Names are translated when it opens."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.catalog.enums import Colour, Keep, PhaseKind
from tenant_apps.catalog.types import Need, PhaseTerms
from tenants.enums import Trade

Text = str | Promise
WORK, PROCESSING, CLEANUP = PhaseKind.WORK, PhaseKind.PROCESSING, PhaseKind.CLEANUP
CURRENCIES = ("EUR", "GBP", "PLN")


@dataclass(frozen=True, slots=True)
class StarterService:
    """``phases``: kind and minutes. ``prices`` in whole EUR, GBP and PLN."""

    name: Text
    phases: tuple[tuple[PhaseKind, int], ...]
    prices: tuple[int, int, int]
    kind: str = ""

    def price_in(self, currency: str) -> int:
        """In minor units."""
        return self.prices[CURRENCIES.index(currency)] * 100

    def terms(self) -> tuple[PhaseTerms, ...]:
        needs = (Need(kinds=(self.kind,), keep=Keep.LINE),) if self.kind else ()
        return tuple(
            PhaseTerms(kind=kind, minutes=minutes, needs=needs) for kind, minutes in self.phases
        )


@dataclass(frozen=True, slots=True)
class StarterCategory:
    name: Text
    colour: Colour
    services: tuple[StarterService, ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """``units``: kind code and the name of the first one."""

    categories: tuple[StarterCategory, ...]
    units: tuple[tuple[str, Text], ...]
    title: Text


def _plain(work: int, cleanup: int = 5) -> tuple[tuple[PhaseKind, int], ...]:
    return ((WORK, work), (CLEANUP, cleanup)) if cleanup else ((WORK, work),)


def _with_gap(first: int, gap: int, last: int) -> tuple[tuple[PhaseKind, int], ...]:
    return ((WORK, first), (PROCESSING, gap), (WORK, last), (CLEANUP, 5))


CUTS = StarterCategory(
    _("Cut and style"),
    Colour.CUT,
    (
        StarterService(_("Women’s cut and finish"), _plain(50), (49, 48, 160), "chair"),
        StarterService(_("Men’s cut"), _plain(30), (30, 26, 85), "chair"),
        StarterService(_("Blow-dry"), _plain(35), (33, 30, 100), "chair"),
        StarterService(_("Child’s cut, under 12"), _plain(25, 0), (22, 18, 60), "chair"),
    ),
)
COLOURS = StarterCategory(
    _("Colour"),
    Colour.COLOUR,
    (
        StarterService(_("Root tint"), _with_gap(35, 35, 20), (55, 55, 200), "chair"),
        StarterService(_("Full colour"), _with_gap(45, 35, 25), (72, 70, 260), "chair"),
        StarterService(_("Half-head highlights"), _with_gap(70, 35, 25), (90, 71, 320), "chair"),
    ),
)
BARBERING = StarterCategory(
    _("Barber"),
    Colour.CUT,
    (
        StarterService(_("Men’s cut"), _plain(30), (30, 26, 85), "chair"),
        StarterService(_("Beard trim"), _plain(20, 0), (18, 15, 60), "chair"),
        StarterService(_("Cut and beard"), _plain(45), (44, 38, 130), "chair"),
    ),
)
NAILS = StarterCategory(
    _("Nails"),
    Colour.NAILS,
    (
        StarterService(_("Gel manicure"), _plain(60), (38, 34, 130), "desk"),
        StarterService(_("Gel extensions, full set"), _plain(120, 10), (68, 55, 230), "desk"),
        StarterService(_("Gel infill"), _plain(80), (48, 42, 170), "desk"),
        StarterService(_("Classic pedicure"), _plain(50, 10), (42, 38, 150), "desk"),
    ),
)
BROWS = StarterCategory(
    _("Brows and lashes"),
    Colour.BROWS,
    (
        StarterService(_("Brow shape and tint"), _with_gap(25, 5, 5), (28, 22, 80), "cabin"),
        StarterService(_("Lash lift and tint"), _with_gap(20, 20, 15), (55, 48, 160), "cabin"),
    ),
)
SKIN = StarterCategory(
    _("Face and body"),
    Colour.SKIN,
    (
        StarterService(_("Classic facial"), _plain(60, 10), (72, 62, 230), "cabin"),
        StarterService(_("Half-leg wax"), _plain(25, 10), (24, 22, 80), "cabin"),
    ),
)
SPA = StarterCategory(
    _("Massage"),
    Colour.SKIN,
    (
        StarterService(_("Relaxing massage, 60 minutes"), _plain(60, 15), (68, 60, 220), "cabin"),
        StarterService(_("Relaxing massage, 90 minutes"), _plain(90, 15), (95, 84, 310), "cabin"),
    ),
)

KIND_NAMES: Mapping[str, Text] = {"chair": _("Chair"), "desk": _("Desk"), "cabin": _("Cabin")}
CHAIR, DESK, CABIN = ("chair", _("Chair 1")), ("desk", _("Desk 1")), ("cabin", _("Cabin 1"))

STARTERS: Mapping[str, Starter] = {
    Trade.HAIR: Starter((CUTS, COLOURS), (CHAIR, ("chair", _("Chair 2"))), _("Hairdresser")),
    Trade.BARBER: Starter((BARBERING,), (CHAIR,), _("Barber")),
    Trade.NAILS: Starter((NAILS,), (DESK,), _("Nail artist")),
    Trade.BEAUTY: Starter((BROWS, SKIN), (CABIN,), _("Beautician")),
    Trade.SPA: Starter((SPA, SKIN), (CABIN,), _("Therapist")),
}

WEEK = (
    *((weekday, 9 * 60, 18 * 60) for weekday in range(5)),
    (5, 9 * 60, 14 * 60),
)
"""Monday to Friday nine to six, Saturday nine to two."""
