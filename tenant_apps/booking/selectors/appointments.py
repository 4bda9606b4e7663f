"""One visit as people see it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.core.money import Money
from tenant_apps.booking.errors import NoSuchAppointment
from tenant_apps.booking.types import AppointmentView, LineView, going_lines

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
        WHERE phase.line_id = line.id AND taken.unit_id IS NOT NULL)
FROM booking_line AS line
JOIN booking_appointment AS visit ON visit.id = line.appointment_id
JOIN catalog_option AS option ON option.id = line.option_id
WHERE line.appointment_id = %s ORDER BY line.position
"""


def get_appointment(appointment_id: UUID) -> AppointmentView:
    """One query. Lines in their order; a line ends when the client may leave the chair."""
    found = rows(LINES, appointment_id)
    if not found:
        raise NoSuchAppointment
    lines = tuple(_line(row) for row in found)
    going = going_lines(lines)
    state, version, language, client_id, name, email, expires_at = found[0][11:18]
    return AppointmentView(
        id=appointment_id,
        state=state,
        version=version,
        language=language,
        client_id=client_id,
        client_name=name or "",
        client_email=email or "",
        expires_at=expires_at,
        starts_at=min(line.starts_at for line in going),
        ends_at=max(line.ends_at for line in going),
        lines=lines,
    )


def _line(row: tuple[Any, ...]) -> LineView:
    begins, minutes, state, price, currency = row[6:11]
    requested_staff_id, parent_line_id, own_minutes, units = row[18:]
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
