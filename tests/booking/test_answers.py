"""Answers that a process remembers: given again while they are true, and not a moment longer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from shared_apps.core import cache
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.selectors import answers, availability
from tenant_apps.booking.types import Rules
from tenants.types import SalonCard
from tests.desk import Desk

pytestmark = pytest.mark.usefixtures("committed")
CUT = "Women’s cut and finish"


@pytest.fixture
def desk(salon: SalonCard) -> Desk:
    """Outside any transaction, as a request is."""
    cache.leave_redis_alone(0)
    with salon_scope(salon):
        caches["masks"].clear()
    return Desk(salon)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moments for which an answer was made rather than remembered."""
    moments: list[datetime] = []
    really = availability.offered

    def offered(**asked: Any) -> Any:
        moments.append(asked["moment"])
        return really(**asked)

    monkeypatch.setattr(answers, "offered", offered)
    return moments


def question(desk: Desk, *, days: int = 7) -> dict[str, Any]:
    first = localdate() + timedelta(days=1)
    last = first + timedelta(days=days - 1)
    return {"from": first, "to": last, "line": [desk.option(CUT)["id"]]}


def look(desk: Desk, *, days: int = 7) -> list[str]:
    answer = desk.get("/booking/availability", question(desk, days=days))
    assert answer.status_code == 200, answer.content
    return [start["starts_at"] for day in answer.json()["days"] for start in day["starts"]]


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenant_apps.booking.api.appointments.now", lambda: moment)


def test_the_same_question_is_answered_once_and_costs_one_statement(
    desk: Desk, made: list[datetime]
) -> None:
    first = look(desk)
    asked = question(desk)

    with CaptureQueriesContext(connection) as queries:
        again = desk.get("/booking/availability", asked)

    spent = [query["sql"] for query in queries.captured_queries]
    assert len([sql for sql in spent if not sql.startswith("SET ")]) == 1
    assert first[0] in again.content.decode()
    assert len(made) == 1


def test_another_question_is_another_answer(desk: Desk, made: list[datetime]) -> None:
    week, day = look(desk), look(desk, days=1)

    assert len(made) == 2
    assert week[: len(day)] == day
    assert len(week) > len(day)


def test_what_is_booked_is_not_in_the_next_answer(desk: Desk, made: list[datetime]) -> None:
    first = look(desk)
    assert desk.book(first[0], CUT).status_code == 201

    assert first[0] not in look(desk)
    assert len(made) == 2


def test_a_change_of_the_price_list_makes_a_new_answer(
    desk: Desk, salon: SalonCard, made: list[datetime]
) -> None:
    look(desk)
    with salon_scope(salon), connection.cursor() as cursor:
        cursor.execute("UPDATE core_revision SET token = gen_random_uuid() WHERE name = 'setup'")
        assert cursor.rowcount == 1

    look(desk)

    assert len(made) == 2


def test_what_redis_lost_is_not_believed_again(
    desk: Desk, salon: SalonCard, made: list[datetime]
) -> None:
    """Were a day without a version like the day before it had one, the old answer would hold."""
    first = look(desk)
    assert desk.book(first[0], CUT).status_code == 201
    with salon_scope(salon):
        caches["masks"].clear()

    assert first[0] not in look(desk)
    assert len(made) == 2


def test_a_start_that_comes_too_near_ends_the_answer(
    desk: Desk, made: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = look(desk)
    notice = timedelta(minutes=Rules().notice_minutes)
    soon = datetime.fromisoformat(starts[0]) - notice - timedelta(seconds=30)
    at(soon - timedelta(seconds=15), monkeypatch)
    assert starts[0] in look(desk)
    at(soon, monkeypatch)
    assert starts[0] in look(desk)
    count = len(made)

    at(soon + timedelta(seconds=31), monkeypatch)

    assert starts[0] not in look(desk)
    assert len(made) == count + 1


def test_no_answer_lives_longer_than_a_minute(
    desk: Desk, made: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    look(desk)
    at(made[0] + answers.LIVES - timedelta(seconds=1), monkeypatch)
    look(desk)
    assert len(made) == 1

    at(made[0] + answers.LIVES, monkeypatch)
    look(desk)

    assert len(made) == 2


def test_one_salon_is_not_answered_by_what_another_was(
    desk: Desk, other_salon: SalonCard, made: list[datetime]
) -> None:
    asked = question(desk)
    for _time in range(2):
        assert desk.get("/booking/availability", asked).status_code == 200
    assert len(made) == 1

    assert Desk(other_salon).get("/booking/availability", asked).status_code == 422


def test_answers_take_so_much_room_and_no_more(
    desk: Desk, made: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_answers", answers._Answers())
    monkeypatch.setattr(answers, "ROOM", 1)
    look(desk)
    look(desk)

    assert len(made) == 2


def test_what_redis_could_not_be_told_it_is_told_when_it_answers_again(
    desk: Desk, made: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meanwhile other processes went on reading it."""
    first, *_others = look(desk)
    cache.leave_redis_alone(5)  # the process that books met a time-out a moment ago
    assert desk.book(first, CUT).status_code == 201
    cache.leave_redis_alone(0)

    assert first not in look(desk)
    monkeypatch.setattr(answers, "_answers", answers._Answers())
    assert first not in look(desk)


def test_who_only_looks_has_nothing_to_tell_redis_later(desk: Desk) -> None:
    """Or many looks would crowd out what bookings have to tell."""
    cache.leave_redis_alone(60)
    first, *_others = look(desk)
    assert not cache._untold
    assert desk.book(first, CUT).status_code == 201
    assert cache._untold
    cache.leave_redis_alone(0)

    assert first not in look(desk)

    assert not cache._untold


def test_what_was_made_without_redis_is_not_remembered_with_it(
    desk: Desk, made: list[datetime]
) -> None:
    """Somebody else may have booked and said so meanwhile."""
    cache.leave_redis_alone(60)
    first, *_others = look(desk)
    cache.leave_redis_alone(0)

    assert first in look(desk)

    assert len(made) == 2


def test_a_stranger_who_asks_ever_new_questions_fills_no_memory(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small answers count as well."""
    monkeypatch.setattr(answers, "ROOM", 5 * answers.EACH)
    monkeypatch.setattr(answers, "_answers", answers._Answers())

    for days in range(1, 20):
        look(desk, days=days)

    assert len(answers._answers._found) <= 5
