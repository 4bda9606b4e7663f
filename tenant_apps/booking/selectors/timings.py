"""How long services take with one client: thick hair, a slow nail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from shared_apps.core.db import rows
from shared_apps.journal.selectors import last_version
from tenant_apps.booking.events import ClientTimingsChanged
from tenant_apps.booking.selectors.asked import Known
from tenant_apps.booking.selectors.setup import setup_now
from tenant_apps.booking.types import AskedLine, Timing
from tenant_apps.catalog.policies.own import own_problem
from tenant_apps.clients.selectors import get_client

# Of cards that are one by now, what the card says that was kept goes before.
TIMINGS = """
SELECT timing.option_id, timing.minutes
FROM booking_clienttiming AS timing JOIN clients_client AS card ON card.id = timing.client_id
WHERE coalesce(card.merged_into_id, card.id) = (
    SELECT coalesce(merged_into_id, id) FROM clients_client WHERE id = %s)
ORDER BY card.merged_into_id IS NULL, timing.id
"""
# Of a visit that is to be had at another time: it takes as long as it was booked for.
BOOKED = """
SELECT DISTINCT ON (option_id) option_id, own_minutes FROM booking_line
WHERE appointment_id = %s AND state <> 'cancelled' ORDER BY option_id, position
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientTimings:
    client_id: UUID
    version: int
    timings: tuple["ClientsTiming", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientsTiming:
    """``fits``: whether the service still has the phases that the minutes were written for;
    otherwise they count for nothing."""

    option_id: UUID
    minutes: tuple[int, ...]
    fits: bool


def timings_of(client_id: UUID) -> ClientTimings:
    """In the order of the options' ids. Raises ``NoSuchClient``."""
    kept, known = get_client(client_id).pk, setup_now().options
    return ClientTimings(
        client_id=kept,
        version=last_version(ClientTimingsChanged.stream, kept),
        timings=tuple(
            ClientsTiming(
                option_id=option_id,
                minutes=minutes,
                fits=option_id in known and not own_problem(known[option_id].phases, minutes),
            )
            for option_id, minutes in sorted(_timings(kept).items())
        ),
    )


def timed(
    asked: Sequence[AskedLine],
    known: Known,
    *,
    client_id: UUID | None,
    moving: UUID | None = None,
) -> tuple[AskedLine, ...]:
    """``asked`` with what is usual with this client, if anything; with ``moving``, a visit, as
    long as its own lines take. At most two queries."""
    timings = _timings(client_id) if client_id else {}
    if moving:
        for option_id, minutes in rows(BOOKED, moving):
            timings.pop(option_id, None)
            if minutes is not None:
                timings[option_id] = tuple(minutes)
    return tuple(_timed(line, timings, known) for line in asked) if timings else tuple(asked)


def _timings(client_id: UUID) -> dict[UUID, tuple[int, ...]]:
    return {option_id: tuple(minutes) for option_id, minutes in rows(TIMINGS, client_id)}


def _timed(line: AskedLine, timings: Mapping[UUID, tuple[int, ...]], known: Known) -> AskedLine:
    """With only what concerns the line, which is the key under which its plan is kept."""
    parts = known[line.option_id].parts if line.option_id in known else ()
    wanted = dict.fromkeys([line.option_id, *(part.option_id for part in parts)])
    found: tuple[Timing, ...] = tuple((pk, timings[pk]) for pk in wanted if pk in timings)
    addons = tuple(_timed(addon, timings, known) for addon in line.addons)
    return replace(line, timings=found, addons=addons)
