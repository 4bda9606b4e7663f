from datetime import date, time
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.booking import schemas

Lines = Annotated[list[schemas.LineIn], Field(min_length=1, max_length=schemas.MOST_LINES)]


class SearchIn(schemas.Strict):
    """From ``first_day`` to ``last_day``, local dates, both included, 62 days at most.

    - ``weekdays``: Monday is 0. ``from_time`` and ``until_time``: the visit begins in between,
      on the salon's clock.
    - ``hold``: the token of a hold, ``moving``: the id of an appointment; their own time counts
      as free. ``client_id``: a card whose own time must be free, and with whom services take as
      long as they do; or ``client`` as in a booking, with the ``proof`` that a guest has.
    - ``first_only``: up to the first day that has a start. ``overview``: how many starts a day
      has, and its first, without the rest. ``ranked``: with each start the minutes that it
      would leave in stretches too short to sell.
    """

    lines: Lines
    first_day: date
    last_day: date
    weekdays: Annotated[
        list[Annotated[int, Field(ge=0, le=6)]], Field(default_factory=list, max_length=7)
    ]
    from_time: time | None = None
    until_time: time | None = None
    hold: str | None = Field(None, max_length=200)
    moving: UUID | None = None
    client_id: UUID | None = None
    client: schemas.SomeClient | None = None
    first_only: bool = False
    overview: bool = False
    ranked: bool = False


class FoundOut(schemas.StartOut):
    crumbs: int | None = None


class FoundDayOut(Schema):
    """``starts`` is empty in an overview. ``complete``: these are all starts of that day.
    Otherwise too much was in doubt, and there may be more; ask for the day alone."""

    date: date
    count: int
    first: schemas.Instant | None
    starts: list[FoundOut]
    complete: bool


class SearchOut(Schema):
    timezone: str
    days: list[FoundDayOut]


class ExplainIn(schemas.Strict):
    """Why can ``lines`` not begin at ``starts_at``? The rest as in ``searchAvailability``."""

    starts_at: schemas.Moment
    lines: Lines
    hold: str | None = Field(None, max_length=200)
    moving: UUID | None = None
    client_id: UUID | None = None


class ReasonOut(Schema):
    """``code`` is the rule; ``line`` and ``phase`` are places in what was asked.

    Of whom or of what (``staff_id``, ``unit_id``, neither: the client or the line itself), from
    when to when, and because of which row: ``shift_id``, ``closure_id``, ``time_off_id``,
    ``appointment_id`` with ``phase_id``, ``block_id``.
    """

    code: str
    line: int | None = None
    phase: int | None = None
    staff_id: UUID | None = None
    unit_id: UUID | None = None
    starts_at: schemas.Instant | None = None
    ends_at: schemas.Instant | None = None
    shift_id: UUID | None = None
    closure_id: UUID | None = None
    time_off_id: UUID | None = None
    appointment_id: UUID | None = None
    phase_id: UUID | None = None
    block_id: UUID | None = None


class CandidateOut(Schema):
    """Who would do each line, and everything against it; nothing: it can be booked."""

    staff_ids: list[UUID]
    reasons: list[ReasonOut]


class ExplainOut(Schema):
    """``reasons`` are against the start, whoever does it."""

    is_offered: bool
    reasons: list[ReasonOut]
    candidates: list[CandidateOut]
