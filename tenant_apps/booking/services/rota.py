"""Changes of who works when, made under the day lock.

Whoever books reads the rota under the same lock: a booking either comes before the change and
is listed among the visits outside, or after it and is refused. Nothing is moved or deleted.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.core.db import retried_once
from shared_apps.core.wall import DAY, days_between, today_in
from tenant_apps.booking.models import BookingRules, DiaryDay
from tenant_apps.booking.selectors.outside import Outside, outside_rota
from tenant_apps.booking.services.days import lock_days
from tenant_apps.staff.permissions import (
    APPROVE_TIME_OFF,
    EDIT_ROTA,
    EDIT_TEAM,
    REQUEST_TIME_OFF,
)
from tenant_apps.staff.selectors import days_of_time_off, get_time_off
from tenant_apps.staff.services import hours, rota, team, time_off
from tenant_apps.staff.services.team import MemberChange
from tenant_apps.staff.types import Break, DatedRota, HeldDays, Shift, WallSpan
from tenants.selectors import current_salon


@retried_once
@transaction.atomic
def set_rota(
    *,
    member_id: UUID,
    anchor: date,
    weeks: Sequence[Sequence[Shift]],
    valid_from: date,
    actor: Actor,
    valid_until: date | None = None,
    breaks: Sequence[tuple[int, Break]] = (),
) -> list[Outside]:
    """As ``staff.services.rota.set_rota``; answers with the visits that are outside now."""
    actor.require(EDIT_ROTA)
    held = hold_days_from(valid_from, until=valid_until)
    rota.set_rota(
        member_id=member_id,
        anchor=anchor,
        weeks=weeks,
        valid_from=valid_from,
        valid_until=valid_until,
        breaks=breaks,
        held=held,
        actor=actor,
    )
    return _outside(held, [member_id])


@retried_once
@transaction.atomic
def set_rota_day(*, member_id: UUID, date: date, change: DatedRota, actor: Actor) -> list[Outside]:
    actor.require(EDIT_ROTA)
    held = _hold(date)
    rota.set_rota_day(member_id=member_id, date=date, change=change, held=held, actor=actor)
    return _outside(held, [member_id])


@retried_once
@transaction.atomic
def clear_rota_day(*, member_id: UUID, date: date, actor: Actor) -> list[Outside]:
    actor.require(EDIT_ROTA)
    held = _hold(date)
    rota.clear_rota_day(member_id=member_id, date=date, held=held, actor=actor)
    return _outside(held, [member_id])


@retried_once
@transaction.atomic
def set_hours(*, week: Sequence[Shift], actor: Actor) -> list[Outside]:
    actor.require(EDIT_ROTA)
    held = hold_days_from(_today())
    hours.set_hours(week=week, held=held, actor=actor)
    return _outside(held)


@retried_once
@transaction.atomic
def set_special_hours(*, date: date, spans: Sequence[WallSpan], actor: Actor) -> list[Outside]:
    actor.require(EDIT_ROTA)
    held = _hold(date)
    hours.set_special_hours(date=date, spans=spans, held=held, actor=actor)
    return _outside(held)


@retried_once
@transaction.atomic
def clear_special_hours(*, date: date, actor: Actor) -> list[Outside]:
    actor.require(EDIT_ROTA)
    held = _hold(date)
    hours.clear_special_hours(date=date, held=held, actor=actor)
    return _outside(held)


@retried_once
@transaction.atomic
def close_day(*, date: date, reason: str, actor: Actor) -> list[Outside]:
    actor.require(EDIT_ROTA)
    held = _hold(date)
    hours.close_day(date=date, reason=reason, held=held, actor=actor)
    return _outside(held)


@retried_once
@transaction.atomic
def reopen_day(*, date: date, actor: Actor) -> list[Outside]:
    actor.require(EDIT_ROTA)
    held = _hold(date)
    hours.reopen_day(date=date, held=held, actor=actor)
    return _outside(held)


@retried_once
@transaction.atomic
def approve_time_off(*, time_off_id: UUID, actor: Actor) -> list[Outside]:
    """The visits of those days stay; they are listed as outside."""
    actor.require(APPROVE_TIME_OFF)
    held = lock_days(days_of_time_off(time_off_id))
    time_off.approve_time_off(time_off_id=time_off_id, held=held, actor=actor)
    return _outside(held, [get_time_off(time_off_id).member_id])


@retried_once
@transaction.atomic
def withdraw_time_off(*, time_off_id: UUID, actor: Actor) -> list[Outside]:
    """What was outside because of it is not any more; what is left is so for another reason."""
    actor.require(REQUEST_TIME_OFF)
    held = lock_days(days_of_time_off(time_off_id))
    time_off.withdraw_time_off(time_off_id=time_off_id, held=held, actor=actor)
    return _outside(held, [get_time_off(time_off_id).member_id])


@retried_once
@transaction.atomic
def change_member(
    *, member_id: UUID, change: MemberChange, actor: Actor, expected_version: int | None = None
) -> list[Outside]:
    """As ``staff.services.team.change_member``; answers with the visits of somebody who leaves."""
    actor.require(EDIT_TEAM)
    held = hold_days_from(_today()) if change.is_active is False else None
    team.change_member(
        member_id=member_id,
        change=change,
        held=held,
        expected_version=expected_version,
        actor=actor,
    )
    return _outside(held, [member_id]) if held else []


def hold_days_from(first: date, *, until: date | None = None) -> HeldDays:
    """Every day from ``first``, or today, that anybody may book or has booked.

    Beyond the horizon only days that the diary knows: somebody who is the first ever to book
    such a day, in this very moment, does not wait, and is listed when the diary is read.
    """
    first = max(first, _today())
    rules = BookingRules.objects.first() or BookingRules()
    last = max(first, _today() + timedelta(days=rules.horizon_days)) + DAY
    known = DiaryDay.objects.filter(date__gt=last).values_list("date", flat=True)
    days = {*days_between(first, last), *known}
    return lock_days({day for day in days if until is None or day <= until + DAY} | {first})


def _hold(day: date) -> HeldDays:
    """``day``, and the next for the end of a late shift."""
    return lock_days([day, day + DAY])


def _outside(held: HeldDays, staff_ids: Collection[UUID] | None = None) -> list[Outside]:
    zone = current_salon().zone
    return outside_rota(min(held.days), max(held.days), zone, staff_ids=staff_ids)


def _today() -> date:
    return today_in(current_salon().zone)
