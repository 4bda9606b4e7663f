"""Fills the diary of a demo salon, day by day, the way a diary fills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.wall import at_wall
from tenant_apps.booking.enums import AbsenceReason, CancelReason, State
from tenant_apps.booking.services.bulk import (
    EnteredVisit,
    GivenBack,
    OpenDays,
    PlannedVisit,
    open_days,
)
from tenant_apps.booking.services.bulk_life import (
    Outcome,
    handed_over,
    overbooked,
    with_outcome,
)
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.enums import PhaseKind
from tenant_apps.demo.calendar import HOURS, booked_by_now, busyness, start_weight
from tenant_apps.demo.demand import (
    Booking,
    draw_booking,
    draw_items,
)
from tenant_apps.demo.dice import dice
from tenant_apps.demo.furnished import Client, Furnished
from tenant_apps.demo.menu import Craft, Item
from tenant_apps.demo.outcomes import DayOver
from tenant_apps.demo.wishes import Wishes

REQUESTED = {False: 0.65, True: 0.25}  # A: repeat and new clients
PRESENT = 0.87  # A: leave, illness and training take the rest
GAPS_FILLED = 0.2  # A: with what falls into gaps by itself, 35 % of those of half an hour
SHORTEST_GAP = 30
OVERBOOKED = 0.011  # A: most of them find room, so that 1.5 % of visits share somebody's time
HANDED_OVER = 0.2  # A: days on which a visit goes to a colleague
A_SECOND = timedelta(seconds=1)
PATIENCE = 25
REGULAR = "regular_client"
GUEST = Actor(kind=ActorKind.GUEST, channel=Channel.WEB)


@dataclass
class _Day:
    """A day in the making. ``wanted``: minutes of work still to be sold, for each craft.
    ``sold``: what is sold on it, by number."""

    date: date
    book: OpenDays
    sold: Mapping[int, Item]
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
        self._wishes = Wishes(furnished)
        self._craft_of = {pk: colleague.craft for pk, colleague in furnished.members.items()}
        self._weekdays = [shift[0] for shift in HOURS[self._salon.country]]
        self._until = at_wall(today, 0, zone)

    def fill(self, day: date, *, most: int | None = None) -> list[EnteredVisit]:
        """The visits of ``day``, ``most`` or fewer, placed but not written yet; those before
        today with what became of them. Needs an open transaction."""
        book = open_days(self._offer, day, day, self._zone)
        luck = dice(self._seed, self._salon.slug, "visits", day)
        sold = {i.number: i for i in self._items if i.is_sold(weekday=day.weekday())}
        making = _Day(day, book, sold, self._wanted(day, book, luck), luck)
        misses = 0
        while misses < PATIENCE and (
            crafts := [c for c, left in making.wanted.items() if left > 0]
        ):
            craft = luck.choices(crafts, [making.wanted[craft] for craft in crafts])[0]
            misses = 0 if self._sell(making, craft) else misses + 1
            if most is not None and len(making.visits) >= most:
                break
        if luck.random() < HANDED_OVER:
            self._hand_over(making)
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
        items = draw_items(making.sold, craft, making.luck)
        client = self._wishes.client(items, making.luck, but=making.seen)
        if client is None:
            return False
        actor = GUEST if client.person.is_guest else self._reception
        looked_at, anybody = self._wishes.lines(items, client, making.luck)
        wishes = making.luck.random() < REQUESTED[client.person.is_new]
        starts = making.book.starts(looked_at, actor=actor, client_id=client.id)
        lines = looked_at if starts and wishes else anybody
        starts = starts or making.book.starts(anybody, actor=actor, client_id=client.id)
        if not starts:
            return False
        visit = self._enter(making, self._choose(starts, making.luck), lines, client, actor, craft)
        if visit and visit.rows.appointment.state == State.CONFIRMED:
            self._fill_gaps(making, visit)
            if making.luck.random() < OVERBOOKED:
                self._squeeze_in(making, visit)
        return visit is not None

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
        beside: EnteredVisit | None = None,
    ) -> EnteredVisit | None:
        booking = draw_booking(
            starts_at, craft, until=self._until, zone=self._zone, luck=making.luck
        )
        if beside:
            booking = Booking(self._after(beside, booking.at), None, booking.reason)
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
                reason=REGULAR if beside else "",
            ),
            self._zone,
            beside=beside,
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
            for item, line in self._wishes.fillers(making.sold, staff_id, making.luck):
                client = self._wishes.client([item], making.luck, but=making.seen)
                if client and self._enter(
                    making, phase.starts_at, (line,), client, self._reception, Craft.HAIR
                ):
                    break

    def _squeeze_in(self, making: _Day, visit: EnteredVisit) -> None:
        """Somebody whom the desk does not want to send away, with the person who is busy with
        ``visit`` then."""
        starts_at, staff_id = visit.rows.starts_at, visit.rows.lines[0].performer_id
        for item, line in self._wishes.fillers(making.sold, staff_id, making.luck):
            client = self._wishes.client([item], making.luck, but=making.seen)
            if client and (
                put := self._enter(
                    making, starts_at, (line,), client, self._reception, Craft.HAIR, visit
                )
            ):
                _event, _actor, at = put.history[0]
                making.visits[making.visits.index(visit)] = overbooked(
                    visit, at=at, reason=REGULAR, actor=self._reception, zone=self._zone
                )
                break

    def _hand_over(self, making: _Day) -> None:
        """One visit to a colleague of whom it was booked with."""
        could = [
            place
            for place, visit in enumerate(making.visits)
            if len(visit.rows.lines) == 1
            and visit.rows.appointment.state == State.CONFIRMED
            and visit.rows.appointment.version == 1
            and visit.rows.lines[0].requested_staff_id
        ]
        making.luck.shuffle(could)
        for place in could:
            visit = making.visits[place]
            if colleague := making.book.hand_over(visit):
                latest = min(visit.rows.starts_at, self._until)
                booked_at = visit.history[-1][2]
                making.visits[place] = handed_over(
                    visit,
                    colleague,
                    at=_second(booked_at + (latest - booked_at) * making.luck.random()),
                    reason=AbsenceReason.ILL,
                    actor=self._reception,
                    zone=self._zone,
                )
                break

    def _after(self, visit: EnteredVisit, moment: datetime) -> datetime:
        """``moment``, or as soon as ``visit`` was booked."""
        return min(max(moment, visit.history[-1][2] + A_SECOND), self._until)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
