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

    - ``own``: by member, unit or client, what those lines have that are placed again.
    - ``kept``: the same of lines that stay as they are, and ``served``: when the client is had
      in them.
    - ``begun``: when lines that have begun are planned to begin, by their paths; they stay there.
    - ``moment``: an add-on that is new goes into no gap before it.
    - ``waited``: for how many minutes its client waits at most between two of those lines; so
      long they may wait again, whatever is allowed by now.
    """

    own: Spans
    kept: Spans
    served: Sequence[Interval]
    begun: Mapping[str, datetime]
    moment: datetime
    waited: int = 0


def with_own(calendar: Calendar, staying: Staying, client_id: UUID | None) -> Calendar:
    """``calendar``, which was read without the visit, with what the visit has."""
    own, kept = (
        {subject_id: calendar.window.held(found) for subject_id, found in spans.items()}
        for spans in (staying.own, staying.kept)
    )
    client = own.get(client_id, 0) if client_id else 0
    served = calendar.window.held(staying.served)

    def changed(free: Free) -> Free:
        return replace(
            free,
            staff=_with(free.staff, own, kept),
            units=_with(free.units, own, kept),
            client=(free.client | client) & ~served,
        )

    return replace(
        calendar,
        rostered=changed(calendar.rostered),
        free=changed(calendar.free),
        unrostered=changed(calendar.unrostered),
    )


def _with(
    masks: Mapping[UUID, Mask], own: Mapping[UUID, Mask], kept: Mapping[UUID, Mask]
) -> dict[UUID, Mask]:
    return {key: (mask | own.get(key, 0)) & ~kept.get(key, 0) for key, mask in masks.items()}
