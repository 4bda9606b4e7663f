"""What people who come together ask for, and when all of them can come."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from shared_apps.core.actor import Actor
from shared_apps.core.errors import DomainError, Invalid
from shared_apps.core.money import Money
from shared_apps.core.wall import DAY, at_wall, days_between
from tenant_apps.booking.policies.masks import Mask, Window
from tenant_apps.booking.policies.party import Party
from tenant_apps.booking.policies.party_fitting import MOST_OF_A_DAY, MOST_STEPS, PartyFitting
from tenant_apps.booking.policies.placing import Placed
from tenant_apps.booking.policies.visit import Free
from tenant_apps.booking.selectors.availability import NEAREST, allowed
from tenant_apps.booking.selectors.calendar import Calendar, read_calendars, window_of
from tenant_apps.booking.selectors.demand import Demand, demand_of
from tenant_apps.booking.selectors.finder import minutes_on
from tenant_apps.booking.selectors.limits import bounds_for, check_buyer, sold_on
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.selectors.timings import timed
from tenant_apps.booking.types import Companion, PartyDay, PartyDays, PartyStart
from tenant_apps.staff.types import Performer

FEWEST, MOST = 2, 6
# Of all together, add-ons and parts of bundles among them: the work grows steeply with these.
MOST_LINES = 12
HOW_MANY = _("A party is two to six people.")
TOO_MANY = _("Ask for at most 12 services for all together, add-ons and parts of bundles included.")


@dataclass(frozen=True, slots=True)
class PartyDemand:
    """What each of them asks for, and who and what might be needed for any of it."""

    members: tuple[Demand, ...]
    performers: Mapping[UUID, Performer]
    unit_ids: frozenset[UUID]

    @property
    def longest(self) -> int:
        return max(demand.longest for demand in self.members)

    @property
    def currency(self) -> str:
        return self.members[0].terms[0].currency

    def total(self, placed: Sequence[Sequence[Placed]]) -> Money:
        found = [demand.total(each) for demand, each in zip(self.members, placed, strict=True)]
        return sum(found[1:], found[0])


def party_demand(
    setup: Setup, coming: Sequence[Companion], actor: Actor, *, is_again: bool = False
) -> PartyDemand:
    """Raises an error that names the person and the line which cannot be had by this actor."""
    if not is_again and not FEWEST <= len(coming) <= MOST:
        raise Invalid(fields={"members": HOW_MANY})
    demands, lines = [], 0
    for number, companion in enumerate(coming):
        with of_member(number):
            demands.append(_demand(setup, companion, actor, is_again=is_again))
            lines += len(demands[-1].lines)
            if lines > MOST_LINES and not is_again:
                raise Invalid(fields={"lines": TOO_MANY})
    return PartyDemand(
        members=tuple(demands),
        performers={pk: who for demand in demands for pk, who in demand.performers.items()},
        unit_ids=frozenset[UUID]().union(*(demand.unit_ids for demand in demands)),
    )


def _demand(setup: Setup, companion: Companion, actor: Actor, *, is_again: bool) -> Demand:
    if is_again:
        return demand_of(setup, companion.lines, actor, is_again=True)
    lines = timed(companion.lines, setup.options, client_id=companion.client_id)
    demand = demand_of(setup, lines, actor)
    check_buyer(demand, actor, companion.client_id)
    return demand


@contextmanager
def of_member(number: int) -> Iterator[None]:
    """What is refused inside is refused of this one of the party."""
    try:
        yield
    except DomainError as refusal:
        refusal.fields = {f"members.{number}.{at}": why for at, why in refusal.fields.items()}
        raise


def calendars_for(
    setup: Setup,
    demand: PartyDemand,
    coming: Sequence[Companion],
    window: Window,
    zone: ZoneInfo,
    *,
    actor: Actor,
    moment: datetime,
    ignoring: Collection[UUID] = (),
    glancing: bool = False,
) -> list[Calendar]:
    """One for each of them. As many queries as for one."""
    whose = [
        (companion.client_id, sold_on(wanted, actor, window, zone))
        for companion, wanted in zip(coming, demand.members, strict=True)
    ]
    return read_calendars(
        setup,
        demand,
        window,
        zone,
        whose,
        moment=moment,
        ignoring=ignoring,
        glancing=glancing,
    )


def party_of(demand: PartyDemand, calendars: Sequence[Calendar], setup: Setup) -> Party:
    frees: list[Free] = []
    for calendar in calendars:
        frees.append(next((known for known in frees if known == calendar.free), calendar.free))
    return Party(
        visits=tuple(each.visit for each in demand.members),
        frees=tuple(frees),
        places=setup.places,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PartySearch:
    """As ``Search`` in ``finder``, for people who come together.

    ``ignoring``: visits of theirs whose time counts as free. ``is_again``: what they ask for
    was sold to them before.
    """

    coming: Sequence[Companion]
    first: date
    last: date
    weekdays: Collection[int] = ()
    from_minute: int = 0
    until_minute: int = 24 * 60
    ignoring: Collection[UUID] = ()
    is_again: bool = False
    is_first_only: bool = False


def search_together(
    wanted: PartySearch, *, actor: Actor, zone: ZoneInfo, moment: datetime
) -> PartyDays:
    """Every start that ``actor`` could book at ``moment`` for all of them together, for as many
    days as can be worked out at once."""
    return with_setup(lambda setup: _search(setup, wanted, actor, zone, moment))


def nearest_together(found: PartyDays, to: datetime) -> list[PartyStart]:
    """The few starts nearest to one that was taken, in order of time."""
    starts = [start for day in found.days for start in day.starts]
    starts.sort(key=lambda start: abs(start.starts_at - to))
    return sorted(starts[:NEAREST], key=lambda start: start.starts_at)


def _search(
    setup: Setup, wanted: PartySearch, actor: Actor, zone: ZoneInfo, moment: datetime
) -> PartyDays:
    demand = party_demand(setup, wanted.coming, actor, is_again=wanted.is_again)
    window = window_of(wanted.first, wanted.last, zone, beyond=demand.longest)
    calendars = calendars_for(
        setup,
        demand,
        wanted.coming,
        window,
        zone,
        actor=actor,
        moment=moment,
        ignoring=wanted.ignoring,
        glancing=True,
    )
    days = [
        day
        for day in days_between(wanted.first, wanted.last)
        if not wanted.weekdays or day.weekday() in wanted.weekdays
    ]
    among = minutes_on(
        days, (wanted.from_minute, wanted.until_minute), setup.rules.grid_minutes, window, zone
    )
    for member in demand.members:
        among &= allowed(window, bounds_for(member, actor, setup.rules, moment, zone))
    party = party_of(demand, calendars, setup)
    return _day_after_day(party, days, among, wanted, window, zone)


def _day_after_day(
    party: Party,
    days: Sequence[date],
    among: Mask,
    wanted: PartySearch,
    window: Window,
    zone: ZoneInfo,
) -> PartyDays:
    fitting, steps = PartyFitting(party), 0
    found: list[PartyDay] = []
    for day in days:
        of_day = window.covered(at_wall(day, 0, zone), at_wall(day + DAY, 0, zone))
        left = min(MOST_OF_A_DAY, MOST_STEPS - steps) if found else MOST_OF_A_DAY
        fit = fitting.fit(among & of_day, left)
        steps += fit.steps
        if not fit.is_whole and left < MOST_OF_A_DAY:
            return PartyDays(days=tuple(found), next_day=day)
        starts = [
            PartyStart(starts_at=window.at(minute).astimezone(zone), staff_ids=leads)
            for minute, leads in fit.starts
        ]
        found.append(PartyDay(date=day, starts=tuple(starts), is_whole=fit.is_whole))
        if starts and wanted.is_first_only:
            break
    return PartyDays(days=tuple(found))
