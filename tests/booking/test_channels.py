"""Whoever asks, through whichever door: the same input gets the same answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import now

from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment
from tenant_apps.booking.services.rota import close_day
from tenant_apps.catalog.models import Option
from tenant_apps.staff.permissions import EDIT_ROTA
from tests.booking.visits import hire
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT, TINT, CHILD = "Women’s cut and finish", "Root tint", "Child’s cut, under 12"
MANAGER = system(Channel.COMMAND, permissions=frozenset({EDIT_ROTA}))
Answer = Any


@dataclass(frozen=True)
class Counter:
    """A salon with one tinted client at ``noon`` of an open day, and a guest's visit that can be
    moved, on another."""

    guest: Desk
    reception: Desk
    noon: datetime
    elsewhere: dict[str, Any]


@pytest.fixture
def counter(desk: Desk) -> Counter:
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    starts = [datetime.fromisoformat(start["starts_at"]) for start in desk.starts(TINT)]
    noon = next(start for start in starts if start.hour == 12 and start.minute == 0)
    other = next(start for start in starts if start.date() > noon.date())
    assert desk.book(noon.isoformat(), TINT).status_code == 201
    return Counter(desk, reception, noon, desk.book(other.isoformat(), CUT).json())


Door = Callable[[Counter, str, dict[str, Any]], Answer]


def guest_books(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    return counter.guest.book(starts_at, CUT, **more)


def reception_books(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    return counter.reception.book(starts_at, CUT, **more)


def guest_moves(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    token = counter.elsewhere["manage_url"].rpartition("/")[2]
    path = f"/booking/appointments/{counter.elsewhere['id']}/reschedule"
    return counter.guest.post(path, {"starts_at": starts_at, **more}, **{"Manage-Token": token})


def reception_moves(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    path = f"/booking/appointments/{counter.elsewhere['id']}/reschedule"
    return counter.reception.post(path, {"starts_at": starts_at, **more})


def guest_holds(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    lines = [{"option_id": counter.guest.option(CUT)["id"]}]
    return counter.guest.post("/booking/holds", {"starts_at": starts_at, "lines": lines, **more})


def reception_holds(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    lines = [{"option_id": counter.guest.option(CUT)["id"]}]
    body = {"starts_at": starts_at, "lines": lines, **more}
    return counter.reception.post("/booking/holds", body)


def party_of_two(counter: Counter, starts_at: str, more: dict[str, Any]) -> dict[str, Any]:
    """With a child, whose hair somebody else cuts who has nothing else to do."""
    hire(counter.guest.salon, "Beth", CHILD)
    cut, child = ([{"option_id": counter.guest.option(name)["id"]}] for name in (CUT, CHILD))
    members = [{"lines": cut, "client": GUEST}, {"lines": child}]
    return {"starts_at": starts_at, "members": members, **more}


def guest_books_for_two(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    body = party_of_two(counter, starts_at, more)
    return counter.guest.post("/booking/parties", body, **{"Idempotency-Key": str(uuid4())})


def reception_books_for_two(counter: Counter, starts_at: str, more: dict[str, Any]) -> Answer:
    return counter.reception.post("/booking/parties", party_of_two(counter, starts_at, more))


DOORS: list[Door] = [
    *(guest_books, reception_books),
    *(guest_moves, reception_moves),
    *(guest_holds, reception_holds),
    *(guest_books_for_two, reception_books_for_two),
]
OVERRIDING: list[Door] = [reception_books, reception_moves, reception_books_for_two]
STRANGERS: list[Door] = [guest_books, guest_moves, guest_books_for_two]


def on_top(counter: Counter) -> datetime:
    return counter.noon


def in_the_buffer(counter: Counter) -> datetime:
    """The tint's client has gone; its five minutes of cleaning up have not."""
    return counter.noon + timedelta(minutes=90)


def too_long_for_the_gap(counter: Counter) -> datetime:
    """The tint develops for 35 minutes from 12:35 on; a cut takes 55."""
    return counter.noon + timedelta(minutes=45)


def at_night(counter: Counter) -> datetime:
    return datetime.combine(counter.noon.date(), datetime.min.time(), UTC).replace(hour=3)


def on_a_closed_day(counter: Counter) -> datetime:
    day: date = counter.noon.date() + timedelta(days=7)
    with salon_scope(counter.guest.salon):
        close_day(date=day, reason="holiday", actor=MANAGER)
    return counter.noon + timedelta(days=7)


def long_ago(counter: Counter) -> datetime:
    return counter.noon.replace(year=now().year - 1)


CASES = [
    (on_top, "slot_taken", 409),
    (in_the_buffer, "slot_taken", 409),
    (too_long_for_the_gap, "slot_taken", 409),
    (at_night, "not_offered", 409),
    (on_a_closed_day, "not_offered", 409),
    (long_ago, "in_the_past", 422),
]


def rows(counter: Counter) -> tuple[set[Any], int]:
    with salon_scope(counter.guest.salon):
        return set(Allocation.objects.values_list("pk", flat=True)), Appointment.objects.count()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("when", "code", "status"), CASES)
def test_the_same_input_gets_the_same_code(
    counter: Counter, door: Door, when: Callable[[Counter], datetime], code: str, status: int
) -> None:
    starts_at = when(counter).isoformat()
    before = rows(counter)

    refusal = door(counter, starts_at, {})

    assert (refusal.status_code, refusal.json()["code"]) == (status, code)
    assert rows(counter) == before


@pytest.mark.parametrize("door", DOORS)
def test_a_time_that_is_free_is_had_through_every_door(counter: Counter, door: Door) -> None:
    answer = door(counter, (counter.noon + timedelta(hours=2)).isoformat(), {})
    assert answer.status_code in {200, 201}, answer.content


@pytest.mark.parametrize("door", OVERRIDING)
@pytest.mark.parametrize(("when", "code", "status"), CASES)
def test_who_may_sets_it_aside_by_its_code(
    counter: Counter, door: Door, when: Callable[[Counter], datetime], code: str, status: int
) -> None:
    starts_at = when(counter).isoformat()
    codes = [code]
    override = {"codes": codes, "reason": "regular_client"}
    answer = door(counter, starts_at, {"override": override})
    if answer.status_code == 409:  # a year ago it may have been a Sunday
        codes.append(answer.json()["code"])
        answer = door(counter, starts_at, {"override": override})
    assert answer.status_code in {200, 201}, answer.content
    with salon_scope(counter.guest.salon):
        assert list(salon_problems()) == []


@pytest.mark.parametrize("door", STRANGERS)
@pytest.mark.parametrize(("when", "code", "status"), CASES)
def test_who_may_not_is_told_so(
    counter: Counter, door: Door, when: Callable[[Counter], datetime], code: str, status: int
) -> None:
    starts_at = when(counter).isoformat()
    before = rows(counter)
    override = {"codes": [code], "reason": "regular_client"}
    refusal = door(counter, starts_at, {"override": override})
    assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
    assert rows(counter) == before


def test_what_fits_wholly_into_a_gap_is_had(counter: Counter) -> None:
    in_the_gap = counter.noon + timedelta(minutes=45)
    assert counter.guest.book(in_the_gap.isoformat(), CHILD).status_code == 201


ANYHOW = {"codes": ["slot_taken", "not_offered", "in_the_past"], "reason": "entered_late"}


def child_before(counter: Counter, starts_at: datetime) -> dict[str, Any]:
    """A child's cut that ends then, put there whatever speaks against it."""
    length = timedelta(minutes=sum(phases_of(counter, CHILD)))
    booked = counter.reception.book(
        (starts_at - length).isoformat(), CHILD, client=None, override=ANYHOW
    )
    assert booked.status_code == 201, booked.content
    visit: dict[str, Any] = booked.json()
    return visit


def phases_of(counter: Counter, service: str) -> list[int]:
    with salon_scope(counter.guest.salon):
        option = Option.objects.get(pk=counter.guest.option(service)["id"])
        return [phase["minutes"] for phase in option.phases]


Change = Callable[[Counter, dict[str, Any], dict[str, Any]], Answer]


def adds_a_cut(counter: Counter, visit: dict[str, Any], more: dict[str, Any]) -> Answer:
    line = {"option_id": counter.guest.option(CUT)["id"]}
    path = f"/booking/appointments/{visit['id']}/lines"
    return counter.reception.post(path, {"line": line, **more})


def takes_as_much_longer(counter: Counter, visit: dict[str, Any], more: dict[str, Any]) -> Answer:
    *others, last = phases_of(counter, CHILD)
    own = [*others, last + sum(phases_of(counter, CUT))]
    path = f"/booking/appointments/{visit['id']}/lines/{visit['lines'][0]['id']}"
    return counter.reception.patch(path, {"own_minutes": own, **more})


CHANGES: list[Change] = [adds_a_cut, takes_as_much_longer]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("when", "code", "status"), CASES)
def test_what_a_visit_takes_more_is_refused_with_the_same_code(
    counter: Counter, change: Change, when: Callable[[Counter], datetime], code: str, status: int
) -> None:
    visit = child_before(counter, when(counter))
    before = rows(counter)

    refusal = change(counter, visit, {})

    assert (refusal.status_code, refusal.json()["code"]) == (status, code)
    assert rows(counter) == before
    assert ("alternatives" in refusal.json()) == (code == "slot_taken")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("when", "code", "status"), CASES)
def test_who_may_sets_that_aside_too(
    counter: Counter, change: Change, when: Callable[[Counter], datetime], code: str, status: int
) -> None:
    visit = child_before(counter, when(counter))
    codes = [code]
    override = {"codes": codes, "reason": "regular_client"}
    answer = change(counter, visit, {"override": override})
    if answer.status_code == 409:  # a year ago it may have been a Sunday
        codes.append(answer.json()["code"])
        answer = change(counter, visit, {"override": override})
    assert answer.status_code in {200, 201}, answer.content
    with salon_scope(counter.guest.salon):
        assert list(salon_problems()) == []


@pytest.mark.parametrize("change", CHANGES)
def test_more_of_a_time_that_is_free_is_had(counter: Counter, change: Change) -> None:
    visit = child_before(counter, counter.noon + timedelta(hours=3))
    assert change(counter, visit, {}).status_code in {200, 201}
