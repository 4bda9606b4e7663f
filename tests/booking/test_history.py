"""The journal tells what the tables say, and notices when they say something else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils.timezone import localdate, now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.roles import ROLES
from shared_apps.accounts.enums import Role
from shared_apps.core.actor import Actor, Channel, system
from shared_apps.core.errors import DomainError
from shared_apps.core.models import uuid7
from shared_apps.core.money import Money
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from shared_apps.journal.services import publish
from tenant_apps.booking.enums import AbsenceReason, State
from tenant_apps.booking.events import AppointmentArrived, AppointmentCancelled, VisitFact
from tenant_apps.booking.history import (
    BrokenHistory,
    Known,
    differences,
    fold,
)
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Line
from tenant_apps.booking.policies.life import visit_state
from tenant_apps.booking.selectors.handover import Absence
from tenant_apps.booking.selectors.visits import locked_visit
from tenant_apps.booking.services.add_line import MoreRequest, add_line
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.change_line import LineChange, change_line
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.progress import (
    arrive_appointment,
    complete_appointment,
    mark_no_show,
    start_appointment,
)
from tenant_apps.booking.services.reassign import reassign_lines
from tenant_apps.booking.services.rows import visit_event
from tenant_apps.booking.services.set_client import set_client
from tenant_apps.booking.services.undo import undo_status
from tenant_apps.booking.types import NOTHING, AskedLine, Override
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.selectors import all_option_terms
from tenant_apps.clients.types import Contact
from tenants.types import SalonCard
from tests.booking.visits import hire
from tests.database import WorkerDatabase

DESK = system(Channel.STAFF, permissions=ROLES[Role.RECEPTIONIST])
BARE = VisitFact(state=State.CONFIRMED, client_id=None, channel="web", language="", lines=())
GUEST = system(Channel.WEB)
ANNE = Contact(name="Anne", email="anne@example.com")
TAMPERINGS = (
    "UPDATE booking_appointment SET state = 'cancelled'",
    "UPDATE booking_appointment SET channel = 'api'",
    "UPDATE booking_appointment SET language = 'pl'",
    "UPDATE booking_appointment SET version = version + 1",
    "UPDATE booking_appointment SET client_id = NULL",
    """INSERT INTO booking_party (id, created_at, updated_at, version)
       VALUES (gen_random_uuid(), now(), now(), 1)""",
    "UPDATE booking_line SET price = price + 1",
    "UPDATE booking_line SET list_price = list_price + 1",
    "UPDATE booking_line SET state = 'cancelled', cancel_reason_code = 'salon'",
    "UPDATE booking_line SET level_at_booking = 'director'",
    "UPDATE booking_line SET requested_staff_id = performer_id",
    "UPDATE booking_line SET position = position + 1",
    "UPDATE booking_line SET own_minutes = '{7,7}'",
    "UPDATE booking_phase SET minutes = minutes + 1",
    "UPDATE booking_phase SET starts_at = starts_at + interval '1 minute'",
    "UPDATE booking_phase SET staff_id = NULL",
    "UPDATE booking_allocation SET shared_by = id WHERE unit_id IS NOT NULL",
    """UPDATE booking_allocation SET during =
           tstzrange(lower(during) - interval '1 day', upper(during) - interval '1 day')""",
    "DELETE FROM booking_allocation WHERE unit_id IS NOT NULL",
    """DELETE FROM booking_allocation; DELETE FROM booking_phase; DELETE FROM booking_line;
       DELETE FROM booking_appointment""",
    """INSERT INTO booking_appointment
           (id, created_at, updated_at, state, channel, language, version)
       SELECT gen_random_uuid(), now(), now(), 'confirmed', 'web', 'en', 1""",
)


def options() -> list[UUID]:
    return sorted(all_option_terms())


def book(salon: SalonCard, *, days: int, quarter: int, services: list[int], actor: Actor) -> UUID:
    day = localdate() + timedelta(days=days)
    at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(salon.timezone))
    lines = tuple(AskedLine(option_id=options()[number]) for number in services)
    request = BookingRequest(
        starts_at=at + timedelta(minutes=15 * quarter), lines=lines, client=ANNE, language="en"
    )
    return book_appointment(request=request, actor=actor)


def a_weekday() -> int:
    """Days from today to the next Tuesday: the salons of the tests work from Monday on."""
    return (1 - localdate().weekday()) % 7 + 7


@pytest.fixture
def booked(in_salon: SalonCard) -> UUID:
    return book(in_salon, days=a_weekday(), quarter=40, services=[4], actor=DESK)


DOINGS = st.lists(
    st.one_of(
        st.tuples(
            st.integers(1, 10),
            st.integers(34, 74),
            st.lists(st.integers(0, 6), min_size=1, max_size=3),
            st.sampled_from([DESK, GUEST]),
        ),
        st.integers(0, 20),
    ),
    max_size=12,
)


@given(doings=DOINGS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_booked_and_cancelled_the_journal_folds_to_the_tables(
    in_salon: SalonCard, doings: list[tuple[int, int, list[int], Actor] | int]
) -> None:
    with transaction.atomic():
        visits: list[UUID] = []
        for doing in doings:
            _do(in_salon, doing, visits)
        assert list(salon_problems()) == []
        assert Appointment.objects.count() == len(visits)
        transaction.set_rollback(True)


def _do(
    salon: SalonCard, doing: tuple[int, int, list[int], Actor] | int, visits: list[UUID]
) -> None:
    try:
        with transaction.atomic():
            if isinstance(doing, int):
                if visits:
                    cancel_appointment(appointment_id=visits[doing % len(visits)], actor=DESK)
            else:
                days, quarter, services, actor = doing
                visits.append(
                    book(salon, days=days, quarter=quarter, services=services, actor=actor)
                )
    except DomainError:
        return


def _line(visit: UUID, number: int) -> UUID:
    lines = Line.objects.filter(appointment_id=visit).order_by("position")
    found: UUID = lines[number % len(lines)].pk
    return found


LIFE: dict[str, Callable[[UUID, int], None]] = {
    "arrive": lambda pk, _: arrive_appointment(appointment_id=pk, actor=DESK),
    "start": lambda pk, _: start_appointment(appointment_id=pk, actor=DESK),
    "start a line": lambda pk, number: start_appointment(
        appointment_id=pk, line_id=_line(pk, number), actor=DESK
    ),
    "complete": lambda pk, _: complete_appointment(appointment_id=pk, actor=DESK),
    "complete a line": lambda pk, number: complete_appointment(
        appointment_id=pk, line_id=_line(pk, number), actor=DESK
    ),
    "no-show": lambda pk, _: mark_no_show(appointment_id=pk, actor=DESK),
    "cancel": lambda pk, _: cancel_appointment(appointment_id=pk, actor=DESK),
    "cancel a line": lambda pk, number: cancel_line(
        appointment_id=pk, line_id=_line(pk, number), actor=DESK
    ),
    "undo": lambda pk, _: undo_status(appointment_id=pk, actor=DESK),
    "move": lambda pk, number: move_appointment(
        appointment_id=pk,
        request=MoveRequest(starts_at=now() + timedelta(minutes=15 * number)),
        actor=DESK,
    ),
    "add a line": lambda pk, number: _add(pk, number),
    "add an add-on": lambda pk, number: _add(pk, number, parent=_line(pk, number)),
    "change a line": lambda pk, number: _change(pk, number),
    "set a price": lambda pk, number: _change(pk, number, price=Money(99_00, "GBP")),
    "another option": lambda pk, number: _change(pk, number, option_id=options()[number]),
    "name nobody": lambda pk, _: set_client(appointment_id=pk, client=None, actor=DESK),
    "name somebody": lambda pk, _: set_client(appointment_id=pk, client=ANNE, actor=DESK),
    "hand over": lambda pk, number: _hand_over(_line(pk, number)),
}


def _add(visit: UUID, number: int, parent: UUID | None = None) -> None:
    line = AskedLine(option_id=options()[number % len(options())])
    request = MoreRequest(line=line, parent_line_id=parent)
    add_line(appointment_id=visit, request=request, actor=DESK)


def _change(visit: UUID, number: int, **said: Any) -> None:
    """Twice as long, or with somebody else, unless something is said."""
    line = Line.objects.get(pk=_line(visit, number))
    usual = all_option_terms()[line.option_id].phases
    longer = {"own_minutes": tuple(phase.minutes * 2 for phase in usual)}
    change_line(
        appointment_id=visit,
        line_id=line.pk,
        change=LineChange(**(said or longer)),  # type: ignore[typeddict-item]
        actor=DESK,
    )


def _hand_over(line_id: UUID) -> None:
    """Everything of that day that the performer of this line was to do."""
    absent = Line.objects.get(pk=line_id).performer_id
    absence = Absence(staff_id=absent, first=now().date(), last=now().date())
    reassign_lines(absence=absence, reason=AbsenceReason.ILL, actor=DESK)


A_DAY = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 45), st.just(0)),
        st.tuples(
            st.sampled_from(["book", "overbook"]),
            st.integers(0, 8),
            st.lists(st.integers(0, 6), min_size=1, max_size=3),
        ),
        st.tuples(st.sampled_from(sorted(LIFE)), st.integers(0, 20), st.integers(0, 2)),
        st.tuples(st.just("undo"), st.integers(0, 20), st.just(0)),
    ),
    min_size=6,
    max_size=25,
)


@given(doings=A_DAY)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_becomes_of_visits_on_a_day_the_journal_folds_to_the_tables(
    in_salon: SalonCard, doings: list[tuple[str, int, Any]]
) -> None:
    opens = datetime.combine(localdate() + timedelta(days=a_weekday()), time(9, 50), tzinfo=UTC)
    with transaction.atomic(), time_machine.travel(opens, tick=False) as hands:
        hire(in_salon, "Beth")
        share_a_finish()
        visits = [_walk_in(ahead=10, services=[4, 2])]
        for doing, number, more in doings:
            if doing == "wait":
                hands.shift(timedelta(minutes=number))
                continue
            with suppress(DomainError), transaction.atomic():
                if doing in {"book", "overbook"}:
                    codes = frozenset({"slot_taken"} if doing == "overbook" else ())
                    visits.append(
                        _walk_in(ahead=5 * number, services=more, override=Override(codes=codes))
                    )
                else:
                    LIFE[doing](visits[number % len(visits)], more)
            assert list(salon_problems()) == []
        _check_states()
        transaction.set_rollback(True)


def share_a_finish() -> None:
    """Every service of more than one phase ends with the same blow-dry."""
    for option in Option.objects.all():
        work = [phase for phase in option.phases if phase["kind"] == "work"]
        if len(work) > 1:
            work[-1]["merge_key"] = "finish"
            option.save()
    renew()


def _walk_in(*, ahead: int, services: list[int], override: Override = NOTHING) -> UUID:
    """Reception may sell any minute, whatever the grid says."""
    lines = tuple(AskedLine(option_id=options()[number]) for number in services)
    starts_at = now() + timedelta(minutes=ahead)
    request = BookingRequest(
        starts_at=starts_at, lines=lines, client=ANNE, language="en", override=override
    )
    return book_appointment(request=request, actor=DESK)


def _check_states() -> None:
    """Visits are what their lines are, and only lines that were had or will be take time."""
    for found in Appointment.objects.all():
        lines = [line.state for line in found.lines.all()]
        assert found.state == visit_state(lines, found.state)
    unwanted = Allocation.objects.filter(phase__line__state=State.CANCELLED)
    assert not unwanted.exists()
    over = Allocation.objects.filter(phase__line__state__in=[State.COMPLETED, State.NO_SHOW])
    assert not over.filter(during__endswith__gt=now()).exists()


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_with_a_table_is_found(booked: UUID, tampering: str) -> None:
    assert list(salon_problems()) == []
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    assert list(salon_problems()) != []


def test_a_line_that_takes_nobodys_time_is_found_though_the_journal_tells_the_same(
    booked: UUID,
) -> None:
    Allocation.objects.filter(staff__isnull=False).delete()
    rows = locked_visit(booked)
    rows.appointment.version += 1
    rows.appointment.save(update_fields=["version"])
    publish(visit_event(AppointmentArrived, rows, ZoneInfo("UTC")), actor=DESK)

    (problem,) = salon_problems()

    line = Line.objects.get()
    assert problem == f"visit {booked}, line {line.pk} takes no time of whoever is to do it"


def test_a_cancelled_visit_keeps_its_history_and_takes_nothing(booked: UUID) -> None:
    cancel_appointment(appointment_id=booked, actor=DESK)
    assert list(salon_problems()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE booking_line SET cancel_reason_code = 'client'")
    (told, found) = salon_problems()
    assert "only in the journal" in told
    assert "cancel_reason_code='salon'" in told
    assert "only in the tables" in found
    assert "cancel_reason_code='client'" in found


def test_cancelling_touches_every_day_of_a_visit_over_midnight(in_salon: SalonCard) -> None:
    """Its only phase begins ten minutes before and ends after."""
    pk = book(in_salon, days=a_weekday(), quarter=40, services=[3], actor=DESK)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE booking_phase SET starts_at = starts_at + interval '830 minutes'")
    cancel_appointment(appointment_id=pk, actor=DESK)
    entry = JournalEntry.objects.get(event=AppointmentCancelled.name)
    day = localdate() + timedelta(days=a_weekday())
    assert entry.days == [day, day + timedelta(days=1)]


def test_a_missing_version_is_found(booked: UUID) -> None:
    add_entry(booked, event="booking.appointment_cancelled", version=3)
    gap, *others = salon_problems()
    assert gap == f"appointment {booked} has 2 entries, versions 1 to 3"
    assert all("only in" in other for other in others)


def test_an_event_that_nobody_knows_is_found(booked: UUID) -> None:
    add_entry(booked, event="booking.appointment_vanished", version=2)
    assert list(salon_problems()) == [f"{booked}: unknown event booking.appointment_vanished"]


def add_entry(stream_id: UUID, *, event: str, version: int) -> None:
    first = JournalEntry.objects.get(stream_id=stream_id)
    JournalEntry.objects.create(
        stream=first.stream,
        stream_id=stream_id,
        version=version,
        event=event,
        data=first.data,
        days=first.days,
        actor_kind=first.actor_kind,
        channel=first.channel,
        recorded_at=first.recorded_at,
    )


def test_nothing_can_be_cancelled_that_was_never_booked() -> None:
    event = AppointmentCancelled(stream_id=uuid7(), version=1, visit=BARE, reason="salon")
    with pytest.raises(BrokenHistory, match="unexpected booking"):
        fold([event])
    with pytest.raises(BrokenHistory, match="no events"):
        fold([])


def visit(number: int) -> Known:
    return Known(UUID(int=number), 1, BARE)


@pytest.mark.parametrize(
    ("remembered", "recorded"),
    list(product([set(), {1}, {2, 3}, {1, 2, 3, 4}], [set(), {2}, {1, 3}, {1, 2, 3, 4}])),
)
def test_what_only_one_side_knows_is_named(remembered: set[int], recorded: set[int]) -> None:
    told = [visit(number) for number in sorted(remembered)]
    found = [visit(number) for number in sorted(recorded)]
    assert list(differences(told, found)) == [
        f"visit {UUID(int=number)} is in the journal and not in the tables"
        if number in remembered
        else f"visit {UUID(int=number)} is in the tables and not in the journal"
        for number in sorted(remembered ^ recorded)
    ]


@pytest.fixture
def stained(committed: WorkerDatabase, salon: SalonCard) -> SalonCard:
    with salon_scope(salon):
        book(salon, days=a_weekday(), quarter=40, services=[4], actor=DESK)
    return salon


def verify(**options: str) -> str:
    out = StringIO()
    call_command("verify_journal", stdout=out, **options)
    return out.getvalue()


def test_the_command_reads_every_open_salon(stained: SalonCard, other_salon: SalonCard) -> None:
    assert "agree in 2 salons" in verify()
    with salon_scope(stained), connection.cursor() as cursor:
        cursor.execute("UPDATE booking_line SET price = 1")
    assert "agree in 1 salons" in verify(salon=other_salon.slug)
    for only in ({}, {"salon": stained.slug}):
        with pytest.raises(CommandError, match="2 differences"):
            verify(**only)
    with pytest.raises(CommandError, match="no open salon nowhere"):
        verify(salon="nowhere")
