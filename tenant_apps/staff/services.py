"""The team, its rota and the salon's hours.

While nothing is booked yet these may be written freely; a change that can leave a visit
outside the rota locks the days it touches first (booking does, before it reads them).
"""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from shared_apps.core.actor import Actor
from shared_apps.core.db import UNIQUE_VIOLATION, refused_as
from shared_apps.journal.services import publish
from tenant_apps.catalog.enums import Level
from tenant_apps.staff.errors import DayAlreadyClosed
from tenant_apps.staff.events import DayClosed, HoursSet, MemberJoined, RotaSet
from tenant_apps.staff.models import Closure, Member, RotaPattern, SalonHours, Skill
from tenant_apps.staff.permissions import EDIT_ROTA, EDIT_TEAM
from tenant_apps.staff.types import Shift


@transaction.atomic
def add_member(
    *,
    name: str,
    level: Level,
    option_ids: Collection[UUID],
    position: int,
    actor: Actor,
    title: str = "",
    languages: Sequence[str] = (),
    account_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Member:
    actor.require(EDIT_TEAM)
    member = Member.objects.create(
        name=name,
        title=title,
        level=level,
        languages=list(languages),
        account_id=account_id,
        person_id=person_id,
        position=position,
    )
    Skill.objects.bulk_create(Skill(member=member, option_id=pk) for pk in sorted(option_ids))
    publish(
        MemberJoined(
            stream_id=member.pk, version=1, level=level, option_ids=tuple(sorted(option_ids))
        ),
        actor=actor,
    )
    return member


@transaction.atomic
def set_rota(
    *,
    member_id: UUID,
    anchor: date,
    weeks: Sequence[Sequence[Shift]],
    valid_from: date,
    actor: Actor,
) -> RotaPattern:
    """From ``valid_from`` on the member works by ``weeks``, counted from the Monday ``anchor``."""
    actor.require(EDIT_ROTA)
    pattern = RotaPattern.objects.create(
        member_id=member_id,
        anchor=anchor,
        weeks=[list(week) for week in weeks],
        valid_from=valid_from,
    )
    publish(
        RotaSet(stream_id=pattern.pk, version=1, member_id=member_id, valid_from=valid_from),
        actor=actor,
    )
    return pattern


@transaction.atomic
def set_hours(*, week: Sequence[Shift], actor: Actor) -> SalonHours:
    """The salon's ordinary week."""
    actor.require(EDIT_ROTA)
    hours = SalonHours.objects.select_for_update(no_key=True).first()
    if hours is None:
        hours = SalonHours.objects.create(week=list(week))
    else:
        hours.week, hours.version = list(week), hours.version + 1
        hours.save(update_fields=["week", "version", "updated_at"])
    publish(HoursSet(stream_id=hours.pk, version=hours.version), actor=actor)
    return hours


@transaction.atomic
def close_day(*, date: date, reason: str, actor: Actor) -> Closure:
    actor.require(EDIT_ROTA)
    with refused_as(UNIQUE_VIOLATION, DayAlreadyClosed):
        closure = Closure.objects.create(date=date, reason=reason)
    publish(DayClosed(stream_id=closure.pk, version=1, days=(date,), reason=reason), actor=actor)
    return closure
