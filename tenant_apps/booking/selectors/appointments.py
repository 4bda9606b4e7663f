"""One visit as people see it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.core.money import Money
from tenant_apps.booking.errors import NoSuchAppointment
from tenant_apps.booking.models import Line
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.selectors.demand import Demand
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.types import AppointmentView, LineView, going_lines
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.clients.types import Contact

# Names by subqueries: the order of seven joined tables costs twice as much to think out.
LINES = """
SELECT line.id, line.option_id,
       (SELECT name FROM catalog_service WHERE id = option.service_id), option.name,
       line.performer_id, (SELECT name FROM staff_member WHERE id = line.performer_id),
       (SELECT min(starts_at) FROM booking_phase WHERE line_id = line.id),
       (SELECT sum(minutes) FROM booking_phase WHERE line_id = line.id AND kind <> 'cleanup'),
       line.state, line.price, line.currency,
       visit.state, visit.version, visit.language, visit.client_id,
       (SELECT name FROM clients_client WHERE id = visit.client_id),
       (SELECT email FROM clients_client WHERE id = visit.client_id),
       visit.expires_at, line.requested_staff_id, line.parent_line_id, line.own_minutes,
       (SELECT array_agg(DISTINCT taken.unit_id)
        FROM booking_allocation AS taken JOIN booking_phase AS phase ON phase.id = taken.phase_id
        WHERE phase.line_id = line.id AND taken.unit_id IS NOT NULL),
       visit.party_id, visit.id
FROM booking_line AS line
JOIN booking_appointment AS visit ON visit.id = line.appointment_id
JOIN catalog_option AS option ON option.id = line.option_id
WHERE line.appointment_id = ANY(%s) ORDER BY line.appointment_id, line.position
"""


def get_appointment(appointment_id: UUID) -> AppointmentView:
    """One query. Lines in their order; a line ends when the client may leave the chair."""
    found = get_appointments([appointment_id])
    if not found:
        raise NoSuchAppointment
    return found[0]


def get_appointments(appointment_ids: Sequence[UUID]) -> list[AppointmentView]:
    """Those that there are, in the order of their ids. One query."""
    by_visit = groupby(rows(LINES, list(appointment_ids)), key=itemgetter(-1))
    return [_appointment(list(found)) for _id, found in by_visit]


def _appointment(found: Sequence[tuple[Any, ...]]) -> AppointmentView:
    state, version, language, client_id, name, email, expires_at = found[0][11:18]
    party_id, appointment_id = found[0][-2:]
    return AppointmentView(
        id=appointment_id,
        state=state,
        version=version,
        language=language,
        client_id=client_id,
        client_name=name or "",
        client_email=email or "",
        expires_at=expires_at,
        party_id=party_id,
        **_times(tuple(_line(row) for row in found)),
    )


def written_view(rows: VisitRows, demand: Demand, contact: Contact | None) -> AppointmentView:
    """What ``get_appointment`` would answer to a visit that this transaction wrote, for the
    ``demand`` whose names are the price list's and the team's. No query."""
    visit = rows.appointment
    return AppointmentView(
        id=visit.pk,
        state=visit.state,
        version=visit.version,
        language=visit.language,
        client_id=visit.client_id,
        client_name=contact.name if contact else "",
        client_email=contact.email if contact else "",
        expires_at=visit.expires_at,
        party_id=visit.party_id,
        **_times(tuple(_written_line(line, rows, demand) for line in rows.lines)),
    )


def _written_line(line: Line, rows: VisitRows, demand: Demand) -> LineView:
    terms = demand.terms[line.position]
    phases = [phase for phase in rows.phases if phase.line_id == line.pk]
    starts_at = min(phase.starts_at for phase in phases)
    own = {phase.pk for phase in phases}
    units = {taken.unit_id for taken in rows.allocations if taken.phase_id in own}
    stays = sum(phase.minutes for phase in phases if phase.kind != PhaseKind.CLEANUP)
    return LineView(
        id=line.pk,
        option_id=line.option_id,
        service_name=terms.service_name,
        option_name=terms.option_name,
        staff_id=line.performer_id,
        staff_name=demand.performers[line.performer_id].name,
        starts_at=starts_at,
        ends_at=starts_at + stays * MINUTE,
        state=line.state,
        price=Money(line.price, line.currency),
        requested_staff_id=line.requested_staff_id,
        parent_line_id=line.parent_line_id,
        own_minutes=line.own_minutes,
        unit_ids=sorted(unit_id for unit_id in units if unit_id) or (),
    )


def _times(lines: tuple[LineView, ...]) -> dict[str, Any]:
    going = going_lines(lines)
    return {
        "starts_at": min(line.starts_at for line in going),
        "ends_at": max(line.ends_at for line in going),
        "lines": lines,
    }


def _line(row: tuple[Any, ...]) -> LineView:
    begins, minutes, state, price, currency = row[6:11]
    requested_staff_id, parent_line_id, own_minutes, units = row[18:22]
    return LineView(
        id=row[0],
        option_id=row[1],
        service_name=row[2],
        option_name=row[3],
        staff_id=row[4],
        staff_name=row[5],
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        state=state,
        price=Money(price, currency),
        requested_staff_id=requested_staff_id,
        parent_line_id=parent_line_id,
        own_minutes=own_minutes,
        unit_ids=units or (),
    )
