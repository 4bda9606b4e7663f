"""Time off: asked for by members, decided by who may, taken back by either."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Forbidden
from shared_apps.core.events import Event
from shared_apps.core.idempotency import Attempt, once
from shared_apps.core.wall import days_between
from shared_apps.journal.services import publish
from tenant_apps.staff.enums import TimeOffState
from tenant_apps.staff.errors import NoSuchMember, NoSuchTimeOff, TimeOffSettled
from tenant_apps.staff.events import (
    TimeOffApproved,
    TimeOffDeclined,
    TimeOffRequested,
    TimeOffWithdrawn,
)
from tenant_apps.staff.models import Member, TimeOff
from tenant_apps.staff.permissions import APPROVE_TIME_OFF, REQUEST_TIME_OFF
from tenant_apps.staff.policies import days_with_night
from tenant_apps.staff.selectors import member_of_account
from tenant_apps.staff.services.checks import check_time_off
from tenant_apps.staff.types import AskedTimeOff, HeldDays


@transaction.atomic
def request_time_off(
    *,
    asked: AskedTimeOff,
    actor: Actor,
    member_id: UUID | None = None,
    attempt: Attempt | None = None,
) -> UUID:
    """A member asks for themself; whoever may approve also for somebody else (``member_id``).
    Nothing changes in the diary until it is approved.

    Raises ``Invalid`` naming what makes no sense, ``NoSuchMember``, ``Forbidden``.
    """
    actor.require(REQUEST_TIME_OFF)
    check_time_off(asked)
    for_whom = _allowed_member(member_id, actor)
    return once(attempt, lambda planned: _request(planned, for_whom, asked, actor))


@transaction.atomic
def approve_time_off(*, time_off_id: UUID, held: HeldDays, actor: Actor) -> None:
    """The member does not work then, whatever else is said; visits stay where they are.

    Raises ``NoSuchTimeOff``, ``TimeOffSettled``.
    """
    actor.require(APPROVE_TIME_OFF)
    row = _locked(time_off_id)
    _must_be(row, TimeOffState.REQUESTED)
    held.must_cover(days_with_night(row.first_day, row.last_day))
    _decide(row, TimeOffState.APPROVED, actor)
    _publish(TimeOffApproved, row, actor)


@transaction.atomic
def decline_time_off(*, time_off_id: UUID, actor: Actor) -> None:
    """Raises ``NoSuchTimeOff``, ``TimeOffSettled``."""
    actor.require(APPROVE_TIME_OFF)
    row = _locked(time_off_id)
    _must_be(row, TimeOffState.REQUESTED)
    _decide(row, TimeOffState.DECLINED, actor)
    _publish(TimeOffDeclined, row, actor)


@transaction.atomic
def withdraw_time_off(*, time_off_id: UUID, held: HeldDays, actor: Actor) -> None:
    """Members take back what they asked for; what is approved only whoever may approve.

    Raises ``NoSuchTimeOff`` also for somebody else's, ``TimeOffSettled``, ``Forbidden``.
    """
    actor.require(REQUEST_TIME_OFF)
    row = _locked(time_off_id)
    if not actor.may(APPROVE_TIME_OFF) and row.member_id != member_of_account(actor.id):
        raise NoSuchTimeOff
    _must_be(row, TimeOffState.REQUESTED, TimeOffState.APPROVED)
    was_approved = row.state == TimeOffState.APPROVED
    if was_approved:
        actor.require(APPROVE_TIME_OFF)
        held.must_cover(days_with_night(row.first_day, row.last_day))
    row.state, row.version = TimeOffState.WITHDRAWN, row.version + 1
    row.save(update_fields=["state", "version", "updated_at"])
    publish(
        TimeOffWithdrawn(
            stream_id=row.pk,
            version=row.version,
            days=_touched(row),
            member_id=row.member_id,
            was_approved=was_approved,
        ),
        actor=actor,
    )


def _allowed_member(member_id: UUID | None, actor: Actor) -> UUID:
    own = member_of_account(actor.id)
    if member_id is None or member_id == own:
        if own is None:
            raise NoSuchMember
        return own
    if not actor.may(APPROVE_TIME_OFF):
        raise Forbidden
    if not Member.objects.filter(pk=member_id).exists():
        raise NoSuchMember
    return member_id


def _request(time_off_id: UUID, member_id: UUID, asked: AskedTimeOff, actor: Actor) -> UUID:
    row = TimeOff.objects.create(
        id=time_off_id,
        member_id=member_id,
        kind=asked.kind,
        first_day=asked.first_day,
        last_day=asked.last_day,
        from_minute=asked.from_minute,
        until_minute=asked.until_minute,
    )
    publish(
        TimeOffRequested(
            stream_id=row.pk,
            version=1,
            days=_touched(row),
            member_id=member_id,
            first_day=asked.first_day,
            last_day=asked.last_day,
            from_minute=asked.from_minute,
            until_minute=asked.until_minute,
        ),
        actor=actor,
    )
    return row.pk


def _locked(time_off_id: UUID) -> TimeOff:
    row = TimeOff.objects.select_for_update(no_key=True).filter(pk=time_off_id).first()
    if row is None:
        raise NoSuchTimeOff
    return row


def _must_be(row: TimeOff, *states: TimeOffState) -> None:
    if row.state not in states:
        raise TimeOffSettled(extra={"state": row.state})


def _decide(row: TimeOff, state: TimeOffState, actor: Actor) -> None:
    row.state, row.decided_by, row.decided_at = state, actor.id, now()
    row.version += 1
    row.save(update_fields=["state", "decided_by", "decided_at", "version", "updated_at"])


def _publish(
    kind: type[TimeOffApproved] | type[TimeOffDeclined], row: TimeOff, actor: Actor
) -> None:
    event: Event = kind(
        stream_id=row.pk, version=row.version, days=_touched(row), member_id=row.member_id
    )
    publish(event, actor=actor)


def _touched(row: TimeOff) -> tuple[date, ...]:
    return tuple(days_between(row.first_day, row.last_day))
