from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet
from holidays import country_holidays

from shared_apps.core.actor import Actor
from shared_apps.core.db import rows
from shared_apps.core.spans import joined
from shared_apps.core.wall import DAY, Interval, days_between
from tenant_apps.staff.codec import (
    read_dated,
    read_off,
    read_pattern,
    read_shifts,
    read_spans,
)
from tenant_apps.staff.errors import NoSuchMember, NoSuchTimeOff
from tenant_apps.staff.models import Closure, Member, TimeOff
from tenant_apps.staff.permissions import APPROVE_TIME_OFF
from tenant_apps.staff.policies import (
    days_with_night,
    open_intervals,
    working_day,
    working_days,
)
from tenant_apps.staff.types import (
    DatedRota,
    DayView,
    DayWork,
    Holiday,
    MemberView,
    Off,
    Pattern,
    Performer,
    Rota,
    RotaPlan,
    RotaView,
    Special,
    Work,
    WorkingDay,
)

PERFORMERS = """
SELECT member.id, member.name, member.level, member.position, member.is_online,
       array_agg(skill.option_id)
FROM staff_member AS member JOIN staff_skill AS skill ON skill.member_id = member.id
WHERE member.is_active AND skill.option_id = ANY(%s)
GROUP BY member.id ORDER BY member.position, member.id
"""
SALON = """
SELECT (SELECT week::json FROM staff_salonhours),
       (SELECT json_agg(json_build_array(date, id)) FROM staff_closure
        WHERE date BETWEEN %s AND %s),
       (SELECT json_agg(json_build_array(date, id, spans)) FROM staff_specialhours
        WHERE date BETWEEN %s AND %s)
"""
TEAM = """
SELECT 'pattern', member_id, id, valid_from, valid_until,
       json_build_array(anchor, weeks, breaks)
FROM staff_rotapattern
WHERE member_id = ANY(%s) AND valid_from <= %s AND (valid_until IS NULL OR valid_until >= %s)
UNION ALL
SELECT 'dated', member_id, id, date, NULL,
       json_build_array(replaced, added, removed, breaks, open_anyway)
FROM staff_rotaday WHERE member_id = ANY(%s) AND date BETWEEN %s AND %s
UNION ALL
SELECT 'off', member_id, id, first_day, last_day, json_build_array(from_minute, until_minute)
FROM staff_timeoff
WHERE member_id = ANY(%s) AND state = 'approved' AND first_day <= %s AND last_day >= %s
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


# In the order of the price list.
DOES = ArrayAgg(
    "skills__option_id",
    default=[],
    filter=Q(skills__isnull=False),
    order_by=[
        f"skills__option__{path}"
        for path in (
            *("service__category__position", "service__category_id"),
            *("service__position", "service_id", "position", "id"),
        )
    ],
)


def team_on_show() -> QuerySet[Member]:
    """Whom clients may choose, in the team's order, with their skills."""
    return (
        Member.objects.filter(is_active=True, is_online=True)
        .annotate(does=DOES)
        .order_by("position", "id")
    )


def team() -> QuerySet[Member]:
    """Everybody, those who have left at the end, with what each does (``does``)."""
    return Member.objects.annotate(does=DOES).order_by("-is_active", "position", "id")


def get_member(member_id: UUID) -> Member:
    """As in ``team``. Raises ``NoSuchMember``."""
    member = team().filter(pk=member_id).first()
    if member is None:
        raise NoSuchMember
    return member


def member_of_account(account_id: UUID | None) -> UUID | None:
    """Who of the team signs in with this account."""
    found = rows("SELECT id FROM staff_member WHERE account_id = %s AND is_active", account_id)
    return found[0][0] if found else None


def visible_times_off(
    first: date,
    last: date,
    *,
    actor: Actor,
    member_id: UUID | None = None,
    state: str | None = None,
) -> QuerySet[TimeOff]:
    """What touches these days, both included, by time: of one member, in one state. Whoever may
    not approve sees their own only: why somebody is off is not for everybody."""
    found = TimeOff.objects.filter(first_day__lte=last, last_day__gte=first)
    if not actor.may(APPROVE_TIME_OFF):
        own = member_of_account(actor.id)
        found = found.filter(member_id=own) if own else found.none()
    if member_id:
        found = found.filter(member_id=member_id)
    if state:
        found = found.filter(state=state)
    return found.order_by("first_day", "id")


def get_time_off(time_off_id: UUID) -> TimeOff:
    row = TimeOff.objects.filter(pk=time_off_id).first()
    if row is None:
        raise NoSuchTimeOff
    return row


def days_of_time_off(time_off_id: UUID) -> tuple[date, ...]:
    """The days on which visits may lie that it leaves outside. Raises ``NoSuchTimeOff``."""
    row = get_time_off(time_off_id)
    return days_with_night(row.first_day, row.last_day)


def rota_between(staff_ids: Iterable[UUID], first: date, last: date) -> Rota:
    """What decides who works when in the shifts that begin on these days, both included: also
    the hours of a day before, which run past midnight, and what happens on the day after.
    Two queries."""
    first, last = first - DAY, last + DAY
    rota = _salon(first, last)
    ids = list(staff_ids)
    patterns: dict[UUID, tuple[Pattern, ...]] = {}
    dated: dict[tuple[UUID, date], DatedRota] = {}
    off: dict[UUID, tuple[Off, ...]] = {}
    found = rows(TEAM, ids, last, first, ids, first, last, ids, last, first)
    for what, member_id, row_id, begins, ends, facts in found:
        if what == "pattern":
            pattern = read_pattern(row_id, begins, ends, *facts)
            patterns[member_id] = (*patterns.get(member_id, ()), pattern)
        elif what == "dated":
            dated[member_id, begins] = read_dated(row_id, *facts)
        else:
            off[member_id] = (*off.get(member_id, ()), read_off(row_id, begins, ends, *facts))
    return replace(rota, patterns=patterns, dated=dated, off=off)


def salon_hours(first: date, last: date) -> Rota:
    """Opening hours, closed days and days with other hours only. One query."""
    return _salon(first, last)


def work_between(
    staff_ids: Collection[UUID], first: date, last: date, zone: ZoneInfo
) -> dict[UUID, Work]:
    """When each works in the shifts that begin on these days, both included. Two queries."""
    rota = rota_between(staff_ids, first, last)
    return working_days(rota, staff_ids, list(days_between(first, last)), zone)


def rota_plan(first: date, last: date, *, staff_ids: Collection[UUID] = ()) -> RotaPlan:
    """Hours, patterns and exceptions that bear on these days, both included: of these or of
    everybody who is still in the team. Four queries."""
    team = Member.objects.filter(is_active=True).order_by("position", "id")
    if staff_ids:
        team = team.filter(pk__in=staff_ids)
    names = dict(team.values_list("id", "name"))
    closures = Closure.objects.filter(date__range=(first, last)).order_by("date")
    return RotaPlan(
        rota=rota_between(names, first, last),
        closed_for=dict(closures.values_list("date", "reason")),
        names=names,
    )


def rota_view(
    first: date, last: date, zone: ZoneInfo, *, staff_ids: Collection[UUID] = ()
) -> RotaView:
    """Who works when and why, day by day, both ends included: of these or of everybody who is
    still in the team. Four queries."""
    plan = rota_plan(first, last, staff_ids=staff_ids)
    rota, days = plan.rota, list(days_between(first, last))
    return RotaView(
        days=tuple(
            DayView(
                date=day,
                opened=tuple(joined(open_intervals(rota, day, zone))),
                closed_for=plan.closed_for.get(day),
                is_special=day in rota.special,
            )
            for day in days
        ),
        members=tuple(
            MemberView(
                staff_id=staff_id,
                name=name,
                days=tuple(working_day(rota, staff_id, day, zone) for day in days),
            )
            for staff_id, name in plan.names.items()
        ),
    )


def holiday_proposals(
    first: date, last: date, *, country: str, language: str, subdivision: str = ""
) -> list[Holiday]:
    """The public holidays of these days, both included, on which the salon is not closed yet.
    Named in ``language`` where the calendar knows it, else in English or the country's own."""
    found = country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(first.year, last.year + 1),
        language=language,
    )
    closed = set(Closure.objects.filter(date__range=(first, last)).values_list("date", flat=True))
    return [
        Holiday(date=day, name=name)
        for day, name in sorted(found.items())
        if first <= day <= last and day not in closed
    ]


def work_by_day(
    staff_ids: Collection[UUID], days: Sequence[date], zone: ZoneInfo
) -> dict[date, DayWork]:
    """The same for each of ``days``, in order of time, by itself, and when the salon is open.
    Two queries."""
    rota = rota_between(staff_ids, days[0], days[-1])
    return {
        day: DayWork(
            opened=tuple(open_intervals(rota, day, zone)),
            team=working_days(rota, staff_ids, [day], zone),
        )
        for day in days
    }


# Questions to a rota that somebody has read already.


def opened_on(rota: Rota, day: date, zone: ZoneInfo) -> list[Interval]:
    """When the salon is open in the hours of ``day``; they may run past midnight."""
    return open_intervals(rota, day, zone)


def day_of(rota: Rota, staff_id: UUID, day: date, zone: ZoneInfo) -> WorkingDay:
    """Why somebody works as they do in the shifts that begin on ``day``."""
    return working_day(rota, staff_id, day, zone)


def work_of(
    rota: Rota, staff_ids: Iterable[UUID], days: Sequence[date], zone: ZoneInfo
) -> dict[UUID, Work]:
    """When each works in the shifts that begin on ``days``: consecutive, in order."""
    return working_days(rota, staff_ids, days, zone)


def _salon(first: date, last: date) -> Rota:
    ((week, closed, special),) = rows(SALON, first, last, first, last)
    return Rota(
        hours=read_shifts(week or ()),
        closed={date.fromisoformat(day): UUID(pk) for day, pk in closed or ()},
        special={
            date.fromisoformat(day): Special(id=UUID(pk), spans=read_spans(spans))
            for day, pk, spans in special or ()
        },
    )
