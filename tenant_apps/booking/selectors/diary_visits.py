"""The visits of some days, read from the tables in one statement."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from shared_apps.core.db import rows
from tenant_apps.booking.policies.masks import MINUTE
from tenant_apps.booking.selectors.diary_types import (
    Asked,
    DiaryLine,
    DiaryPhase,
    DiaryVisit,
)

RECENT = timedelta(hours=12)
"""What was to begin longer ago than this holds nobody up any more."""

# No phase is longer than a day; the index goes by where it begins.
VISITS = """
WITH touched AS MATERIALIZED (
    SELECT line.appointment_id AS id, min(phase.starts_at) AS begins
    FROM booking_phase AS phase JOIN booking_line AS line ON line.id = phase.line_id
    WHERE phase.starts_at >= %(since)s AND phase.starts_at < %(until)s
      AND phase.starts_at + phase.minutes * interval '1 minute' > %(start)s {which}
    GROUP BY line.appointment_id
), visit AS MATERIALIZED (
    SELECT visit.*, coalesce(card.merged_into_id, card.id) AS card_id,
           coalesce(kept.name, card.name) AS card_name,
           visit.client_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM booking_appointment AS earlier
               JOIN booking_line AS line ON line.appointment_id = earlier.id
               JOIN booking_phase AS phase ON phase.line_id = line.id
               WHERE earlier.client_id = visit.client_id AND earlier.id <> visit.id
                 AND earlier.state NOT IN ('held', 'cancelled', 'no_show')
                 AND phase.starts_at < touched.begins
           ) AS is_new
    FROM touched JOIN booking_appointment AS visit ON visit.id = touched.id
    LEFT JOIN clients_client AS card ON card.id = visit.client_id
    LEFT JOIN clients_client AS kept ON kept.id = card.merged_into_id
    WHERE visit.state <> 'cancelled' AND (visit.expires_at IS NULL OR visit.expires_at > %(now)s)
)
SELECT visit.id, visit.state, visit.version, visit.channel, visit.expires_at,
       visit.moves_count, visit.card_id, visit.card_name, visit.is_new, visit.party_id,
       line.id, line.option_id, service.name, option.name, line.performer_id,
       line.requested_staff_id, line.state, line.price, line.currency,
       line.parallel_group, line.parent_line_id, line.own_minutes,
       phase.id, phase.kind, phase.starts_at, phase.minutes, phase.staff_id,
       phase.with_client, phase.actual_start, phase.actual_end,
       taken.units, coalesce(taken.shared, false)
FROM visit
JOIN booking_line AS line ON line.appointment_id = visit.id
JOIN booking_phase AS phase ON phase.line_id = line.id
JOIN catalog_option AS option ON option.id = line.option_id
JOIN catalog_service AS service ON service.id = option.service_id
LEFT JOIN LATERAL (
    SELECT array_agg(taken.unit_id ORDER BY taken.unit_id)
               FILTER (WHERE taken.unit_id IS NOT NULL) AS units,
           bool_or(CASE WHEN taken.shared_by <> CASE
               WHEN taken.staff_id IS NOT NULL THEN taken.id
               ELSE coalesce(visit.party_id, visit.id)
           END AND taken.client_id IS NULL THEN EXISTS (
               SELECT FROM booking_allocation AS other
               WHERE other.subject_id = taken.subject_id AND other.during && taken.during
                 AND other.id <> taken.id)
           END) AS shared
    FROM booking_allocation AS taken WHERE taken.phase_id = phase.id
) AS taken ON true
ORDER BY visit.id, line.position, phase.position
"""
OF_ONE = "AND (phase.staff_id = %(staff_id)s OR phase.starts_at BETWEEN %(recent)s AND %(now)s)"
LONGEST_PHASE = timedelta(days=2)


def visits_now(asked: Asked) -> list[DiaryVisit]:
    """Everybody who comes on the days asked for, but who has cancelled or let a hold run out.

    Of one person's days also what was to begin a short while ago: it may hold that one up.
    """
    which = OF_ONE if asked.staff_id else ""
    found = rows(
        VISITS.format(which=which),
        since=asked.start - LONGEST_PHASE,
        start=asked.start,
        until=asked.until,
        now=asked.moment,
        recent=asked.moment - RECENT,
        staff_id=asked.staff_id,
    )
    return [_visit(list(lines)) for _id, lines in groupby(found, key=itemgetter(0))]


def _visit(found: list[tuple[Any, ...]]) -> DiaryVisit:
    visit_id, state, version, channel, expires_at, moves, *client, is_new, party_id = found[0][:10]
    card_id, name = client
    return DiaryVisit(
        id=visit_id,
        state=state,
        version=version,
        channel=channel,
        expires_at=expires_at,
        moves_count=moves,
        client=(card_id, name) if card_id else None,
        is_new=is_new,
        lines=tuple(_lines(found)),
        party_id=party_id,
    )


def _lines(found: list[tuple[Any, ...]]) -> Iterator[DiaryLine]:
    for _id, listed in groupby(found, key=itemgetter(10)):
        phases = list(listed)
        facts = phases[0][10:22]
        yield DiaryLine(*(*facts, tuple(_phase(*row[22:]) for row in phases)))


def _phase(
    phase_id: UUID,
    kind: str,
    starts_at: datetime,
    minutes: int,
    staff_id: UUID | None,
    with_client: bool,
    actual_start: datetime | None,
    actual_end: datetime | None,
    unit_ids: list[UUID] | None,
    shared: bool,
) -> DiaryPhase:
    return DiaryPhase(
        id=phase_id,
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + minutes * MINUTE,
        staff_id=staff_id,
        with_client=with_client,
        actual_start=actual_start,
        actual_end=actual_end,
        unit_ids=tuple(unit_ids or ()),
        is_shared=shared,
    )
