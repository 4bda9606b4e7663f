"""One number for all that a demo salon holds, ids, clocks and passwords aside.

Read from the database with plain SQL that names things by what people call them, so that two
runs agree when the salons look the same.
"""

import hashlib
from collections.abc import Iterable

from django.db import connection

from shared_apps.core.scope import salon_scope
from tenants.types import SalonCard

PARTS = (
    "SELECT week FROM staff_salonhours",
    "SELECT date, reason FROM staff_closure",
    "SELECT kind, name, position, places FROM catalog_unit",
    """SELECT c.name AS category, c.colour, c.position AS place, s.name, s.description,
           s.position, s.is_online, s.weekdays, s.new_clients, s.sequence, s.addon_place,
           cardinality(s.addon_of) AS hosts, o.price_kind, o.currency, o.phases, o.levels,
           array(SELECT b.name || (part.value->>'parallel_group') FROM
                 jsonb_array_elements(o.parts) AS part JOIN catalog_option h
                 ON h.id = (part.value->>'option_id')::uuid
                 JOIN catalog_service b ON b.id = h.service_id ORDER BY 1) AS parts
       FROM catalog_option o JOIN catalog_service s ON s.id = o.service_id
       JOIN catalog_category c ON c.id = s.category_id""",
    """SELECT m.name, m.title, m.level, m.languages, m.position, p.anchor, p.weeks,
           p.breaks, p.valid_from,
           array(SELECT s.name FROM staff_skill k JOIN catalog_option o ON o.id = k.option_id
                 JOIN catalog_service s ON s.id = o.service_id WHERE k.member_id = m.id
                 ORDER BY s.name) AS does
       FROM staff_member m JOIN staff_rotapattern p ON p.member_id = m.id""",
    "SELECT name, email, phone, language, is_confirmed FROM clients_client",
    """SELECT a.state, a.channel, a.language, a.version, c.name AS client, c.email, l.position,
           l.parallel_group, l.parent_line_id IS NOT NULL AS is_added,
           l.bundle_option_id IS NOT NULL AS is_part, s.name AS service,
           r.name AS requested, m.name AS performer, l.state AS line_state,
           l.cancel_reason_code, l.level_at_booking, l.price, l.currency, p.position AS number,
           p.kind, p.starts_at, p.minutes, p.actual_start, p.actual_end,
           (p.staff_id IS NOT NULL) AS takes_staff,
           array(SELECT concat_ws('', f.name, u.name, w.name) || t.during
                 FROM booking_allocation t LEFT JOIN staff_member f ON f.id = t.staff_id
                 LEFT JOIN catalog_unit u ON u.id = t.unit_id
                 LEFT JOIN clients_client w ON w.id = t.client_id
                 WHERE t.phase_id = p.id ORDER BY 1) AS takes
       FROM booking_phase p JOIN booking_line l ON l.id = p.line_id
       JOIN booking_appointment a ON a.id = l.appointment_id
       JOIN catalog_option o ON o.id = l.option_id JOIN catalog_service s ON s.id = o.service_id
       JOIN staff_member m ON m.id = l.performer_id
       LEFT JOIN staff_member r ON r.id = l.requested_staff_id
       LEFT JOIN clients_client c ON c.id = a.client_id""",
    """SELECT b.kind, m.name AS member, u.name AS unit, b.starts_at, b.ends_at
       FROM booking_block b LEFT JOIN staff_member m ON m.id = b.staff_id
       LEFT JOIN catalog_unit u ON u.id = b.unit_id""",
    """SELECT event, version, days, channel, recorded_at FROM journal_entry
       WHERE stream = 'appointment'""",
)


def checksum_of(cards: Iterable[SalonCard]) -> str:
    digest = hashlib.sha256()
    for card in cards:
        digest.update(f"{card.slug}\0{card.name}\0{card.timezone}\0".encode())
        with salon_scope(card):
            for part in PARTS:
                _add(digest, part)
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", part: str) -> None:
    """Sorted by what they say: the order of ids means nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(part)::text FROM ({part}) AS part ORDER BY 1")  # noqa: S608 # nosec B608
        for (text,) in cursor:
            digest.update(text.encode() + b"\n")
