"""Booking people who come together, on PostgreSQL: all of them or none."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from config.roles import ROLES
from shared_apps.accounts.services import hash_password, open_account
from shared_apps.core.actor import Actor, ActorKind, Channel
from shared_apps.core.errors import Forbidden, Invalid
from shared_apps.core.money import Money
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.errors import (
    NotOffered,
    PriceChanged,
    SlotTaken,
)
from tenant_apps.booking.models import Allocation, Appointment, Party
from tenant_apps.booking.selectors.parties import get_party
from tenant_apps.booking.services.parties import PartyMember, PartyRequest, book_party, cancel_party
from tenant_apps.booking.services.party_moves import MovePartyRequest, move_party
from tenant_apps.booking.types import Companion, Override
from tenant_apps.catalog.types import Need
from tenant_apps.clients.errors import ContactRefused
from tenant_apps.clients.models import Client, ClientAccess
from tenant_apps.clients.types import Contact
from tests.booking.conftest import LONDON, Clock
from tests.booking.shapes import (
    OLGA,
    OWNER,
    WORK,
    asked,
    book,
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
    last_sunday,
    massage,
    members,
    offered_together,
    party_of,
    together,
)

pytestmark = pytest.mark.usefixtures("in_salon", "nothing_is_forgotten")


@pytest.fixture
def couple(clock: Clock) -> Couple:
    return a_couple(clock)


def test_a_couple_gets_one_cabin_though_a_single_one_comes_first(
    couple: Couple, clock: Clock
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


def test_a_parent_books_for_themselves_and_a_child_and_moves_and_cancels_both(clock: Clock) -> None:
    hands = sell("Hands", (WORK, 30), is_online=True)
    team_of_two(hands)
    me, child, other = card("Olga"), card("Nina"), card("Rita")
    account = open_account(
        email="olga@example.com",
        name="Olga",
        password_hash=hash_password("a walrus plays cards"),
        roles=[],
        actor=OWNER,
    )
    for client_id in (me, child):
        ClientAccess.objects.create(account_id=account.pk, client_id=client_id)
    olga = Actor(
        kind=ActorKind.ACCOUNT,
        id=account.pk,
        channel=Channel.WEB,
        permissions=frozenset(ROLES[None]),
    )
    who = [PartyMember(lines=(asked(hands),), client=pk) for pk in (me, child, other)]

    with pytest.raises(Forbidden):
        book_party(
            request=PartyRequest(starts_at=clock.at(12), members=(who[0], who[2])), actor=olga
        )
    party_id = book_party(
        request=PartyRequest(starts_at=clock.at(12), members=(who[0], who[1])), actor=olga
    )
    request = MovePartyRequest(starts_at=clock.at(14))
    move_party(party_id=party_id, request=request, actor=olga)

    one, two = get_party(party_id).visits
    assert (one.client_id, two.client_id) == (me, child)
    assert taken(one.id, "client") == taken(two.id, "client") == [(0, "14:00-14:30")]
    cancel_party(party_id=party_id, actor=olga)
    assert not Allocation.objects.exists()
