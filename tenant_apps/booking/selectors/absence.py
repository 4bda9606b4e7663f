"""What somebody who is not there was to do, and who could do it instead."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.db import rows
from shared_apps.core.money import Money
from shared_apps.core.wall import DAY, Interval, at_wall
from tenant_apps.booking.policies.handover import Duty
from tenant_apps.booking.policies.life import WAITING
from tenant_apps.booking.policies.masks import Window, joined
from tenant_apps.booking.policies.visit import Visit
from tenant_apps.booking.selectors.calendar import Calendar, read_calendar, window_of
from tenant_apps.booking.selectors.demand import Demand
from tenant_apps.booking.selectors.setup import Setup
from tenant_apps.staff.types import Performer

# The whole of each line of which something falls on the days and is not over.
PHASES = """
SELECT visit.id, visit.version, line.id, line.option_id, service.name, option.name,
       coalesce(client.name, ''), line.price, line.currency,
       line.requested_staff_id IS NOT DISTINCT FROM phase.staff_id,
       phase.starts_at, phase.starts_at + phase.minutes * interval '1 minute'
FROM booking_phase AS phase
JOIN booking_line AS line ON line.id = phase.line_id
JOIN booking_appointment AS visit ON visit.id = line.appointment_id
JOIN catalog_option AS option ON option.id = line.option_id
JOIN catalog_service AS service ON service.id = option.service_id
LEFT JOIN clients_client AS client ON client.id = visit.client_id
WHERE phase.staff_id = %s AND line.state = ANY(%s) AND line.id IN (
    SELECT line_id FROM booking_phase
    WHERE staff_id = %s AND starts_at >= %s AND starts_at < %s
      AND starts_at + minutes * interval '1 minute' > %s)
ORDER BY line.id, phase.starts_at
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class AbsentLine:
    """``spans``: when somebody was to work on it. ``requested``: the client asked for them."""

    appointment_id: UUID
    version: int
    line_id: UUID
    option_id: UUID
    service_name: str
    option_name: str
    client_name: str
    price: Money
    requested: bool
    spans: tuple[Interval, ...]

    @property
    def starts_at(self) -> datetime:
        return self.spans[0][0]

    @property
    def ends_at(self) -> datetime:
        return self.spans[-1][1]


def lines_of_absent(
    staff_id: UUID, first: date, last: date, zone: ZoneInfo, *, moment: datetime
) -> list[AbsentLine]:
    """What is still to come on these days, both included, in order of time. One query."""
    begins, ends = at_wall(first, 0, zone), at_wall(last + DAY, 0, zone)
    found = rows(PHASES, staff_id, sorted(WAITING), staff_id, begins, ends, moment)
    lines = [_line(list(phases)) for _id, phases in groupby(found, key=lambda row: row[2])]
    return sorted(lines, key=lambda line: (line.starts_at, line.line_id))


def _line(phases: list[tuple[Any, ...]]) -> AbsentLine:
    row = phases[0]
    return AbsentLine(
        appointment_id=row[0],
        version=row[1],
        line_id=row[2],
        option_id=row[3],
        service_name=row[4],
        option_name=row[5],
        client_name=row[6],
        price=Money(row[7], row[8]),
        requested=row[9],
        spans=tuple((begins, ends) for *_rest, begins, ends in phases),
    )


def colleagues(setup: Setup, absent_id: UUID, option_id: UUID) -> dict[UUID, int]:
    """Who else does this option, in the team's order, and what they would charge for it."""
    if option_id not in setup.options:
        return {}
    levels = setup.options[option_id].levels
    return {
        performer.staff_id: levels[performer.level].price
        for performer in setup.doing([option_id])
        if performer.staff_id != absent_id and performer.level in levels
    }


def duty_of(
    line_id: UUID, spans: Collection[Interval], able: Mapping[UUID, int], window: Window
) -> Duty:
    return Duty(
        line_id=line_id,
        spans=joined((window.minute_of(begins), window.minute_of(ends)) for begins, ends in spans),
        able=able,
    )


def calendar_of(
    setup: Setup,
    staff_ids: Collection[UUID],
    spans: Collection[Interval],
    zone: ZoneInfo,
    *,
    moment: datetime,
) -> Calendar:
    """When these people work and are free on the days of ``spans``.

    Raises ``SetupChanged``, as ``read_calendar`` does.
    """
    first = min(begins for begins, _ends in spans).astimezone(zone).date()
    last = max(ends for _begins, ends in spans).astimezone(zone).date()
    wanted: dict[UUID, Performer] = {
        performer.staff_id: performer
        for performer in setup.performers
        if performer.staff_id in staff_ids
    }
    demand = Demand((), (), Visit(()), wanted, frozenset())
    return read_calendar(setup, demand, window_of(first, last, zone, beyond=0), zone, moment=moment)
