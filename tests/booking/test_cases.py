"""What visits of every shape take of people, units and clients, row by row, in PostgreSQL."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction

from tenant_apps.booking.errors import SlotTaken
from tenant_apps.booking.events import AppointmentBooked, PartyBooked
from tenant_apps.booking.models import Allocation, Line, Party
from tenant_apps.booking.selectors.visits import locked_visit
from tenant_apps.booking.services.book import take
from tenant_apps.booking.services.cancel import cancel_appointment
from tenant_apps.booking.services.finding import Wish, find_place
from tenant_apps.booking.services.gathering import tell_party
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.rows import VisitHead
from tenant_apps.booking.types import Override
from tenant_apps.catalog.enums import AddonPlace, Keep
from tenant_apps.catalog.models import Unit
from tenant_apps.catalog.types import (
    Need,
)
from tenant_apps.clients.services import add_client
from tenant_apps.clients.types import Contact
from tests.booking.conftest import Clock
from tests.booking.shapes import (
    CLEANUP,
    OLGA,
    OWNER,
    PROCESSING,
    WORK,
    asked,
    book,
    cabin,
    is_offered,
    move,
    out_of_service,
    sell,
    shared,
    subjects,
    taken,
)
from tests.booking.test_visits_of_all_kinds import team_of_two

pytestmark = pytest.mark.usefixtures("in_salon", "nothing_is_forgotten")


def test_parallel_lines_take_two_people_and_the_client_once_for_each(clock: Clock) -> None:
    hands, feet = sell("Hands", (WORK, 60)), sell("Feet", (WORK, 50), (CLEANUP, 10))
    bea, cara = team_of_two(hands, feet)

    visit = book(clock.at(10), asked(hands, parallel_group=1), asked(feet, parallel_group=1))

    assert taken(visit, "staff") == [(0, "10:00-11:00"), (1, "10:00-10:50"), (1, "10:50-11:00")]
    assert subjects(visit, "staff") == {bea, cara}
    assert len(shared(visit, "staff")) == 3  # nobody works with two hands at once
    assert taken(visit, "client") == [(0, "10:00-11:00"), (1, "10:00-10:50")]
    assert len(subjects(visit, "client")) == 1
    assert shared(visit, "client") == {visit}


def test_parallel_lines_are_refused_when_one_of_the_two_is_not_free(clock: Clock) -> None:
    hands, feet = sell("Hands", (WORK, 60)), sell("Feet", (WORK, 50))
    bea, _cara = team_of_two(hands, feet)
    both = asked(hands, parallel_group=1), asked(feet, parallel_group=1)
    book(clock.at(10, 30), asked(hands, bea))
    before = set(Allocation.objects.values_list("pk", flat=True))

    with pytest.raises(SlotTaken):
        book(clock.at(10), *both)

    assert set(Allocation.objects.values_list("pk", flat=True)) == before
    assert not is_offered(clock.at(10), *both)
    assert is_offered(clock.at(10), both[0])
    again = book(clock.at(11, 30), *both, client=Contact(name="Pia", email="pia@example.com"))
    assert taken(again, "staff") == [(0, "11:30-12:30"), (1, "11:30-12:20")]


def test_a_client_who_is_here_is_not_there_as_well(clock: Clock) -> None:
    hands = sell("Hands", (WORK, 60))
    team_of_two(hands)
    card = add_client(contact=OLGA, confirmed=True, actor=OWNER).pk
    book(clock.at(10), asked(hands), client=card)

    with pytest.raises(SlotTaken):
        book(clock.at(10, 30), asked(hands), client=card)

    book(clock.at(10, 30), asked(hands), client=Contact(name="Pia", email="pia@example.com"))


def test_a_moved_visit_takes_its_client_along(clock: Clock) -> None:
    hands = sell("Hands", (WORK, 60))
    team_of_two(hands)
    card = add_client(contact=OLGA, confirmed=True, actor=OWNER).pk
    visit = book(clock.at(10), asked(hands), client=card)
    book(clock.at(14), asked(hands), client=card)

    move(visit, clock.at(12))

    assert taken(visit, "client") == [(0, "12:00-13:00")]
    with pytest.raises(SlotTaken):
        book(clock.at(12, 30), asked(hands), client=card)
    with pytest.raises(SlotTaken):
        move(visit, clock.at(13, 30))
    book(clock.at(10), asked(hands), client=card)


@pytest.mark.parametrize("group", [None, 1], ids=["one after the other", "side by side"])
def test_two_lines_of_a_visit_keep_the_same_chair(clock: Clock, group: int | None) -> None:
    """The first chair is free for one of them only: both are had in the second."""
    chair = Need(kinds=("chair",), keep=Keep.VISIT)
    tint, hands = (sell(name, (WORK, 30), needs=(chair,)) for name in ("Tint", "Hands"))
    bea, cara = team_of_two(tint, hands)
    first, second = Unit.objects.filter(kind="chair").order_by("position")
    busy = clock.at(10, 30) if group is None else clock.at(10, 29)
    out_of_service(first.pk, busy, clock.at(11))

    visit = book(
        clock.at(10),
        asked(tint, bea, parallel_group=group),
        asked(hands, cara, parallel_group=group),
    )

    assert subjects(visit, "unit") == {second.pk}
    assert shared(visit, "unit") == {visit}
    begins = "10:30-11:00" if group is None else "10:00-10:30"
    assert taken(visit, "unit") == [(0, "10:00-10:30"), (1, begins)]
    with pytest.raises(SlotTaken):
        book(clock.at(10, 15), asked(tint), asked(hands))


def test_a_line_keeps_its_chair_through_the_colour_and_the_next_line_need_not(
    clock: Clock,
) -> None:
    chair = Need(kinds=("chair",), keep=Keep.LINE)
    tint = sell("Tint", (WORK, 30), (PROCESSING, 30), (WORK, 30), needs=(chair,))
    hands = sell("Hands", (WORK, 30), needs=(chair,))
    bea, _cara = team_of_two(tint, hands)
    first, second = Unit.objects.filter(kind="chair").order_by("position")
    out_of_service(first.pk, clock.at(11), clock.at(11, 30))
    out_of_service(second.pk, clock.at(11, 30), clock.at(12))

    visit = book(clock.at(10), asked(tint, bea), asked(hands, bea))

    by_line = Allocation.objects.filter(phase__line__appointment=visit, unit__isnull=False)
    assert set(by_line.values_list("phase__line__position", "unit")) == {
        (0, second.pk),
        (1, first.pk),
    }
    assert by_line.count() == 4


def test_a_couple_shares_a_cabin_that_no_stranger_gets_into(clock: Clock) -> None:
    """Two visits of one party, each with a person and a client of its own, in one cabin. What
    each takes was found while the cabin was free, as if nobody had waited for the day's lock."""
    room = cabin()
    massage = sell("Massage", (WORK, 60), (CLEANUP, 10), needs=(Need(kinds=("cabin",)),))
    staff = [*team_of_two(massage), *team_of_two(massage)]
    party = Party.objects.create().pk
    guests = [
        add_client(
            contact=Contact(name=name, email=f"{name}@example.com"), confirmed=True, actor=OWNER
        ).pk
        for name in ("olga", "pia", "rita")
    ]
    places = [
        find_place(
            Wish(starts_at=clock.at(10), lines=(asked(massage, who),), client_id=guest), OWNER
        )
        for who, guest in zip(staff, guests, strict=False)
    ]

    def write(number: int, party_id: UUID | None) -> UUID:
        head = VisitHead(
            appointment_id=uuid4(),
            client_id=guests[number],
            claimed=True,
            channel="staff",
            language="en",
            party_id=party_id,
        )
        with transaction.atomic():
            take(head, places[number], AppointmentBooked, actor=OWNER, override=Override())
        return head.appointment_id

    one, other = write(0, party), write(1, party)

    assert subjects(one, "unit") == subjects(other, "unit") == {room}
    assert taken(one, "unit") == taken(other, "unit") == [(0, "10:00-11:00"), (0, "11:00-11:10")]
    assert shared(one, "unit") == shared(other, "unit") == shared(one, "client") == {party}
    assert subjects(one, "staff").isdisjoint(subjects(other, "staff"))
    for stranger in (None, uuid4()):
        with pytest.raises(SlotTaken):
            write(2, stranger)
    tell_party(
        PartyBooked,
        Party.objects.get(pk=party),
        [locked_visit(one), locked_visit(other)],
        [clock.day],
        actor=OWNER,
        override=Override(),
    )
    cancel_appointment(appointment_id=one, actor=OWNER)
    with pytest.raises(SlotTaken):
        book(clock.at(11, 5), asked(massage, staff[2]))
    cancel_appointment(appointment_id=other, actor=OWNER)
    book(clock.at(10), asked(massage, staff[2]))


def test_who_does_two_lines_cleans_up_after_the_last_as_long_as_the_longest(clock: Clock) -> None:
    chair = Need(kinds=("chair",), keep=Keep.VISIT)
    cut = sell("Cut", (WORK, 30), (CLEANUP, 10), needs=(chair,))
    dry = sell("Dry", (WORK, 20), (CLEANUP, 5), needs=(chair,))
    bea, _cara = team_of_two(cut, dry)

    visit = book(clock.at(10), asked(cut, bea), asked(dry, bea))

    once = [(0, "10:00-10:30"), (0, "10:50-11:00"), (1, "10:30-10:50")]
    assert taken(visit, "staff") == taken(visit, "unit") == once
    assert len(subjects(visit, "unit")) == 1
    assert taken(visit, "client") == [(0, "10:00-10:30"), (1, "10:30-10:50")]
    with pytest.raises(SlotTaken):
        book(clock.at(10, 55), asked(cut, bea))
    book(clock.at(11), asked(cut, bea))


def test_when_another_goes_on_the_first_cleans_up_meanwhile(clock: Clock) -> None:
    cut, dry = sell("Cut", (WORK, 30), (CLEANUP, 10)), sell("Dry", (WORK, 20), (CLEANUP, 5))
    bea, cara = team_of_two(cut, dry)

    visit = book(clock.at(10), asked(cut, bea), asked(dry, cara))

    assert taken(visit, "staff") == [
        (0, "10:00-10:30"),
        (0, "10:30-10:40"),
        (1, "10:30-10:50"),
        (1, "10:50-10:55"),
    ]
    with pytest.raises(SlotTaken):
        book(clock.at(10, 35), asked(cut, bea))
    book(clock.at(10, 40), asked(cut, bea))


def test_a_bundle_is_moved_before_and_after_one_of_its_parts_is_cancelled(clock: Clock) -> None:
    hands, feet = sell("Hands", (WORK, 60)), sell("Feet", (WORK, 50), (CLEANUP, 10))
    both = sell("Both", parts=(hands, feet))
    bea, cara = team_of_two(hands, feet)
    visit = book(clock.at(10), asked(both))
    prices = list(Line.objects.order_by("position").values_list("price", flat=True))

    move(visit, clock.at(12))

    assert taken(visit, "staff") == [(0, "12:00-13:00"), (1, "12:00-12:50"), (1, "12:50-13:00")]
    assert subjects(visit, "staff") == {bea, cara}
    left_out = Line.objects.get(appointment=visit, position=1)
    cancel_line(appointment_id=visit, line_id=left_out.pk, actor=OWNER)
    assert taken(visit, "staff") == [(0, "12:00-13:00")]
    assert is_offered(clock.at(12), asked(feet, left_out.performer_id))
    move(visit, clock.at(14))
    assert taken(visit, "staff") == [(0, "14:00-15:00")]
    assert taken(visit, "client") == [(0, "14:00-15:00")]
    lines = Line.objects.filter(appointment=visit).order_by("position")
    assert list(lines.values_list("state", "price", "bundle_option_id")) == [
        ("confirmed", prices[0], both),
        ("cancelled", prices[1], both),
    ]
    assert is_offered(clock.at(12), asked(both))


def test_an_add_on_stays_in_the_gap_when_its_line_is_moved(clock: Clock) -> None:
    tint = sell("Tint", (WORK, 30), (PROCESSING, 30), (WORK, 20))
    brows = sell("Brows", (WORK, 15), (CLEANUP, 5), addon_place=AddonPlace.DURING)
    bea, cara = team_of_two(tint, brows)
    visit = book(clock.at(10), asked(tint, bea, addons=(asked(brows, bea),)))
    before = list(Line.objects.order_by("position").values_list("id", "parent_line_id"))
    assert taken(visit, "staff") == [
        *((0, "10:00-10:30"), (0, "11:00-11:20")),
        *((1, "10:30-10:45"), (1, "10:45-10:50")),
    ]

    move(visit, clock.at(13))

    moved = [
        *((0, "13:00-13:30"), (0, "14:00-14:20")),
        *((1, "13:30-13:45"), (1, "13:45-13:50")),
    ]
    assert taken(visit, "staff") == moved
    assert list(Line.objects.order_by("position").values_list("id", "parent_line_id")) == before
    assert before[1][1] == before[0][0]
    book(clock.at(15, 35), asked(tint, bea), client=Contact(name="Pia", email="pia@example.com"))
    with pytest.raises(SlotTaken):
        move(visit, clock.at(15))
    assert taken(visit, "staff") == moved
    assert subjects(visit, "staff") == {bea}
    assert is_offered(clock.at(15), asked(tint, cara))


def test_a_visit_may_move_onto_part_of_its_own_time_with_all_it_takes(clock: Clock) -> None:
    cut = sell("Cut", (WORK, 60), (CLEANUP, 10), needs=(Need(kinds=("chair",)),))
    bea, _cara = team_of_two(cut)
    first, second = Unit.objects.filter(kind="chair").order_by("position")
    out_of_service(second.pk, clock.at(9), clock.at(12))
    visit = book(clock.at(10), asked(cut, bea))

    move(visit, clock.at(10, 30))

    wanted = [(0, "10:30-11:30"), (0, "11:30-11:40")]
    assert taken(visit, "staff") == taken(visit, "unit") == wanted
    assert taken(visit, "client") == wanted[:1]
    assert subjects(visit, "unit") == {first.pk}
    assert Allocation.objects.filter(phase__isnull=False).count() == 5
