"""The diary's JSON. It is large and read often, so it goes from tuples to text without models
in between; a test holds it against ``diary_schemas``, of which the documents are made."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared_apps.core.wall import Interval
from tenant_apps.booking.selectors.diary_types import (
    Column,
    Counts,
    Diary,
    DiaryBlock,
    DiaryDay,
    DiaryLine,
    DiaryPhase,
    DiaryVisit,
    Wait,
)

Json = dict[str, Any]


def diary_out(diary: Diary) -> Json:
    return _Writer(diary).whole()


class _Writer:
    """Keeps the zone, and each visit once for all days that it stands on."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._zone = diary.asked.zone

    def whole(self) -> Json:
        diary = self._diary
        return {
            "timezone": str(self._zone),
            "moment": self._at(diary.asked.moment),
            "as_of": self._at(diary.asked.as_of),
            "staff": [
                {
                    "id": str(one.id),
                    "name": one.name,
                    "level": one.level,
                    "is_active": one.is_active,
                }
                for one in diary.team
            ],
            "units": [
                {"id": str(one.id), "name": one.name, "kind": one.kind} for one in diary.units
            ],
            "days": [self._day(day) for day in diary.days],
        }

    def _at(self, instant: datetime | None) -> str | None:
        return instant.astimezone(self._zone).isoformat() if instant else None

    def _spans(self, spans: Iterable[Interval]) -> list[Json]:
        return [{"starts_at": self._at(start), "ends_at": self._at(end)} for start, end in spans]

    def _day(self, day: DiaryDay) -> Json:
        return {
            "date": day.date.isoformat(),
            "closed": day.closed,
            "opened": self._spans(day.opened),
            "columns": [self._column(column) for column in day.columns],
            "visits": [self._visit(visit) for visit in day.visits],
            "blocks": [self._block(block) for block in day.blocks],
            "counts": _counts(day.counts),
        }

    def _column(self, column: Column) -> Json:
        return {
            "staff_id": str(column.staff_id),
            "working": self._spans(column.working),
            "breaks": self._spans(column.breaks),
            "floating": [
                {**span, "minutes": due.minutes}
                for due in column.floating
                for span in self._spans([due.window])
            ],
            "off": self._spans(column.off),
            "counts": _counts(column.counts),
        }

    def _visit(self, visit: DiaryVisit) -> Json:
        waits: Sequence[Wait] = self._diary.waits.get(visit.id, ())
        return {
            "id": str(visit.id),
            "state": visit.state,
            "version": visit.version,
            "starts_at": self._at(visit.starts_at),
            "ends_at": self._at(visit.ends_at),
            "channel": visit.channel,
            "client": visit.client and {"id": str(visit.client[0]), "name": visit.client[1]},
            "flags": self._diary.flags[visit.id],
            "expires_at": self._at(visit.expires_at),
            "party_id": visit.party_id and str(visit.party_id),
            "waits": [
                {
                    "subject_id": str(wait.subject_id),
                    "appointment_id": str(wait.holder_id),
                    "until": self._at(wait.until),
                }
                for wait in waits
            ],
            "lines": [self._line(line) for line in visit.lines],
        }

    def _line(self, line: DiaryLine) -> Json:
        return {
            "id": str(line.id),
            "option_id": str(line.option_id),
            "service_name": line.service_name,
            "option_name": line.option_name,
            "staff_id": str(line.performer_id),
            "requested": line.requested_staff_id is not None,
            "requested_staff_id": _id(line.requested_staff_id),
            "state": line.state,
            "price": {"amount": line.price, "currency": line.currency},
            "parallel_group": line.parallel_group,
            "parent_line_id": _id(line.parent_line_id),
            "own_minutes": None if line.own_minutes is None else list(line.own_minutes),
            "phases": [self._phase(phase) for phase in line.phases],
        }

    def _phase(self, phase: DiaryPhase) -> Json:
        return {
            "id": str(phase.id),
            "kind": phase.kind,
            "starts_at": self._at(phase.starts_at),
            "ends_at": self._at(phase.ends_at),
            "staff_id": _id(phase.staff_id),
            "unit_ids": [str(pk) for pk in phase.unit_ids],
            "with_client": phase.with_client,
            "actual_start": self._at(phase.actual_start),
            "actual_end": self._at(phase.actual_end),
        }

    def _block(self, block: DiaryBlock) -> Json:
        return {
            "id": str(block.id),
            "kind": block.kind,
            "staff_id": _id(block.staff_id),
            "unit_id": _id(block.unit_id),
            "starts_at": self._at(block.starts_at),
            "ends_at": self._at(block.ends_at),
            "parts": self._spans(block.parts),
            "version": block.version,
        }


def _counts(counts: Counts) -> Json:
    return {
        "visits": counts.visits,
        "arrived": counts.arrived,
        "no_shows": counts.no_shows,
        "booked_minutes": counts.booked_minutes,
        "rostered_minutes": counts.rostered_minutes,
    }


def _id(pk: UUID | None) -> str | None:
    return str(pk) if pk else None
