"""A working day in the salon: a clock that tests turn, and a reception desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils.timezone import localdate

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.models import Option
from tenant_apps.staff.models import RotaPattern
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services.team import add_member
from tenants.types import SalonCard
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

LONDON = ZoneInfo("Europe/London")
EDITOR = system(Channel.COMMAND, permissions=frozenset({EDIT_TEAM}))


def next_tuesday() -> date:
    return localdate() + timedelta(days=(1 - localdate().weekday()) % 7 + 7)


@dataclass
class Clock:
    """It stands still on a Tuesday in London until somebody moves it."""

    day: date
    hands: time_machine.Traveller

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=LONDON)
        return midnight + timedelta(days=days, hours=hour, minutes=minute)

    def text(self, hour: int, minute: int = 0, *, days: int = 0) -> str:
        return self.at(hour, minute, days=days).isoformat()

    def move(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        moment = self.at(hour, minute, days=days)
        self.hands.move_to(moment)
        return moment


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Eight in the morning."""
    day = next_tuesday()
    opens = datetime(day.year, day.month, day.day, 8, tzinfo=LONDON)
    with time_machine.travel(opens, tick=False) as hands:
        yield Clock(day, hands)


@pytest.fixture
def reception(clock: Clock, desk: Desk) -> Desk:
    """Signed in on that Tuesday; anything may be done."""
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def anna(desk: Desk) -> str:
    return str(desk.get("/staff").json()["items"][0]["id"])


@pytest.fixture
def beth(desk: Desk) -> str:
    """Works the same hours as Anna and does the same."""
    with salon_scope(desk.salon):
        member = add_member(
            name="Beth",
            level=Level.STYLIST,
            option_ids=list(Option.objects.values_list("id", flat=True)),
            position=9,
            actor=EDITOR,
        )
        pattern = RotaPattern.objects.get()
        RotaPattern.objects.create(
            member=member,
            anchor=pattern.anchor,
            weeks=pattern.weeks,
            valid_from=pattern.valid_from,
        )
        return str(member.pk)


@pytest.fixture
def nothing_is_forgotten(in_salon: SalonCard) -> Iterator[None]:
    """Whatever was done, journal and tables agree."""
    yield
    assert list(salon_problems()) == []
