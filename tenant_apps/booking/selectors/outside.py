"""Visits in which their people do not work, as the rota is now."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from shared_apps.core.db import rows
from shared_apps.core.wall import DAY, Interval, at_wall
from tenant_apps.staff.selectors import work_between
from tenant_apps.staff.types import Work

# Whatever still takes somebody's time, in the states of a visit to come: an allocation lives
# as long as that. Holds whose time is up take nothing any more.
TAKEN = """
SELECT visit.id, line.id, taken.staff_id, member.name, member.is_active, service.name,
       coalesce(client.name, ''), visit.state, lower(taken.during), upper(taken.during)
FROM booking_allocation AS taken
JOIN booking_phase AS phase ON phase.id = taken.phase_id
JOIN booking_line AS line ON line.id = phase.line_id
JOIN booking_appointment AS visit ON visit.id = line.appointment_id
JOIN staff_member AS member ON member.id = taken.staff_id
JOIN catalog_option AS option ON option.id = line.option_id
JOIN catalog_service AS service ON service.id = option.service_id
LEFT JOIN clients_client AS client ON client.id = visit.client_id
WHERE taken.subject_id = ANY(%s) AND taken.during && tstzrange(%s, %s)
  AND (taken.expires_at IS NULL OR taken.expires_at > %s)
  AND visit.state NOT IN ('completed', 'cancelled', 'no_show')
ORDER BY visit.id, line.id, taken.staff_id, lower(taken.during)
"""
TEAM = "SELECT id FROM staff_member"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outside:
    """A line, or a part of it, in which ``staff_id`` does not work; from the first to the last
    of such phases."""

    appointment_id: UUID
    line_id: UUID
    staff_id: UUID
    staff_name: str
    service_name: str
    client_name: str
    state: str
    starts_at: datetime
    ends_at: datetime


def outside_rota(
    first: date, last: date, zone: ZoneInfo, *, staff_ids: Collection[UUID] | None = None
) -> list[Outside]:
    """What has not ended yet and lies outside on these days, both included, by time.

    Of everybody unless ``staff_ids`` are named. At most four queries, whatever the size.
    """
    if staff_ids is None:
        staff_ids = [row[0] for row in rows(TEAM)]
    moment = now()
    begins = max(at_wall(first, 0, zone), moment)
    ends = at_wall(last + DAY, 0, zone)
    if begins >= ends:
        return []
    taken = rows(TAKEN, list(staff_ids), begins, ends, moment)
    work = work_between({row[2] for row in taken}, first - DAY, last, zone) if taken else {}
    found = [row for row in taken if not _works(row, work)]
    return sorted(
        (_outside(list(parts)) for _key, parts in groupby(found, key=lambda row: row[:3])),
        key=lambda entry: (entry.starts_at, entry.line_id),
    )


def _works(row: tuple[Any, ...], work: dict[UUID, Work]) -> bool:
    staff_id, is_active, starts_at, ends_at = row[2], row[4], row[8], row[9]
    return is_active and _covered(work[staff_id].spans, starts_at, ends_at)


def _covered(spans: Sequence[Interval], starts_at: datetime, ends_at: datetime) -> bool:
    """Spans lie apart, so one of them has to hold it all."""
    place = bisect_right(spans, starts_at, key=lambda span: span[0]) - 1
    return place >= 0 and ends_at <= spans[place][1]


def _outside(parts: Sequence[tuple[Any, ...]]) -> Outside:
    row = parts[0]
    return Outside(
        appointment_id=row[0],
        line_id=row[1],
        staff_id=row[2],
        staff_name=row[3],
        service_name=row[5],
        client_name=row[6],
        state=row[7],
        starts_at=min(part[8] for part in parts),
        ends_at=max(part[9] for part in parts),
    )
