"""What a diary shows. Instants are in UTC here; who shows them gives them the salon's offset."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.wall import DAY, Interval, at_wall, days_between
from tenant_apps.booking.enums import State
from tenant_apps.staff.types import Floating

RESOLUTION = timedelta.resolution
GONE = frozenset({State.CANCELLED, State.NO_SHOW})


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which days of whom, seen at which moment. ``as_of``: as they were known then."""

    first: date
    last: date
    zone: ZoneInfo
    moment: datetime
    staff_id: UUID | None = None
    as_of: datetime | None = None

    @property
    def start(self) -> datetime:
        return at_wall(self.first, 0, self.zone)

    @property
    def until(self) -> datetime:
        return at_wall(self.last + DAY, 0, self.zone)

    @property
    def days(self) -> list[date]:
        return list(days_between(self.first, self.last))

    def days_of(self, starts_at: datetime, ends_at: datetime) -> list[date]:
        """The salon days that this time touches, the end not included."""
        first = starts_at.astimezone(self.zone).date()
        last = max(starts_at, ends_at - RESOLUTION).astimezone(self.zone).date()
        return list(days_between(first, last))


@dataclass(frozen=True, slots=True)
class DiaryPhase:
    """``with_client``: the client is there. ``is_shared``: it was deliberately put where somebody
    or something was taken already."""

    id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    staff_id: UUID | None
    with_client: bool
    actual_start: datetime | None
    actual_end: datetime | None
    unit_ids: tuple[UUID, ...]
    is_shared: bool


@dataclass(frozen=True, slots=True)
class DiaryLine:
    id: UUID
    option_id: UUID
    service_name: str
    option_name: str
    performer_id: UUID
    requested_staff_id: UUID | None
    state: str
    price: int
    currency: str
    parallel_group: int | None
    parent_line_id: UUID | None
    own_minutes: Sequence[int] | None
    phases: tuple[DiaryPhase, ...]


@dataclass(frozen=True, slots=True)
class DiaryVisit:
    """``client``: id and name of the card."""

    id: UUID
    state: str
    version: int
    channel: str
    expires_at: datetime | None
    moves_count: int
    client: tuple[UUID, str] | None
    is_new: bool
    lines: tuple[DiaryLine, ...]
    party_id: UUID | None = None

    @property
    def going(self) -> Sequence[DiaryLine]:
        """The lines that are not given up; all of them when the whole visit is."""
        return [line for line in self.lines if line.state not in GONE] or self.lines

    @property
    def starts_at(self) -> datetime:
        return min(line.phases[0].starts_at for line in self.going)

    @property
    def ends_at(self) -> datetime:
        """When the client leaves."""
        ends = [phase.ends_at for line in self.going for phase in line.phases if phase.with_client]
        return max(ends, default=self.starts_at)

    def phases(self) -> Iterator[DiaryPhase]:
        for line in self.going:
            yield from line.phases

    def is_of(self, staff_id: UUID) -> bool:
        return any(phase.staff_id == staff_id for line in self.lines for phase in line.phases)


@dataclass(frozen=True, slots=True)
class DiaryBlock:
    id: UUID
    kind: str
    staff_id: UUID | None
    unit_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    version: int
    parts: tuple[Interval, ...]

    @property
    def subject_id(self) -> UUID:
        subject_id = self.staff_id or self.unit_id
        assert subject_id is not None  # noqa: S101 a block is somebody's or something's
        return subject_id


@dataclass(frozen=True, slots=True)
class Wait:
    """A visit will wait for a person or unit that another one needs until ``until``."""

    subject_id: UUID
    holder_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """Minutes of people: ``booked`` in visits, ``rostered`` by the rota."""

    visits: int = 0
    arrived: int = 0
    no_shows: int = 0
    booked_minutes: int = 0
    rostered_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """One member on one day: the shifts that begin on it, without its fixed breaks."""

    staff_id: UUID
    working: Sequence[Interval]
    breaks: Sequence[Interval]
    floating: Sequence[Floating]
    off: Sequence[Interval]
    counts: Counts


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """``closed``: the reason's code when the salon stays shut, else empty."""

    date: date
    closed: str
    opened: Sequence[Interval]
    columns: Sequence[Column]
    visits: Sequence[DiaryVisit]
    blocks: Sequence[DiaryBlock]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    level: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class DiaryUnit:
    id: UUID
    name: str
    kind: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Diary:
    """``flags`` and ``waits`` by visit."""

    asked: Asked
    team: Sequence[Colleague]
    units: Sequence[DiaryUnit]
    days: Sequence[DiaryDay]
    flags: Mapping[UUID, Sequence[str]]
    waits: Mapping[UUID, Sequence[Wait]]


def minutes_of(spans: Iterable[Interval]) -> int:
    return sum(((end - start) for start, end in spans), timedelta()) // timedelta(minutes=1)
