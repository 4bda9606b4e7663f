"""Which time a block may take: whose, when, and what of it is free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.errors import Forbidden, Invalid
from shared_apps.core.spans import joined, without
from shared_apps.core.wall import Interval
from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.errors import InThePast, SlotTaken, TooFar
from tenant_apps.booking.models import Block
from tenant_apps.booking.permissions import BLOCK, BLOCK_ANY, OVERRIDE, SEE_ANY
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.selectors.blocks import (
    InTheWay,
    can_be_blocked,
    in_the_way,
    is_own_column,
)
from tenant_apps.booking.selectors.calendar import local_days
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.types import NOTHING, Override
from tenants.selectors import current_salon

LONGEST = timedelta(days=366)
FURTHEST = timedelta(days=3650)
MOST_SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockRequest:
    """Time of one person or of one unit. ``rest``: only what is free of it. ``override`` can set
    aside that the time has begun already."""

    kind: BlockKind
    starts_at: datetime
    ends_at: datetime
    staff_id: UUID | None = None
    unit_id: UUID | None = None
    rest: bool = False
    override: Override = NOTHING

    @property
    def subject(self) -> tuple[str, UUID]:
        """The field that names whose time it is, and its id."""
        if self.staff_id and not self.unit_id:
            return "staff_id", self.staff_id
        if self.unit_id and not self.staff_id:
            return "unit_id", self.unit_id
        raise Invalid(fields={"staff_id": _("Name either a person or a unit.")})


def check_may_block(staff_id: UUID | None, actor: Actor) -> None:
    """Everybody who may block at all may block their own column. Raises ``Forbidden``."""
    actor.require(BLOCK)
    if not actor.may(BLOCK_ANY) and not is_own_column(staff_id, actor):
        raise Forbidden


def check_request(request: BlockRequest, actor: Actor, *, before: Block | None = None) -> None:
    """May ``actor`` block that at all, whatever is there? ``before``: the block that changes.

    Raises ``Forbidden``, ``InThePast``, ``TooFar`` or an error that names the field.
    """
    check_may_block(request.staff_id, actor)
    if request.override.codes:
        actor.require(OVERRIDE)
    is_elsewhere = before is None or request.subject[1] not in {before.staff_id, before.unit_id}
    if is_elsewhere:
        _check_subject(request)
    if request.kind == BlockKind.OUT_OF_SERVICE and request.staff_id:
        raise Invalid(fields={"kind": _("Only a chair, a room or a device is out of service.")})
    _check_times(request, None if is_elsewhere else before)


def _check_subject(request: BlockRequest) -> None:
    field, subject_id = request.subject
    if not can_be_blocked(field, subject_id):
        raise Invalid(fields={field: _("There is nobody and nothing of that id here.")})


def _check_times(request: BlockRequest, had: Block | None) -> None:
    this_minute = now().replace(second=0, microsecond=0)
    new = _new_time(request, had)
    if new and new[1] < this_minute and InThePast.code not in request.override.codes:
        raise InThePast(fields={new[0]: InThePast.message})
    if request.starts_at > this_minute + FURTHEST:
        raise TooFar(fields={"starts_at": TooFar.message})
    for field in ("starts_at", "ends_at"):
        instant: datetime = getattr(request, field)
        if instant.second or instant.microsecond:
            raise Invalid(fields={field: _("Give a whole minute.")})
    if request.ends_at <= request.starts_at:
        raise Invalid(fields={"ends_at": _("The end lies before the beginning.")})
    if request.ends_at - request.starts_at > LONGEST:
        raise Invalid(fields={"ends_at": _("Block at most a year at once.")})


def _new_time(request: BlockRequest, had: Block | None) -> tuple[str, datetime] | None:
    """Since when it takes time that it had not, after the field that says so. What runs already
    may end earlier, or later."""
    if had is None or not had.starts_at <= request.starts_at < had.ends_at:
        return "starts_at", request.starts_at
    return ("ends_at", had.ends_at) if request.ends_at > had.ends_at else None


def days_of(spanning: BlockRequest | Block, zone: ZoneInfo) -> tuple[date, ...]:
    minutes = (spanning.ends_at - spanning.starts_at) // MINUTE
    return local_days(spanning.starts_at, minutes, zone)


def free_parts(request: BlockRequest, actor: Actor) -> list[Interval]:
    """What the block will take, read under the lock. Raises ``SlotTaken``."""
    starts_at, ends_at = request.starts_at, request.ends_at
    _field, subject_id = request.subject
    there = _without_expired(in_the_way(subject_id, starts_at, ends_at))
    if there and not request.rest:
        raise _taken(there, actor)
    taken = joined((met.starts_at, met.ends_at) for met in there)
    parts = without([(starts_at, ends_at)], taken)
    if not parts:
        raise _taken(there, actor)
    return parts


def _without_expired(there: Sequence[InTheWay]) -> list[InTheWay]:
    """Holds that ran out are nobody's time any more; their rows go first."""
    moment = now()
    left = [met for met in there if met.expires_at is None or met.expires_at > moment]
    if len(left) < len(there):
        release_expired_holds()
    return left


def _taken(there: Sequence[InTheWay], actor: Actor) -> SlotTaken:
    zone = current_salon().zone
    shown = there[:MOST_SHOWN] if actor.may(SEE_ANY) else ()
    return SlotTaken(extra={"in_the_way": [_shown(met, zone) for met in shown]})


def _shown(met: InTheWay, zone: ZoneInfo) -> dict[str, object]:
    return {
        "appointment_id": met.appointment_id,
        "block_id": met.block_id,
        "starts_at": met.starts_at.astimezone(zone).isoformat(),
        "ends_at": met.ends_at.astimezone(zone).isoformat(),
    }
