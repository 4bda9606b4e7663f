"""Who works when. Whoever calls these holds the lock on the days that they change."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.core.errors import NotFound
from shared_apps.journal.services import publish
from tenant_apps.staff.errors import NoSuchMember
from tenant_apps.staff.events import RotaDayCleared, RotaDaySet, RotaSet
from tenant_apps.staff.models import Member, RotaDay, RotaPattern
from tenant_apps.staff.permissions import EDIT_ROTA
from tenant_apps.staff.policies import days_with_night
from tenant_apps.staff.services.checks import check_dated, check_pattern
from tenant_apps.staff.services.days import must_hold_from
from tenant_apps.staff.types import Break, DatedRota, HeldDays, Shift


@transaction.atomic
def set_rota(
    *,
    member_id: UUID,
    anchor: date,
    weeks: Sequence[Sequence[Shift]],
    valid_from: date,
    held: HeldDays,
    actor: Actor,
    valid_until: date | None = None,
    breaks: Sequence[tuple[int, Break]] = (),
) -> RotaPattern:
    """From ``valid_from`` on the member works by ``weeks``, counted from the Monday ``anchor``;
    ``breaks`` with their weekday. A pattern that began on the same day is rewritten.

    Raises ``Invalid`` naming what makes no sense, ``NoSuchMember``.
    """
    actor.require(EDIT_ROTA)
    check_pattern(
        anchor=anchor, weeks=weeks, breaks=breaks, valid_from=valid_from, valid_until=valid_until
    )
    must_hold_from(valid_from, held)
    _lock_member(member_id)
    pattern = RotaPattern.objects.filter(member_id=member_id, valid_from=valid_from).first()
    if pattern is None:
        pattern = RotaPattern(member_id=member_id, valid_from=valid_from, version=0)
    pattern.anchor, pattern.valid_until = anchor, valid_until
    pattern.weeks = [list(week) for week in weeks]
    pattern.breaks = [[weekday, *found] for weekday, found in breaks]
    pattern.version += 1
    pattern.save()
    publish(
        RotaSet(
            stream_id=pattern.pk,
            version=pattern.version,
            member_id=member_id,
            valid_from=valid_from,
            valid_until=valid_until,
            anchor=anchor,
            weeks=tuple(tuple(week) for week in weeks),
            breaks=tuple((weekday, *found) for weekday, found in breaks),
        ),
        actor=actor,
    )
    return pattern


@transaction.atomic
def set_rota_day(
    *, member_id: UUID, date: date, change: DatedRota, held: HeldDays, actor: Actor
) -> RotaDay:
    """What is different for a member on ``date``, in place of what was said of it before.

    Raises ``Invalid`` naming what makes no sense, ``NoSuchMember``.
    """
    actor.require(EDIT_ROTA)
    check_dated(change)
    held.must_cover(days_with_night(date, date))
    _lock_member(member_id)
    day = RotaDay.objects.filter(member_id=member_id, date=date).first()
    if day is None:
        day = RotaDay(member_id=member_id, date=date, version=0)
    day.replaced = None if change.replaced is None else list(change.replaced)
    day.added, day.removed = list(change.added), list(change.removed)
    day.breaks = None if change.breaks is None else list(change.breaks)
    day.open_anyway = change.open_anyway
    day.version += 1
    day.save()
    publish(
        RotaDaySet(
            stream_id=day.pk,
            version=day.version,
            days=(date,),
            member_id=member_id,
            replaced=change.replaced,
            added=change.added,
            removed=change.removed,
            breaks=None if change.breaks is None else tuple(map(tuple, change.breaks)),
            open_anyway=change.open_anyway,
        ),
        actor=actor,
    )
    return day


@transaction.atomic
def clear_rota_day(*, member_id: UUID, date: date, held: HeldDays, actor: Actor) -> None:
    """The day is as the pattern says again. Raises ``NoSuchMember``, ``NotFound``."""
    actor.require(EDIT_ROTA)
    held.must_cover(days_with_night(date, date))
    _lock_member(member_id)
    day = RotaDay.objects.filter(member_id=member_id, date=date).first()
    if day is None:
        raise NotFound
    event = RotaDayCleared(
        stream_id=day.pk, version=day.version + 1, days=(date,), member_id=member_id
    )
    day.delete()
    publish(event, actor=actor)


def _lock_member(member_id: UUID) -> None:
    """Two changes of one member's rota follow one another, also when they share no row yet."""
    found = Member.objects.select_for_update(no_key=True).filter(pk=member_id)
    if not found.values_list("id", flat=True):
        raise NoSuchMember
