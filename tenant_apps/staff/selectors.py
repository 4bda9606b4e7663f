from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet

from tenant_apps.staff.models import Closure, Member, RotaPattern, SalonHours
from tenant_apps.staff.types import Pattern, Performer, Rota, Shift


def performers_of(option_ids: Collection[UUID]) -> list[Performer]:
    """The active members who do at least one of these options, in the team's order."""
    rows = (
        Member.objects.filter(is_active=True, skills__option_id__in=option_ids)
        .annotate(does=ArrayAgg("skills__option_id"))
        .order_by("position", "id")
        .values_list("id", "name", "level", "position", "is_online", "does")
    )
    return [
        Performer(
            staff_id=row[0],
            name=row[1],
            level=row[2],
            position=row[3],
            is_online=row[4],
            option_ids=frozenset(row[5]),
        )
        for row in rows
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
    closed = Closure.objects.filter(date__range=(first, last)).values("date")
    row = SalonHours.objects.values_list("week", ArraySubquery(closed)).first()
    if row is None:
        return {"hours": ()}
    return {"hours": _shifts(row[0]), "closed": frozenset(row[1])}


def _patterns(
    staff_ids: Iterable[UUID], first: date, last: date
) -> dict[UUID, tuple[Pattern, ...]]:
    rows = (
        RotaPattern.objects.filter(member_id__in=list(staff_ids), valid_from__lte=last)
        .filter(Q(valid_until=None) | Q(valid_until__gte=first))
        .values_list("member_id", "anchor", "weeks", "valid_from", "valid_until")
    )
    found: dict[UUID, tuple[Pattern, ...]] = {}
    for member_id, anchor, weeks, valid_from, valid_until in rows:
        pattern = Pattern(
            anchor=anchor,
            weeks=tuple(_shifts(week) for week in weeks),
            valid_from=valid_from,
            valid_until=valid_until,
        )
        found[member_id] = (*found.get(member_id, ()), pattern)
    return found


def _shifts(week: list[list[int]]) -> tuple[Shift, ...]:
    return tuple((weekday, start, end) for weekday, start, end in week)
