"""What PostgreSQL refuses, whoever asks and however."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from shared_apps.core.models import uuid7
from tenant_apps.booking.enums import State
from tenant_apps.booking.models import Allocation, Appointment, Line, Phase
from tenant_apps.catalog.models import Option, Unit
from tenant_apps.clients.models import Client
from tenant_apps.staff.models import Member

pytestmark = pytest.mark.usefixtures("in_salon")
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def phase() -> Phase:
    option, member = Option.objects.first(), Member.objects.first()
    assert option is not None
    assert member is not None
    appointment = Appointment.objects.create(state=State.CONFIRMED, channel="api")
    line = Line.objects.create(
        appointment=appointment,
        position=0,
        option=option,
        performer=member,
        state=State.CONFIRMED,
        level_at_booking=member.level,
        list_price=1,
        price=1,
        price_kind="fixed",
        currency="GBP",
        tax_category="service",
    )
    return Phase.objects.create(line=line, position=0, kind="work", starts_at=TEN, minutes=60)


@pytest.fixture
def take(phase: Phase) -> Callable[..., Allocation]:
    member, unit = Member.objects.get(), Unit.objects.first()
    client = Client.objects.create(name="A")
    subjects: dict[str, Any] = {"staff": member, "unit": unit, "client": client}

    def take(subject: str, start: datetime, end: datetime, shared_by: UUID | None = None) -> Any:
        with transaction.atomic():
            return Allocation.objects.create(
                **{subject: subjects[subject]},
                during=(start, end),
                shared_by=shared_by or uuid7(),
                phase=phase,
            )

    return take


def sqlstate(error: pytest.ExceptionInfo[Exception]) -> str | None:
    return getattr(error.value.__cause__, "sqlstate", None)


@pytest.mark.parametrize("subject", ["staff", "unit", "client"])
@pytest.mark.parametrize("minutes", [-59, 0, 59])
def test_nobody_and_nothing_is_in_two_places_at_once(
    take: Callable[..., Allocation], subject: str, minutes: int
) -> None:
    take(subject, TEN, TEN + HOUR)
    start = TEN + timedelta(minutes=minutes)

    with pytest.raises(IntegrityError) as error:
        take(subject, start, start + HOUR)

    assert sqlstate(error) == "23P01"


@pytest.mark.parametrize("minutes", [-60, 60])
def test_times_that_touch_are_legal(take: Callable[..., Allocation], minutes: int) -> None:
    take("staff", TEN, TEN + HOUR)

    take("staff", TEN + timedelta(minutes=minutes), TEN + HOUR + timedelta(minutes=minutes))


def test_one_visit_may_share_a_unit_with_itself(take: Callable[..., Allocation]) -> None:
    visit = uuid4()
    take("unit", TEN, TEN + HOUR, visit)

    take("unit", TEN, TEN + HOUR, visit)


@pytest.mark.parametrize(
    ("start", "end"),
    [(TEN, TEN), (None, TEN), (TEN, None), (TEN, "infinity"), ("-infinity", TEN)],
    ids=["empty", "no start", "no end", "never ends", "never began"],
)
def test_only_plain_stretches_of_time_can_be_taken(phase: Phase, start: Any, end: Any) -> None:
    row = [uuid7(), Member.objects.get().pk, start, end, uuid7(), phase.pk]

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO booking_allocation (id, staff_id, during, shared_by, phase_id)"
            " VALUES (%s, %s, tstzrange(%s::timestamptz, %s::timestamptz), %s, %s)",
            row,
        )

    assert sqlstate(error) == "23514"


def test_a_range_that_ends_before_it_begins_is_refused(take: Callable[..., Allocation]) -> None:
    with pytest.raises(DataError):
        take("staff", TEN + HOUR, TEN)


@pytest.mark.parametrize("subjects", [(), ("staff", "unit"), ("staff", "unit", "client")])
def test_an_allocation_takes_exactly_one_subject(phase: Phase, subjects: tuple[str, ...]) -> None:
    rows: dict[str, Any] = {
        "staff": Member.objects.get(),
        "unit": Unit.objects.first(),
        "client": Client.objects.create(name="A"),
    }

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Allocation.objects.create(
            **{name: rows[name] for name in subjects},
            during=(TEN, TEN + HOUR),
            shared_by=uuid7(),
            phase=phase,
        )

    assert sqlstate(error) in {"23514", "23502"}


def test_a_phase_takes_time(phase: Phase) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.filter(pk=phase.pk).update(minutes=0)
