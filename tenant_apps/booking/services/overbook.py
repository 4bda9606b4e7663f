"""Deliberate overbooking: putting a visit where somebody or something is taken already.

The new allocation and the cluster it overlaps get one new ``shared_by``. They may overlap one
another from then on, and the next ordinary booking is refused as before, also when one of them
is cancelled.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from shared_apps.core.actor import Actor
from shared_apps.core.models import uuid7
from shared_apps.journal.services import publish
from tenant_apps.booking.events import AppointmentOverbooked, BlockOverbooked
from tenant_apps.booking.models import Allocation, Block
from tenant_apps.booking.selectors.visits import VisitRows, block_fact, locked_visit, subject_of
from tenant_apps.booking.services.allocations import rewrite
from tenant_apps.booking.services.rows import visit_event


def make_room(
    allocations: Iterable[Allocation], zone: ZoneInfo, *, actor: Actor, reason: str
) -> None:
    """Let ``allocations``, not written yet, overlap what is in their way.

    The days are locked. What else is changed is told visit by visit.
    """
    touched: list[UUID] = []
    by_subject = defaultdict[UUID, list[Allocation]](list)
    for taken in allocations:
        by_subject[subject_of(taken)].append(taken)
    for subject_id, mine in by_subject.items():
        touched += _share(subject_id, mine)
    _tell(touched, zone, actor=actor, reason=reason)


def share_unwritten(rows: VisitRows, other: VisitRows) -> None:
    """The same for people's time, between two visits of which neither is written yet."""
    mine = [taken for taken in rows.allocations if taken.staff_id]
    theirs = [
        taken
        for taken in other.allocations
        for own in mine
        if taken.staff_id == own.staff_id
        and taken.during.lower < own.during.upper
        and own.during.lower < taken.during.upper
    ]
    shared_by = uuid7()
    for taken in (*mine, *theirs):
        taken.shared_by = shared_by


def usual_share(rows: VisitRows, taken: Allocation) -> UUID:
    """A member's time is shared with nothing, a unit and the client within the visit or its
    party."""
    return taken.pk if taken.staff_id else rows.appointment.party_id or rows.appointment.pk


def _share(subject_id: UUID, mine: Sequence[Allocation]) -> list[UUID]:
    """One new ``shared_by`` for ``mine`` and all they overlap, directly or through others. Those
    of its party who share the unit with it come along."""
    there = Allocation.objects.filter(subject_id=subject_id)
    in_the_way = reduce(or_, (Q(during__overlap=taken.during) for taken in mine))
    shared = {taken.shared_by for taken in mine}
    others = set(
        there.filter(in_the_way).exclude(shared_by__in=shared).values_list("shared_by", flat=True)
    )
    touched = list(there.filter(shared_by__in=others | shared)) if others else []
    if touched:
        shared_by = uuid7()
        for taken in (*touched, *mine):
            taken.shared_by = shared_by
        rewrite(touched)
    return [taken.pk for taken in touched]


def _tell(touched: Sequence[UUID], zone: ZoneInfo, *, actor: Actor, reason: str) -> None:
    found = Allocation.objects.filter(pk__in=touched)
    visits = found.filter(phase__isnull=False).values_list("phase__line__appointment_id", flat=True)
    for visit_id in sorted(set(visits)):
        other = locked_visit(visit_id)
        other.appointment.version += 1
        other.appointment.save(update_fields=["version", "updated_at"])
        publish(visit_event(AppointmentOverbooked, other, zone, reason=reason), actor=actor)
    blocks = Block.objects.filter(pk__in=found.filter(block__isnull=False).values("block_id"))
    for block in blocks.select_for_update(no_key=True):
        block.version += 1
        block.save(update_fields=["version", "updated_at"])
        event = BlockOverbooked(
            stream_id=block.pk,
            version=block.version,
            block=block_fact(block, Allocation.objects.filter(block=block)),
        )
        publish(event, actor=actor)
