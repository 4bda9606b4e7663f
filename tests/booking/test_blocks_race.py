"""A block and a booking want the same time at once: exactly one of them gets it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Block
from tenant_apps.booking.permissions import (
    BLOCK,
    BLOCK_ANY,
    BOOK,
    BOOK_OFF_RULES,
    OVERBOOK,
    OVERRIDE,
)
from tenant_apps.booking.services.block_time import BlockRequest
from tenant_apps.booking.services.blocks import (
    BlockChange,
    change_block,
    create_block,
    remove_block,
)
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.types import Override
from tenant_apps.staff.models import Member
from tenants.types import SalonCard
from tests.booking.test_races import CONTACT, GUEST, at_once, first_start, lines_for

pytestmark = pytest.mark.usefixtures("committed")
OFFICE = system(
    Channel.STAFF,
    permissions=frozenset({BLOCK, BLOCK_ANY, BOOK, BOOK_OFF_RULES, OVERBOOK, OVERRIDE}),
)
HOUR = timedelta(hours=1)
MANY = 16


@pytest.mark.parametrize("locked", [True, False], ids=["with the day lock", "by the constraint"])
def test_a_block_against_bookings_has_one_winner(
    salon: SalonCard, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    if not locked:
        monkeypatch.setattr("tenant_apps.booking.services.blocks.lock_days", lambda days: None)
    with salon_scope(salon):
        lines = tuple(lines_for("Men’s cut"))
        start = first_start(list(lines), salon)
        (staff_id,) = Member.objects.values_list("id", flat=True)
    booking = BookingRequest(starts_at=start, lines=lines, client=CONTACT)
    blocking = BlockRequest(
        kind=BlockKind.TRAINING, starts_at=start, ends_at=start + HOUR, staff_id=staff_id
    )

    def work(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                book_appointment(request=booking, actor=GUEST)
                return "booked"
            create_block(request=blocking, actor=OFFICE)
            return "blocked"

    found = at_once(MANY, work)

    assert found["slot_taken"] == MANY - 1
    assert found["booked"] + found["blocked"] == 1
    with salon_scope(salon):
        assert (Appointment.objects.count(), Block.objects.count()) == (
            found["booked"],
            found["blocked"],
        )
        taken = Allocation.objects.filter(staff_id=staff_id).count()
        assert taken == 2 * found["booked"] + found["blocked"]  # a visit has its cleanup
        assert list(salon_problems()) == []


def test_of_many_blocks_for_the_rest_one_takes_it(salon: SalonCard) -> None:
    with salon_scope(salon):
        lines = tuple(lines_for("Men’s cut"))
        start = first_start(list(lines), salon)
        (staff_id,) = Member.objects.values_list("id", flat=True)
        book_appointment(
            request=BookingRequest(starts_at=start, lines=lines, client=CONTACT), actor=GUEST
        )
    blocking = BlockRequest(
        kind=BlockKind.ADMIN,
        starts_at=start - HOUR,
        ends_at=start + HOUR,
        staff_id=staff_id,
        rest=True,
    )

    def work(number: int) -> str:
        with salon_scope(salon):
            create_block(request=blocking, actor=OFFICE)
        return "blocked"

    assert at_once(8, work) == {"blocked": 1, "slot_taken": 7}


def test_removing_a_block_while_visits_are_put_upon_it_ends_well(salon: SalonCard) -> None:
    """Both want the day and the block; whoever took them in another order would wait for ever."""
    with salon_scope(salon):
        lines = tuple(lines_for("Men’s cut"))
        start = first_start(list(lines), salon)
        (staff_id,) = Member.objects.values_list("id", flat=True)
        blocks = [
            create_block(
                request=BlockRequest(
                    kind=BlockKind.MEETING,
                    starts_at=start + number * HOUR / 6,
                    ends_at=start + (number + 1) * HOUR / 6,
                    staff_id=staff_id,
                ),
                actor=OFFICE,
            )
            for number in range(3)
        ]
    upon = BookingRequest(
        starts_at=start,
        lines=lines,
        client=None,
        override=Override(codes=frozenset({"slot_taken"}), reason="regular"),
    )

    def work(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                book_appointment(request=upon, actor=OFFICE)
                return "booked"
            remove_block(block_id=blocks[number // 2], actor=OFFICE)
            return "removed"

    assert at_once(6, work) == {"booked": 3, "removed": 3}
    with salon_scope(salon):
        assert list(salon_problems()) == []


def blocked(salon: SalonCard, staff_id: UUID, starts_at: datetime) -> UUID:
    request = BlockRequest(
        kind=BlockKind.MEETING, starts_at=starts_at, ends_at=starts_at + HOUR, staff_id=staff_id
    )
    with salon_scope(salon):
        return create_block(request=request, actor=OFFICE)


def somebody(salon: SalonCard) -> tuple[UUID, datetime]:
    """Who does a men's cut, and when they first could."""
    with salon_scope(salon):
        (staff_id,) = Member.objects.values_list("id", flat=True)
        return staff_id, first_start(lines_for("Men’s cut"), salon)


@pytest.mark.parametrize("locked", [True, False], ids=["with the day lock", "by the constraint"])
def test_a_block_that_moves_against_bookings_has_one_winner(
    salon: SalonCard, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    staff_id, start = somebody(salon)
    blocks = [
        blocked(salon, staff_id, start + timedelta(days=7, hours=number)) for number in range(4)
    ]
    if not locked:
        monkeypatch.setattr("tenant_apps.booking.services.blocks.lock_days", lambda days: None)
    with salon_scope(salon):
        lines = tuple(lines_for("Men’s cut"))
    booking = BookingRequest(starts_at=start, lines=lines, client=CONTACT)
    change = BlockChange(starts_at=start, ends_at=start + HOUR)

    def work(number: int) -> str:
        with salon_scope(salon):
            if number % 2:
                book_appointment(request=booking, actor=GUEST)
                return "booked"
            change_block(block_id=blocks[number // 2], change=change, actor=OFFICE)
            return "moved"

    found = at_once(8, work)

    assert found["slot_taken"] == 7
    assert found["booked"] + found["moved"] == 1
    with salon_scope(salon):
        assert Block.objects.filter(starts_at=start).count() == found["moved"]
        assert list(salon_problems()) == []


def test_of_two_changes_of_what_both_saw_one_is_stale(salon: SalonCard) -> None:
    staff_id, start = somebody(salon)
    block_id = blocked(salon, staff_id, start)

    def work(number: int) -> str:
        change = BlockChange(
            starts_at=start + (number + 1) * timedelta(days=1),
            ends_at=start + (number + 1) * timedelta(days=1) + HOUR,
            expected_version=1,
        )
        with salon_scope(salon):
            change_block(block_id=block_id, change=change, actor=OFFICE)
        return "changed"

    assert at_once(6, work) == {"changed": 1, "stale": 5}
    with salon_scope(salon):
        assert Allocation.objects.count() == 1
        assert list(salon_problems()) == []


def test_blocks_that_change_places_over_and_over_end_well(salon: SalonCard) -> None:
    """From one day to another and back, by many who saw nothing of one another, while visits are
    put upon them: whoever waits finds the block on other days than those they locked."""
    staff_id, start = somebody(salon)
    with salon_scope(salon):
        lines = tuple(lines_for("Men’s cut"))
    blocks = [blocked(salon, staff_id, start + number * HOUR) for number in range(2)]
    upon = BookingRequest(
        starts_at=start,
        lines=lines,
        client=None,
        override=Override(codes=frozenset({"slot_taken"}), reason="regular"),
    )

    def work(number: int) -> str:
        begins = start + timedelta(days=(number % 3) * 7, hours=number % 2)
        change = BlockChange(starts_at=begins, ends_at=begins + HOUR)
        with salon_scope(salon):
            if number % 4 == 3:
                book_appointment(request=upon, actor=OFFICE)
                return "booked"
            change_block(block_id=blocks[number % 2], change=change, actor=OFFICE)
        return "changed"

    found = at_once(16, work)

    assert found["booked"] == 4
    assert found["changed"] + found["slot_taken"] == 12
    with salon_scope(salon):
        assert Allocation.objects.filter(block__isnull=False).count() == 2
        assert list(salon_problems()) == []
