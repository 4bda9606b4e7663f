"""The diary as it was known at an earlier moment, from the journal.

Times, states and people are those of then, names and rota those of today. Each event carries
the whole visit, so the last one before that moment is all there is to read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.journal.selectors import last_known
from tenant_apps.booking.enums import State
from tenant_apps.booking.events import (
    BlockEvent,
    LineFact,
    PhaseFact,
    TakenFact,
    VisitEvent,
)
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.selectors.diary_types import (
    Asked,
    DiaryBlock,
    DiaryLine,
    DiaryPhase,
    DiaryVisit,
)
from tenant_apps.booking.selectors.recorded import event_of

NAMES = """
SELECT 'option', option.id, service.name, option.name, NULL::uuid, NULL::timestamptz
FROM catalog_option AS option JOIN catalog_service AS service ON service.id = option.service_id
WHERE option.id = ANY(%(options)s)
UNION ALL
SELECT 'client', card.id, coalesce(kept.name, card.name), '', coalesce(kept.id, card.id), (
    SELECT min(phase.starts_at) FROM booking_appointment AS visit
    JOIN booking_line AS line ON line.appointment_id = visit.id
    JOIN booking_phase AS phase ON phase.line_id = line.id
    WHERE visit.client_id = card.id AND visit.state NOT IN ('held', 'cancelled', 'no_show'))
FROM clients_client AS card LEFT JOIN clients_client AS kept ON kept.id = card.merged_into_id
WHERE card.id = ANY(%(clients)s)
"""


def diary_then(asked: Asked) -> tuple[list[DiaryVisit], list[DiaryBlock]]:
    """Visits and blocks of the days asked for, as of ``asked.as_of``. Two queries."""
    assert asked.as_of is not None  # noqa: S101 whoever asks for now reads the tables
    events = [
        event_of(entry) for entry in last_known(("appointment", "block"), asked.days, asked.as_of)
    ]
    visits = [event for event in events if isinstance(event, VisitEvent) if _shows(event, asked)]
    blocks = [event for event in events if isinstance(event, BlockEvent) if _blocks(event, asked)]
    names, shared = _read_names(visits), _Shared(visits, blocks)
    return [_visit(event, names, shared) for event in visits], [_block(event) for event in blocks]


def _shows(event: VisitEvent, asked: Asked) -> bool:
    visit = event.visit
    if visit.state == State.CANCELLED:
        return False
    if visit.expires_at is not None and visit.expires_at <= asked.moment:
        return False
    return any(
        phase.starts_at < asked.until and _ends_at(phase) > asked.start
        for line in visit.lines
        for phase in line.phases
    )


def _blocks(event: BlockEvent, asked: Asked) -> bool:
    """A removed one takes nothing."""
    block = event.block
    if asked.staff_id and block.staff_id != asked.staff_id:
        return False
    return bool(block.takes) and block.starts_at < asked.until and block.ends_at > asked.start


@dataclass(frozen=True, slots=True)
class _Names:
    """``options``: names of service and option. ``clients``: card, name, and first visit."""

    options: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    clients: dict[UUID, tuple[UUID, str, datetime | None]] = field(default_factory=dict)


def _read_names(visits: Sequence[VisitEvent]) -> _Names:
    names = _Names()
    found = rows(
        NAMES,
        options=list({line.option_id for event in visits for line in event.visit.lines}),
        clients=list({event.visit.client_id for event in visits if event.visit.client_id}),
    )
    for what, pk, name, other_name, card_id, first_visit in found:
        if what == "option":
            names.options[pk] = (name, other_name)
        else:
            names.clients[pk] = (card_id, name, first_visit)
    return names


class _Shared:
    """Which time was deliberately taken twice."""

    def __init__(self, visits: Iterable[VisitEvent], blocks: Iterable[BlockEvent]) -> None:
        self._taken = defaultdict[tuple[UUID, UUID], list[tuple[UUID, TakenFact]]](list)
        for event in visits:
            for line in event.visit.lines:
                for phase in line.phases:
                    self._add(event.stream_id, phase.takes)
        for blocked in blocks:
            self._add(blocked.stream_id, blocked.block.takes)

    def _add(self, holder_id: UUID, takes: Iterable[TakenFact]) -> None:
        for taken in takes:
            if taken.subject != "client":
                self._taken[taken.subject_id, taken.shared_by].append((holder_id, taken))

    def holds(self, event: VisitEvent, phase: PhaseFact) -> bool:
        """Units are shared within a visit and its party anyway."""
        usual = {event.stream_id, event.visit.party_id}
        return any(
            other_id != event.stream_id
            and other.starts_at < taken.ends_at
            and taken.starts_at < other.ends_at
            for taken in phase.takes
            if taken.shared_by not in usual
            for other_id, other in self._taken[taken.subject_id, taken.shared_by]
        )


def _visit(event: VisitEvent, names: _Names, shared: _Shared) -> DiaryVisit:
    visit = event.visit
    card = names.clients.get(visit.client_id) if visit.client_id else None
    starts_at = min(phase.starts_at for line in visit.lines for phase in line.phases)
    return DiaryVisit(
        id=event.stream_id,
        state=visit.state,
        version=event.version,
        channel=visit.channel,
        expires_at=visit.expires_at,
        moves_count=visit.moves_count,
        client=card[:2] if card else None,
        is_new=card is not None and (card[2] is None or card[2] >= starts_at),
        lines=tuple(_line(event, line, names, shared) for line in visit.lines),
        party_id=visit.party_id,
    )


def _line(event: VisitEvent, line: LineFact, names: _Names, shared: _Shared) -> DiaryLine:
    service_name, option_name = names.options[line.option_id]
    return DiaryLine(
        id=line.id,
        option_id=line.option_id,
        service_name=service_name,
        option_name=option_name,
        performer_id=line.performer_id,
        requested_staff_id=line.requested_staff_id,
        state=line.state,
        price=line.price,
        currency=line.currency,
        parallel_group=line.parallel_group,
        parent_line_id=line.parent_line_id,
        own_minutes=line.own_minutes,
        phases=tuple(_phase(phase, shared.holds(event, phase)) for phase in line.phases),
    )


def _phase(phase: PhaseFact, is_shared: bool) -> DiaryPhase:
    return DiaryPhase(
        id=phase.id,
        kind=phase.kind,
        starts_at=phase.starts_at,
        ends_at=_ends_at(phase),
        staff_id=phase.staff_id,
        with_client=phase.with_client,
        actual_start=phase.actual_start,
        actual_end=phase.actual_end,
        unit_ids=tuple(
            sorted(taken.subject_id for taken in phase.takes if taken.subject == "unit")
        ),
        is_shared=is_shared,
    )


def _ends_at(phase: PhaseFact) -> datetime:
    return phase.starts_at + phase.minutes * MINUTE


def _block(event: BlockEvent) -> DiaryBlock:
    block = event.block
    parts = sorted((taken.starts_at, taken.ends_at) for taken in block.takes)
    return DiaryBlock(
        id=event.stream_id,
        kind=block.kind,
        staff_id=block.staff_id,
        unit_id=block.unit_id,
        starts_at=block.starts_at,
        ends_at=block.ends_at,
        version=event.version,
        parts=tuple(parts),
    )
