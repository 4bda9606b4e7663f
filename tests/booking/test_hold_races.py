"""Holds, moves, overbookings and blocks that want the same time at once."""

import threading
import time
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.utils.timezone import now

from config.roles import ROLES
from shared_apps.accounts.enums import Role
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import public_scope, salon_scope
from shared_apps.outbox.models import OutboxMessage
from tenant_apps.booking.enums import BlockKind
from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Block
from tenant_apps.booking.permissions import BLOCK, BLOCK_ANY
from tenant_apps.booking.selectors.availability import availability
from tenant_apps.booking.services import visits
from tenant_apps.booking.services.block_time import BlockRequest
from tenant_apps.booking.services.blocks import create_block, remove_block
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.expiry import release_expired_holds
from tenant_apps.booking.services.holds import (
    Confirmation,
    HoldRequest,
    confirm_hold,
    create_hold,
    hold_token,
    release_hold,
)
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.types import AskedLine, Override
from tenant_apps.clients.models import Client
from tenant_apps.staff.models import Member
from tenant_apps.staff.types import HeldDays
from tenants.types import SalonCard
from tests.booking.conftest import LONDON
from tests.booking.test_races import CONTACT, GUEST, at_once, lines_for

pytestmark = pytest.mark.usefixtures("committed")
DESK = system(Channel.STAFF, permissions=ROLES[Role.RECEPTIONIST])
OFFICE = system(Channel.STAFF, permissions=frozenset({BLOCK, BLOCK_ANY}))
ON_PURPOSE = Override(codes=frozenset({"slot_taken"}), reason="regular_client")
CUT = "Women’s cut and finish"
MANY = 16


class Slot:
    """A cut on the first two times that do not touch, and what can be done with them."""

    def __init__(self, salon: SalonCard) -> None:
        self.salon = salon
        with salon_scope(salon):
            self.lines: tuple[AskedLine, ...] = tuple(lines_for(CUT))
            self.start, *others = self._starts()
        self.later = next(each for each in others if each >= self.start + timedelta(hours=2))

    def _starts(self) -> list[datetime]:
        tomorrow = now().date() + timedelta(days=1)
        offers = availability(
            first=tomorrow,
            last=tomorrow + timedelta(days=7),
            lines=list(self.lines),
            actor=GUEST,
            zone=LONDON,
            moment=now(),
        )
        return [start.starts_at for offer in offers for start in offer.starts]

    def hold(
        self, number: int = 0, *, starts_at: datetime | None = None, replaces: UUID | None = None
    ) -> UUID:
        with salon_scope(self.salon):
            request = HoldRequest(
                starts_at=starts_at or self.start,
                lines=self.lines,
                network=f"198.51.100.{number}",
                replaces=hold_token(replaces) if replaces else "",
            )
            return create_hold(request=request, actor=GUEST)

    def book(self, starts_at: datetime | None = None, override: Override | None = None) -> UUID:
        request = BookingRequest(
            starts_at=starts_at or self.start,
            lines=self.lines,
            client=CONTACT,
            override=override or Override(),
        )
        with salon_scope(self.salon):
            return book_appointment(request=request, actor=DESK if override else GUEST)

    def confirm(self, held: UUID) -> None:
        with salon_scope(self.salon):
            confirm_hold(
                appointment_id=held,
                token=hold_token(held),
                request=Confirmation(client=CONTACT),
                actor=GUEST,
            )

    def states(self) -> Counter[str]:
        """Of all visits. Whatever came first, journal and tables agree."""
        with salon_scope(self.salon):
            assert list(salon_problems()) == []
            return Counter(Appointment.objects.values_list("state", flat=True))

    def takers(self) -> set[UUID]:
        """The visits that take anybody's time."""
        with salon_scope(self.salon):
            found = Allocation.objects.exclude(phase=None)
            return set(found.values_list("phase__line__appointment_id", flat=True))


@pytest.fixture
def slot(salon: SalonCard) -> Slot:
    return Slot(salon)


def messages(event: str) -> int:
    with public_scope():
        return OutboxMessage.objects.filter(event=f"booking.{event}").count()


def test_of_many_holds_of_one_slot_exactly_one_wins(slot: Slot) -> None:
    def hold(number: int) -> str:
        slot.hold(number)
        return "held"

    assert at_once(MANY, hold) == {"held": 1, "slot_taken": MANY - 1}
    assert slot.states() == {"held": 1}
    with salon_scope(slot.salon):
        assert Allocation.objects.filter(staff__isnull=False).count() == 2


def test_one_network_gets_no_more_holds_by_asking_at_once(
    slot: Slot, settings: LazySettings
) -> None:
    """Each for another time of that day: it is the day's lock that lets them count."""
    settings.HOLDS_PER_NETWORK, settings.HOLDS_SHARE = 2, 100
    times = [slot.start + number * timedelta(hours=1) for number in range(6)]

    def hold(number: int) -> str:
        request = HoldRequest(starts_at=times[number], lines=slot.lines, network="192.0.2.1")
        with salon_scope(slot.salon):
            create_hold(request=request, actor=GUEST)
        return "held"

    assert at_once(len(times), hold) == {"held": 2, "too_many_holds": 4}
    assert slot.states() == {"held": 2}


def test_a_hold_against_bookings_has_one_winner(slot: Slot) -> None:
    def take(number: int) -> str:
        if number % 2:
            slot.book()
            return "confirmed"
        slot.hold(number)
        return "held"

    found = at_once(MANY, take)

    assert found.pop("slot_taken") == MANY - 1
    assert found == slot.states()
    assert len(slot.takers()) == 1


def test_a_hold_that_is_confirmed_by_many_at_once_is_one_visit(slot: Slot) -> None:
    held = slot.hold()

    def confirm(number: int) -> str:
        slot.confirm(held)
        return "confirmed"

    assert at_once(8, confirm) == {"confirmed": 8}
    assert slot.states() == {"confirmed": 1}
    assert slot.takers() == {held}
    with salon_scope(slot.salon):
        assert Client.objects.count() == 1
        assert not Allocation.objects.exclude(expires_at=None).exists()
    assert messages("appointment_confirmed") == 1


def test_a_hold_is_confirmed_or_released(slot: Slot) -> None:
    held = slot.hold()

    def step(number: int) -> str:
        if number % 2:
            slot.confirm(held)
            return "confirmed"
        with salon_scope(slot.salon):
            release_hold(token=hold_token(held), actor=GUEST)
        return "released"

    found = at_once(8, step)

    assert found["released"] == 4  # releasing what is no hold any more is no error
    if found["confirmed"]:
        assert found["confirmed"] == 4
        assert slot.states() == {"confirmed": 1}
        assert slot.takers() == {held}
    else:
        assert found["hold_expired"] == 4
        assert slot.states() == {"cancelled": 1}
        assert slot.takers() == set()
    assert messages("appointment_confirmed") == bool(found["confirmed"])


def test_a_hold_is_confirmed_or_exchanged_for_another(slot: Slot) -> None:
    held = slot.hold()

    def step(number: int) -> str:
        if number % 2:
            slot.confirm(held)
            return "confirmed"
        slot.hold(number, replaces=held)
        return "exchanged"

    found = at_once(8, step)

    assert found["exchanged"] + bool(found["confirmed"]) == 1
    assert found["confirmed"] + found["hold_expired"] == 4
    assert slot.states() == (
        {"held": 1, "cancelled": 1} if found["exchanged"] else {"confirmed": 1}
    )
    assert len(slot.takers()) == 1


def test_two_who_exchange_their_holds_crosswise_over_two_days_do_not_wait_in_a_circle(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each gives them time to have locked one day; with the second still to lock, they would
    have to be freed from each other and tried again."""
    next_day = slot.start + timedelta(days=7)
    times = [slot.start, next_day]
    holds = [slot.hold(number, starts_at=at) for number, at in enumerate(times)]
    met, tried = threading.Barrier(2), []

    def lock_and_meet(days: Collection[date]) -> HeldDays:
        held = lock_days(days)
        tried.append(sorted(days))
        with suppress(threading.BrokenBarrierError):
            met.wait(1)
        return held

    monkeypatch.setattr(visits, "lock_days", lock_and_meet)

    def exchange(number: int) -> str:
        there = times[1 - number] + timedelta(hours=2)
        slot.hold(number, starts_at=there, replaces=holds[number])
        return "exchanged"

    assert at_once(2, exchange) == {"exchanged": 2}
    assert tried == [[at.astimezone(LONDON).date() for at in times]] * 2
    assert slot.states() == {"held": 2, "cancelled": 2}


@pytest.mark.parametrize("left", [0.05, 0.15, 0.3])
def test_a_hold_is_confirmed_or_runs_out_for_somebody_else(slot: Slot, left: float) -> None:
    """Confirmations and bookings arrive all through the moment in which it runs out."""
    held = slot.hold()
    until = now() + timedelta(seconds=left)
    with salon_scope(slot.salon):
        Appointment.objects.filter(pk=held).update(expires_at=until)
        Allocation.objects.exclude(expires_at=None).update(expires_at=until)

    def step(number: int) -> str:
        time.sleep(number * 0.02)
        if number % 3 == 0:
            slot.confirm(held)
            return "confirmed"
        if number % 3 == 1:
            slot.book()
            return "booked"
        with salon_scope(slot.salon):
            release_expired_holds()
        return "swept"

    found = at_once(18, step)

    assert found["swept"] == 6
    if found["confirmed"]:
        assert found == {"swept": 6, "confirmed": 6, "slot_taken": 6}
        assert slot.states() == {"confirmed": 1}
        assert slot.takers() == {held}
    else:
        assert found["hold_expired"] == 6
        assert found["booked"] + found["slot_taken"] == 6
        assert found["booked"] <= 1
        if not found["booked"]:  # whoever came then met somebody who was sweeping
            slot.book()
        assert slot.states() == {"confirmed": 1, "cancelled": 1}
        assert held not in slot.takers()
        assert len(slot.takers()) == 1
    with salon_scope(slot.salon):
        assert Client.objects.count() == 1
    assert messages("appointment_confirmed") + messages("appointment_booked") == 1


def test_a_move_and_bookings_of_its_target_have_one_winner(slot: Slot) -> None:
    visit = slot.book()

    def step(number: int) -> str:
        if number % 4:
            slot.book(slot.later)
            return "booked"
        with salon_scope(slot.salon):
            move_appointment(
                appointment_id=visit,
                request=MoveRequest(starts_at=slot.later, expected_version=1),
                actor=DESK,
            )
        return "moved"

    found = at_once(12, step)

    assert found["moved"] + found["booked"] == 1
    assert found["slot_taken"] + found["stale"] == 11
    assert found["stale"] == (2 if found["moved"] else 0)
    assert slot.states() == {"confirmed": 1 + found["booked"]}
    with salon_scope(slot.salon):
        mine = Allocation.objects.filter(phase__line__appointment=visit, staff__isnull=False)
        begins = min(taken.during.lower for taken in mine)
    assert begins == (slot.later if found["moved"] else slot.start)


def test_two_visits_that_change_places_wait_for_each_other(slot: Slot) -> None:
    """Each holds its own row and wants the other's time, which neither gets."""
    one, other = slot.book(), slot.book(slot.later)
    targets = [(one, slot.later), (other, slot.start)]

    def move(number: int) -> str:
        visit, starts_at = targets[number % 2]
        with salon_scope(slot.salon):
            move_appointment(
                appointment_id=visit, request=MoveRequest(starts_at=starts_at), actor=DESK
            )
        return "moved"

    assert at_once(8, move) == {"slot_taken": 8}
    assert slot.states() == {"confirmed": 2}
    assert slot.takers() == {one, other}


@pytest.mark.parametrize("overbookers", [1, 8])
def test_overbooking_and_the_end_of_what_is_overbooked(slot: Slot, overbookers: int) -> None:
    """Both lock the day first and the visit after: nobody is left with an error, and what was
    cancelled takes nothing."""
    first = slot.book()

    def step(number: int) -> str:
        if number < overbookers:
            slot.book(override=ON_PURPOSE)
            return "overbooked"
        with salon_scope(slot.salon):
            cancel_appointment(appointment_id=first, actor=DESK)
        return "cancelled"

    found = at_once(overbookers + 1, step)

    assert found == {"overbooked": overbookers, "cancelled": 1}
    assert slot.states() == {"confirmed": overbookers, "cancelled": 1}
    assert first not in slot.takers()
    assert len(slot.takers()) == overbookers
    with pytest.raises(SlotTaken):
        slot.book()


def test_overbooking_a_block_that_is_being_removed(slot: Slot) -> None:
    with salon_scope(slot.salon):
        (staff_id,) = Member.objects.values_list("id", flat=True)
        request = BlockRequest(
            kind=BlockKind.TRAINING,
            starts_at=slot.start,
            ends_at=slot.start + timedelta(hours=1),
            staff_id=staff_id,
        )
        block = create_block(request=request, actor=OFFICE)

    def step(number: int) -> str:
        if number:
            slot.book(override=ON_PURPOSE)
            return "overbooked"
        with salon_scope(slot.salon):
            remove_block(block_id=block, actor=OFFICE)
        return "removed"

    assert at_once(5, step) == {"overbooked": 4, "removed": 1}
    assert slot.states() == {"confirmed": 4}
    with salon_scope(slot.salon):
        assert not Allocation.objects.filter(block=block).exists()


def test_a_block_against_holds_has_one_winner(slot: Slot) -> None:
    with salon_scope(slot.salon):
        (staff_id,) = Member.objects.values_list("id", flat=True)
    request = BlockRequest(
        kind=BlockKind.TRAINING,
        starts_at=slot.start,
        ends_at=slot.start + timedelta(hours=1),
        staff_id=staff_id,
    )

    def take(number: int) -> str:
        if number % 2:
            slot.hold(number)
            return "held"
        with salon_scope(slot.salon):
            create_block(request=request, actor=OFFICE)
        return "blocked"

    found = at_once(MANY, take)

    assert found["slot_taken"] == MANY - 1
    assert found["held"] + found["blocked"] == 1
    assert slot.states() == Counter({"held": found["held"]} if found["held"] else {})
    with salon_scope(slot.salon):
        assert Block.objects.count() == found["blocked"]
        taken = Allocation.objects.filter(staff_id=staff_id).count()
    assert taken == 2 * found["held"] + found["blocked"]  # a visit has its cleanup
