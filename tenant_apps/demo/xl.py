"""One salon larger than any: forty people, six years, a quarter of a million visits.

Written month by month, each in a transaction; a run that was killed goes on where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction

from shared_apps.accounts.enums import Role
from shared_apps.accounts.roles import permissions_of
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import public_scope, salon_scope
from tenant_apps.booking.services.bulk import EnteredVisit, diary_ends, read_offer, write
from tenant_apps.catalog.enums import Level
from tenant_apps.demo.calendar import HOURS, busyness
from tenant_apps.demo.furnish import furnish
from tenant_apps.demo.furnished import recall
from tenant_apps.demo.load import open_salons, same_hash, schemas
from tenant_apps.demo.menu import Craft
from tenant_apps.demo.salons import OTTILIE, DemoSalon
from tenant_apps.demo.seeding import Plan, diarist_for, open_accounts, open_described
from tenant_apps.demo.team import Colleague
from tenant_apps.demo.visits import Diarist
from tenants.types import SalonCard

MONTHS, VISITS, CLIENTS = 72, 250_000, 60_000
FEWEST_CLIENTS = 200
TEAM = (
    (Craft.HAIR, Level.DIRECTOR, 3),
    (Craft.HAIR, Level.SENIOR, 8),
    (Craft.HAIR, Level.STYLIST, 12),
    (Craft.HAIR, Level.JUNIOR, 6),
    (Craft.BEAUTY, Level.STYLIST, 7),
    (Craft.NAILS, Level.STYLIST, 4),
)

WEEKDAYS = [weekday for weekday, _from, _to in HOURS[OTTILIE.country]]

OnMonth = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Month:
    first: date

    @property
    def days(self) -> list[date]:
        after = (self.first + timedelta(days=31)).replace(day=1)
        return [self.first + timedelta(days=number) for number in range((after - self.first).days)]

    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))


def months_to(today: date, scale: float) -> list[Month]:
    """Six years, or their share, up to the end of this month; at least one month."""
    found = [Month(today.replace(day=1))]
    while len(found) < round(MONTHS * scale):
        found.append(found[-1].before())
    return found[::-1]


def xl_salon(scale: float) -> DemoSalon:
    team = tuple(
        Colleague(f"{craft.title()} {level.title()} {number}", "", level, craft, 5, True, ("de",))
        for craft, level, count in TEAM
        for number in range(1, count + 1)
    )
    return replace(
        OTTILIE,
        slug="xl-load",
        name="XL Load",
        units=(("chair", 30), ("backwash", 12), ("cabin", 8), ("desk", 5), ("spa_chair", 3)),
        team=team,
        cards=max(round(CLIENTS * scale), FEWEST_CLIENTS),
        utilisation=1.0,
        breaks_in_rota=False,  # those that float make each visit an eighth dearer to place
    )


def seed_xl(scale: float, plan: Plan, password_hash: str, *, on_month: OnMonth) -> None:
    salon, months = xl_salon(scale), months_to(plan.today, scale)
    card = open_salons().get(salon.slug) or _open(salon, months[0].first, plan, password_hash)
    with salon_scope(card):
        diarist = diarist_for(
            recall(salon, seed=plan.seed, offer=read_offer()),
            plan,
            card,
            reception=system(Channel.IMPORT, permissions=permissions_of([Role.RECEPTIONIST])),
        )
        per_day = VISITS * scale / sum(len(_open_days(month)) for month in months)
        for month in months:
            ends = diary_ends()
            if ends is None or ends < month.first:
                _write(month, diarist, per_day)
            on_month()


def _open(salon: DemoSalon, first: date, plan: Plan, password_hash: str) -> SalonCard:
    with schemas() as provide:
        provide()
        with public_scope(), transaction.atomic():
            card = open_described(salon)
            with salon_scope(card):
                accounts = open_accounts(salon, same_hash(salon, password_hash))
                furnish(
                    salon,
                    seed=plan.seed,
                    first=first,
                    today=plan.today,
                    currency=card.currency,
                    accounts={salon.stylist: accounts["stylist"]},
                )
    return card


@transaction.atomic
def _write(month: Month, diarist: Diarist, per_day: float) -> None:
    visits: list[EnteredVisit] = []
    for day in _open_days(month):
        most = round(per_day * busyness(day, WEEKDAYS))
        visits += diarist.fill(day, most=most)
    write(visits)


def _open_days(month: Month) -> list[date]:
    return [day for day in month.days if day.weekday() in WEEKDAYS]
