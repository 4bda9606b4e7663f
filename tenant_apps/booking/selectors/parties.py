"""People who come together, and whether their units have room for them."""

from collections.abc import Collection
from uuid import UUID

from shared_apps.core.db import rows
from tenant_apps.booking.enums import LIVE
from tenant_apps.booking.errors import NoSuchParty
from tenant_apps.booking.models import Appointment, Party
from tenant_apps.booking.selectors.appointments import get_appointments
from tenant_apps.booking.types import PartyView
from tenant_apps.clients.selectors import get_client

# The constraint lets all of a party share a unit; how many it holds nobody but this knows. Nor
# does it keep one client from two visits of one party at once.
CROWDED = """
SELECT FROM booking_appointment AS visit
JOIN booking_line AS line ON line.appointment_id = visit.id
JOIN booking_phase AS phase ON phase.line_id = line.id
JOIN booking_allocation AS mine ON mine.phase_id = phase.id AND mine.shared_by = visit.party_id
LEFT JOIN catalog_unit AS unit ON unit.id = mine.unit_id
JOIN booking_allocation AS edge
    ON edge.subject_id = mine.subject_id AND edge.during && mine.during
CROSS JOIN LATERAL (
    SELECT count(DISTINCT line.appointment_id) AS people
    FROM booking_allocation AS taken
    JOIN booking_phase AS phase ON phase.id = taken.phase_id
    JOIN booking_line AS line ON line.id = phase.line_id
    WHERE taken.subject_id = mine.subject_id
      AND taken.during @> greatest(lower(edge.during), lower(mine.during))
) AS there
WHERE visit.id = %s AND mine.subject_id = ANY(%s) AND there.people > coalesce(unit.places, 1)
LIMIT 1
"""


def is_crowded(appointment_id: UUID, subjects: Collection[UUID]) -> bool:
    """Whether one of these units holds more of this visit's party at a time than it has places,
    or one of these clients is in two visits of it at once."""
    return bool(rows(CROWDED, appointment_id, list(subjects)))


def get_party(party_id: UUID) -> PartyView:
    """Four queries. Raises ``NoSuchParty``."""
    party = Party.objects.filter(pk=party_id).first()
    if party is None:
        raise NoSuchParty
    visit_ids = Appointment.objects.filter(party=party).order_by("id").values_list("id", flat=True)
    card = get_client(party.organiser_id) if party.organiser_id else None
    return PartyView(
        id=party.pk,
        version=party.version,
        organiser=(card.pk, card.name) if card else None,
        visits=tuple(get_appointments(list(visit_ids))),
    )


def live_visits(party_id: UUID) -> list[UUID]:
    """Those that take their time still, in the order in which they were asked for."""
    found = Appointment.objects.filter(party_id=party_id, state__in=LIVE).order_by("id")
    return list(found.values_list("id", flat=True))
