"""Changing who works when: what is booked stays, and is listed when it lies outside now."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shared_apps.core.actor import Actor, ActorKind, Channel, system
from shared_apps.core.errors import DomainError, Forbidden
from shared_apps.core.scope import salon_scope
from shared_apps.core.wall import DAY, at_wall, days_between
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.models import Allocation, Appointment, DiaryDay
from tenant_apps.booking.permissions import BOOK, BOOK_OFF_RULES
from tenant_apps.booking.selectors.outside import Outside, outside_rota
from tenant_apps.booking.services import rota
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.holds import HoldRequest, create_hold
from tenant_apps.booking.types import AskedLine
from tenant_apps.catalog.models import Option
from tenant_apps.clients.types import Contact
from tenant_apps.staff.enums import TimeOffKind
from tenant_apps.staff.models import Member, TimeOff
from tenant_apps.staff.permissions import (
    APPROVE_TIME_OFF,
    EDIT_ROTA,
    EDIT_TEAM,
    REQUEST_TIME_OFF,
)
from tenant_apps.staff.services import hours as staff_hours
from tenant_apps.staff.services import rota as staff_rota
from tenant_apps.staff.services import team as staff_team
from tenant_apps.staff.services import time_off
from tenant_apps.staff.services.team import MemberChange
from tenant_apps.staff.types import AskedTimeOff, DatedRota, FixedBreak, HeldDays
from tenants.types import SalonCard

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 12, 7)
WEEK = tuple((weekday, 540, 1080) for weekday in range(6))
MANAGER = system(
    Channel.COMMAND,
    permissions=frozenset({EDIT_ROTA, EDIT_TEAM, APPROVE_TIME_OFF, REQUEST_TIME_OFF}),
)
NOBODY = system(Channel.COMMAND)
DESK = system(Channel.COMMAND, permissions=frozenset({BOOK, BOOK_OFF_RULES}))
GUEST = Actor(kind=ActorKind.GUEST, channel=Channel.WEB)


def book(day: date, minute: int, service: str = "Men’s cut", actor: Actor = DESK) -> UUID:
    option = Option.objects.get(service__name=service)
    return book_appointment(
        request=BookingRequest(
            starts_at=at_wall(day, minute, LONDON),
            lines=(AskedLine(option_id=option.pk),),
            client=Contact(name="Otto", email="otto@example.com"),
        ),
        actor=actor,
    )


def anna() -> UUID:
    return Member.objects.get(name="Anna Owner").pk


def ask_for_time_off(first: date, **times: int) -> UUID:
    asked = AskedTimeOff(kind=TimeOffKind.SICK, first_day=first, last_day=first, **times)
    return time_off.request_time_off(asked=asked, member_id=anna(), actor=MANAGER)


def ids(found: list[Outside]) -> list[UUID]:
    return [entry.appointment_id for entry in found]


@dataclass(frozen=True)
class Change:
    """A change of the rota that leaves Monday's visit at ten outside, and how to undo it."""

    make: Callable[[], list[Outside]]
    undo: Callable[[], list[Outside]]


def approved(first: date, **times: int) -> list[Outside]:
    return rota.approve_time_off(time_off_id=ask_for_time_off(first, **times), actor=MANAGER)


def withdrawn() -> list[Outside]:
    return rota.withdraw_time_off(time_off_id=TimeOff.objects.get().pk, actor=MANAGER)


def pattern(week: tuple[tuple[int, int, int], ...], **changes: Any) -> list[Outside]:
    return rota.set_rota(
        member_id=anna(),
        anchor=date(2026, 11, 30),
        weeks=[week],
        valid_from=MONDAY,
        actor=MANAGER,
        **changes,
    )


def dated(**change: Any) -> list[Outside]:
    return rota.set_rota_day(
        member_id=anna(), date=MONDAY, change=DatedRota(**change), actor=MANAGER
    )


def cleared() -> list[Outside]:
    return rota.clear_rota_day(member_id=anna(), date=MONDAY, actor=MANAGER)


LEAVES = MemberChange(is_active=False)
LATE = ((0, 720, 1080),)
CHANGES = {
    "another pattern": Change(lambda: pattern(LATE), lambda: pattern(WEEK)),
    "a fixed break": Change(
        lambda: pattern(WEEK, breaks=[(0, FixedBreak(600, 630))]),
        lambda: pattern(WEEK),
    ),
    "a day's own hours": Change(lambda: dated(replaced=((720, 1080),)), cleared),
    "hours taken away": Change(lambda: dated(removed=((600, 615),)), cleared),
    "other opening hours": Change(
        lambda: rota.set_hours(week=LATE, actor=MANAGER),
        lambda: rota.set_hours(week=WEEK, actor=MANAGER),
    ),
    "special hours": Change(
        lambda: rota.set_special_hours(date=MONDAY, spans=[(720, 1080)], actor=MANAGER),
        lambda: rota.clear_special_hours(date=MONDAY, actor=MANAGER),
    ),
    "a closed day": Change(
        lambda: rota.close_day(date=MONDAY, reason="works", actor=MANAGER),
        lambda: rota.reopen_day(date=MONDAY, actor=MANAGER),
    ),
    "somebody who leaves": Change(
        lambda: rota.change_member(member_id=anna(), change=LEAVES, actor=MANAGER),
        lambda: rota.change_member(
            member_id=anna(), change=MemberChange(is_active=True), actor=MANAGER
        ),
    ),
    "a day off": Change(lambda: approved(MONDAY), withdrawn),
    "an hour off": Change(lambda: approved(MONDAY, from_minute=610, until_minute=670), withdrawn),
}


@pytest.mark.usefixtures("in_salon")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_visit_that_a_change_leaves_outside_stays_and_is_listed(change: Change) -> None:
    at_ten, at_two = book(MONDAY, 600), book(MONDAY, 840)
    taken = set(Allocation.objects.values_list("id", flat=True))

    found = change.make()

    assert at_ten in ids(found)
    if at_two not in ids(found):
        assert ids(found) == [at_ten]
    entry = next(entry for entry in found if entry.appointment_id == at_ten)
    assert (entry.staff_id, entry.staff_name) == (anna(), "Anna Owner")
    assert (entry.service_name, entry.client_name, entry.state) == (
        "Men’s cut",
        "Otto",
        "confirmed",
    )
    assert at_wall(MONDAY, 600, LONDON) <= entry.starts_at < entry.ends_at
    assert entry.ends_at <= at_wall(MONDAY, 635, LONDON)
    assert set(Allocation.objects.values_list("id", flat=True)) == taken
    assert change.undo() == []


@pytest.mark.usefixtures("in_salon")
@pytest.mark.parametrize("change", list(CHANGES.values())[:-2], ids=list(CHANGES)[:-2])
def test_whoever_may_not_change_the_rota_holds_nobody_up(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.MANAGER", NOBODY)

    for act in (change.make, change.undo):
        with pytest.raises(Forbidden):
            act()
    assert not DiaryDay.objects.filter(date=MONDAY).exists()


@pytest.mark.usefixtures("in_salon")
def test_whoever_may_not_approve_time_off_holds_nobody_up() -> None:
    asked = ask_for_time_off(MONDAY)

    for act in (rota.approve_time_off, rota.withdraw_time_off):
        with pytest.raises(Forbidden):
            act(time_off_id=asked, actor=NOBODY)
    assert not DiaryDay.objects.filter(date=MONDAY).exists()


@pytest.mark.usefixtures("in_salon")
def test_a_pattern_holds_every_day_that_anybody_may_book() -> None:
    far = MONDAY + timedelta(days=400)
    DiaryDay.objects.create(date=far)

    pattern(WEEK)

    held = set(DiaryDay.objects.values_list("date", flat=True))
    assert set(days_between(MONDAY, MONDAY + timedelta(days=150))) <= held
    assert MONDAY - DAY not in held


NEEDS_THE_LOCK: dict[str, Callable[[HeldDays], object]] = {
    "a pattern": lambda held: staff_rota.set_rota(
        member_id=anna(),
        anchor=MONDAY,
        weeks=[WEEK],
        valid_from=MONDAY,
        held=held,
        actor=MANAGER,
    ),
    "a day": lambda held: staff_rota.set_rota_day(
        member_id=anna(),
        date=MONDAY,
        change=DatedRota(open_anyway=True),
        held=held,
        actor=MANAGER,
    ),
    "a day as ever": lambda held: staff_rota.clear_rota_day(
        member_id=anna(), date=MONDAY, held=held, actor=MANAGER
    ),
    "hours": lambda held: staff_hours.set_hours(week=WEEK, held=held, actor=MANAGER),
    "special hours": lambda held: staff_hours.set_special_hours(
        date=MONDAY, spans=[(600, 720)], held=held, actor=MANAGER
    ),
    "no special hours": lambda held: staff_hours.clear_special_hours(
        date=MONDAY, held=held, actor=MANAGER
    ),
    "a closed day": lambda held: staff_hours.close_day(
        date=MONDAY, reason="works", held=held, actor=MANAGER
    ),
    "an opened day": lambda held: staff_hours.reopen_day(date=MONDAY, held=held, actor=MANAGER),
    "time off": lambda held: time_off.approve_time_off(
        time_off_id=ask_for_time_off(MONDAY), held=held, actor=MANAGER
    ),
    "somebody who leaves": lambda held: staff_team.change_member(
        member_id=anna(), change=LEAVES, held=held, actor=MANAGER
    ),
}


@pytest.mark.usefixtures("in_salon")
@pytest.mark.parametrize("change", NEEDS_THE_LOCK.values(), ids=NEEDS_THE_LOCK)
def test_no_change_is_made_on_a_day_that_is_not_held(change: Callable[[HeldDays], object]) -> None:
    before = JournalEntry.objects.exclude(stream="time_off").count()

    with pytest.raises(AssertionError, match="changed without the lock on 2026"):
        change(lock_days([MONDAY + 2 * DAY]))

    assert JournalEntry.objects.exclude(stream="time_off").count() == before


@pytest.mark.usefixtures("in_salon")
def test_the_night_after_a_day_is_held_with_it() -> None:
    with pytest.raises(AssertionError, match="2026-12-08"):
        NEEDS_THE_LOCK["a closed day"](lock_days([MONDAY]))

    NEEDS_THE_LOCK["a closed day"](lock_days([MONDAY, MONDAY + DAY]))
    asked = ask_for_time_off(MONDAY)
    rota.approve_time_off(time_off_id=asked, actor=MANAGER)
    only_monday = lock_days([MONDAY])
    with pytest.raises(AssertionError, match="2026-12-08"):
        time_off.withdraw_time_off(time_off_id=asked, held=only_monday, actor=MANAGER)


@pytest.mark.usefixtures("in_salon")
def test_what_is_over_and_what_has_run_out_is_not_listed() -> None:
    visit = book(MONDAY, 600)
    option = Option.objects.get(service__name="Men’s cut")
    with time_machine.travel(at_wall(MONDAY, 480, LONDON), tick=False):
        held = create_hold(
            request=HoldRequest(
                starts_at=at_wall(MONDAY, 840, LONDON),
                lines=(AskedLine(option_id=option.pk),),
            ),
            actor=DESK,
        )
        assert ids(rota.close_day(date=MONDAY, reason="works", actor=MANAGER)) == [visit, held]

    def listed(minute: int) -> list[UUID]:
        with time_machine.travel(at_wall(MONDAY, minute, LONDON), tick=False):
            return ids(outside_rota(MONDAY, MONDAY, LONDON))

    assert listed(505) == [visit], "the hold ran out"
    assert listed(615) == [visit], "it is being served"
    assert listed(635) == []


@pytest.mark.usefixtures("in_salon")
def test_whoever_has_left_works_at_no_time() -> None:
    visit = book(MONDAY, 600)
    assert outside_rota(MONDAY, MONDAY, LONDON) == []

    Member.objects.update(is_active=False)

    assert ids(outside_rota(MONDAY, MONDAY, LONDON)) == [visit]


@pytest.mark.usefixtures("in_salon")
def test_a_visit_is_listed_from_its_first_to_its_last_phase_outside() -> None:
    visit = book(MONDAY, 600, "Root tint")  # 35 work, 35 processing, 20 work, 5 cleanup

    (entry,) = rota.close_day(date=MONDAY, reason="works", actor=MANAGER)

    assert entry.appointment_id == visit
    assert (entry.starts_at, entry.ends_at) == (
        at_wall(MONDAY, 600, LONDON),
        at_wall(MONDAY, 695, LONDON),
    )
    assert dated(open_anyway=True) == []
    (entry,) = dated(open_anyway=True, removed=((680, 690),))
    assert entry.starts_at == at_wall(MONDAY, 670, LONDON)


@pytest.mark.usefixtures("in_salon")
def test_listing_costs_the_same_for_one_visit_and_for_many() -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            outside_rota(MONDAY, MONDAY + 5 * DAY, LONDON)
        return len(queries.captured_queries)

    book(MONDAY, 600)
    one = counted()
    for number in range(1, 5):
        book(MONDAY + number * DAY, 600 + 60 * number)
    rota.set_hours(week=LATE, actor=MANAGER)

    assert counted() == one <= 4
    assert len(outside_rota(MONDAY, MONDAY + 5 * DAY, LONDON)) == 5


def test_what_is_outside_here_says_nothing_of_another_salon(
    db: None, salon: SalonCard, other_salon: SalonCard
) -> None:
    with salon_scope(salon):
        book(MONDAY, 600)
        rota.close_day(date=MONDAY, reason="works", actor=MANAGER)
    with salon_scope(other_salon):
        warsaw = ZoneInfo(other_salon.timezone)
        assert outside_rota(MONDAY, MONDAY, warsaw) == []
        rota.close_day(date=MONDAY, reason="works", actor=MANAGER)


# Races


def both_at_once(one: Callable[[], object], other: Callable[[], object]) -> list[object]:
    """Run two commands in threads that begin together, each on a connection of its own."""
    gate = threading.Barrier(2)

    def run(work: Callable[[], object]) -> object:
        gate.wait()
        try:
            return work()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (one, other)))


RACES: dict[str, Callable[[UUID], list[Outside]]] = {
    "time off": lambda time_off_id: rota.approve_time_off(time_off_id=time_off_id, actor=MANAGER),
    "a closed day": lambda _: rota.close_day(date=MONDAY, reason="works", actor=MANAGER),
    "a pattern": lambda _: pattern(LATE),
    "somebody who leaves": lambda _: rota.change_member(
        member_id=anna(), change=LEAVES, actor=MANAGER
    ),
}


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("change", RACES.values(), ids=RACES)
def test_a_booking_that_races_a_change_is_refused_or_listed(
    salon: SalonCard, change: Callable[[UUID], list[Outside]]
) -> None:
    with salon_scope(salon):
        asked = ask_for_time_off(MONDAY)

    def make_the_change() -> object:
        with salon_scope(salon):
            return change(asked)

    def make_a_booking() -> object:
        with salon_scope(salon):
            return book(MONDAY, 600, actor=GUEST)

    listed, booked = both_at_once(make_the_change, make_a_booking)

    assert isinstance(listed, list)
    with salon_scope(salon):
        if isinstance(booked, UUID):
            assert ids(listed) == [booked]
            assert Appointment.objects.get().state == "confirmed"
        else:
            assert booked in {"not_offered", "nobody_does_this"}
            assert listed == []
            assert not Appointment.objects.exists()
        assert ids(outside_rota(MONDAY, MONDAY, LONDON)) == ids(listed)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("name", ["a closed day", "somebody who leaves"])
def test_a_change_waits_for_a_booking_under_way(salon: SalonCard, name: str) -> None:
    """The booking holds the day and has not committed: the change must come after it."""
    under_way, go_on = threading.Event(), threading.Event()

    def make_a_booking() -> object:
        with salon_scope(salon), transaction.atomic():
            visit = book(MONDAY, 600, actor=GUEST)
            under_way.set()
            go_on.wait(timeout=20)
        return visit

    def make_the_change() -> object:
        under_way.wait(timeout=20)
        threading.Timer(0.3, go_on.set).start()
        with salon_scope(salon):
            return RACES[name](UUID(int=0))  # time off is none of these

    listed, booked = both_at_once(make_the_change, make_a_booking)

    assert isinstance(listed, list)
    assert ids(listed) == [booked]
