"""When, how far ahead and to whom the lines of a visit are sold. Staff are bound by none of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_apps.core.actor import Actor
from shared_apps.core.wall import at_wall, days_between
from tenant_apps.booking.errors import NotForThisClient
from tenant_apps.booking.permissions import BOOK, BOOK_OFF_RULES
from tenant_apps.booking.policies.masks import MINUTE, Mask, Window
from tenant_apps.booking.selectors.demand import Demand
from tenant_apps.booking.types import Rules
from tenant_apps.catalog.enums import NewClients
from tenant_apps.catalog.policies.sale import horizon_of, notice_of, sold_between
from tenant_apps.catalog.types import OptionTerms
from tenant_apps.clients.selectors import clients_of

TEN_YEARS = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which instants this actor may have a visit begin; the end is not included.
    ``least_gap``: the shortest time that it may leave somebody beside it, unless none."""

    earliest: datetime
    before: datetime
    least_gap: int = 0


def bounds_for(
    demand: Demand, actor: Actor, rules: Rules, moment: datetime, zone: ZoneInfo
) -> Bounds:
    """Staff may sell any time that has not begun; everybody else keeps notice and horizon, the
    strictest of all lines. A line's own take the place of the salon's."""
    if actor.may(BOOK_OFF_RULES):
        return Bounds(moment, moment + TEN_YEARS)
    terms = [found for _place, found in _sold_as(demand)]
    notice = max(notice_of(found, rules.notice_minutes) for found in terms)
    horizon = min(horizon_of(found, rules.horizon_days) for found in terms)
    last_day = moment.astimezone(zone).date() + timedelta(days=horizon)
    before = at_wall(last_day + timedelta(days=1), 0, zone)
    least_gap = rules.min_gap_minutes if rules.refuse_crumbs else 0
    return Bounds(moment + notice * MINUTE, before, least_gap)


def sold_on(demand: Demand, actor: Actor, window: Window, zone: ZoneInfo) -> dict[int, Mask]:
    """In which minutes lines may begin that are sold on some weekdays or at some times only."""
    if actor.may(BOOK):
        return {}
    days = list(
        days_between(window.start.astimezone(zone).date(), window.end.astimezone(zone).date())
    )
    return {
        place: window.held(
            (at_wall(day, span[0], zone), at_wall(day, span[1], zone))
            for day in days
            if (span := sold_between(terms, day.weekday()))
        )
        for place, terms in _sold_as(demand)
        if terms.weekdays is not None
        or terms.from_minute is not None
        or terms.until_minute is not None
    }


def check_buyer(demand: Demand, actor: Actor, client_id: UUID | None) -> None:
    """``check_sold_to`` for every line of ``demand``."""
    sold_as = [
        (f"{demand.lines[place].path}.option_id", terms) for place, terms in _sold_as(demand)
    ]
    check_sold_to(sold_as, actor, client_id)


def check_sold_to(
    sold_as: Iterable[tuple[str, OptionTerms]], actor: Actor, client_id: UUID | None
) -> None:
    """Somebody whom nobody knows is new. Raises ``NotForThisClient`` naming the paths."""
    if actor.may(BOOK):
        return
    picky = [
        (path, terms.new_clients)
        for path, terms in sold_as
        if terms.new_clients is not NewClients.ANY
    ]
    if not picky:
        return
    is_known = client_id is not None or (actor.id is not None and bool(clients_of(actor.id)))
    wanted = NewClients.ONLY_KNOWN if is_known else NewClients.ONLY_NEW
    refused = {path for path, sold_to in picky if sold_to is not wanted}
    if refused:
        raise NotForThisClient(fields=dict.fromkeys(sorted(refused), NotForThisClient.message))


def _sold_as(demand: Demand) -> Iterator[tuple[int, OptionTerms]]:
    """Of a part of a bundle the bundle's limits count."""
    for place, line in enumerate(demand.lines):
        yield place, line.bundle or demand.terms[place]
