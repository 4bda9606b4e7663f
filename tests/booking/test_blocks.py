"""Time that is kept free of visits."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from shared_apps.accounts.enums import Role
from shared_apps.accounts.services import hash_password, open_account
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tenant_apps.booking.models import Allocation, Appointment, Block
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.models import Unit
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services.team import add_member
from tests.booking.test_holds import hold, run_out
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
CUT = "Women’s cut and finish"
TUESDAY = localdate() + timedelta(days=(1 - localdate().weekday()) % 7 + 7)
ZONE = ZoneInfo("Europe/London")
CONSOLE = system(Channel.COMMAND, permissions=frozenset({EDIT_TEAM}))
PASSWORD = "four ribbons on a hat"


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> str:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).isoformat()


@pytest.fixture
def reception(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def chairs(desk: Desk) -> list[str]:
    with salon_scope(desk.salon):
        return [str(pk) for pk in Unit.objects.order_by("position").values_list("id", flat=True)]


def block(desk: Desk, starts_at: str, ends_at: str, **changes: Any) -> Any:
    body = {"kind": "training", "starts_at": starts_at, "ends_at": ends_at} | changes
    return desk.post("/booking/blocks", body)


def on_offer(desk: Desk) -> list[str]:
    found = desk.starts(CUT, days=21)
    return [s["starts_at"] for s in found if s["starts_at"].startswith(TUESDAY.isoformat())]


def parts(answer: Any) -> list[tuple[str, str]]:
    return [(part["starts_at"], part["ends_at"]) for part in answer.json()["parts"]]


def colleague(desk: Desk, role: Role) -> tuple[Desk, str]:
    """Somebody else of the team, signed in, and their column."""
    with salon_scope(desk.salon):
        account = open_account(
            email=f"{role}@example.com",
            name="Beth",
            password_hash=hash_password(PASSWORD),
            roles=[role],
            actor=CONSOLE,
        )
        member = add_member(
            name="Beth",
            level=Level.STYLIST,
            option_ids=[],
            position=9,
            account_id=account.pk,
            actor=CONSOLE,
        )
    return desk.sign_in(f"{role}@example.com", PASSWORD), str(member.pk)


def test_a_blocked_person_is_neither_offered_nor_booked(
    desk: Desk, reception: Desk, anna: str
) -> None:
    before = on_offer(desk)
    assert at(10) in before
    assert at(12) in before

    answer = block(reception, at(10), at(11), staff_id=anna)

    assert answer.status_code == 201
    made = answer.json()
    assert made == {
        "id": made["id"],
        "kind": "training",
        "staff_id": anna,
        "unit_id": None,
        "starts_at": at(10),
        "ends_at": at(11),
        "parts": [{"starts_at": at(10), "ends_at": at(11)}],
        "version": 1,
    }
    left = on_offer(desk)
    assert at(10) not in left
    assert at(10, 45) not in left
    assert at(11) in left
    for starts_at in (at(10), at(10, 45)):
        refusal = desk.book(starts_at, CUT)
        assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    assert desk.book(at(11), CUT).status_code == 201


def test_removing_a_block_frees_its_time_at_once(desk: Desk, reception: Desk, anna: str) -> None:
    before = on_offer(desk)
    made = block(reception, at(10), at(11), staff_id=anna).json()

    def remove(**query: int) -> Any:
        path = f"/api/v1/booking/blocks/{made['id']}"
        return reception.client.delete(path, query_params=query, headers=reception.headers())

    stale = remove(version=7)
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (409, "stale", 1)
    assert on_offer(desk) != before

    assert remove(version=1).status_code == 204
    assert on_offer(desk) == before
    again = remove()
    assert (again.status_code, again.json()["code"]) == (404, "block_not_found")


def test_what_is_in_the_way_is_listed(desk: Desk, reception: Desk, anna: str) -> None:
    visit = desk.book(at(10), CUT).json()
    other = block(reception, at(13), at(14), staff_id=anna).json()

    refusal = block(reception, at(9, 30), at(17), staff_id=anna)

    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")
    met = refusal.json()["in_the_way"]
    assert {found["appointment_id"] for found in met} == {visit["id"], None}
    assert met[0]["starts_at"] == at(10)
    assert met[-1] == {
        "appointment_id": None,
        "block_id": other["id"],
        "starts_at": at(13),
        "ends_at": at(14),
    }
    with salon_scope(desk.salon):
        assert Block.objects.count() == 1


def test_the_rest_blocks_what_is_free_around_it(desk: Desk, reception: Desk, anna: str) -> None:
    desk.book(at(10), CUT)  # fifty minutes, and five to clean up
    block(reception, at(13), at(14), staff_id=anna)

    answer = block(reception, at(9, 30), at(17), staff_id=anna, rest=True)

    assert answer.status_code == 201
    assert parts(answer)[0] == (at(9, 30), at(10))
    assert parts(answer)[-2:] == [(parts(answer)[1][0], at(13)), (at(14), at(17))]
    assert not [s for s in on_offer(desk) if at(9, 30) <= s < at(17)]
    assert block(reception, at(10), at(10, 30), staff_id=anna, rest=True).status_code == 409


def test_a_block_may_touch_what_is_there(desk: Desk, reception: Desk, anna: str) -> None:
    block(reception, at(10), at(11), staff_id=anna)

    for span in ((at(9), at(10)), (at(11), at(12))):
        assert block(reception, *span, staff_id=anna).status_code == 201
    assert block(reception, at(10, 59), at(11), staff_id=anna).status_code == 409


def test_a_chair_out_of_service_is_not_taken(
    desk: Desk, reception: Desk, chairs: list[str]
) -> None:
    assert at(10) in on_offer(desk)
    for chair in chairs:
        answer = block(reception, at(9), at(18), unit_id=chair, kind="out_of_service")
        assert answer.status_code == 201

    assert on_offer(desk) == []
    refusal = desk.book(at(10), CUT)
    assert (refusal.status_code, refusal.json()["code"]) == (409, "slot_taken")


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"starts_at": at(9, day=date(2020, 3, 3))}, 422, "in_the_past", "starts_at"),
        (
            {
                "starts_at": "0001-01-01T00:00:00+14:00",
                "override": {"codes": ["in_the_past"], "reason": "ill"},
            },
            422,
            "invalid",
            "starts_at",
        ),
        ({"starts_at": at(9, day=date(2199, 3, 3))}, 422, "too_far", "starts_at"),
        ({"ends_at": "9999-12-31T23:59:00-12:00"}, 422, "invalid", "ends_at"),
        ({"ends_at": at(10)}, 422, "invalid", "ends_at"),
        ({"ends_at": at(9)}, 422, "invalid", "ends_at"),
        ({"ends_at": at(10, day=TUESDAY + timedelta(days=367))}, 422, "invalid", "ends_at"),
        ({"starts_at": at(10).replace(":00:00", ":00:01")}, 422, "invalid", "starts_at"),
        ({"starts_at": "2030-01-01T10:00:00"}, 422, "invalid", "starts_at"),
        ({"staff_id": str(uuid4())}, 422, "invalid", "staff_id"),
        ({"staff_id": None}, 422, "invalid", "staff_id"),
        ({"unit_id": str(uuid4())}, 422, "invalid", "staff_id"),
        ({"staff_id": None, "unit_id": str(uuid4())}, 422, "invalid", "unit_id"),
        ({"kind": "out_of_service"}, 422, "invalid", "kind"),
        ({"kind": "siesta"}, 422, "invalid", "kind"),
        ({"until": at(12)}, 422, "invalid", "until"),
    ],
)
def test_a_block_that_cannot_be_is_refused_by_its_field(
    reception: Desk, anna: str, changes: dict[str, Any], status: int, code: str, field: str
) -> None:
    body = {"starts_at": at(10), "ends_at": at(11), "staff_id": anna} | changes

    refusal = block(reception, body.pop("starts_at"), body.pop("ends_at"), **body)

    problem = refusal.json()
    assert (refusal.status_code, problem["code"], list(problem["fields"])) == (
        status,
        code,
        [field],
    )


def test_a_block_may_begin_in_the_minute_at_hand(reception: Desk, anna: str) -> None:
    this_minute = now().astimezone(ZONE).replace(second=0, microsecond=0)

    answer = block(
        reception,
        this_minute.isoformat(),
        (this_minute + timedelta(minutes=30)).isoformat(),
        staff_id=anna,
    )

    assert answer.status_code == 201


def test_time_that_has_begun_is_blocked_by_override_alone(
    desk: Desk, reception: Desk, anna: str
) -> None:
    today = now().astimezone(ZONE).replace(second=0, microsecond=0)
    span = [(today + timedelta(minutes=shift)).isoformat() for shift in (-30, 30)]
    override = {"codes": ["in_the_past"], "reason": "ill"}

    assert block(reception, *span, staff_id=anna).json()["code"] == "in_the_past"
    made = block(reception, *span, staff_id=anna, override=override)

    assert (made.status_code, made.json()["starts_at"]) == (201, span[0])
    with salon_scope(desk.salon):
        entry = JournalEntry.objects.get(event="booking.block_created")
        assert (entry.data["overrides"], entry.data["reason"]) == (["in_the_past"], "ill")
    more = {"codes": ["slot_taken"], "reason": "ill"}
    again = block(reception, at(10), at(11), staff_id=anna, override=more)
    assert again.status_code == 201
    refusal = block(reception, at(10), at(11), staff_id=anna, override=more)
    assert refusal.json()["code"] == "slot_taken"


def test_a_hold_stands_in_the_way_until_it_runs_out(desk: Desk, reception: Desk, anna: str) -> None:
    held = hold(desk, at(10), CUT).json()

    refusal = block(reception, at(10), at(11), staff_id=anna)
    assert {met["appointment_id"] for met in refusal.json()["in_the_way"]} == {held["id"]}
    run_out(desk)
    made = block(reception, at(10), at(11), staff_id=anna)

    assert parts(made) == [(at(10), at(11))]
    with salon_scope(desk.salon):
        assert Appointment.objects.get(pk=held["id"]).state == "cancelled"
        assert list(salon_problems()) == []


def test_a_visit_put_upon_a_block_outlives_it(desk: Desk, reception: Desk, anna: str) -> None:
    made = block(reception, at(10), at(11), staff_id=anna).json()
    over = {"codes": ["slot_taken"], "reason": "regular"}

    assert reception.book(at(10), CUT).json()["code"] == "slot_taken"
    visit = reception.book(at(10), CUT, override=over)

    assert visit.status_code == 201
    path = f"/api/v1/booking/blocks/{made['id']}"
    assert reception.client.delete(path, headers=reception.headers()).status_code == 204
    with salon_scope(desk.salon):
        assert list(salon_problems()) == []
        assert Allocation.objects.filter(staff__isnull=False).exists()
    assert reception.book(at(10), CUT).json()["code"] == "slot_taken"


def test_who_may_block_whom(desk: Desk, anna: str, chairs: list[str]) -> None:
    def statuses(who: Desk, own: str) -> list[int]:
        spans = ((at(8), {"staff_id": own}), (at(12), {"staff_id": anna}))
        unit = (at(8), {"unit_id": chairs[0]})
        return [
            block(who, start, start.replace(":00:00", ":30:00"), **subject).status_code
            for start, subject in (*spans, unit)
        ]

    trainee, own = colleague(desk, Role.TRAINEE)
    assert statuses(trainee, own) == [403, 403, 403]
    stylist, own = colleague(desk, Role.STYLIST)
    assert statuses(stylist, own) == [201, 403, 403]
    receptionist, own = colleague(desk, Role.RECEPTIONIST)
    assert statuses(receptionist, own) == [201, 201, 201]
    assert statuses(desk, own) == [401, 401, 401]


def test_a_stylist_removes_their_own_blocks_only(desk: Desk, reception: Desk, anna: str) -> None:
    stylist, own = colleague(desk, Role.STYLIST)
    mine = block(stylist, at(8), at(9), staff_id=own).json()["id"]
    annas = block(reception, at(8), at(9), staff_id=anna).json()["id"]

    def remove(block_id: str) -> int:
        path = f"/api/v1/booking/blocks/{block_id}"
        return int(desk.client.delete(path, headers=stylist.headers()).status_code)

    assert [remove(annas), remove(mine)] == [403, 204]


def test_blocks_are_listed_by_day_and_subject(
    reception: Desk, anna: str, chairs: list[str]
) -> None:
    early = block(reception, at(10), at(11), staff_id=anna).json()
    chair = block(reception, at(12), at(13), unit_id=chairs[0]).json()
    late = TUESDAY + timedelta(days=1)
    block(reception, at(10, day=late), at(11, day=late), staff_id=anna)
    over_midnight = block(reception, at(23), at(1, day=late), staff_id=anna).json()

    def listed(day: date, **query: str) -> list[Any]:
        span = {"from": day.isoformat(), "to": day.isoformat()}
        found: list[Any] = reception.get("/booking/blocks", span | query).json()["items"]
        return found

    assert listed(TUESDAY) == [early, chair, over_midnight]
    assert listed(TUESDAY, unit_id=chairs[0]) == [chair]
    assert listed(TUESDAY, staff_id=anna) == [early, over_midnight]
    assert listed(late)[0]["id"] == over_midnight["id"]
    assert len(listed(late)) == 2
    assert listed(TUESDAY + timedelta(days=2)) == []


def test_a_list_of_blocks_costs_the_same_however_many(reception: Desk, anna: str) -> None:
    span = {"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()}

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            items = reception.get("/booking/blocks", span).json()["items"]
        return len(items), len(queries)

    block(reception, at(9), at(10), staff_id=anna)
    one, with_one = cost()
    for hour in (10, 11, 12):
        block(reception, at(hour), at(hour + 1), staff_id=anna)
    assert (one, cost()) == (1, (4, with_one))


def test_the_same_key_blocks_once(reception: Desk, anna: str) -> None:
    body = {"kind": "meeting", "starts_at": at(10), "ends_at": at(11), "staff_id": anna}

    answers = [
        reception.post("/booking/blocks", body, **{"Idempotency-Key": "a-key-of-mine"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


def test_the_journal_knows_every_block(desk: Desk, reception: Desk, anna: str) -> None:
    kept = block(reception, at(8), at(9), staff_id=anna).json()
    gone = block(reception, at(9), at(10), staff_id=anna).json()
    path = f"/api/v1/booking/blocks/{gone['id']}"
    reception.client.delete(path, headers=reception.headers())

    with salon_scope(desk.salon):
        assert list(salon_problems()) == []
        told = JournalEntry.objects.filter(stream="block").order_by("recorded_at")
        assert [(str(entry.stream_id), entry.event, entry.version) for entry in told] == [
            (kept["id"], "booking.block_created", 1),
            (gone["id"], "booking.block_created", 1),
            (gone["id"], "booking.block_removed", 2),
        ]
        assert all(entry.days == [TUESDAY] for entry in told)
        Allocation.objects.all().delete()
        (problem,) = salon_problems()
        assert kept["id"] in problem


def test_another_salon_sees_and_removes_none_of_it(
    reception: Desk, other_desk: Desk, anna: str
) -> None:
    made = block(reception, at(10), at(11), staff_id=anna).json()
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)
    span = {"from": TUESDAY.isoformat(), "to": TUESDAY.isoformat()}

    assert bruno.get("/booking/blocks", span).json()["items"] == []
    path = f"/api/v1/booking/blocks/{made['id']}"
    assert bruno.client.delete(path, headers=bruno.headers()).status_code == 404
    assert block(bruno, at(10), at(11), staff_id=anna).status_code == 422
