"""The team, its hours, and what clients see of it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from shared_apps.core.actor import Actor, ActorKind, Channel, system
from shared_apps.core.errors import Forbidden
from shared_apps.core.events import Event, SetupEvent
from shared_apps.core.models import uuid7
from shared_apps.core.scope import salon_scope
from shared_apps.core.wall import DAY
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.services.rota import close_day, set_hours, set_rota
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.models import Option
from tenant_apps.staff import events
from tenant_apps.staff.errors import DayAlreadyClosed
from tenant_apps.staff.models import (
    Closure,
    Member,
    RotaDay,
    RotaPattern,
    SalonHours,
    SpecialHours,
    TimeOff,
)
from tenant_apps.staff.permissions import EDIT_ROTA, EDIT_TEAM
from tenant_apps.staff.selectors import performers_of, rota_between, salon_hours
from tenant_apps.staff.services.team import add_member
from tenant_apps.staff.types import FixedBreak, FloatingBreak
from tenants.types import SalonCard
from tests.desk import Desk

pytestmark = pytest.mark.django_db
MANAGER = system(Channel.COMMAND, permissions=frozenset({EDIT_TEAM, EDIT_ROTA}))
GUEST = Actor(kind=ActorKind.GUEST)
MONDAY, SUNDAY = date(2026, 11, 30), date(2026, 12, 6)
WEEK = ((0, 540, 1080), (1, 600, 1200))


def options() -> list[UUID]:
    return list(Option.objects.order_by("id").values_list("id", flat=True)[:2])


def join(name: str = "Beth", level: Level = Level.STYLIST, **changes: Any) -> Member:
    arguments = {"option_ids": options(), "position": 5, "actor": MANAGER, **changes}
    return add_member(name=name, level=level, **arguments)


def shown(desk: Desk, name: str) -> dict[str, Any]:
    items = desk.get("/staff").json()["items"]
    found: dict[str, Any] = next(item for item in items if item["name"] == name)
    return found


def test_a_member_is_shown_with_what_they_do_for_how_much_and_how_long(desk: Desk) -> None:
    with salon_scope(desk.salon):
        member = join(title="Stylist", languages=["en", "pl"])
        offered = options()

    found = shown(desk, "Beth")
    assert found["id"] == str(member.pk)
    assert (found["title"], found["level"], found["languages"]) == (
        "Stylist",
        "stylist",
        ["en", "pl"],
    )
    assert set(found["option_ids"]) == {str(pk) for pk in offered}
    for price in found["prices"]:
        assert price["price"]["currency"] == "GBP"
        assert price["price"]["amount"] > 0
        assert price["minutes"] > 0


def test_what_is_not_sold_at_a_members_level_is_not_theirs(desk: Desk) -> None:
    with salon_scope(desk.salon):
        join(level=Level.DIRECTOR)

    assert shown(desk, "Beth")["option_ids"] == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_online": False}])
def test_who_cannot_be_chosen_is_not_shown(desk: Desk, change: dict[str, bool]) -> None:
    with salon_scope(desk.salon):
        Member.objects.filter(pk=join().pk).update(**change)

    assert [m["name"] for m in desk.get("/staff").json()["items"]] == ["Anna Owner"]


def test_the_team_comes_in_the_salons_order(desk: Desk) -> None:
    with salon_scope(desk.salon):
        join("Zoë", position=1)
        join("Adam", position=2)

    names = [m["name"] for m in desk.get("/staff").json()["items"]]
    assert names == ["Anna Owner", "Zoë", "Adam"]


def test_performers_are_those_who_do_one_of_the_options(in_salon: SalonCard) -> None:
    first, second = options()
    beth, carl = join("Beth", option_ids=[first]), join("Carl", option_ids=[second])
    Member.objects.filter(pk=carl.pk).update(is_active=False)

    found = {performer.name: performer.option_ids for performer in performers_of([first, second])}

    assert found == {"Anna Owner": {first, second}, "Beth": {first}}
    assert performers_of([first])[1].staff_id == beth.pk


def test_hours_are_one_row_that_is_rewritten(in_salon: SalonCard) -> None:
    before = SalonHours.objects.get()

    set_hours(week=WEEK, actor=MANAGER)

    hours = SalonHours.objects.get()

    assert (hours.pk, hours.version) == (before.pk, before.version + 1)
    assert salon_hours(MONDAY, SUNDAY).hours == WEEK
    events = JournalEntry.objects.filter(stream_id=hours.pk).order_by("version")
    assert [entry.version for entry in events] == list(range(1, hours.version + 1))


def test_the_first_hours_of_a_salon_make_the_row(in_salon: SalonCard) -> None:
    SalonHours.objects.all().delete()
    assert salon_hours(MONDAY, SUNDAY).hours == ()

    set_hours(week=WEEK, actor=MANAGER)

    assert SalonHours.objects.get().version == 1


def test_a_day_is_closed_once(in_salon: SalonCard) -> None:
    close_day(date=MONDAY, reason="holiday", actor=MANAGER)

    with pytest.raises(DayAlreadyClosed), transaction.atomic():
        close_day(date=MONDAY, reason="holiday", actor=MANAGER)
    assert list(salon_hours(MONDAY, SUNDAY).closed) == [MONDAY]
    assert salon_hours(SUNDAY, SUNDAY).closed == {}
    (entry,) = JournalEntry.objects.filter(stream="closure")
    assert entry.days == [MONDAY]


def test_a_rota_is_read_for_the_days_asked_for(in_salon: SalonCard) -> None:
    member = join()
    for valid_from in (date(2026, 11, 2), date(2026, 12, 8)):
        set_rota(
            member_id=member.pk,
            anchor=date(2026, 11, 2),
            weeks=[WEEK],
            valid_from=valid_from,
            actor=MANAGER,
        )

    (pattern,) = rota_between([member.pk], MONDAY, SUNDAY).patterns[member.pk]

    assert (pattern.weeks, pattern.valid_from) == ((WEEK,), date(2026, 11, 2))
    assert rota_between([uuid7()], MONDAY, SUNDAY).patterns == {}


def test_a_rota_is_read_in_two_queries_whatever_is_in_it(in_salon: SalonCard) -> None:
    """Patterns, exceptions and time off of many; hours, closures and special hours."""
    team = [join(f"Beth {number}", position=number) for number in range(3)]
    ids = [member.pk for member in team]
    for member in team:
        set_rota(
            member_id=member.pk,
            anchor=MONDAY,
            weeks=[WEEK],
            breaks=[(0, FixedBreak(720, 750)), (1, FloatingBreak(30, 720, 900))],
            valid_from=MONDAY,
            actor=MANAGER,
        )
        RotaDay.objects.create(member=member, date=SUNDAY, added=[[540, 600]], breaks=[])
        TimeOff.objects.create(
            member=member,
            first_day=SUNDAY,
            last_day=SUNDAY + 5 * DAY,
            from_minute=600,
            kind="sick",
            state="approved",
            decided_at=now(),
        )
        TimeOff.objects.create(member=member, first_day=MONDAY, last_day=MONDAY, kind="sick")
    SpecialHours.objects.create(date=MONDAY, spans=[[600, 1500]])
    closure = Closure.objects.create(date=SUNDAY, reason="works")

    with CaptureQueriesContext(connection) as queries:
        rota = rota_between(ids, MONDAY, SUNDAY)

    assert len(queries.captured_queries) == 2
    assert rota.closed == {SUNDAY: closure.pk}
    assert rota.special[MONDAY].spans == ((600, 1500),)
    for pk in ids:
        (pattern,) = rota.patterns[pk]
        assert pattern.breaks == {0: (FixedBreak(720, 750),), 1: (FloatingBreak(30, 720, 900),)}
        dated = rota.dated[pk, SUNDAY]
        assert (dated.replaced, dated.added, dated.breaks) == (None, ((540, 600),), ())
        (off,) = rota.off[pk]
        assert (off.first_day, off.from_minute, off.until_minute) == (SUNDAY, 600, None)
    assert rota_between(ids, MONDAY, MONDAY).off == {}
    assert set(rota_between(ids, SUNDAY - DAY, SUNDAY - DAY).off) == set(ids), "a day beyond"


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        (add_member, {"name": "x", "level": Level.STYLIST, "option_ids": [], "position": 0}),
        (
            set_rota,
            {"member_id": uuid7(), "anchor": MONDAY, "weeks": [WEEK], "valid_from": MONDAY},
        ),
        (set_hours, {"week": WEEK}),
        (close_day, {"date": MONDAY, "reason": "holiday"}),
    ],
)
def test_nobody_changes_team_or_hours_without_the_right(
    in_salon: SalonCard, act: Any, arguments: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden):
        act(**arguments, actor=GUEST)
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"anchor": date(2026, 12, 1)}, {"valid_until": date(2000, 1, 1)}, {"weeks": []}],
    ids=["no Monday", "ends before it begins", "no week"],
)
def test_the_database_refuses_a_pattern_that_means_nothing(
    in_salon: SalonCard, change: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RotaPattern.objects.all().update(**change)


def test_whatever_changes_who_works_makes_everybody_read_the_rota_again() -> None:
    """Processes keep the rota in memory until one of these is published."""
    found = {kind for kind in vars(events).values() if isinstance(kind, type)}
    ours = {
        kind for kind in found if issubclass(kind, Event) and kind.__module__ == events.__name__
    }

    left_alone = {kind for kind in ours if not issubclass(kind, SetupEvent)}

    assert left_alone == {events.TimeOffRequested, events.TimeOffDeclined}
