"""Rows of the rota as types: JSON lists become spans, shifts and breaks."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from tenant_apps.staff.types import (
    Break,
    DatedRota,
    FixedBreak,
    FloatingBreak,
    Off,
    Pattern,
    Shift,
    WallSpan,
)


def read_pattern(
    row_id: UUID,
    valid_from: date,
    valid_until: date | None,
    anchor: str,
    weeks: list[list[list[int]]],
    breaks: list[list[int]],
) -> Pattern:
    by_weekday: dict[int, tuple[Break, ...]] = {}
    for weekday, *rest in breaks:
        by_weekday[weekday] = (*by_weekday.get(weekday, ()), read_break(rest))
    return Pattern(
        id=row_id,
        anchor=date.fromisoformat(anchor),
        weeks=tuple(read_shifts(week) for week in weeks),
        valid_from=valid_from,
        valid_until=valid_until,
        breaks=by_weekday,
    )


def read_dated(
    row_id: UUID,
    replaced: list[list[int]] | None,
    added: list[list[int]],
    removed: list[list[int]],
    breaks: list[list[int]] | None,
    open_anyway: bool,
) -> DatedRota:
    return DatedRota(
        id=row_id,
        replaced=None if replaced is None else read_spans(replaced),
        added=read_spans(added),
        removed=read_spans(removed),
        breaks=None if breaks is None else tuple(map(read_break, breaks)),
        open_anyway=open_anyway,
    )


def read_off(row_id: UUID, first: date, last: date, start: int | None, until: int | None) -> Off:
    return Off(id=row_id, first_day=first, last_day=last, from_minute=start, until_minute=until)


def read_break(numbers: list[int]) -> Break:
    return FixedBreak(*numbers) if len(numbers) == 2 else FloatingBreak(*numbers)


def read_spans(listed: list[list[int]]) -> tuple[WallSpan, ...]:
    return tuple((start, end) for start, end in listed)


def read_shifts(week: Iterable[list[int]]) -> tuple[Shift, ...]:
    return tuple((weekday, start, end) for weekday, start, end in week)
