from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from tenant_apps.staff.enums import ClosedFor
from tenant_apps.staff.types import (
    Break,
    DatedRota,
    FixedBreak,
    FloatingBreak,
    Pattern,
    RotaPlan,
    Shift,
    WallSpan,
)


class PlanSpan(Schema):
    """Minutes after local midnight."""

    start: int = Field(alias="from")
    end: int = Field(alias="to")


class PlanShift(PlanSpan):
    weekday: int


class PlanBreak(PlanSpan):
    """``minutes`` null: fixed."""

    minutes: int | None


class PlanWeeklyBreak(PlanBreak):
    weekday: int


class PlanPattern(Schema):
    id: UUID
    anchor: date
    weeks: list[list[PlanShift]]
    breaks: list[PlanWeeklyBreak]
    valid_from: date
    valid_until: date | None


class PlanDay(Schema):
    """``replaced`` and ``breaks`` null: as the pattern says."""

    id: UUID
    date: date
    replaced: list[PlanSpan] | None
    added: list[PlanSpan]
    removed: list[PlanSpan]
    breaks: list[PlanBreak] | None
    open_anyway: bool


class PlanMember(Schema):
    staff_id: UUID
    name: str
    patterns: list[PlanPattern]
    days: list[PlanDay]


class PlanClosure(Schema):
    date: date
    reason: ClosedFor


class PlanSpecialHours(Schema):
    date: date
    spans: list[PlanSpan]


class RotaPlanOut(Schema):
    """In the shapes in which ``setSalonHours``, ``setRotaPattern``, ``setRotaDay``,
    ``setSpecialHours`` and ``closeDay`` take them."""

    hours: list[PlanShift]
    closures: list[PlanClosure]
    special_hours: list[PlanSpecialHours]
    members: list[PlanMember]


def plan_out(plan: RotaPlan, first: date, last: date) -> dict[str, Any]:
    rota = plan.rota
    return {
        "hours": _shifts(rota.hours),
        "closures": [{"date": day, "reason": why} for day, why in plan.closed_for.items()],
        "special_hours": [
            {"date": day, "spans": _spans(special.spans)}
            for day, special in sorted(rota.special.items())
            if first <= day <= last
        ],
        "members": [
            {
                "staff_id": staff_id,
                "name": name,
                "patterns": [_pattern(found) for found in _by_start(rota.patterns, staff_id)],
                "days": [
                    _day(day, found)
                    for (whose, day), found in sorted(rota.dated.items())
                    if whose == staff_id and first <= day <= last
                ],
            }
            for staff_id, name in plan.names.items()
        ],
    }


def _by_start(patterns: Mapping[UUID, tuple[Pattern, ...]], staff_id: UUID) -> list[Pattern]:
    return sorted(patterns.get(staff_id, ()), key=lambda pattern: pattern.valid_from)


def _pattern(pattern: Pattern) -> dict[str, Any]:
    return {
        "id": pattern.id,
        "anchor": pattern.anchor,
        "weeks": [_shifts(week) for week in pattern.weeks],
        "breaks": [
            {"weekday": weekday, **_break(found)}
            for weekday, breaks in sorted(pattern.breaks.items())
            for found in breaks
        ],
        "valid_from": pattern.valid_from,
        "valid_until": pattern.valid_until,
    }


def _day(day: date, dated: DatedRota) -> dict[str, Any]:
    return {
        "id": dated.id,
        "date": day,
        "replaced": None if dated.replaced is None else _spans(dated.replaced),
        "added": _spans(dated.added),
        "removed": _spans(dated.removed),
        "breaks": None if dated.breaks is None else [_break(found) for found in dated.breaks],
        "open_anyway": dated.open_anyway,
    }


def _break(found: Break) -> dict[str, Any]:
    match found:
        case FixedBreak(start, end):
            return {"from": start, "to": end, "minutes": None}
        case FloatingBreak(minutes, start, end):
            return {"from": start, "to": end, "minutes": minutes}


def _shifts(shifts: Iterable[Shift]) -> list[dict[str, int]]:
    return [{"weekday": weekday, "from": start, "to": end} for weekday, start, end in shifts]


def _spans(spans: Iterable[WallSpan]) -> list[dict[str, int]]:
    return [{"from": start, "to": end} for start, end in spans]
