"""Writing many visits at once: a demo's past, a load, an import.

The algebra that places them and the functions that make their rows and events are those of a
single booking, so none can be impossible. What is left of the days is kept in memory between
visits; the day locks and the exclusion constraint stand behind it as ever. What became of them
is for ``bulk_life`` to add once all that happens around them is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.timezone import now

from shared_apps.core.actor import Actor
from shared_apps.core.copying import copy_in
from shared_apps.core.db import must_be_in_transaction, send_together
from shared_apps.core.events import Event
from shared_apps.core.models import uuid7
from shared_apps.core.wall import days_between
from shared_apps.journal.models import JournalEntry
from shared_apps.journal.services import entry_of
from shared_apps.outbox.services import enqueueing
from tenant_apps.booking.enums import CancelReason
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.events import AppointmentBooked, AppointmentCancelled
from tenant_apps.booking.models import Allocation, DiaryDay
from tenant_apps.booking.permissions import BOOK_OFF_RULES
from tenant_apps.booking.policies.fitting import fit_visit
from tenant_apps.booking.policies.grid import grid_on
from tenant_apps.booking.policies.handover import candidates
from tenant_apps.booking.policies.masks import MINUTE, Mask, Window, bits
from tenant_apps.booking.policies.placing import Placed, place_visit
from tenant_apps.booking.policies.visit import Free, Visit
from tenant_apps.booking.selectors.absence import colleagues, duty_of
from tenant_apps.booking.selectors.calendar import read_calendar, window_of
from tenant_apps.booking.selectors.demand import Demand, demand_from
from tenant_apps.booking.selectors.setup import Setup, read_setup
from tenant_apps.booking.selectors.visits import VisitRows
from tenant_apps.booking.services.allocations import take_many
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.life import give_up
from tenant_apps.booking.services.overbook import share_unwritten
from tenant_apps.booking.services.rows import VisitHead, build_rows, visit_event
from tenant_apps.booking.types import AskedLine

DEMANDS_KEPT = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenBack:
    """The visit was cancelled again, at that moment."""

    reason: CancelReason
    at: datetime
    actor: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedVisit:
    """``claimed`` as in ``VisitHead``. The journal says that ``actor`` booked at ``booked_at``,
    and for which ``reason`` beside another visit."""

    starts_at: datetime
    lines: tuple[AskedLine, ...]
    client_id: UUID | None
    claimed: bool
    actor: Actor
    booked_at: datetime
    language: str = ""
    given_back: GivenBack | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EnteredVisit:
    """Rows and history of a visit that has its place but is not written yet."""

    rows: VisitRows
    history: tuple[tuple[Event, Actor, datetime], ...]


class Why(TypedDict, total=False):
    """Of something that the rules are set aside for."""

    reason: str
    overrides: tuple[str, ...]


class Offer:
    """All that a salon sells, who does it and what it takes, and thousands of wishes for it."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.demand = lru_cache(DEMANDS_KEPT)(self._demand)

    def _demand(self, lines: tuple[AskedLine, ...], actor: Actor) -> Demand:
        """Raises what ``demand_of`` raises."""
        setup = self.setup
        return demand_from(
            lines,
            actor,
            known=setup.options,
            performers=setup.performers,
            units=setup.units,
        )

    def everything(self) -> Demand:
        return Demand(
            lines=(),
            terms=(),
            visit=Visit(()),
            performers={found.staff_id: found for found in self.setup.performers},
            unit_ids=frozenset(unit.unit_id for unit in self.setup.units),
        )


def read_offer() -> Offer:
    return Offer(read_setup())


class OpenDays:
    """What is left of some days while visits are entered. Its visits begin and end on them."""

    def __init__(
        self, offer: Offer, window: Window, free: Free, clients: dict[UUID, Mask], grid: Mask
    ) -> None:
        self._offer, self._window, self._grid = offer, window, grid
        self._staff, self._units = dict(free.staff), dict(free.units)
        self._floating = free.floating
        self._clients = clients

    def minutes_left(self) -> dict[UUID, int]:
        """How long each member could still work."""
        return {staff_id: mask.bit_count() for staff_id, mask in self._staff.items()}

    def starts(
        self, lines: tuple[AskedLine, ...], *, actor: Actor, client_id: UUID | None
    ) -> list[datetime]:
        """Every start on the salon's grid at which ``lines`` fit now."""
        demand = self._offer.demand(lines, actor)
        fit = fit_visit(demand.visit, self._free(client_id), self._grid)
        return [self._window.at(minute) for minute in bits(fit.starts)]

    def enter(
        self, visit: PlannedVisit, zone: ZoneInfo, *, beside: EnteredVisit | None = None
    ) -> EnteredVisit | None:
        """Take the visit's time, unless it was given back. ``None`` when it does not fit.

        ``beside``: put on purpose into that one's time with the same person. That it was
        overbooked is for ``bulk_life.overbooked`` to add to it.
        """
        demand = self._offer.demand(visit.lines, visit.actor)
        placed = self._place(visit, demand, beside)
        if placed is None:
            return None
        head = VisitHead(
            appointment_id=uuid7(),
            client_id=visit.client_id,
            claimed=visit.claimed,
            channel=visit.actor.channel,
            language=visit.language,
        )
        rows = build_rows(head, demand, placed, self._window)
        why: Why = {}
        if beside:
            share_unwritten(rows, beside.rows)
            why = {"reason": visit.reason, "overrides": (SlotTaken.code,)}
        booked = visit_event(AppointmentBooked, rows, zone, **why)
        history: list[tuple[Event, Actor, datetime]] = [(booked, visit.actor, visit.booked_at)]
        if back := visit.given_back:
            history.append((_give_back(rows, zone, back.reason), back.actor, back.at))
        self._take(rows.allocations)
        return EnteredVisit(rows, tuple(history))

    def hand_over(self, visit: EnteredVisit) -> UUID | None:
        """Who could do the visit's one line in place of its performer; whose time it is then.
        The absent one's time stays taken."""
        (line,) = visit.rows.lines
        theirs = [taken for taken in visit.rows.allocations if taken.staff_id]
        spans = [(taken.during.lower, taken.during.upper) for taken in theirs]
        able = colleagues(self._offer.setup, line.performer_id, line.option_id)
        duty = duty_of(line.pk, spans, able, self._window)
        found = candidates(self._free(None), duty)
        if not found:
            return None
        self._staff[found[0]] &= ~duty.minutes
        return found[0]

    def _place(
        self, visit: PlannedVisit, demand: Demand, beside: EnteredVisit | None
    ) -> list[Placed] | None:
        start, rest = divmod(visit.starts_at - self._window.start, MINUTE)
        on_grid = visit.actor.may(BOOK_OFF_RULES) or self._grid >> start & 1
        if rest or start < 0 or not on_grid:
            return None
        preference = {key: -mask.bit_count() for key, mask in self._staff.items()}
        free = self._free(visit.client_id)
        if beside:
            free = Free(self._busy_with(beside), free.units, free.client)
        return place_visit(demand.visit, free, start, preference=preference)

    def _busy_with(self, visit: EnteredVisit) -> dict[UUID, Mask]:
        found: dict[UUID, Mask] = {}
        for taken in visit.rows.allocations:
            if taken.staff_id:
                mask = self._window.covered(taken.during.lower, taken.during.upper)
                found[taken.staff_id] = found.get(taken.staff_id, 0) | mask
        return found

    def _free(self, client_id: UUID | None) -> Free:
        taken = self._clients.get(client_id, 0) if client_id else 0
        return Free(self._staff, self._units, self._window.all & ~taken, self._floating)

    def _take(self, allocations: Sequence[Allocation]) -> None:
        for taken in allocations:
            mask = self._window.covered(taken.during.lower, taken.during.upper)
            if taken.staff_id:
                self._staff[taken.staff_id] &= ~mask
            elif taken.unit_id:
                self._units[taken.unit_id] &= ~mask
            elif taken.client_id:
                self._clients[taken.client_id] = self._clients.get(taken.client_id, 0) | mask


def diary_ends() -> date | None:
    """The last day on which anything was ever planned."""
    last: date | None = DiaryDay.objects.aggregate(last=Max("date"))["last"]
    return last


def open_days(offer: Offer, first: date, last: date, zone: ZoneInfo) -> OpenDays:
    """Lock the days from ``first`` to ``last`` until commit and read what is free on them."""
    days = list(days_between(first, last))
    lock_days(days)
    window = window_of(first, last, zone, beyond=0)
    calendar = read_calendar(offer.setup, offer.everything(), window, zone, moment=now())
    step = offer.setup.rules.grid_minutes
    grid = 0
    for day in days:
        grid |= grid_on(day, step, window, zone)
    return OpenDays(offer, window, calendar.free, _clients_taken(window), grid)


def write(visits: Sequence[EnteredVisit], *, announce: bool = False) -> None:
    """Rows and journal of ``visits``, a statement a table.

    Nobody is told: confirmations of what is long past would only annoy. ``announce`` queues
    the events for their handlers as a booking does.
    """
    must_be_in_transaction("writing visits")
    rows = [visit.rows for visit in visits]
    copy_in(visit.appointment for visit in rows)
    copy_in(line for visit in rows for line in visit.lines)
    copy_in(phase for visit in rows for phase in visit.phases)
    take_many(taken for visit in rows for taken in visit.allocations)
    told = [
        (event, _entry(event, actor, at)) for visit in visits for event, actor, at in visit.history
    ]
    copy_in(entry for _event, entry in told)
    if announce:
        for event, entry in told:
            send_together(enqueueing(event, entry_id=entry.pk))


def _entry(event: Event, actor: Actor, recorded_at: datetime) -> JournalEntry:
    entry = entry_of(event, actor=actor)
    entry.recorded_at = recorded_at
    return entry


def _give_back(rows: VisitRows, zone: ZoneInfo, reason: CancelReason) -> Event:
    """What cancelling does to the rows: the time is free, the rest stays as history."""
    give_up(rows, reason)
    rows.allocations.clear()
    return visit_event(AppointmentCancelled, rows, zone, reason=reason)


def _clients_taken(window: Window) -> dict[UUID, Mask]:
    rows = Allocation.objects.filter(
        client__isnull=False, during__overlap=(window.start, window.end)
    ).values_list("client_id", "during")
    taken: dict[UUID, Mask] = {}
    for client_id, during in rows:
        if client_id:
            mask = window.covered(during.lower, during.upper)
            taken[client_id] = taken.get(client_id, 0) | mask
    return taken
