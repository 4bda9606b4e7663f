"""From a placed visit to the rows and the event that record it. Shared with the bulk writer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model

from shared_apps.core.actor import Actor
from shared_apps.core.copying import inserting
from shared_apps.core.models import uuid7
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import State
from tenant_apps.booking.events import VisitEvent
from tenant_apps.booking.models import Allocation, Appointment, Line, Phase
from tenant_apps.booking.policies.masks import MINUTE, Window
from tenant_apps.booking.policies.placing import Placed, PlacedStep
from tenant_apps.booking.selectors.demand import Demand
from tenant_apps.booking.selectors.visits import VisitRows, planned_end, visit_fact
from tenant_apps.booking.services.allocations import take_together


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitHead:
    """What a visit is besides its lines. ``claimed``: the client's own time is taken too.

    A hold's ``hold_key`` is the hash of its owner's token, ``held_from`` that of the network.
    """

    appointment_id: UUID
    client_id: UUID | None
    claimed: bool
    channel: str
    language: str
    state: State = State.CONFIRMED
    hold_key: str = ""
    held_from: str = ""
    expires_at: datetime | None = None
    moves_count: int = 0
    party_id: UUID | None = None

    @property
    def shared_by(self) -> UUID:
        """Units and the client are shared within the party, otherwise within the visit."""
        return self.party_id or self.appointment_id


def build_rows(
    head: VisitHead, demand: Demand, placed: Sequence[Placed], window: Window
) -> VisitRows:
    rows = VisitRows(
        Appointment(
            id=head.appointment_id,
            client_id=head.client_id,
            party_id=head.party_id,
            state=head.state,
            channel=head.channel,
            language=head.language,
            hold_key=head.hold_key,
            held_from=head.held_from,
            expires_at=head.expires_at,
            moves_count=head.moves_count,
        )
    )
    for line in placed:
        _add_line(rows, head, demand, line, window)
    return rows


def _add_line(
    rows: VisitRows, head: VisitHead, demand: Demand, placed: Placed, window: Window
) -> None:
    place, wanted = placed.line, demand.lines[placed.line]
    price = demand.price(place, placed.staff_id)
    line = Line(
        appointment=rows.appointment,
        position=place,
        parallel_group=wanted.group if demand.is_parallel(place) else None,
        parent_line=None if wanted.parent is None else rows.lines[wanted.parent],
        bundle_option_id=wanted.bundle.option_id if wanted.bundle else None,
        option_id=wanted.option_id,
        requested_staff_id=wanted.staff_id,
        performer_id=placed.staff_id,
        state=head.state,
        level_at_booking=price.level,
        list_price=price.price.amount,
        price=price.price.amount,
        price_kind=price.terms.price_kind,
        currency=price.price.currency,
        tax_category=price.terms.tax_category,
        own_minutes=None if wanted.own_minutes is None else list(wanted.own_minutes),
    )
    rows.lines.append(line)
    for number, step in enumerate(placed.steps):
        phase = Phase(
            line=line,
            position=number,
            kind=price.terms.phases[step.step.number].kind,
            starts_at=window.at(step.starts),
            minutes=step.minutes,
            staff_id=step.staff_id,
            with_client=step.step.takes_client,
        )
        rows.phases.append(phase)
        claimed = head.client_id if head.claimed and step.step.takes_client else None
        rows.allocations.extend(_takings(phase, step, claimed, head))


def _takings(
    phase: Phase, step: PlacedStep, client_id: UUID | None, head: VisitHead
) -> Iterator[Allocation]:
    """A member's time is shared with nothing; units and client with the rest of the visit. What
    is kept for the client while they wait is taken from then on."""
    during = DateTimeTZRange(phase.starts_at, planned_end(phase))
    common = {"during": during, "phase": phase, "expires_at": head.expires_at}
    if phase.staff_id:
        own = uuid7()
        yield Allocation(id=own, staff_id=phase.staff_id, shared_by=own, **common)
    earlier = DateTimeTZRange(phase.starts_at - step.waited * MINUTE, planned_end(phase))
    for unit_id in step.units:
        taken = common | {"during": earlier} if unit_id in step.kept else common
        yield Allocation(unit_id=unit_id, shared_by=head.shared_by, **taken)
    if client_id:
        yield Allocation(client_id=client_id, shared_by=head.shared_by, **common)


def claims(rows: VisitRows) -> list[Allocation]:
    """The client's own time, for a visit that has found out who its client is."""
    visit = rows.appointment
    return [
        Allocation(
            client_id=visit.client_id,
            during=DateTimeTZRange(phase.starts_at, planned_end(phase)),
            shared_by=visit.party_id or visit.pk,
            phase=phase,
        )
        for phase in rows.phases
        if phase.with_client and visit.client_id
    ]


def store(rows: VisitRows, event: VisitEvent, *, actor: Actor) -> None:
    """Insert the rows of a new visit and publish ``event``, a statement a table, all in one trip
    while the days are locked. Raises ``SlotTaken``."""
    visit: list[Sequence[Model]] = [[rows.appointment], rows.lines, rows.phases]
    take_together(
        rows.allocations,
        lambda taking: publish(event, actor=actor, after=[*map(inserting, visit), *taking]),
    )


def visit_event(
    kind: type[VisitEvent],
    rows: VisitRows,
    zone: ZoneInfo,
    *,
    also: Iterable[date] = (),
    reason: str = "",
    overrides: Sequence[str] = (),
) -> VisitEvent:
    """``also``: days that it touches besides those it is planned on."""
    return kind(
        stream_id=rows.appointment.pk,
        version=rows.appointment.version,
        days=tuple(sorted({*rows.days(zone), *also})),
        visit=visit_fact(rows),
        reason=reason,
        overrides=tuple(overrides),
    )


def tell(kind: type[VisitEvent], rows: VisitRows, zone: ZoneInfo, *, actor: Actor) -> None:
    """Publish what the visit is now, without anything particular to add."""
    publish(visit_event(kind, rows, zone), actor=actor)
