"""Corners of booking in which something was wrong once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.test import Client as Browser

from shared_apps.core import cache
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.models import Appointment
from tenant_apps.booking.selectors.calendar import window_of, work_on
from tenant_apps.booking.selectors.setup import read_setup
from tenant_apps.catalog.models import Option, Service
from tenant_apps.clients.models import Client
from tenant_apps.staff.models import Skill
from tenant_apps.staff.types import DayWork
from tenants.types import SalonCard
from tests.booking.conftest import LONDON, Clock
from tests.booking.test_blocks import block
from tests.booking.test_holds import confirm, hold
from tests.booking.test_moves import move
from tests.booking.visits import CUT, do, hire
from tests.clients.test_proofs import proof_for
from tests.desk import GUEST, Desk
from tests.make_template import OWNER_PASSWORD

THIEF = {"name": "Thief", "email": "thief@example.com"}


def line(desk: Desk) -> dict[str, Any]:
    return {"option_id": desk.option(CUT)["id"]}


def sell_the_cut(desk: Desk, **terms: Any) -> None:
    """From now on by these terms."""
    with salon_scope(desk.salon):
        Service.objects.filter(name=CUT).update(**terms)
        renew()


def known_guest(desk: Desk) -> dict[str, str]:
    """The guest has been here before, and proves it."""
    with salon_scope(desk.salon):
        Client.objects.create(**GUEST, is_confirmed=True)
    return {**GUEST, "proof": proof_for(desk, GUEST["email"])}


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def new_start(answer: Any) -> datetime:
    assert answer.status_code == 200, answer.content
    return datetime.fromisoformat(answer.json()["starts_at"])


def offered(desk: Desk, day: date, **more: Any) -> list[str]:
    body = {"lines": [line(desk)], "first_day": day.isoformat(), "last_day": day.isoformat()}
    found = desk.post("/booking/availability/search", body | more)
    assert found.status_code == 200, found.content
    return [start["starts_at"] for each in found.json()["days"] for start in each["starts"]]


def test_a_walk_in_that_is_sent_again_is_the_same_visit(reception: Desk, clock: Clock) -> None:
    key, body = {"Idempotency-Key": str(uuid4())}, {"lines": [line(reception)]}
    first = reception.post("/booking/walk-ins", body, **key)
    assert first.status_code == 201, first.content
    clock.move(23)  # nobody is there any more
    evening = reception.sign_in("anna@example.com", OWNER_PASSWORD)

    again = evening.post("/booking/walk-ins", body, **key)

    assert refused(evening.post("/booking/walk-ins", body)) == (409, "not_today")
    assert again.status_code == 201, again.content
    assert again.json()["id"] == first.json()["id"]


def test_two_guests_who_think_of_one_key_do_not_share_a_hold(desk: Desk, clock: Clock) -> None:
    """The answer to a hold is its token: whoever has it has the visit."""
    body = {"starts_at": clock.text(10), "lines": [line(desk)]}
    mine, other = (
        Desk(desk.salon, Browser(REMOTE_ADDR=address)).post(
            "/booking/holds", body, **{"Idempotency-Key": "1"}
        )
        for address in ("198.51.100.7", "203.0.113.9")
    )

    assert mine.status_code == 201, mine.content
    assert refused(other) == (409, "slot_taken")


def test_confirming_again_tells_nobody_else_whose_visit_it_is(desk: Desk, clock: Clock) -> None:
    held = hold(desk, clock.text(10), CUT).json()
    first = confirm(desk, held)
    assert first.status_code == 200, first.content

    assert refused(confirm(desk, held, client=THIEF)) == (409, "hold_expired")
    assert confirm(desk, held).json() == first.json()


def test_a_visit_of_a_service_no_longer_sold_can_be_moved(reception: Desk, clock: Clock) -> None:
    visit = reception.book(clock.text(10), CUT).json()
    sell_the_cut(reception, archived_at=clock.at(8))

    assert new_start(move(reception, visit, clock.text(12))) == clock.at(12)


def test_a_guest_can_move_what_is_not_sold_online(
    reception: Desk, desk: Desk, clock: Clock
) -> None:
    visit = reception.book(clock.text(10, days=1), CUT).json()
    sell_the_cut(reception, is_online=False)

    assert new_start(move(desk, visit, clock.text(12, days=1))) == clock.at(12, days=1)


def test_a_new_client_may_move_their_first_visit(reception: Desk, desk: Desk, clock: Clock) -> None:
    """Booking gave them a card: they are not new any more."""
    sell_the_cut(reception, new_clients="only_new")
    visit = reception.book(clock.text(10, days=1), CUT).json()

    assert new_start(move(desk, visit, clock.text(12, days=1))) == clock.at(12, days=1)


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("9999-12-31T22:59:00-12:00", "9999-12-31T23:59:00-12:00"),
        ("0001-01-01T00:00:00+12:00", "0001-01-01T01:00:00+12:00"),
    ],
)
def test_times_beyond_all_calendars_are_refused(
    reception: Desk, anna: str, starts_at: str, ends_at: str
) -> None:
    """In other zones they have no date, so they broke whatever looked for one."""
    far = {"codes": ["too_far", "in_the_past", "not_offered"], "reason": "test"}
    body = {"starts_at": starts_at, "lines": [line(reception)]}

    answers = {
        "explain": reception.post("/booking/availability/explain", body),
        "book": reception.book(starts_at, CUT, override=far),
        "hold": reception.post("/booking/holds", body),
        "block": block(reception, starts_at, ends_at, staff_id=anna),
    }

    assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(answers, 422)


def test_what_is_for_new_clients_is_not_confirmed_for_a_known_one(desk: Desk, clock: Clock) -> None:
    """Nobody knows whom a hold is for."""
    sell_the_cut(desk, new_clients="only_new")
    held = hold(desk, clock.text(10), CUT).json()

    refusal = confirm(desk, held, client=known_guest(desk))

    assert refused(refusal) == (422, "not_for_this_client")
    with salon_scope(desk.salon):
        assert Appointment.objects.get().state == "held"


def test_a_known_client_is_told_that_the_time_is_taken(
    reception: Desk, desk: Desk, anna: str, clock: Clock
) -> None:
    """The search for other times must not forget who asks."""
    sell_the_cut(reception, new_clients="only_known")
    busy = block(reception, clock.text(9, days=1), clock.text(20, days=1), staff_id=anna)
    assert busy.status_code == 201, busy.content

    refusal = desk.book(clock.text(11, days=1), CUT, client=known_guest(desk))

    assert refused(refusal) == (409, "slot_taken")
    assert refusal.json()["alternatives"]


def test_the_token_of_a_confirmed_hold_frees_nothing(desk: Desk, clock: Clock) -> None:
    tomorrow, start = clock.day + timedelta(days=1), clock.text(10, days=1)
    held = hold(desk, start, CUT).json()
    assert start in offered(desk, tomorrow, hold=held["token"])
    assert confirm(desk, held).status_code == 200

    left = offered(desk, tomorrow, hold=held["token"])

    assert left == offered(desk, tomorrow)
    assert start not in left
    assert refused(hold(desk, start, CUT, replaces=held["token"])) == (409, "slot_taken")


class Forgetful(dict[date, DayWork]):
    """Another thread clears it as soon as anything was looked up."""

    def __contains__(self, day: object) -> bool:
        found = super().__contains__(day)
        self.clear()
        return found

    def get(self, day: date, default: Any = None) -> Any:
        found = super().get(day, default)
        self.clear()
        return found


def test_another_thread_may_forget_the_working_days_meanwhile(
    reception: Desk, clock: Clock
) -> None:
    window = window_of(clock.day, clock.day + timedelta(days=1), LONDON, beyond=0)
    with salon_scope(reception.salon):
        setup = read_setup()
        before = work_on(setup, window, LONDON)
        forgetting = replace(setup, work=Forgetful(setup.work))

        assert work_on(forgetting, window, LONDON) == before


def test_a_hold_that_ran_out_is_not_moved(reception: Desk, desk: Desk, clock: Clock) -> None:
    """It would be a visit that takes nothing."""
    held = hold(desk, clock.text(10, days=1), CUT).json()
    clock.move(9)
    later = reception.sign_in("anna@example.com", OWNER_PASSWORD)

    moved = do(later, held, "reschedule", {"starts_at": clock.text(12, days=1)})

    assert refused(moved) == (409, "hold_expired")


def replaced_every_few_minutes(desk: Desk, clock: Clock, starts_at: str) -> Iterator[Any]:
    """The answers of an hour, until one is a refusal."""
    answer = hold(desk, starts_at, CUT)
    for minute in range(3, 60, 3):
        yield answer
        if answer.status_code != 201:
            return
        clock.move(8, minute)
        answer = hold(desk, starts_at, CUT, replaces=answer.json()["token"])


def test_a_hold_is_not_kept_for_ever_by_replacing_it(desk: Desk, clock: Clock) -> None:
    first, second, *_others, last = replaced_every_few_minutes(desk, clock, clock.text(15, days=1))

    assert (first.status_code, second.status_code) == (201, 201)
    assert refused(last) == (409, "too_many_holds")


@pytest.mark.usefixtures("committed")
def test_who_has_just_learnt_a_service_is_as_busy_as_before(salon: SalonCard) -> None:
    """What Redis remembers of a day for the team of before says nothing of a new colleague."""
    cache.leave_redis_alone(0)
    with salon_scope(salon):
        caches["masks"].clear()  # of other tests
    beth, desk = hire(salon, "Beth", "nothing yet"), Desk(salon)
    reception = desk.sign_in("anna@example.com", OWNER_PASSWORD)
    start = desk.first_start(CUT)  # the day is remembered now
    end = (datetime.fromisoformat(start) + timedelta(hours=3)).isoformat()
    assert block(reception, start, end, staff_id=beth).status_code == 201
    assert start in [found["starts_at"] for found in desk.starts(CUT)]
    with salon_scope(salon):
        Skill.objects.create(member_id=beth, option=Option.objects.get(service__name=CUT))
        renew()

    remembered = desk.starts(CUT, staff=beth)

    assert start not in [found["starts_at"] for found in remembered]
    with salon_scope(salon):
        caches["masks"].clear()
    assert remembered == desk.starts(CUT, staff=beth)
    assert remembered
