"""What a visit has already: when it stays, nobody is asked for that again.

It may lie outside the rota of today, or beside another visit on purpose; both were allowed once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared_apps.core.wall import Interval
from tenant_apps.booking.policies.masks import Mask
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.calendar import Calendar

Spans = Mapping[UUID, Sequence[Interval]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Staying:
    """A visit that stays when it is, though not as it is.

    - ``own``: by member, unit or client, what its lines have that are to come.
    - ``done``: by member, what they did in lines that are over.
    - ``begun``: when lines that have begun are planned to begin, by their paths; they stay there.
    - ``moment``: an add-on that is new goes into no gap before it.
    """

    own: Spans
    done: Spans
    begun: Mapping[str, datetime]
    moment: datetime


def with_own(calendar: Calendar, staying: Staying, client_id: UUID | None) -> Calendar:
    """``calendar``, which was read without the visit, with what the visit has."""
    own, done = (
        {subject_id: calendar.window.held(found) for subject_id, found in spans.items()}
        for spans in (staying.own, staying.done)
    )
    client = own.get(client_id, 0) if client_id else 0
    return replace(
        calendar,
        rostered=_with(calendar.rostered, own, {}, client),
        free=_with(calendar.free, own, done, client),
        unrostered=_with(calendar.unrostered, own, done, client),
    )


def _with(free: Free, own: Mapping[UUID, Mask], done: Mapping[UUID, Mask], client: Mask) -> Free:
    return replace(
        free,
        staff={
            key: (mask | own.get(key, 0)) & ~done.get(key, 0) for key, mask in free.staff.items()
        },
        units={key: mask | own.get(key, 0) for key, mask in free.units.items()},
        client=free.client | client,
    )
