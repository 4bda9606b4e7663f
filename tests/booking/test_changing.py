"""Having a service in another way, at the time that the visit has."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.roles import ROLES
from shared_apps.accounts.enums import Role
from shared_apps.accounts.services import hash_password, open_account
from shared_apps.core.actor import Actor, ActorKind, Channel, system
from shared_apps.core.errors import Forbidden, Invalid, Stale
from shared_apps.core.money import Money
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.errors import (
    NobodyDoesThis,
    NoSuchLine,
    PriceIsFixed,
    SlotTaken,
    WrongState,
)
from tenant_apps.booking.models import Appointment, ClientTiming, Line, Phase
from tenant_apps.booking.services.change_line import LineChange, change_line
from tenant_apps.booking.services.lines import cancel_line
from tenant_apps.booking.services.move import MoveRequest, move_appointment
from tenant_apps.booking.services.progress import complete_appointment, start_appointment
from tenant_apps.catalog.enums import AddonPlace, PriceKind
from tenant_apps.catalog.models import Unit
from tenant_apps.catalog.types import Need, PhaseTerms
from tenant_apps.clients.models import Client
from tenant_apps.staff.models import Member
from tests.booking.changes import (
    ON_PURPOSE,
    OWNER,
    PROCESSING,
    WORK,
    asked,
    book,
    change,
    finish,
    nth,
    plan,
    sell,
    takes,
    whole,
)
from tests.booking.conftest import Clock
from tests.booking.test_visits_of_all_kinds import team_of_two

pytestmark = pytest.mark.usefixtures("nothing_is_forgotten")
CHAIR = Need(kinds=("chair",))


def euros(amount: int) -> Money:
    return Money(amount, "GBP")


def chairs() -> list[UUID]:
    return [unit.pk for unit in Unit.objects.filter(kind="chair").order_by("position")]


def test_long_hair_instead_of_short_takes_longer_and_costs_its_own_price(clock: Clock) -> None:
    short, long = sell("Short", (WORK, 30)), sell("Long", (WORK, 50), price=4500)
    other = sell("Other", (WORK, 20), price=1000)
    bea, _cara = team_of_two(short, long, other)
    visit = book(clock.at(10), asked(short, staff_id=bea), asked(other, staff_id=bea))

    line = change(visit, 0, option_id=long)

    assert (line.option_id, line.price, line.list_price) == (long, 4500, 4500)
    assert nth(visit, 1).price == 1000
    assert [row[2] for row in plan(visit)] == ["10:00+50", "10:50+20"]
    assert takes(visit) >= {(str(bea), "10:00-10:50"), (str(bea), "10:50-11:10")}
    last = JournalEntry.objects.filter(stream="appointment").order_by("-version")[0]
    assert last.event == "booking.appointment_changed"


def test_a_part_of_a_bundle_that_becomes_something_else_is_part_of_it_no_more(
    clock: Clock,
) -> None:
    hands, feet = sell("Hands", (WORK, 60)), sell("Feet", (WORK, 50), price=1000)
    both, gel = sell("Both", price=3600, parts=(hands, feet)), sell("Gel", (WORK, 70), price=5000)
    team_of_two(hands, feet, gel)
    visit = book(clock.at(10), asked(both))
    line = change(visit, 0, option_id=gel)
    assert (line.price, line.bundle_option_id, nth(visit, 1).price) == (5000, None, 900)
    assert [row[2] for row in plan(visit)] == ["10:00+70", "10:00+50"]
    with pytest.raises(Invalid) as refusal:
        change(visit, 0, option_id=both)
    assert list(refusal.value.fields) == ["option_id"]


def test_lengthening_moves_what_follows_and_is_refused_when_that_is_sold(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, _cara = team_of_two(one)
    visit = book(clock.at(10), asked(one, staff_id=bea), asked(one, staff_id=bea))
    book(clock.at(11, 10), asked(one, staff_id=bea), client=None)
    assert change(visit, 0, own_minutes=(40,)).own_minutes == [40]
    assert [row[2] for row in plan(visit)] == ["10:00+40", "10:40+30"]
    before = whole(visit)
    with pytest.raises(SlotTaken) as refusal:
        change(visit, 0, own_minutes=(45,))
    assert whole(visit) == before
    assert refusal.value.extra["alternatives"]
    change(visit, 0, own_minutes=(45,), override=ON_PURPOSE)
    assert [row[2] for row in plan(visit)] == ["10:00+45", "10:45+30"]


def test_minutes_go_back_to_what_is_usual(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit = book(clock.at(10), asked(one, own_minutes=(55,)))
    assert change(visit, 0, own_minutes=None).own_minutes is None
    assert plan(visit) == [(0, "work", "10:00+30")]
    client = Client.objects.get()
    ClientTiming.objects.create(client=client, option_id=one, minutes=[35])
    assert change(visit, 0, own_minutes=None).own_minutes == [35]
    with pytest.raises(Invalid) as refusal:
        change(visit, 0, own_minutes=(5, 5))
    assert list(refusal.value.fields) == ["own_minutes"]


def test_a_line_goes_to_somebody_else_and_says_who_was_wanted(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, cara = team_of_two(one)
    visit = book(clock.at(10), asked(one, staff_id=bea))
    price = nth(visit, 0).price
    line = change(visit, 0, staff_id=cara)
    assert (line.performer_id, line.requested_staff_id, line.price) == (cara, cara, price)
    book(clock.at(10), asked(one, staff_id=bea), client=None)
    line = change(visit, 0, staff_id=None)
    assert (line.performer_id, line.requested_staff_id) == (cara, None)
    stranger = Member.objects.exclude(pk__in=[bea, cara])[0].pk
    with pytest.raises(NobodyDoesThis) as refusal:
        change(visit, 0, staff_id=stranger)
    assert list(refusal.value.fields) == ["staff_id"]


def test_the_chair_changes_and_everything_else_stays(clock: Clock) -> None:
    one = sell("One", PhaseTerms(kind=WORK, minutes=30, needs=(CHAIR,)))
    bea, cara = team_of_two(one)
    first, second, *_rest = chairs()
    visit = book(clock.at(10), asked(one, staff_id=bea))
    assert (str(first), "10:00-10:30") in takes(visit)

    change(visit, 0, unit_ids=frozenset({second}))

    assert {who for who, _when in takes(visit)} & {str(first), str(second)} == {str(second)}
    other = book(clock.at(10), asked(one, staff_id=cara), client=None)
    assert (str(first), "10:00-10:30") in takes(other)
    with pytest.raises(SlotTaken):
        change(visit, 0, unit_ids=frozenset({first}))
    change(other, 0, own_minutes=(35,))
    change(visit, 0, own_minutes=(40,))
    assert (str(second), "10:00-10:40") in takes(visit)  # it keeps the one it has
    change(visit, 0, unit_ids=frozenset({first}), override=ON_PURPOSE)
    change(visit, 0, unit_ids=frozenset())
    assert (str(second), "10:00-10:40") in takes(visit)  # the first that is free


def test_a_visit_moves_to_another_chair_at_its_own_time(clock: Clock) -> None:
    one = sell("One", PhaseTerms(kind=WORK, minutes=30, needs=(CHAIR,)))
    bea, _cara = team_of_two(one)
    first, second, *_rest = chairs()
    visit = book(clock.at(10), asked(one, staff_id=bea), asked(one, staff_id=bea))
    line = nth(visit, 1)
    request = MoveRequest(starts_at=clock.at(10), units={line.pk: {second}})
    move_appointment(appointment_id=visit, request=request, actor=OWNER)
    assert takes(visit) >= {(str(first), "10:00-10:30"), (str(second), "10:30-11:00")}
    assert Appointment.objects.get(pk=visit).moves_count == 0
    last = JournalEntry.objects.filter(stream="appointment").order_by("-version")[0]
    assert last.event == "booking.appointment_changed"
    wrong = MoveRequest(starts_at=clock.at(10), units={line.pk: {uuid4()}})
    with pytest.raises(Invalid) as refusal:
        move_appointment(appointment_id=visit, request=wrong, actor=OWNER)
    assert list(refusal.value.fields) == ["units.0.unit_ids"]
    client = Actor(
        kind=ActorKind.GUEST,
        id=None,
        permissions=frozenset(),
        channel=Channel.WEB,
        holds=frozenset({visit}),
    )
    with pytest.raises(Forbidden):
        move_appointment(appointment_id=visit, request=request, actor=client)


def test_what_has_begun_is_lengthened_and_goes_to_nobody_else(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    bea, cara = team_of_two(one)
    visit = book(clock.at(10), asked(one, staff_id=bea), asked(one, staff_id=bea))
    clock.move(10, 5)
    start_appointment(appointment_id=visit, actor=OWNER)
    clock.move(10, 25)
    change(visit, 0, own_minutes=(50,))
    phase = Phase.objects.get(line=nth(visit, 0))
    assert (phase.starts_at, phase.actual_start) == (clock.at(10), clock.at(10, 5))
    assert [row[2] for row in plan(visit)] == ["10:00+50", "10:50+30"]
    with pytest.raises(WrongState):
        change(visit, 0, staff_id=cara)
    change(visit, 1, staff_id=cara)
    complete_appointment(appointment_id=visit, line_id=nth(visit, 0).pk, actor=OWNER)
    with pytest.raises(WrongState):
        change(visit, 0, own_minutes=(60,))


def test_a_cancelled_line_and_one_of_another_visit_are_not_changed(clock: Clock) -> None:
    one = sell("One", (WORK, 30))
    team_of_two(one)
    visit, other = (
        book(clock.at(10), asked(one), asked(one)),
        book(clock.at(14), asked(one), client=None),
    )
    cancel_line(appointment_id=visit, line_id=nth(visit, 1).pk, actor=OWNER)
    with pytest.raises(WrongState):
        change(visit, 1, own_minutes=(40,))
    with pytest.raises(NoSuchLine):
        change(visit, nth(other, 0), own_minutes=(40,))


def test_add_ons_and_finishes_follow_what_is_changed(clock: Clock) -> None:
    colour = sell("Colour", (WORK, 30), (PROCESSING, 30), finish(30))
    cut = sell("Cut", (WORK, 40), finish(20))
    plain = sell("Plain cut", (WORK, 40))
    brows = sell("Brows", (WORK, 15), addon_place=AddonPlace.DURING)
    bea, cara = team_of_two(colour, cut, plain, brows)
    under = asked(brows, staff_id=cara)
    lines = [asked(colour, staff_id=bea, addons=(under,)), asked(cut, staff_id=bea)]
    visit = book(clock.at(10), *lines)
    change(visit, 0, own_minutes=(45, 20, 50))
    assert plan(visit) == [
        (0, "work", "10:00+45"),
        (0, "processing", "10:45+20"),
        (1, "work", "10:45+15"),
        (2, "work", "11:05+40"),
        (2, "work", "11:45+50"),
    ]
    change(visit, 2, option_id=plain)
    assert [row for row in plan(visit) if row[0] != 1] == [
        (0, "work", "10:00+45"),
        (0, "processing", "10:45+20"),
        (0, "work", "11:05+50"),
        (2, "work", "11:55+40"),
    ]


@pytest.mark.parametrize(
    ("kind", "amount", "field"),
    [
        (PriceKind.FROM, 3500, ""),
        (PriceKind.FROM, 3000, ""),
        (PriceKind.FROM, 2999, "price.amount"),
        (PriceKind.QUOTED, 100, ""),
    ],
)
def test_a_price_that_is_not_fixed_is_agreed(
    clock: Clock, kind: PriceKind, amount: int, field: str
) -> None:
    one = sell("One", (WORK, 30), price_kind=kind)
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    if field:
        with pytest.raises(Invalid) as refusal:
            change(visit, 0, price=euros(amount))
        assert list(refusal.value.fields) == [field]
        return
    with CaptureQueriesContext(
        connection,
    ) as asked_of_it:
        line = change(visit, 0, price=euros(amount))
    assert (line.price, line.list_price) == (amount, 3000)
    assert not any("diaryday" in query["sql"] for query in asked_of_it)
    with pytest.raises(Invalid) as refusal:
        change(visit, 0, price=Money(5000, "EUR"))
    assert list(refusal.value.fields) == ["price.currency"]


def test_a_fixed_price_is_not_for_the_diary_to_change(clock: Clock) -> None:
    fixed, open_ = sell("Fixed", (WORK, 30)), sell("Open", (WORK, 30), price_kind=PriceKind.QUOTED)
    team_of_two(fixed, open_)
    visit = book(clock.at(10), asked(fixed))
    before = whole(visit)
    with pytest.raises(PriceIsFixed):
        change(visit, 0, price=euros(1000))
    with pytest.raises(PriceIsFixed):
        change(visit, 0, price=euros(1000), own_minutes=(40,))
    assert whole(visit) == before
    assert change(visit, 0, option_id=open_, price=euros(777)).price == 777


def test_the_price_is_agreed_until_the_visit_is_done_and_after(clock: Clock) -> None:
    one = sell("One", (WORK, 30), price_kind=PriceKind.FROM)
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    clock.move(10)
    start_appointment(appointment_id=visit, actor=OWNER)
    complete_appointment(appointment_id=visit, actor=OWNER)
    assert change(visit, 0, price=euros(4000)).price == 4000


def test_stylists_agree_on_the_price_of_their_own_work_only(clock: Clock) -> None:
    one = sell("One", (WORK, 30), price_kind=PriceKind.FROM)
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    stylist = system(Channel.STAFF, permissions=ROLES[Role.STYLIST])
    desk = system(Channel.STAFF, permissions=ROLES[Role.RECEPTIONIST])
    trainee = system(Channel.STAFF, permissions=ROLES[Role.TRAINEE])

    def say(actor: Actor, wanted: LineChange) -> None:
        line_id = nth(visit, 0).pk
        change_line(appointment_id=visit, line_id=line_id, change=wanted, actor=actor)

    with pytest.raises(Forbidden):
        say(stylist, {"price": euros(4000)})
    say(stylist, {"own_minutes": (40,)})
    say(desk, {"price": euros(4000)})
    with pytest.raises(Forbidden):
        say(trainee, {"own_minutes": (50,)})
    account = open_account(
        email="bea@example.com",
        name="Bea",
        password_hash=hash_password("a walrus plays cards"),
        roles=[Role.STYLIST],
        actor=OWNER,
    )
    Member.objects.filter(pk=nth(visit, 0).performer_id).update(account_id=account.pk)
    herself = Actor(
        kind=ActorKind.ACCOUNT,
        id=account.pk,
        permissions=ROLES[Role.STYLIST],
        channel=Channel.STAFF,
    )
    say(herself, {"price": euros(5000)})
    assert nth(visit, 0).price == 5000


@pytest.fixture
def quoted(clock: Clock) -> tuple[UUID, UUID, UUID, Actor]:
    """A visit of Cara's, hers and Bea's ids, and Bea herself."""
    one = sell("One", (WORK, 30), price_kind=PriceKind.QUOTED)
    bea, cara = team_of_two(one)
    account = open_account(
        email="bea@example.com",
        name="Bea",
        password_hash=hash_password("a walrus plays cards"),
        roles=[Role.STYLIST],
        actor=OWNER,
    )
    Member.objects.filter(pk=bea).update(account_id=account.pk)
    herself = Actor(
        kind=ActorKind.ACCOUNT,
        id=account.pk,
        permissions=ROLES[Role.STYLIST],
        channel=Channel.STAFF,
    )
    return book(clock.at(10), asked(one, staff_id=cara)), cara, bea, herself


def test_nobody_prices_a_colleagues_work_by_taking_it_over(
    clock: Clock, quoted: tuple[UUID, UUID, UUID, Actor]
) -> None:
    visit, cara, bea, herself = quoted

    def say(**wanted: Any) -> Line:
        line_id, said = nth(visit, 0).pk, LineChange(**wanted)  # type: ignore[typeddict-item]
        change_line(appointment_id=visit, line_id=line_id, change=said, actor=herself)
        return nth(visit, 0)

    with pytest.raises(Forbidden):
        say(staff_id=bea, price=euros(1))
    assert nth(visit, 0).performer_id == cara
    assert say(staff_id=bea).price == 3000
    with pytest.raises(Forbidden):
        say(staff_id=cara, price=euros(1))
    assert say(price=euros(1)).price == 1
    assert say(own_minutes=(40,)).price == 1
    assert (say(staff_id=cara).price, nth(visit, 0).performer_id) == (3000, cara)


def test_a_price_falls_back_for_other_hands_unless_reception_hands_it_over(
    clock: Clock, quoted: tuple[UUID, UUID, UUID, Actor]
) -> None:
    visit, cara, bea, herself = quoted
    change(visit, 0, price=euros(2000))
    assert change(visit, 0, staff_id=bea).price == 2000
    line = nth(visit, 0)
    later = MoveRequest(starts_at=clock.at(14))
    move_appointment(appointment_id=visit, request=later, actor=herself)
    assert nth(visit, 0).price == 2000

    request = MoveRequest(starts_at=clock.at(15), staff={line.pk: cara})
    move_appointment(appointment_id=visit, request=request, actor=herself)

    line = nth(visit, 0)
    assert (line.performer_id, line.price) == (cara, 3000)


def test_whoever_saw_an_older_visit_is_told(clock: Clock) -> None:
    one = sell("One", (WORK, 30), price_kind=PriceKind.FROM)
    team_of_two(one)
    visit = book(clock.at(10), asked(one))
    for said in ({"own_minutes": (40,)}, {"price": euros(4000)}):
        with pytest.raises(Stale):
            change_line(
                appointment_id=visit,
                line_id=nth(visit, 0).pk,
                change=said,  # type: ignore[arg-type]
                actor=OWNER,
                expected_version=9,
            )
