"""When the salon is open. Whoever calls these holds the lock on the days that they change."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.core.db import UNIQUE_VIOLATION, refused_as
from shared_apps.core.errors import NotFound
from shared_apps.core.wall import today_in
from shared_apps.journal.services import publish
from tenant_apps.staff.errors import DayAlreadyClosed
from tenant_apps.staff.events import (
    DayClosed,
    DayReopened,
    HoursSet,
    SpecialHoursCleared,
    SpecialHoursSet,
)
from tenant_apps.staff.models import Closure, SalonHours, SpecialHours
from tenant_apps.staff.permissions import EDIT_ROTA
from tenant_apps.staff.policies import days_with_night
from tenant_apps.staff.services.checks import check_special, check_week
from tenant_apps.staff.services.days import must_hold_from
from tenant_apps.staff.types import HeldDays, Shift, WallSpan
from tenants.selectors import current_salon


@transaction.atomic
def set_hours(*, week: Sequence[Shift], held: HeldDays, actor: Actor) -> SalonHours:
    """The salon's ordinary week, from today on. Raises ``Invalid`` naming the shift."""
    actor.require(EDIT_ROTA)
    check_week(week)
    must_hold_from(today_in(current_salon().zone), held)
    hours = SalonHours.objects.select_for_update(no_key=True).first()
    if hours is None:
        hours = SalonHours.objects.create(week=list(week))
    else:
        hours.week, hours.version = list(week), hours.version + 1
        hours.save(update_fields=["week", "version", "updated_at"])
    publish(HoursSet(stream_id=hours.pk, version=hours.version, week=tuple(week)), actor=actor)
    return hours


@transaction.atomic
def set_special_hours(
    *, date: date, spans: Sequence[WallSpan], held: HeldDays, actor: Actor
) -> SpecialHours:
    """On ``date`` the salon is open in ``spans``, whatever its week says."""
    actor.require(EDIT_ROTA)
    check_special(spans)
    held.must_cover(days_with_night(date, date))
    special = SpecialHours.objects.filter(date=date).first()
    if special is None:
        special = SpecialHours(date=date, version=0)
    special.spans, special.version = list(spans), special.version + 1
    special.save()
    publish(
        SpecialHoursSet(
            stream_id=special.pk, version=special.version, days=(date,), spans=tuple(spans)
        ),
        actor=actor,
    )
    return special


@transaction.atomic
def clear_special_hours(*, date: date, held: HeldDays, actor: Actor) -> None:
    """The day has the hours of its week again. Raises ``NotFound``."""
    actor.require(EDIT_ROTA)
    held.must_cover(days_with_night(date, date))
    special = SpecialHours.objects.filter(date=date).first()
    if special is None:
        raise NotFound
    event = SpecialHoursCleared(stream_id=special.pk, version=special.version + 1, days=(date,))
    special.delete()
    publish(event, actor=actor)


@transaction.atomic
def close_day(*, date: date, reason: str, held: HeldDays, actor: Actor) -> Closure:
    """Also the hours after midnight that belong to ``date``. Raises ``DayAlreadyClosed``."""
    actor.require(EDIT_ROTA)
    held.must_cover(days_with_night(date, date))
    with refused_as(UNIQUE_VIOLATION, DayAlreadyClosed):
        closure = Closure.objects.create(date=date, reason=reason)
    publish(DayClosed(stream_id=closure.pk, version=1, days=(date,), reason=reason), actor=actor)
    return closure


@transaction.atomic
def reopen_day(*, date: date, held: HeldDays, actor: Actor) -> None:
    """Raises ``NotFound`` when the salon is not closed on ``date``."""
    actor.require(EDIT_ROTA)
    held.must_cover(days_with_night(date, date))
    closure = Closure.objects.filter(date=date).first()
    if closure is None:
        raise NotFound
    event = DayReopened(stream_id=closure.pk, version=2, days=(date,))
    closure.delete()
    publish(event, actor=actor)
