from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ninja import Field, Schema
from pydantic import PlainSerializer, WithJsonSchema

from shared_apps.core.days import Days
from shared_apps.core.wall import Interval
from tenant_apps.staff.enums import ClosedFor
from tenant_apps.staff.types import Cause, DayView, RotaView, WorkingDay

Instant = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]


class RotaQuery(Days):
    staff_id: list[UUID] = Field([], description="Whose rota; left out: everybody's")


class RotaSpanOut(Schema):
    starts_at: Instant
    ends_at: Instant


class RotaCauseOut(RotaSpanOut):
    """``row_id``: of the pattern, dated rota, special hours or time off that it comes from;
    null: from the salon's ordinary week."""

    row_id: UUID | None


class RotaFloatingOut(RotaSpanOut):
    """A break of ``minutes`` in a row, due somewhere in this window."""

    minutes: int


class WorkingDayOut(Schema):
    """``work`` is what of ``rostered`` lies in ``opened`` (unless ``open_anyway``), less ``off``
    and ``breaks``; all of it belongs to shifts that begin on ``date``."""

    date: date
    work: list[RotaSpanOut]
    rostered: list[RotaCauseOut]
    opened: list[RotaCauseOut]
    off: list[RotaCauseOut]
    breaks: list[RotaCauseOut]
    floating: list[RotaFloatingOut]
    dated_id: UUID | None
    open_anyway: bool


class MemberRotaOut(Schema):
    staff_id: UUID
    name: str
    days: list[WorkingDayOut]


class RotaDayOut(Schema):
    """When the salon is open; ``closed_for``: why it is closed, else null."""

    date: date
    opened: list[RotaSpanOut]
    closed_for: ClosedFor | None
    is_special: bool


class RotaOut(Schema):
    timezone: str
    days: list[RotaDayOut]
    members: list[MemberRotaOut]


class HolidayOut(Schema):
    date: date
    name: str


class Holidays(Schema):
    items: list[HolidayOut]


def rota_out(view: RotaView, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "timezone": zone.key,
        "days": [_day_out(day, zone) for day in view.days],
        "members": [
            {
                "staff_id": member.staff_id,
                "name": member.name,
                "days": [_working_day_out(day, zone) for day in member.days],
            }
            for member in view.members
        ],
    }


def _day_out(day: DayView, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "date": day.date,
        "opened": _spans(day.opened, zone),
        "closed_for": day.closed_for,
        "is_special": day.is_special,
    }


def _working_day_out(day: WorkingDay, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "date": day.date,
        "work": _spans(day.work, zone),
        "rostered": _causes(day.rostered, zone),
        "opened": _causes(day.opened, zone),
        "off": _causes(day.off, zone),
        "breaks": _causes(day.breaks, zone),
        "floating": [{**_span(due.window, zone), "minutes": due.minutes} for due in day.floating],
        "dated_id": day.dated_id,
        "open_anyway": day.open_anyway,
    }


def _span(span: Interval, zone: ZoneInfo) -> dict[str, Any]:
    return {"starts_at": span[0].astimezone(zone), "ends_at": span[1].astimezone(zone)}


def _spans(spans: Iterable[Interval], zone: ZoneInfo) -> list[dict[str, Any]]:
    return [_span(span, zone) for span in spans]


def _causes(causes: Iterable[Cause], zone: ZoneInfo) -> list[dict[str, Any]]:
    return [{**_span((start, end), zone), "row_id": row_id} for start, end, row_id in causes]
