"""Who is free when: the rota within the open hours, less what is taken."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localdate, now

from shared_apps.core.actor import Actor, ActorKind, Channel, system
from tenant_apps.booking.policies.masks import bits
from tenant_apps.booking.selectors.calendar import Calendar, read_calendar, window_of
from tenant_apps.booking.selectors.demand import demand_of
from tenant_apps.booking.selectors.setup import Setup, with_setup
from tenant_apps.booking.services.rota import close_day, set_hours
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.models import Option
from tenant_apps.staff.permissions import EDIT_ROTA

pytestmark = pytest.mark.usefixtures("in_salon")
LONDON = ZoneInfo("Europe/London")
MANAGER = system(Channel.COMMAND, permissions=frozenset({EDIT_ROTA}))


def next_monday() -> date:
    return localdate() + timedelta(days=7 - localdate().weekday())


def calendar_of(day: date) -> Calendar:
    option = Option.objects.get(service__name="Men’s cut")
    window = window_of(day, day, LONDON, beyond=0)

    def read(setup: Setup) -> Calendar:
        demand = demand_of(setup, [AskedLine(option_id=option.pk)], Actor(kind=ActorKind.GUEST))
        return read_calendar(setup, demand, window, LONDON, moment=now())

    return with_setup(read)


def worked_hours(day: date) -> tuple[float, float]:
    """First and last free minute of the one member, as hours after local midnight."""
    (mask,) = calendar_of(day).free.staff.values()
    free = bits(mask)
    return (free[0] / 60, (free[-1] + 1) / 60) if free else (0, 0)


def test_somebody_works_within_the_open_hours_only() -> None:
    assert worked_hours(next_monday()) == (9, 18)

    set_hours(week=[(0, 10 * 60, 16 * 60)], actor=MANAGER)

    assert worked_hours(next_monday()) == (10, 16)


def test_on_a_closed_day_neither_people_nor_units_are_free() -> None:
    close_day(date=next_monday(), reason="holiday", actor=MANAGER)

    calendar = calendar_of(next_monday())

    assert not any(calendar.free.staff.values())
    assert not any(calendar.free.units.values())
    assert calendar.free.units
