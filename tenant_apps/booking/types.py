from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from shared_apps.core.money import Money
from tenant_apps.booking.enums import State
from tenant_apps.catalog.types import OptionTerms


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedLine:
    """A service that somebody asks for; ``staff_id`` ``None`` means anyone.

    - ``among``: anyone of these.
    - ``part_staff``: in place of ``staff_id`` for the parts of a bundle, in their order.
    - ``addons``: lines under this one. Those before and after it are by the same person.
    - ``parallel_group``: lines with the same number begin together, with different people. A
      line without one follows on its own. Bundles bring their own groups.
    - ``own_minutes``: how long each of the option's phases takes, whoever does it; 0 leaves one
      out. ``timings``: the same by option, as is usual with this client; for a line that says
      nothing itself, and for the parts of a bundle.
    - ``unit_ids``: what needs units of their kinds gets these ones and no others.
      ``helper_ids``: in phases that anyone may do, it is one of these, if any of them may.
    - Of a visit that is there already: ``is_new`` says that the line comes to it only now;
      ``is_done`` that it is over, and only tells what the others share with it.
    """

    option_id: UUID
    staff_id: UUID | None = None
    among: frozenset[UUID] = frozenset()
    part_staff: tuple[UUID | None, ...] = ()
    addons: tuple["AskedLine", ...] = ()
    parallel_group: int | None = None
    own_minutes: tuple[int, ...] | None = None
    timings: "tuple[Timing, ...]" = ()
    unit_ids: frozenset[UUID] = frozenset()
    helper_ids: frozenset[UUID] = frozenset()
    is_new: bool = False
    is_done: bool = False


Timing = tuple[UUID, tuple[int, ...]]
"""An option, and how long each of its phases takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """Refusals, by their codes, that somebody sets aside, and a code that says why."""

    codes: frozenset[str] = frozenset()
    reason: str = ""


NOTHING = Override()


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A time on offer, and for each line the people who can do it then."""

    starts_at: datetime
    staff_ids: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DayOffer:
    date: date
    starts: tuple[Start, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundStart:
    """``crumbs``: minutes it would leave in stretches too short to sell, if that was asked."""

    start: Start
    crumbs: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundDay:
    """``is_whole``: there are no more starts than these."""

    date: date
    starts: tuple[FoundStart, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Companion:
    """One of several who come together, and the card whose own time must be free."""

    lines: tuple[AskedLine, ...]
    client_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyStart:
    """A time at which all of them can come, and for each who would do their lines."""

    starts_at: datetime
    staff_ids: tuple[tuple[UUID, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyDay:
    """``is_whole``: these are all starts of that day; otherwise there may be more."""

    date: date
    starts: tuple[PartyStart, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyDays:
    """``next_day``: the first that could not be worked out any more in one answer."""

    days: tuple[PartyDay, ...]
    next_day: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How a salon sells its time; the defaults hold until it says otherwise."""

    grid_minutes: int = 15
    notice_minutes: int = 60
    horizon_days: int = 180
    free_cancel_hours: int = 24
    hold_minutes: int = 10
    min_gap_minutes: int = 0
    approve_online: bool = False
    max_wait_minutes: int = 0
    refuse_crumbs: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LinePrice:
    """What one line costs with the person who does it."""

    terms: OptionTerms
    level: str
    price: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class LineView:
    id: UUID
    option_id: UUID
    service_name: str
    option_name: str
    staff_id: UUID
    staff_name: str
    starts_at: datetime
    ends_at: datetime
    state: str
    price: Money
    requested_staff_id: UUID | None
    parent_line_id: UUID | None
    own_minutes: Sequence[int] | None
    unit_ids: Sequence[UUID]


def going_lines(lines: tuple[LineView, ...]) -> tuple[LineView, ...]:
    return tuple(line for line in lines if line.state != State.CANCELLED) or lines


@dataclass(frozen=True, kw_only=True, slots=True)
class AppointmentView:
    """A visit as people see it. ``ends_at`` is when the client leaves.

    ``lines`` are all that were booked; those left out since count for nothing.
    """

    id: UUID
    state: str
    version: int
    starts_at: datetime
    ends_at: datetime
    language: str
    client_id: UUID | None
    client_name: str
    client_email: str
    expires_at: datetime | None = None
    party_id: UUID | None = None
    lines: tuple[LineView, ...] = field(default_factory=tuple)

    @property
    def going(self) -> tuple[LineView, ...]:
        """The lines that count; all of them when the whole visit was cancelled."""
        return going_lines(self.lines)

    @property
    def total(self) -> Money:
        first, *others = (line.price for line in self.going)
        for price in others:
            first = first + price
        return first


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyView:
    """``visits`` in the order in which they were asked for, whatever has become of them.
    ``organiser``: card and name of whoever arranged it."""

    id: UUID
    version: int
    organiser: tuple[UUID, str] | None
    visits: tuple[AppointmentView, ...]
