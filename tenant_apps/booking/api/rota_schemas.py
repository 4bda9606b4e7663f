from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ninja import Field, Schema

from shared_apps.core.days import Days, check_day
from tenant_apps.booking.enums import State
from tenant_apps.booking.schemas import Instant, Strict
from tenant_apps.booking.selectors.outside import Outside
from tenant_apps.staff.enums import ClosedFor
from tenant_apps.staff.types import (
    Break,
    DatedRota,
    FixedBreak,
    FloatingBreak,
    Shift,
    WallSpan,
)

Minute = Annotated[int, Field(ge=0, le=2880)]
Weekday = Annotated[int, Field(ge=0, le=6, description="Monday is 0")]


class RotaSpanIn(Strict):
    """Minutes after local midnight; past 1440 for what ends, or begins, after the next one."""

    start: Minute = Field(alias="from")
    end: Minute = Field(alias="to")

    def as_span(self) -> WallSpan:
        return self.start, self.end


class RotaShiftIn(RotaSpanIn):
    weekday: Weekday

    def as_shift(self) -> Shift:
        return self.weekday, self.start, self.end


class RotaBreakIn(RotaSpanIn):
    """With ``minutes`` the break floats: so many in a row, somewhere between the two."""

    minutes: Annotated[int, Field(ge=1, le=2880)] | None = None

    def as_break(self) -> Break:
        if self.minutes is None:
            return FixedBreak(self.start, self.end)
        return FloatingBreak(self.minutes, self.start, self.end)


class RotaWeeklyBreakIn(RotaBreakIn):
    weekday: Weekday


Spans = Annotated[list[RotaSpanIn], Field(max_length=20)]
Week = Annotated[list[RotaShiftIn], Field(max_length=70)]


class RotaPatternIn(Strict):
    """``weeks`` take turns, counted from the Monday ``anchor``. ``breaks`` are of every week."""

    anchor: date
    weeks: Annotated[list[Week], Field(min_length=1, max_length=8)]
    breaks: Annotated[list[RotaWeeklyBreakIn], Field(default_factory=list, max_length=70)]
    valid_until: date | None = Field(None, description="Its last day; left out: for good")

    def as_arguments(self) -> dict[str, Any]:
        return {
            "anchor": check_day(self.anchor, "anchor"),
            "weeks": [[shift.as_shift() for shift in week] for week in self.weeks],
            "breaks": [(found.weekday, found.as_break()) for found in self.breaks],
            "valid_until": self.valid_until and check_day(self.valid_until, "valid_until"),
        }


class RotaDayIn(Strict):
    """``replaced`` and ``breaks``: null leaves the pattern's, an empty list means none."""

    replaced: Spans | None = None
    added: Spans = []
    removed: Spans = []
    breaks: Annotated[list[RotaBreakIn], Field(max_length=20)] | None = None
    open_anyway: bool = Field(False, description="Works though the salon is closed")

    def as_change(self) -> DatedRota:
        return DatedRota(
            replaced=None if self.replaced is None else _spans(self.replaced),
            added=_spans(self.added),
            removed=_spans(self.removed),
            breaks=None
            if self.breaks is None
            else tuple(found.as_break() for found in self.breaks),
            open_anyway=self.open_anyway,
        )


class SalonHoursIn(Strict):
    week: Week

    def as_week(self) -> list[Shift]:
        return [shift.as_shift() for shift in self.week]


class SpecialHoursIn(Strict):
    spans: Spans

    def as_spans(self) -> tuple[WallSpan, ...]:
        return _spans(self.spans)


class ClosureIn(Strict):
    date: date
    reason: ClosedFor


class OutsideQuery(Days):
    staff_id: list[UUID] = Field([], description="Whose visits; left out: everybody's")


class OutsideOut(Schema):
    """A line, or the part of it, in which its person does not work."""

    appointment_id: UUID
    line_id: UUID
    staff_id: UUID
    staff_name: str
    service_name: str
    client_name: str
    state: State
    starts_at: Instant
    ends_at: Instant


class RotaChange(Schema):
    """``outside``: the visits of the days changed in which somebody does not work now, also
    those that were outside before. Nothing was moved."""

    outside: list[OutsideOut]


def change_out(found: Iterable[Outside], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "outside": [
            {
                "appointment_id": entry.appointment_id,
                "line_id": entry.line_id,
                "staff_id": entry.staff_id,
                "staff_name": entry.staff_name,
                "service_name": entry.service_name,
                "client_name": entry.client_name,
                "state": entry.state,
                "starts_at": entry.starts_at.astimezone(zone),
                "ends_at": entry.ends_at.astimezone(zone),
            }
            for entry in found
        ]
    }


def _spans(spans: Iterable[RotaSpanIn]) -> tuple[WallSpan, ...]:
    return tuple(span.as_span() for span in spans)
