"""A block and a booking want the same time at once: exactly one of them gets it."""

from datetime import timedelta

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
from tenant_apps.booking.services.blocks import BlockRequest, create_block, remove_block
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
