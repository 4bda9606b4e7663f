"""Who works when, and what the salon has: what stands around the visits of a diary."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.core.wall import DAY, Interval
from tenant_apps.booking.selectors.diary_types import Asked, Colleague, DiaryBlock, DiaryUnit
from tenant_apps.staff.selectors import day_of, opened_on, rota_between, work_of
from tenant_apps.staff.types import Rota, WorkingDay

# JSON, so that a few short lists cost one statement together.
LISTED = """
SELECT (SELECT json_agg(json_build_array(id, name, level, is_active) ORDER BY position, id)
        FROM staff_member),
       (SELECT json_agg(json_build_array(id, name, kind, is_active) ORDER BY kind, position, id)
        FROM catalog_unit),
       (SELECT json_agg(json_build_array(date, reason))
        FROM staff_closure WHERE date BETWEEN %(first)s AND %(last)s),
       (SELECT json_agg(json_build_array(
            id, kind, staff_id, unit_id, starts_at, ends_at, version,
            (SELECT json_agg(json_build_array(lower(during), upper(during)) ORDER BY during)
             FROM booking_allocation WHERE block_id = block.id)))
        FROM booking_block AS block
        WHERE removed_at IS NULL AND starts_at < %(until)s AND ends_at > %(start)s
          AND (%(staff_id)s::uuid IS NULL OR staff_id = %(staff_id)s))
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """Everybody and everything, in the salon's order, and why days are closed."""

    team: Sequence[Colleague]
    units: Sequence[DiaryUnit]
    closed: Mapping[date, str]
    blocks: list[DiaryBlock]


@dataclass(frozen=True, slots=True)
class Around:
    """``work``: of each member whenever they work, fixed breaks taken out, in instants."""

    team: Sequence[Colleague]
    units: Sequence[DiaryUnit]
    closed: Mapping[date, str]
    rota: Rota
    work: Mapping[UUID, Sequence[Interval]]
    asked: Asked

    def opened(self, day: date) -> list[Interval]:
        return opened_on(self.rota, day, self.asked.zone)

    def shifts(self, staff_id: UUID, day: date) -> WorkingDay:
        return day_of(self.rota, staff_id, day, self.asked.zone)


def read_listed(asked: Asked) -> Listed:
    """One query. The blocks are those of now."""
    ((team, units, closures, blocks),) = rows(
        LISTED,
        first=asked.first,
        last=asked.last,
        start=asked.start,
        until=asked.until,
        staff_id=asked.staff_id,
    )
    return Listed(
        team=[Colleague(UUID(pk), *facts) for pk, *facts in team or ()],
        units=[DiaryUnit(UUID(pk), *facts) for pk, *facts in units or ()],
        closed={date.fromisoformat(day): reason for day, reason in closures or ()},
        blocks=[_block(*facts) for facts in blocks or ()],
    )


def _block(
    pk: str,
    kind: str,
    staff_id: str | None,
    unit_id: str | None,
    starts_at: str,
    ends_at: str,
    version: int,
    parts: list[list[str]],
) -> DiaryBlock:
    return DiaryBlock(
        id=UUID(pk),
        kind=kind,
        staff_id=UUID(staff_id) if staff_id else None,
        unit_id=UUID(unit_id) if unit_id else None,
        starts_at=datetime.fromisoformat(starts_at),
        ends_at=datetime.fromisoformat(ends_at),
        version=version,
        parts=tuple(
            (datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in parts
        ),
    )


def read_around(
    asked: Asked, listed: Listed, *, staff: Collection[UUID], units: Collection[UUID]
) -> Around:
    """``staff`` and ``units`` are those of the visits.

    A column has every active member, or the one asked for, and who of ``staff`` has left since;
    units are shown by the same rule. Two queries.
    """
    shown = {asked.staff_id} if asked.staff_id else None
    team = [
        found
        for found in listed.team
        if (found.id in shown if shown else found.is_active or found.id in staff)
    ]
    ids = {*staff, *(found.id for found in team)}
    # A shift of the evening before comes over midnight; a visit of the last evening goes over it.
    days = [asked.first - DAY, *asked.days, asked.last + DAY]
    rota = rota_between(ids, days[0], days[-1])
    work = work_of(rota, ids, days, asked.zone)
    return Around(
        team=team,
        units=[found for found in listed.units if found.is_active or found.id in units],
        closed=listed.closed,
        rota=rota,
        work={staff_id: found.spans for staff_id, found in work.items()},
        asked=asked,
    )
