from datetime import date
from enum import StrEnum
from uuid import UUID

from ninja import Field, Schema

from shared_apps.core.days import Days
from tenant_apps.booking.enums import BlockKind, State
from tenant_apps.booking.schemas import ClientOut, Instant, Moment, MoneySchema
from tenant_apps.catalog.enums import PhaseKind


class DiaryFlag(StrEnum):
    HELD = "held"
    LATE = "late"
    OVERRUN = "overrun"
    CONFLICT = "conflict"
    OVERBOOKED = "overbooked"
    OUTSIDE_ROTA = "outside_rota"
    NEW_CLIENT = "new_client"
    MOVED = "moved"
    UNFINISHED = "unfinished"


class DiaryQuery(Days):
    staff_id: UUID | None = Field(None, description="One person's days")
    as_of: Moment | None = Field(
        None, description="The diary as it was known then, under the names of today"
    )


class DiarySpanOut(Schema):
    starts_at: Instant
    ends_at: Instant


class DiaryFloatingOut(DiarySpanOut):
    """A break of so many minutes that is due somewhere in this time."""

    minutes: int


class DiaryMemberOut(Schema):
    id: UUID
    name: str
    level: str
    is_active: bool


class DiaryUnitOut(Schema):
    id: UUID
    name: str
    kind: str


class DiaryCountsOut(Schema):
    """Of what begins on the day, without holds. Minutes of people, in visits and by the rota."""

    visits: int
    arrived: int
    no_shows: int
    booked_minutes: int
    rostered_minutes: int


class DiaryColumnOut(Schema):
    """The shifts that begin on the day, also where they run past midnight. ``off``: time off
    that was taken out of them."""

    staff_id: UUID
    working: list[DiarySpanOut]
    breaks: list[DiarySpanOut]
    floating: list[DiaryFloatingOut]
    off: list[DiarySpanOut]
    counts: DiaryCountsOut


class DiaryPhaseOut(Schema):
    id: UUID
    kind: PhaseKind
    starts_at: Instant
    ends_at: Instant
    staff_id: UUID | None
    unit_ids: list[UUID]
    with_client: bool
    actual_start: Instant | None
    actual_end: Instant | None


class DiaryLineOut(Schema):
    """``requested``: the client asked for somebody by name, and for whom. ``own_minutes``: how long
    the option's phases take, where that is not by the price list."""

    id: UUID
    option_id: UUID
    service_name: str
    option_name: str
    staff_id: UUID
    requested: bool
    requested_staff_id: UUID | None
    state: State
    price: MoneySchema
    parallel_group: int | None
    parent_line_id: UUID | None
    own_minutes: list[int] | None
    phases: list[DiaryPhaseOut]


class DiaryWaitOut(Schema):
    """``appointment_id`` will need that person or unit ``until`` then."""

    subject_id: UUID
    appointment_id: UUID
    until: Instant


class DiaryVisitOut(Schema):
    """``ends_at``: when the client leaves. ``expires_at``: of a hold. ``client`` null: a
    walk-in, or a hold without a name. ``party_id``: whom they come with."""

    id: UUID
    state: State
    version: int
    starts_at: Instant
    ends_at: Instant
    channel: str
    client: ClientOut | None
    flags: list[DiaryFlag]
    expires_at: Instant | None
    party_id: UUID | None
    waits: list[DiaryWaitOut]
    lines: list[DiaryLineOut]


class DiaryBlockOut(Schema):
    id: UUID
    kind: BlockKind
    staff_id: UUID | None
    unit_id: UUID | None
    starts_at: Instant
    ends_at: Instant
    parts: list[DiarySpanOut]
    version: int


class DiaryDayOut(Schema):
    """A visit stands on each day that it touches. ``closed``: a code, when the salon is shut."""

    date: date
    closed: str
    opened: list[DiarySpanOut]
    columns: list[DiaryColumnOut]
    visits: list[DiaryVisitOut]
    blocks: list[DiaryBlockOut]
    counts: DiaryCountsOut


class DiaryOut(Schema):
    """``moment``: when flags hold. ``staff`` stand in the team's order."""

    timezone: str
    moment: Instant
    as_of: Instant | None
    staff: list[DiaryMemberOut]
    units: list[DiaryUnitOut]
    days: list[DiaryDayOut]
