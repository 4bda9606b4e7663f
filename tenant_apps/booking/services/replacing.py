"""Putting the place that was found for a visit again into the stead of what it had.

A phase that is there still stays the one it is, with its actual times.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared_apps.core.actor import Actor
from shared_apps.core.copying import insert
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.booking.permissions import CHANGE_ANY, SET_PRICE
from tenant_apps.booking.policies.life import WAITING
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.again import Again, claimed_client
from tenant_apps.booking.services.allocations import take
from tenant_apps.booking.services.finding import Place
from tenant_apps.booking.services.life import free, phases_of
from tenant_apps.booking.services.overbook import make_room, usual_share
from tenant_apps.booking.services.rows import VisitHead, build_rows
from tenant_apps.booking.types import Override
from tenant_apps.catalog.enums import PriceKind


@dataclass(frozen=True, slots=True)
class Had:
    """What a visit had in the lines that are placed again; it has it no more."""

    head: VisitHead
    phases: list[Phase]
    freed: list[Allocation]


def put(
    rows: VisitRows, again: Again, place: Place, *, override: Override, actor: Actor
) -> list[Line]:
    """Write the place in the stead of what the visit had; the lines that are new.

    The visit's own row and what is particular about a line are for the caller to save.
    """
    had = take_out(rows, again)
    return put_in(rows, again, place, had, override=override, actor=actor)


def take_out(rows: VisitRows, again: Again) -> Had:
    """Give back what the visit has in the lines that are placed again."""
    before, head = phases_of(rows, again.placed), _head(rows)
    gone = {phase.pk for phase in before}
    freed = [taken for taken in rows.allocations if taken.phase_id in gone]
    free(rows, freed)
    Phase.objects.filter(pk__in=gone).delete()
    rows.phases = [phase for phase in rows.phases if phase.pk not in gone]
    return Had(head, before, freed)


def put_in(
    rows: VisitRows, again: Again, place: Place, had: Had, *, override: Override, actor: Actor
) -> list[Line]:
    """The rest of ``put``, when something else had to be taken out, too."""
    built = build_rows(had.head, place.demand, place.placed, place.window)
    new = _adopt(rows, again, place, built, actor)
    _keep_what_began(had.phases, built)
    rows.phases = rows.phases + built.phases
    taken = built.allocations
    if SlotTaken.code in override.codes or _is_shared(rows, had.freed):
        taken = [*_released(rows), *taken]
        make_room(taken, place.zone, actor=actor, reason=override.reason)
    insert(new)
    insert(built.phases)
    take(taken)
    rows.allocations += taken
    return new


def _head(rows: VisitRows) -> VisitHead:
    visit = rows.appointment
    return VisitHead(
        appointment_id=visit.pk,
        client_id=visit.client_id,
        claimed=claimed_client(rows) is not None,
        channel=visit.channel,
        language=visit.language,
        state=State(visit.state if visit.state in {*WAITING, State.HELD} else State.ARRIVED),
        expires_at=visit.expires_at,
        party_id=visit.party_id,
    )


def _adopt(
    rows: VisitRows, again: Again, place: Place, built: VisitRows, actor: Actor
) -> list[Line]:
    """Hang what was built under the lines that are there; the others are new, behind them."""
    stands: dict[UUID, Line] = {}
    new: list[Line] = []
    for asked, line in zip(place.demand.lines, built.lines, strict=True):
        there = again.there.get(asked.path)
        stands[line.pk] = there or line
        if there:
            _take_over(there, line, actor)
            continue
        line.appointment = rows.appointment
        line.position = max(each.position for each in (*rows.lines, *new)) + 1
        line.parent_line = stands[line.parent_line_id] if line.parent_line_id else None
        new.append(line)
    for phase in built.phases:
        phase.line = stands[phase.line_id]
    rows.lines += new
    return new


def _take_over(line: Line, built: Line, actor: Actor) -> None:
    is_agreed = line.price_kind != PriceKind.FIXED
    if is_agreed and line.performer_id != built.performer_id and _may_price_own_work_alone(actor):
        line.price = line.list_price  # what they agreed is not agreed for a colleague's work
    line.performer_id, line.own_minutes = built.performer_id, built.own_minutes
    line.parallel_group = built.parallel_group
    line.save(update_fields=["performer", "own_minutes", "parallel_group", "price", "updated_at"])


def _may_price_own_work_alone(actor: Actor) -> bool:
    """As opposed to reception, and to clients, who move their visits and keep its prices."""
    return actor.may(CHANGE_ANY) and not actor.may(SET_PRICE)


def _keep_what_began(before: Sequence[Phase], built: VisitRows) -> None:
    """A phase that was there stays the one it is: of a line, the first work stays the first
    work, and so on."""
    known = dict(_numbered(before))
    for key, phase in _numbered(built.phases):
        if key in known:
            was = known[key]
            phase.pk, phase.actual_start, phase.actual_end = (
                was.pk,
                was.actual_start,
                was.actual_end,
            )
    for taken in built.allocations:
        taken.phase = taken.phase  # under the id that it has now


def _numbered(phases: Iterable[Phase]) -> Iterator[tuple[tuple[UUID, str, int], Phase]]:
    seen = defaultdict[tuple[UUID, str], int](int)
    for phase in phases:
        key = phase.line_id, phase.kind
        yield (*key, seen[key]), phase
        seen[key] += 1


def _is_shared(rows: VisitRows, taken: Iterable[Allocation]) -> bool:
    return any(each.shared_by != usual_share(rows, each) for each in taken)


def _released(rows: VisitRows) -> list[Allocation]:
    """What the visit took in lines that are over, to be taken again together with the rest: all
    of a visit that others were put beside shares its time with them in one way."""
    kept = list(rows.allocations)
    free(rows, kept)
    for taken in kept:
        taken.shared_by = usual_share(rows, taken)
    return kept
