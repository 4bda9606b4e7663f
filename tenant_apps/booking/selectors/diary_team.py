"""Who works when, and what the salon has: what stands around the visits of a diary."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.core.wall import DAY, Interval
from tenant_apps.booking.selectors.diary_types import Asked, Colleague, DiaryUnit
from tenant_apps.staff.selectors import day_of, opened_on, rota_between, work_of
from tenant_apps.staff.types import Rota, WorkingDay

AROUND = """
SELECT (SELECT json_agg(json_build_array(id, name, level, is_active) ORDER BY position, id)
        FROM staff_member),
       (SELECT json_agg(json_build_array(id, name, kind, is_active) ORDER BY kind, position, id)
        FROM catalog_unit),
       (SELECT json_agg(json_build_array(date, reason))
        FROM staff_closure WHERE date BETWEEN %s AND %s)
"""


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


def read_around(asked: Asked, *, staff: Collection[UUID], units: Collection[UUID]) -> Around:
    """``staff`` and ``units`` are those of the visits.

    A column has every active member, or the one asked for, and who of ``staff`` has left since;
    units are shown by the same rule. Three queries.
    """
    ((members, things, closures),) = rows(AROUND, asked.first, asked.last)
    shown = {asked.staff_id} if asked.staff_id else None
    team = [
        found
        for found in _listed(Colleague, members)
        if (found.id in shown if shown else found.is_active or found.id in staff)
    ]
    ids = {*staff, *(found.id for found in team)}
    # A shift of the evening before comes over midnight; a visit of the last evening goes over it.
    days = [asked.first - DAY, *asked.days, asked.last + DAY]
    rota = rota_between(ids, days[0], days[-1])
    work = work_of(rota, ids, days, asked.zone)
    return Around(
        team=team,
        units=[one for one in _listed(DiaryUnit, things) if one.is_active or one.id in units],
        closed={date.fromisoformat(day): reason for day, reason in closures or ()},
        rota=rota,
        work={staff_id: found.spans for staff_id, found in work.items()},
        asked=asked,
    )


def _listed(kind: type[Any], listed: list[Any] | None) -> Iterable[Any]:
    for pk, *facts in listed or ():
        yield kind(UUID(pk), *facts)
