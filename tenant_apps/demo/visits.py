"""Fills the diary of a demo salon, day by day, the way a diary fills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.wall import at_wall
from tenant_apps.booking.enums import CancelReason, State
from tenant_apps.booking.services.bulk import (
    EnteredVisit,
    GivenBack,
    OpenDays,
    PlannedVisit,
    open_days,
)
from tenant_apps.booking.services.bulk_life import Outcome, with_outcome
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.demo.calendar import HOURS, booked_by_now, busyness, start_weight
from tenant_apps.demo.demand import Booking, Clientele, draw_booking, draw_items
from tenant_apps.demo.dice import dice
from tenant_apps.demo.furnished import Client, Furnished
from tenant_apps.demo.menu import FILLERS, Craft, Item
from tenant_apps.demo.outcomes import DayOver

REQUESTED = {False: 0.65, True: 0.25}  # A: repeat and new clients
PRESENT = 0.87  # A: leave, illness and training take the rest
GAPS_FILLED = 0.2  # A: with what falls into gaps by itself, 35 % of those of half an hour
SHORTEST_GAP = 30
PATIENCE = 25
MANY = 1_000_000
GUEST = Actor(kind=ActorKind.GUEST, channel=Channel.WEB)


@dataclass
class _Day:
    """A day in the making. ``wanted``: minutes of work still to be sold, for each craft."""

    date: date
    book: OpenDays
    wanted: dict[Craft, float]
    luck: Random
    seen: set[UUID] = field(default_factory=set)
    visits: list[EnteredVisit] = field(default_factory=list)


class Diarist:
    """``today``: the day on which the demo begins; its visits are all still to come. Days before
    are over, later ones fill up by what is booked ahead."""

    def __init__(
        self, furnished: Furnished, *, seed: int, today: date, zone: ZoneInfo, reception: Actor
    ) -> None:
        self._salon, self._offer = furnished.salon, furnished.offer
        self._seed, self._today, self._zone = seed, today, zone
        self._reception = reception
        self._items = furnished.items
        self._by_number = {item.number: item for item in furnished.items}
        self._options = furnished.options
        self._craft_of = {pk: colleague.craft for pk, colleague in furnished.members.items()}
        self._does = {
            member.staff_id: member.option_ids for member in furnished.offer.setup.performers
        }
        self._able = {
            option_id: [pk for pk, does in self._does.items() if option_id in does]
            for option_id in self._options.values()
        }
        self._clientele = Clientele(furnished.clients)
        self._weekdays = [shift[0] for shift in HOURS[self._salon.country]]
        self._until = at_wall(today, 0, zone)

    def fill(self, day: date, *, most: int | None = None) -> list[EnteredVisit]:
        """The visits of ``day``, ``most`` or fewer, placed but not written yet; those before
        today with what became of them. Needs an open transaction."""
        book = open_days(self._offer, day, day, self._zone)
        luck = dice(self._seed, self._salon.slug, "visits", day)
        making = _Day(day, book, self._wanted(day, book, luck), luck)
        misses = 0
        while misses < PATIENCE and (
            crafts := [c for c, left in making.wanted.items() if left > 0]
        ):
            craft = luck.choices(crafts, [making.wanted[craft] for craft in crafts])[0]
            misses = 0 if self._sell(making, craft) else misses + 1
            if most is not None and len(making.visits) >= most:
                break
        visits = making.visits[:most]
        return self._lived(day, visits) if day < self._today else visits

    def _lived(self, day: date, visits: Sequence[EnteredVisit]) -> list[EnteredVisit]:
        """What became of them: everything that was not cancelled was done, or nobody came."""
        luck = dice(self._seed, self._salon.slug, "outcomes", day)
        over = DayOver([visit.rows for visit in visits], self._closes(day))
        outcomes = [self._outcome(visit, over, luck) for visit in visits]
        return [
            with_outcome(visit, outcome, actor=self._reception, zone=self._zone)
            if outcome
            else visit
            for visit, outcome in zip(visits, outcomes, strict=True)
        ]

    def _outcome(self, visit: EnteredVisit, over: DayOver, luck: Random) -> Outcome | None:
        if visit.rows.appointment.state == State.CANCELLED:
            return None
        craft = self._craft_of[visit.rows.lines[0].performer_id]
        return over.draw(visit.rows, craft, luck)

    def _closes(self, day: date) -> datetime:
        shifts = HOURS[self._salon.country]
        closes = next((end for weekday, _, end in shifts if weekday == day.weekday()), 0)
        return at_wall(day, closes, self._zone)

    def _wanted(self, day: date, book: OpenDays, luck: Random) -> dict[Craft, float]:
        usual = PRESENT * self._salon.utilisation * luck.uniform(0.9, 1.1)
        share = min(usual * busyness(day, self._weekdays), 0.95) * booked_by_now(
            (day - self._today).days
        )
        wanted: dict[Craft, float] = {}
        for staff_id, minutes in book.minutes_left().items():
            craft = self._craft_of[staff_id]
            wanted[craft] = wanted.get(craft, 0) + minutes * share
        return wanted

    def _sell(self, making: _Day, craft: Craft) -> bool:
        items = draw_items(self._items, craft, self._by_number, making.luck)
        client = self._client(making, items)
        if client is None:
            return False
        actor = GUEST if client.person.is_guest else self._reception
        looked_at, anybody = self._lines(items, client, making.luck)
        wishes = making.luck.random() < REQUESTED[client.person.is_new]
        starts = making.book.starts(looked_at, actor=actor, client_id=client.id)
        lines = looked_at if starts and wishes else anybody
        starts = starts or making.book.starts(anybody, actor=actor, client_id=client.id)
        if not starts:
            return False
        visit = self._enter(making, self._choose(starts, making.luck), lines, client, actor, craft)
        if visit and visit.rows.appointment.state == State.CONFIRMED:
            self._fill_gaps(making, visit)
        return visit is not None

    def _client(self, making: _Day, items: Sequence[Item]) -> Client | None:
        """Somebody who has not been there today; guests see only what is sold online."""
        client = self._clientele.draw(items, making.luck)
        is_known = client.id in making.seen
        is_refused = client.person.is_guest and not all(item.is_online for item in items)
        return None if is_known or is_refused else client

    def _lines(
        self, items: Iterable[Item], client: Client, luck: Random
    ) -> tuple[tuple[AskedLine, ...], tuple[AskedLine, ...]]:
        """With those in whose columns the desk looks first, and with anybody. A client who has
        been here is looked for with the same people every time."""
        turn = luck.random() if client.person.is_new else client.person.weight
        looked_at, anybody = [], []
        for item in items:
            option_id = self._options[item.number]
            able = self._able[option_id]
            first = able[int(turn * MANY) % len(able)]
            looked_at.append(AskedLine(option_id=option_id, staff_id=first))
            anybody.append(AskedLine(option_id=option_id))
        return tuple(looked_at), tuple(anybody)

    def _choose(self, starts: Sequence[datetime], luck: Random) -> datetime:
        country = self._salon.country
        weights = [start_weight(country, at.astimezone(self._zone).hour) for at in starts]
        return luck.choices(starts, weights)[0]

    def _enter(
        self,
        making: _Day,
        starts_at: datetime,
        lines: tuple[AskedLine, ...],
        client: Client,
        actor: Actor,
        craft: Craft,
    ) -> EnteredVisit | None:
        booking = draw_booking(
            starts_at, craft, until=self._until, zone=self._zone, luck=making.luck
        )
        visit = making.book.enter(
            PlannedVisit(
                starts_at=starts_at,
                lines=lines,
                client_id=client.id,
                claimed=actor is not GUEST,
                actor=actor,
                booked_at=booking.at,
                given_back=self._given_back(booking, actor),
                language=client.person.contact.language,
            ),
            self._zone,
        )
        if visit:
            making.seen.add(client.id)
            making.visits.append(visit)
            for taken in visit.rows.allocations:
                if taken.staff_id:
                    lasts = taken.during.upper - taken.during.lower
                    making.wanted[self._craft_of[taken.staff_id]] -= lasts.seconds / 60
        return visit

    def _given_back(self, booking: Booking, actor: Actor) -> GivenBack | None:
        if booking.cancelled_at is None:
            return None
        by_salon = booking.reason is CancelReason.SALON
        return GivenBack(
            reason=booking.reason,
            at=booking.cancelled_at,
            actor=self._reception if by_salon else actor,
        )

    def _fill_gaps(self, making: _Day, visit: EnteredVisit) -> None:
        """Somebody else's short service while the colour develops. Only a person at the desk
        sees such a gap; it need not begin on the grid."""
        for phase in visit.rows.phases:
            if phase.kind != PhaseKind.PROCESSING or phase.minutes < SHORTEST_GAP:
                continue
            if making.luck.random() >= GAPS_FILLED:
                continue
            staff_id = phase.line.performer_id
            for item in self._fillers(staff_id, making.luck):
                client = self._client(making, [item])
                line = AskedLine(option_id=self._options[item.number], staff_id=staff_id)
                if client and self._enter(
                    making, phase.starts_at, (line,), client, self._reception, Craft.HAIR
                ):
                    break

    def _fillers(self, staff_id: UUID, luck: Random) -> list[Item]:
        """The short services that this member does, in any order."""
        does = self._does[staff_id]
        able = [
            self._by_number[number]
            for number in FILLERS
            if number in self._options and self._options[number] in does
        ]
        luck.shuffle(able)
        return able
