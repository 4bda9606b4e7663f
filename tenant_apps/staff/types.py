"""Times of the rota. Minutes count from local midnight and go past 1440 overnight; whatever is
said of a day counts for the shifts that begin on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from shared_apps.core.wall import Interval
from tenant_apps.staff.enums import TimeOffKind

Shift = tuple[int, int, int]
"""``(weekday, from, to)``: Monday is 0."""

WallSpan = tuple[int, int]
"""``(from, to)`` on a day that is known."""


class FixedBreak(NamedTuple):
    start: int
    end: int


class FloatingBreak(NamedTuple):
    """``minutes`` in a row, somewhere between ``start`` and ``end``."""

    minutes: int
    start: int
    end: int


Break = FixedBreak | FloatingBreak


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldDays:
    """Proof that nobody else changes what is taken on ``days`` until the transaction ends.

    Only booking's day lock makes one. Whatever changes who works on a day asks for it.
    """

    days: frozenset[date] = frozenset()
    every: bool = False

    def must_cover(self, days: Iterable[date]) -> None:
        missing = set(days) - self.days
        if missing and not self.every:
            raise AssertionError(f"changed without the lock on {min(missing)}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Performer:
    """A member who does some of the options that somebody asks for."""

    staff_id: UUID
    name: str
    level: str
    position: int
    is_online: bool
    option_ids: frozenset[UUID]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """Weeks that repeat from the Monday ``anchor`` on; ``breaks`` by weekday, for each week."""

    anchor: date
    weeks: tuple[tuple[Shift, ...], ...]
    valid_from: date
    valid_until: date | None = None
    breaks: Mapping[int, tuple[Break, ...]] = field(default_factory=dict)
    id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedRota:
    """What is different for one member on one day. ``None``: as the pattern says.

    ``open_anyway``: the member works even though the salon is shut.
    """

    replaced: tuple[WallSpan, ...] | None = None
    added: tuple[WallSpan, ...] = ()
    removed: tuple[WallSpan, ...] = ()
    breaks: tuple[Break, ...] | None = None
    open_anyway: bool = False
    id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Special:
    """A day on which the salon keeps other hours than its week says."""

    spans: tuple[WallSpan, ...]
    id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Off:
    """Approved time off: from ``from_minute`` of the first day until ``until_minute`` of the
    last. Without them from its beginning, and to the end of the shifts that begin on it."""

    first_day: date
    last_day: date
    from_minute: int | None = None
    until_minute: int | None = None
    id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedTimeOff:
    """``from_minute`` counts on the first day, ``until_minute`` on the last."""

    kind: TimeOffKind
    first_day: date
    last_day: date
    from_minute: int | None = None
    until_minute: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rota:
    """All that decides when people work, on the days that it was read for."""

    hours: tuple[Shift, ...]
    closed: Mapping[date, UUID | None] = field(default_factory=dict)
    special: Mapping[date, Special] = field(default_factory=dict)
    patterns: Mapping[UUID, tuple[Pattern, ...]] = field(default_factory=dict)
    dated: Mapping[tuple[UUID, date], DatedRota] = field(default_factory=dict)
    off: Mapping[UUID, tuple[Off, ...]] = field(default_factory=dict)


class Cause(NamedTuple):
    """A stretch of time and the row that it comes from; ``None``: the salon's ordinary week."""

    start: datetime
    end: datetime
    row_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Floating:
    """A break of ``minutes`` in a row that is due somewhere in ``window``."""

    window: Interval
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """When somebody works: in order, apart from one another, fixed breaks taken out."""

    spans: tuple[Interval, ...] = ()
    floating: tuple[Floating, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DayWork:
    """When the salon is open and when each member works, in what begins on one day."""

    opened: tuple[Interval, ...]
    team: Mapping[UUID, Work]


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingDay:
    """Why somebody works as they do in the shifts that begin on ``date``.

    ``rostered`` is what pattern or dated rota give, ``opened`` when the salon is open meanwhile,
    ``off`` and ``breaks`` what is taken away again; ``work`` is what remains of it.
    """

    date: date
    rostered: tuple[Cause, ...]
    opened: tuple[Cause, ...]
    off: tuple[Cause, ...]
    breaks: tuple[Cause, ...]
    floating: tuple[Floating, ...]
    work: tuple[Interval, ...]
    closure_id: UUID | None = None
    dated_id: UUID | None = None
    open_anyway: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DayView:
    """When the salon is open; ``closed_for`` is the reason's code on a closed day."""

    date: date
    opened: tuple[Interval, ...]
    closed_for: str | None
    is_special: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberView:
    staff_id: UUID
    name: str
    days: tuple[WorkingDay, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaView:
    days: tuple[DayView, ...]
    members: tuple[MemberView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Holiday:
    date: date
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaPlan:
    """What is written down, to be changed: ``rota`` also knows the days around those asked for;
    ``closed_for`` and ``names`` say why a day is closed and who is meant."""

    rota: Rota
    closed_for: Mapping[date, str]
    names: Mapping[UUID, str]
