import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from shared_apps.core.db import rows
from tenant_apps.staff.models import Member
from tenant_apps.staff.types import Pattern, Performer, Rota, Shift

PERFORMERS = """
SELECT member.id, member.name, member.level, member.position, member.is_online,
       array_agg(skill.option_id)
FROM staff_member AS member JOIN staff_skill AS skill ON skill.member_id = member.id
WHERE member.is_active AND skill.option_id = ANY(%s)
GROUP BY member.id ORDER BY member.position, member.id
"""
HOURS = """
SELECT week, ARRAY(SELECT date FROM staff_closure WHERE date BETWEEN %s AND %s)
FROM staff_salonhours
"""
PATTERNS = """
SELECT member_id, anchor, weeks, valid_from, valid_until FROM staff_rotapattern
WHERE member_id = ANY(%s) AND valid_from <= %s AND (valid_until IS NULL OR valid_until >= %s)
"""


def performers_of(option_ids: Collection[UUID]) -> list[Performer]:
    """The active members who do at least one of these options, in the team's order."""
    return [
        Performer(
            staff_id=row[0],
            name=row[1],
            level=row[2],
            position=row[3],
            is_online=row[4],
            option_ids=frozenset(row[5]),
        )
        for row in rows(PERFORMERS, list(option_ids))
    ]


def team_on_show() -> QuerySet[Member]:
    """Whom clients may choose, in the team's order, with their skills."""
    return (
        Member.objects.filter(is_active=True, is_online=True)
        .annotate(does=ArrayAgg("skills__option_id", default=[], filter=Q(skills__isnull=False)))
        .order_by("position", "id")
    )


def rota_between(staff_ids: Iterable[UUID], first: date, last: date) -> Rota:
    """What decides who works when on these days, both included. Two queries."""
    return Rota(**_hours_and_closures(first, last), patterns=_patterns(staff_ids, first, last))


def salon_hours(first: date, last: date) -> Rota:
    """Opening hours and closed days only."""
    return Rota(**_hours_and_closures(first, last))


def _hours_and_closures(first: date, last: date) -> dict[str, Any]:
    found = rows(HOURS, first, last)
    if not found:
        return {"hours": ()}
    week, closed = found[0]
    return {"hours": _shifts(json.loads(week)), "closed": frozenset(closed)}


def _patterns(
    staff_ids: Iterable[UUID], first: date, last: date
) -> dict[UUID, tuple[Pattern, ...]]:
    found: dict[UUID, tuple[Pattern, ...]] = {}
    for row in rows(PATTERNS, list(staff_ids), last, first):
        member_id, anchor, weeks, valid_from, valid_until = row
        pattern = Pattern(
            anchor=anchor,
            weeks=tuple(_shifts(week) for week in json.loads(weeks)),
            valid_from=valid_from,
            valid_until=valid_until,
        )
        found[member_id] = (*found.get(member_id, ()), pattern)
    return found


def _shifts(week: list[list[int]]) -> tuple[Shift, ...]:
    return tuple((weekday, start, end) for weekday, start, end in week)
