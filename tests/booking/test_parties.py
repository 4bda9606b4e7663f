"""People who come together, on PostgreSQL: all of them or none, and each visit's own life."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from shared_apps.core.actor import Channel, system
from shared_apps.core.errors import Forbidden, Invalid, Stale
from shared_apps.core.money import Money
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.enums import State
from tenant_apps.booking.errors import (
    NoSuchParty,
    NotCancellable,
    NotMovable,
    NotOffered,
    PriceChanged,
    SlotTaken,
)
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Party
from tenant_apps.booking.selectors.explaining import Question, explained
from tenant_apps.booking.selectors.finder import Search, search
from tenant_apps.booking.selectors.parties import get_party
from tenant_apps.booking.selectors.together import PartySearch, search_together
from tenant_apps.booking.services.book import BookingRequest, book_appointment
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.parties import PartyMember, PartyRequest, book_party, cancel_party
from tenant_apps.booking.services.party_moves import MovePartyRequest, move_party
from tenant_apps.booking.services.progress import start_appointment
from tenant_apps.booking.services.set_client import set_client
from tenant_apps.booking.services.undo import undo_status
from tenant_apps.booking.types import AskedLine, Companion, Override
from tenant_apps.catalog.enums import Keep
from tenant_apps.catalog.models import Unit
from tenant_apps.catalog.services.units import add_unit, add_unit_kind, change_unit
from tenant_apps.catalog.types import Need
from tenant_apps.clients.errors import ContactRefused
from tenant_apps.clients.models import Client
from tenant_apps.clients.services import add_client
from tenant_apps.clients.types import Contact
from tests.booking.conftest import LONDON, Clock
from tests.booking.shapes import (
    CLEANUP,
    OLGA,
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

pytestmark = pytest.mark.usefixtures("in_salon", "nothing_is_forgotten")
ON_PURPOSE = Override(codes=frozenset({"slot_taken"}), reason="regular_client")
GUEST = system(Channel.WEB)


class Undone(Exception):
    """What was done inside is not to stay."""


def card(name: str) -> UUID:
    contact = Contact(name=name, email=f"{name.lower()}@example.com")
    return add_client(contact=contact, confirmed=True, actor=OWNER).pk


def cabins(*places: int) -> list[UUID]:
    """One for each number of places, in this order."""
    add_unit_kind(code="cabin", name="Cabin", actor=OWNER)
    return [
        add_unit(kind="cabin", name=f"For {count}", places=count, actor=OWNER).pk
        for count in places
    ]


def massage() -> UUID:
    return sell(
        "Massage", (WORK, 60), (CLEANUP, 10), needs=(Need(kinds=("cabin",), keep=Keep.LINE),)
    )


def members(*lines: AskedLine) -> tuple[PartyMember, ...]:
    """One for each line; the first has a card, and so have the others."""
    return tuple(
        PartyMember(lines=(line,), client=card(name))
        for line, name in zip(lines, ("Olga", "Pia", "Rita", "Sue"), strict=False)
    )


def together(starts_at: datetime, coming: Sequence[PartyMember], **said: object) -> list[UUID]:
    """A party's visits, in their order."""
    request = PartyRequest(starts_at=starts_at, members=tuple(coming), **said)  # type: ignore[arg-type]
    party_id = book_party(request=request, actor=OWNER)
    return [visit.id for visit in get_party(party_id).visits]


def party_of(visit: UUID) -> UUID:
    found = Appointment.objects.values_list("party_id", flat=True).get(pk=visit)
    assert found is not None
    return found


def move_all(visit: UUID, starts_at: datetime, **said: object) -> None:
    request = MovePartyRequest(starts_at=starts_at, **said)  # type: ignore[arg-type]
    move_party(party_id=party_of(visit), request=request, actor=OWNER)


def offered_together(day: date, *coming: Companion) -> list[datetime]:
    wanted = PartySearch(coming=coming, first=day, last=day)
    found = search_together(wanted, actor=OWNER, zone=LONDON, moment=datetime.now(UTC))
    return [
        start.starts_at.astimezone(UTC) for found_day in found.days for start in found_day.starts
    ]


def offered_alone(visit: UUID, line: AskedLine, day: date) -> list[datetime]:
    """To the one whose visit is being moved."""
    wanted = Search(lines=[line], first=day, last=day, ignoring=visit)
    found = search(wanted, actor=OWNER, zone=LONDON, moment=datetime.now(UTC))
    return [start.start.starts_at.astimezone(UTC) for each in found for start in each.starts]


@pytest.fixture
def couple(clock: Clock) -> tuple[list[UUID], UUID, UUID]:
    """Two in the double cabin at ten; the cabin, and the massage."""
    _single, double = cabins(1, 2)
    option = massage()
    team_of_two(option), team_of_two(option)
    return together(clock.at(10), members(asked(option), asked(option))), double, option


def test_a_couple_gets_one_cabin_though_a_single_one_comes_first(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
    (one, other), double, _option = couple

    assert subjects(one, "unit") == subjects(other, "unit") == {double}
    assert taken(one, "unit") == taken(other, "unit") == [(0, "10:00-11:00"), (0, "11:00-11:10")]
    party = party_of(one)
    assert shared(one, "unit") == shared(other, "unit") == shared(one, "client") == {party}
    assert subjects(one, "staff").isdisjoint(subjects(other, "staff"))
    assert subjects(one, "client").isdisjoint(subjects(other, "client"))
    events = JournalEntry.objects.filter(stream="party").order_by("id")
    assert [(entry.event, entry.version) for entry in events] == [("booking.party_booked", 1)]
    organiser = Appointment.objects.get(pk=one).client_id
    assert events[0].data == {
        "party": {"organiser_id": str(organiser), "visit_ids": [str(one), str(other)]},
        "reason": "",
        "overrides": [],
    }
    assert Party.objects.get().organiser_id == organiser


def test_three_take_a_cabin_for_two_and_another(clock: Clock) -> None:
    single, double = cabins(1, 2)
    option = massage()
    team_of_two(option), team_of_two(option)

    visits = together(clock.at(10), members(*[asked(option)] * 3))

    rooms = [subjects(visit, "unit") for visit in visits]
    assert sorted(rooms, key=lambda room: room == {single}) == [{double}, {double}, {single}]


def test_nobody_is_booked_when_one_of_them_cannot_come(clock: Clock) -> None:
    """Two places, three people; two masseurs, three people; and somebody who is elsewhere."""
    cabins(2)
    option, hands = massage(), sell("Hands", (WORK, 30))
    team_of_two(option, hands), team_of_two(option, hands)
    pia = card("Pia")
    book(clock.at(10, 30), asked(hands), client=pia)
    before = [list(model.objects.values_list("pk", flat=True)) for model in (Allocation, Client)]
    journal = JournalEntry.objects.count()

    again = [PartyMember(lines=(asked(option),)), PartyMember(lines=(asked(option),), client=pia)]
    new = Contact(name="New", email="new@example.com")
    with pytest.raises(SlotTaken) as busy:
        together(clock.at(10), again)
    with pytest.raises(NotOffered):
        together(clock.at(10), [PartyMember(lines=(asked(option),), client=new)] * 3)

    assert before == [
        list(model.objects.values_list("pk", flat=True)) for model in (Allocation, Client)
    ]
    assert (Appointment.objects.count(), Party.objects.count()) == (1, 0)
    assert JournalEntry.objects.count() == journal
    first = busy.value.extra["alternatives"][0]
    assert len(first["members"]) == 2
    together(datetime.fromisoformat(first["starts_at"]), again)


def test_what_is_offered_to_a_party_is_what_it_can_book(clock: Clock) -> None:
    cabins(2)
    option, hands = massage(), sell("Hands", (WORK, 30))
    bea, _cara = team_of_two(option, hands)
    book(clock.at(12), asked(option, bea))
    coming = [Companion(lines=(asked(option),)), Companion(lines=(asked(hands), asked(option)))]
    found = offered_together(clock.day, *coming)
    who = [PartyMember(lines=companion.lines) for companion in coming]

    quarters = [clock.at(9) + timedelta(minutes=15 * number) for number in range(36)]
    possible = []
    for start in quarters:
        try:
            visits = together(start, who)
        except (SlotTaken, NotOffered):
            continue
        possible.append(start.astimezone(UTC))
        cancel_party(party_id=party_of(visits[0]), actor=OWNER)

    assert possible
    assert len(possible) < len(quarters)
    assert found == possible


def test_a_stranger_does_not_get_into_the_cabin_and_a_chair_is_not_shared(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
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


def test_two_of_a_party_never_share_what_has_one_place(clock: Clock) -> None:
    """The constraint alone would let them: both rows carry their party's id."""
    (single,) = cabins(1)
    option = massage()
    team_of_two(option), team_of_two(option)

    with pytest.raises(NotOffered):
        together(clock.at(10), members(asked(option), asked(option)))
    with pytest.raises(NotOffered):
        together(clock.at(10), members(asked(option), asked(option)), override=ON_PURPOSE)

    assert offered_together(clock.day, *[Companion(lines=(asked(option),))] * 2) == []
    assert subjects(book(clock.at(10), asked(option)), "unit") == {single}


def test_one_of_them_is_moved_alone_and_comes_back(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
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


def test_a_cancelled_one_comes_back_into_the_cabin(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
    (one, other), double, _option = couple
    cancel_appointment(appointment_id=one, actor=OWNER)
    assert taken(other, "unit") == [(0, "10:00-11:00"), (0, "11:00-11:10")]

    undo_status(appointment_id=one, actor=OWNER)

    assert subjects(one, "unit") == subjects(other, "unit") == {double}
    assert shared(one, "unit") == shared(other, "unit") == {party_of(one)}


def test_all_are_moved_together_or_nobody_is(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
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


def test_only_those_to_come_are_moved_and_cancelled(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
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


def test_a_party_of_which_somebody_is_being_served_stays(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
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


def test_an_overbooked_couple_goes_on_sharing(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
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
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
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


def test_a_party_is_overbooked_as_a_whole(clock: Clock) -> None:
    (double,) = cabins(2)
    option = massage()
    team_of_two(option), team_of_two(option)
    stranger = book(clock.at(10), asked(option))
    with pytest.raises(SlotTaken):
        together(clock.at(10), members(asked(option), asked(option)))

    one, other = together(clock.at(10), members(asked(option), asked(option)), override=ON_PURPOSE)

    assert subjects(one, "unit") == subjects(other, "unit") == {double}
    assert shared(one, "unit") == shared(other, "unit") == shared(stranger, "unit")
    assert len({*subjects(one, "staff"), *subjects(other, "staff")}) == 2


def test_a_party_of_one_or_of_seven_or_with_too_much_is_refused(clock: Clock) -> None:
    hands = sell("Hands", (WORK, 30))
    team_of_two(hands)
    for people in (1, 7):
        with pytest.raises(Invalid) as refused:
            together(clock.at(10), [PartyMember(lines=(asked(hands),))] * people)
        assert set(refused.value.fields) == {"members"}
    with pytest.raises(Invalid) as refused:
        together(clock.at(10), [PartyMember(lines=(asked(hands),) * 8)] * 2)
    assert set(refused.value.fields) == {"members.1.lines"}
    with pytest.raises(Invalid) as refused:
        together(
            clock.at(10), [PartyMember(lines=(asked(hands),)), PartyMember(lines=(asked(uuid4()),))]
        )
    assert set(refused.value.fields) == {"members.1.lines.0.option_id"}


def test_nobody_comes_twice(clock: Clock) -> None:
    hands = sell("Hands", (WORK, 30))
    team_of_two(hands)
    olga = card("Olga")

    with pytest.raises(Invalid) as refused:
        together(clock.at(10), [PartyMember(lines=(asked(hands),), client=olga)] * 2)

    assert set(refused.value.fields) == {"members.1.client"}


def test_a_guest_books_for_themselves_and_for_others_without_a_card(clock: Clock) -> None:
    hands = sell("Hands", (WORK, 30), is_online=True)
    team_of_two(hands)
    me = PartyMember(lines=(asked(hands),), client=OLGA)
    other = PartyMember(lines=(asked(hands),))
    named = PartyMember(lines=(asked(hands),), client=Contact(name="Pia", email="pia@example.com"))

    with pytest.raises(Invalid) as refused:
        book_party(request=PartyRequest(starts_at=clock.at(12), members=(me, named)), actor=GUEST)
    assert set(refused.value.fields) == {"members.1.client"}
    with pytest.raises(ContactRefused) as nobody:
        book_party(
            request=PartyRequest(starts_at=clock.at(12), members=(other, other)), actor=GUEST
        )
    assert set(nobody.value.fields) == {"members.0.client"}
    request = PartyRequest(starts_at=clock.at(12), members=(me, other), organiser=card("Rita"))
    with pytest.raises(Forbidden):
        book_party(request=request, actor=GUEST)
    assert not Appointment.objects.exists()

    party_id = book_party(
        request=PartyRequest(starts_at=clock.at(12), members=(me, other)), actor=GUEST
    )

    one, two = get_party(party_id).visits
    assert (one.client_name, two.client_id) == (OLGA.name, None)
    assert not Allocation.objects.filter(client__isnull=False).exists()
    assert Party.objects.get().organiser_id == one.client_id


def test_a_party_is_booked_at_the_price_that_was_said_or_not_at_all(clock: Clock) -> None:
    hands = sell("Hands", (WORK, 30))
    team_of_two(hands)
    coming = [PartyMember(lines=(asked(hands),))] * 2

    with pytest.raises(PriceChanged) as dearer:
        together(clock.at(10), coming, expected_total=Money(5999, "GBP"))
    assert dearer.value.extra["total"] == {"amount": 6000, "currency": "GBP"}
    assert len(together(clock.at(10), coming, expected_total=Money(6000, "GBP"))) == 2


def test_others_find_no_party(couple: tuple[list[UUID], UUID, UUID]) -> None:
    (one, _other), _double, _option = couple
    party_id, request = party_of(one), MovePartyRequest(starts_at=datetime.now(UTC))

    with pytest.raises(NoSuchParty):
        cancel_party(party_id=party_id, actor=GUEST)
    with pytest.raises(NoSuchParty):
        move_party(party_id=party_id, request=request, actor=GUEST)
    with pytest.raises(NoSuchParty):
        cancel_party(party_id=uuid4(), actor=OWNER)


@pytest.mark.parametrize("month", [3, 10], ids=["an hour less", "an hour more"])
def test_a_couple_comes_on_the_day_the_clocks_change(clock: Clock, month: int) -> None:
    (double,) = cabins(2)
    option = sell("Night", (WORK, 120), needs=(Need(kinds=("cabin",)),))
    team_of_two(option)
    sunday = next(
        day
        for year in (clock.day.year, clock.day.year + 1)
        for day in [last_sunday(year, month)]
        if day > clock.day
    )
    start = datetime(sunday.year, sunday.month, sunday.day, 0, 30, tzinfo=LONDON)
    anywhen = Override(codes=frozenset({"not_offered"}), reason="wedding")

    visits = together(start, members(asked(option), asked(option)), override=anywhen)

    ends = "03:30" if month == 3 else "01:30"
    assert [taken(visit, "unit") for visit in visits] == [[(0, f"00:30-{ends}")]] * 2
    assert {subjects(visit, "unit") == {double} for visit in visits} == {True}


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


TAMPERINGS = (
    "UPDATE booking_party SET organiser_id = NULL",
    "UPDATE booking_party SET version = version + 1",
    "UPDATE booking_appointment SET party_id = NULL",
)


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_with_a_party_is_found(
    couple: tuple[list[UUID], UUID, UUID], tampering: str
) -> None:
    assert list(salon_problems()) == []
    with suppress(Undone), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(tampering)
        assert list(salon_problems()) != []
        raise Undone


def test_one_client_is_not_two_of_a_party(
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
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
    couple: tuple[list[UUID], UUID, UUID], clock: Clock
) -> None:
    (one, other), double, _option = couple
    change_unit(unit_id=double, version=1, places=1, actor=OWNER)
    assert Unit.objects.get(pk=double).places == 1

    assert taken(one, "unit") == taken(other, "unit")
    cancel_appointment(appointment_id=one, actor=OWNER)
    with pytest.raises(SlotTaken):
        undo_status(appointment_id=one, actor=OWNER)
