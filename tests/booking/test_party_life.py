"""What becomes of people who came together: each visit by itself, and all of them in one step."""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from shared_apps.core.errors import Stale
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import (
    NoSuchParty,
    NotCancellable,
    NotMovable,
    NotOffered,
    SlotTaken,
)
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Party
from tenant_apps.booking.selectors.explaining import Question, explained
from tenant_apps.booking.selectors.together import PartySearch, search_together
from tenant_apps.booking.services import finding, gathering, party_finding, visits
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.days import lock_days
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.parties import cancel_party
from tenant_apps.booking.services.party_moves import MovePartyRequest, as_booked, move_party
from tenant_apps.booking.services.progress import start_appointment
from tenant_apps.booking.services.set_client import set_client
from tenant_apps.booking.services.undo import undo_status
from tenant_apps.catalog.models import Service, Unit
from tenant_apps.catalog.services.price_list import archive_service
from tenant_apps.catalog.services.units import change_unit
from tenant_apps.staff.types import HeldDays
from tests.booking.conftest import LONDON, Clock
from tests.booking.shapes import (
    OWNER,
    WORK,
    asked,
    book,
    move,
    sell,
    shared,
    subjects,
    taken,
)
from tests.booking.test_visits_of_all_kinds import team_of_two
from tests.booking.together import (
    GUEST,
    ON_PURPOSE,
    Couple,
    a_couple,
    cabins,
    card,
    massage,
    members,
    move_all,
    offered_alone,
    party_of,
    together,
)

pytestmark = pytest.mark.usefixtures("in_salon", "nothing_is_forgotten")


@pytest.fixture
def couple(clock: Clock) -> Couple:
    return a_couple(clock)


class Undone(Exception):
    """What was done inside is not to stay."""


def test_a_stranger_does_not_get_into_the_cabin_and_a_chair_is_not_shared(
    couple: Couple, clock: Clock
) -> None:
    (one, other), double, option = couple
    book(clock.at(10), asked(option))  # in the single cabin

    with pytest.raises(SlotTaken):
        book(clock.at(10, 30), asked(option))
    cancel_appointment(appointment_id=one, actor=OWNER)
    with pytest.raises(SlotTaken):
        book(clock.at(10, 30), asked(option))
    cancel_appointment(appointment_id=other, actor=OWNER)
    stranger = book(clock.at(10, 30), asked(option))
    assert subjects(stranger, "unit") == {double}


def test_one_of_them_is_moved_alone_and_comes_back(couple: Couple, clock: Clock) -> None:
    (one, other), double, option = couple

    move(other, clock.at(13))
    assert taken(one, "unit") == [(0, "10:00-11:00"), (0, "11:00-11:10")]
    assert taken(other, "unit") == [(0, "13:00-14:00"), (0, "14:00-14:10")]
    move(other, clock.at(10, 30))

    assert subjects(other, "unit") == {double}  # and not the single one, which is free, too
    assert clock.at(10, 15).astimezone(UTC) in offered_alone(other, asked(option), clock.day)


def test_whoever_is_moved_alone_finds_a_full_cabin_taken(clock: Clock) -> None:
    cabins(2)
    option, hands = massage(), sell("Hands", (WORK, 30))
    team_of_two(option, hands), team_of_two(option, hands)
    visits = together(clock.at(10), members(asked(option), asked(option), asked(hands)))
    third = together(clock.at(14), members(asked(option), asked(hands)))[0]

    late = visits[1]
    move(late, clock.at(12))

    start = clock.at(10, 30)
    assert start.astimezone(UTC) in offered_alone(late, asked(option), clock.day)
    assert start.astimezone(UTC) not in offered_alone(third, asked(option), clock.day)
    for visit, is_offered in ((late, True), (third, False)):
        question = Question(starts_at=start, lines=[asked(option)], ignoring=visit)
        told = explained(question, actor=OWNER, moment=datetime.now(UTC))
        assert told["is_offered"] is is_offered
    move(late, start)
    with pytest.raises(SlotTaken):
        move(third, start)


def test_three_of_a_party_do_not_fit_where_there_are_two_places(clock: Clock) -> None:
    double, single = cabins(2, 1)
    option = massage()
    team_of_two(option), team_of_two(option)
    visits = together(clock.at(10), members(*[asked(option)] * 3))
    (alone,) = [visit for visit in visits if subjects(visit, "unit") == {single}]
    pair = [visit for visit in visits if visit != alone]
    move(alone, clock.at(13))
    book(clock.at(10), asked(option))  # takes the single one

    with pytest.raises(SlotTaken):
        move(alone, clock.at(10))
    assert clock.at(10).astimezone(UTC) not in offered_alone(alone, asked(option), clock.day)
    question = Question(starts_at=clock.at(10), lines=[asked(option)], ignoring=alone)
    told = explained(question, actor=OWNER, moment=datetime.now(UTC))
    assert told["is_offered"] is False
    in_the_way = {
        reason.get("appointment_id")
        for candidate in told["candidates"]
        for reason in candidate["reasons"]
        if reason.get("unit_id") == double
    }
    assert in_the_way == set(pair)
    cancel_appointment(appointment_id=pair[0], actor=OWNER)
    move(alone, clock.at(10))
    assert subjects(alone, "unit") == {double}
    with pytest.raises(SlotTaken):  # their place was given to another of the party
        undo_status(appointment_id=pair[0], actor=OWNER)


def test_a_cancelled_one_comes_back_into_the_cabin(couple: Couple, clock: Clock) -> None:
    (one, other), double, _option = couple
    cancel_appointment(appointment_id=one, actor=OWNER)
    assert taken(other, "unit") == [(0, "10:00-11:00"), (0, "11:00-11:10")]

    undo_status(appointment_id=one, actor=OWNER)

    assert subjects(one, "unit") == subjects(other, "unit") == {double}
    assert shared(one, "unit") == shared(other, "unit") == {party_of(one)}


def test_all_are_moved_together_or_nobody_is(couple: Couple, clock: Clock) -> None:
    (one, other), _double, option = couple
    people = subjects(one, "staff"), subjects(other, "staff")

    move_all(one, clock.at(10, 30))

    assert taken(one, "unit") == taken(other, "unit") == [(0, "10:30-11:30"), (0, "11:30-11:40")]
    assert (subjects(one, "staff"), subjects(other, "staff")) == people
    assert Party.objects.get().version == 2
    assert list(
        JournalEntry.objects.filter(stream="party").order_by("id").values_list("event", flat=True)
    ) == ["booking.party_booked", "booking.party_moved"]
    book(clock.at(12), asked(option)), book(clock.at(12), asked(option))
    with pytest.raises(SlotTaken) as refused:
        move_all(one, clock.at(11, 15))
    assert taken(one, "unit") == taken(other, "unit") == [(0, "10:30-11:30"), (0, "11:30-11:40")]
    nearest = refused.value.extra["alternatives"]
    assert clock.text(10, 30) in {start["starts_at"] for start in nearest}  # its own time is free
    with pytest.raises(Stale):
        move_all(one, clock.at(15), expected_version=1)
    move_all(one, datetime.fromisoformat(nearest[0]["starts_at"]), expected_version=2)


def offered_for_all(visit: UUID, day: date) -> set[datetime]:
    wanted = as_booked(party_of(visit), PartySearch(coming=(), first=day, last=day))
    found = search_together(wanted, actor=OWNER, zone=LONDON, moment=datetime.now(UTC))
    return {start.starts_at for each in found.days for start in each.starts}


def test_a_party_is_offered_what_it_can_be_moved_to(clock: Clock) -> None:
    """One of them takes twice as long as the price list says, and it says so no more."""
    hands = sell("Hands", (WORK, 30))
    bea, cara = team_of_two(hands)
    visits = together(clock.at(10), members(asked(hands, own_minutes=(60,)), asked(hands)))
    for who in (bea, cara):
        book(clock.at(14, 30), asked(hands, who), client=card(f"Late {who}"))
    service = Service.objects.get(options=hands)
    archive_service(service_id=service.pk, version=service.version, actor=OWNER)

    found = offered_for_all(visits[0], clock.day)

    quarters = [clock.at(9) + timedelta(minutes=15 * number) for number in range(36)]
    assert found == {start for start in quarters if can_all_move(visits[0], start)}
    assert clock.at(13, 30) in found
    assert clock.at(14) not in found


def can_all_move(visit: UUID, starts_at: datetime) -> bool:
    try:
        move_all(visit, starts_at)
    except (SlotTaken, NotOffered):
        return False
    return True


def test_nobody_is_offered_a_time_to_move_to_who_cannot_be_moved(
    couple: Couple, clock: Clock
) -> None:
    (one, other), _double, _option = couple
    clock.move(10, 5)
    start_appointment(appointment_id=one, actor=OWNER)

    with pytest.raises(NotMovable):
        offered_for_all(other, clock.day)


@pytest.mark.parametrize("move_it", [move, move_all])
def test_all_days_of_a_new_time_past_midnight_are_locked_at_once(
    couple: Couple,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    move_it: Callable[[UUID, datetime], None],
) -> None:
    (one, _other), _double, _option = couple
    locked: list[list[date]] = []

    def noted(days: Collection[date]) -> HeldDays:
        locked.append(sorted(days))
        return lock_days(days)

    for where in (visits, finding, gathering, party_finding):
        monkeypatch.setattr(where, "lock_days", noted)

    with pytest.raises((SlotTaken, NotOffered)):
        move_it(one, clock.at(23, 30, days=1))

    late = clock.day + timedelta(days=1)
    assert locked[0] == [clock.day, late, late + timedelta(days=1)]
    assert all(set(days) <= set(locked[0]) for days in locked)


def test_only_those_to_come_are_moved_and_cancelled(couple: Couple, clock: Clock) -> None:
    (one, other), _double, _option = couple
    cancel_appointment(appointment_id=one, actor=OWNER)

    move_all(one, clock.at(12))

    assert taken(other, "unit") == [(0, "12:00-13:00"), (0, "13:00-13:10")]
    assert Appointment.objects.get(pk=one).moves_count == 0
    cancel_party(party_id=party_of(one), actor=OWNER)
    assert set(Appointment.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert not Allocation.objects.exists()
    with pytest.raises(NotCancellable):
        cancel_party(party_id=party_of(one), actor=OWNER)
    with pytest.raises(NotMovable):
        move_all(one, clock.at(14))


def test_a_party_of_which_somebody_is_being_served_stays(couple: Couple, clock: Clock) -> None:
    (one, other), _double, _option = couple
    clock.move(10, 5)
    start_appointment(appointment_id=one, actor=OWNER)
    before = taken(one, "unit"), taken(other, "unit")

    with pytest.raises(NotMovable):
        move_all(one, clock.at(15))
    with pytest.raises(NotCancellable):
        cancel_party(party_id=party_of(one), actor=OWNER)

    assert (taken(one, "unit"), taken(other, "unit")) == before
    assert Appointment.objects.get(pk=other).state == State.CONFIRMED


def test_an_overbooked_couple_goes_on_sharing(couple: Couple, clock: Clock) -> None:
    """A stranger is put into their cabin on purpose; then one of them leaves and comes back."""
    (one, other), _double, option = couple
    book(clock.at(10), asked(option))
    request = BookingRequest(
        starts_at=clock.at(10), lines=(asked(option),), client=None, override=ON_PURPOSE
    )
    stranger = book_appointment(request=request, actor=OWNER)
    assert len(shared(one, "unit") | shared(other, "unit")) == 1

    cancel_appointment(appointment_id=one, actor=OWNER)
    undo_status(appointment_id=one, actor=OWNER)

    assert taken(one, "unit") == taken(other, "unit")
    assert Appointment.objects.get(pk=stranger).state == State.CONFIRMED


def test_one_of_a_couple_is_put_beside_a_stranger_and_takes_the_other_along(
    couple: Couple, clock: Clock
) -> None:
    (one, other), double, option = couple
    move(other, clock.at(13))
    book(clock.at(10), asked(option))  # the single one
    stranger = book(clock.at(11, 15), asked(option))
    longer = book(clock.at(11, 15), asked(option))
    assert {*subjects(stranger, "unit"), *subjects(longer, "unit")} >= {double}
    in_double = stranger if subjects(stranger, "unit") == {double} else longer

    with pytest.raises(SlotTaken):
        move(other, clock.at(10, 30))
    move_appointment(
        appointment_id=other,
        request=MoveRequest(starts_at=clock.at(10, 30), override=ON_PURPOSE),
        actor=OWNER,
    )

    assert subjects(other, "unit") == {double}
    assert shared(one, "unit") == shared(other, "unit") == shared(in_double, "unit")
    with pytest.raises(SlotTaken):
        book(clock.at(10, 30), asked(option))


def test_others_find_no_party(couple: Couple) -> None:
    (one, _other), _double, _option = couple
    party_id, request = party_of(one), MovePartyRequest(starts_at=datetime.now(UTC))

    with pytest.raises(NoSuchParty):
        cancel_party(party_id=party_id, actor=GUEST)
    with pytest.raises(NoSuchParty):
        move_party(party_id=party_id, request=request, actor=GUEST)
    with pytest.raises(NoSuchParty):
        cancel_party(party_id=uuid4(), actor=OWNER)


TAMPERINGS = (
    "UPDATE booking_party SET organiser_id = NULL",
    "UPDATE booking_party SET version = version + 1",
    "UPDATE booking_appointment SET party_id = NULL",
)


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_with_a_party_is_found(couple: Couple, tampering: str) -> None:
    assert list(salon_problems()) == []
    with suppress(Undone), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(tampering)
        assert list(salon_problems()) != []
        raise Undone


def test_one_client_is_not_two_of_a_party(couple: Couple, clock: Clock) -> None:
    """Named later; at another time the same person may well have both visits."""
    (one, other), _double, _option = couple
    mine = Appointment.objects.get(pk=one).client_id

    with pytest.raises(SlotTaken):
        set_client(appointment_id=other, client=mine, actor=OWNER)

    assert Appointment.objects.get(pk=other).client_id != mine
    move(other, clock.at(13))
    set_client(appointment_id=other, client=mine, actor=OWNER)
    with pytest.raises(SlotTaken):
        move(other, clock.at(10))


def test_a_unit_that_lost_a_place_keeps_its_couple_and_takes_nobody_back(
    couple: Couple, clock: Clock
) -> None:
    (one, other), double, _option = couple
    change_unit(unit_id=double, version=1, places=1, actor=OWNER)
    assert Unit.objects.get(pk=double).places == 1

    assert taken(one, "unit") == taken(other, "unit")
    cancel_appointment(appointment_id=one, actor=OWNER)
    with pytest.raises(SlotTaken):
        undo_status(appointment_id=one, actor=OWNER)
