"""Somebody is ill: who could take over, and handing everything over in one step."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.enums import Role
from shared_apps.core.revisions import renew
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.booking.models import Allocation, Line, Phase
from tenant_apps.booking.selectors.handover import plan_handover
from tenant_apps.booking.services import reassign
from tenant_apps.catalog.enums import Level
from tenant_apps.catalog.models import Option
from tenant_apps.staff.models import RotaPattern
from tenants.types import SalonCard
from tests.booking.conftest import Clock
from tests.booking.visits import CUT, MENS, TINT, do, hire, staff_of, states, told
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(desk: Desk) -> str:
    return str(desk.get("/staff").json()["items"][0]["id"])


def ask(desk: Desk, clock: Clock, absent: str, **changes: Any) -> Any:
    body = {"staff_id": absent, "date": clock.day.isoformat()} | changes
    return desk.post("/booking/appointments/reassign", body)


def lines(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    found: list[Any] = answer.json()["lines"]
    return found


def outcomes(answer: Any) -> list[tuple[Any, ...]]:
    return [(line["outcome"], line["staff_id"], line["code"]) for line in lines(answer)]


def book_with(desk: Desk, staff_id: str, starts_at: str, *services: str) -> dict[str, Any]:
    asked = [{"option_id": desk.option(name)["id"], "staff_id": staff_id} for name in services]
    answer = desk.book(starts_at, lines=asked)
    assert answer.status_code == 201, answer.content
    visit: dict[str, Any] = answer.json()
    return visit


def test_what_the_absent_were_to_do_is_shown_with_who_could_have_it(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    cut = book_with(reception, anna, clock.text(10), CUT)
    tint = book_with(reception, anna, clock.text(13), TINT)
    beth, cleo = hire(salon, "Beth"), hire(salon, "Cleo", MENS, TINT)
    book_with(reception, cleo, clock.text(16), MENS)

    answer = ask(reception, clock, anna)

    first, second = lines(answer)
    assert answer.json()["timezone"] == "Europe/London"
    assert first == {
        "appointment_id": cut["id"],
        "version": 1,
        "line_id": cut["lines"][0]["id"],
        "option_id": cut["lines"][0]["option_id"],
        "service_name": CUT,
        "option_name": cut["lines"][0]["option_name"],
        "client_name": cut["client"]["name"],
        "starts_at": clock.text(10),
        "ends_at": clock.text(10, 55),
        "price": {"amount": 4800, "currency": "GBP"},
        "requested": True,
        "colleagues": [
            {"staff_id": beth, "name": "Beth", "price": {"amount": 4800, "currency": "GBP"}}
        ],
        "staff_id": beth,
        "outcome": "proposed",
        "code": "",
    }
    assert (second["appointment_id"], second["requested"]) == (tint["id"], True)
    assert [each["staff_id"] for each in second["colleagues"]] == [beth, cleo]
    assert told(salon) == ["appointment_booked"] * 3


def test_everything_goes_in_one_step_at_the_agreed_price(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    visit = book_with(reception, anna, clock.text(10), TINT)
    beth = hire(salon, "Beth")

    answer = ask(reception, clock, anna, preview=False, reason="ill")

    assert outcomes(answer) == [("moved", beth, "")]
    now = reception.get(f"/booking/appointments/{visit['id']}").json()
    (line,) = now["lines"]
    assert (line["staff_id"], line["staff_name"], now["version"]) == (beth, "Beth", 2)
    assert (now["starts_at"], now["total"]) == (visit["starts_at"], visit["total"])
    assert told(salon) == ["appointment_booked", "line_reassigned"]
    with salon_scope(salon):
        entry = JournalEntry.objects.get(event="booking.line_reassigned")
        assert (entry.data["reason"], entry.days) == ("ill", [clock.day])
        taken = Allocation.objects.filter(staff__isnull=False)
        assert {str(each.staff_id) for each in taken} == {beth}
        assert all(each.shared_by == each.pk for each in taken)
        assert len(taken) == 3
        assert str(Line.objects.get().requested_staff_id) == anna
        assert set(Phase.objects.exclude(staff=None).values_list("staff", flat=True)) == {
            UUID(beth)
        }
    assert outcomes(ask(reception, clock, anna, preview=False)) == []
    assert reception.book(clock.text(10), CUT).status_code == 201  # with Anna, should she come


def test_a_colleague_needs_the_minutes_of_work_only(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    """While the tint develops from 10:35 to 11:10 Beth cuts somebody else's hair."""
    book_with(reception, anna, clock.text(10), TINT)
    beth = hire(salon, "Beth")
    book_with(reception, beth, clock.text(10, 35), MENS)

    assert outcomes(ask(reception, clock, anna, preview=False)) == [("moved", beth, "")]
    assert told(salon)[-1] == "line_reassigned"


def test_nobody_gets_two_things_at_once(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    """Anna was overbooked; there is one Beth."""
    book_with(reception, anna, clock.text(10), CUT)
    asked = [{"option_id": reception.option(MENS)["id"], "staff_id": anna}]
    override = {"codes": ["slot_taken"], "reason": "regular"}
    answer = reception.book(clock.text(10, 15), lines=asked, override=override)
    assert answer.status_code == 201, answer.content
    beth = hire(salon, "Beth")

    answer = ask(reception, clock, anna, preview=False)

    assert outcomes(answer) == [("moved", beth, ""), ("stays", None, "nobody_free")]
    assert told(salon)[-1] == "line_reassigned"


def test_a_visit_goes_as_a_whole_or_stays(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    two = book_with(reception, anna, clock.text(10), CUT, TINT)
    one = book_with(reception, anna, clock.text(15), CUT)
    beth = hire(salon, "Beth", CUT)

    answer = ask(reception, clock, anna, preview=False)

    assert [line["appointment_id"] for line in lines(answer)] == [two["id"], two["id"], one["id"]]
    assert outcomes(answer) == [
        ("stays", beth, "nobody_free"),
        ("stays", None, "nobody_free"),
        ("moved", beth, ""),
    ]
    assert told(salon).count("line_reassigned") == 1


def test_the_nearest_price_is_proposed_first(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    book_with(reception, anna, clock.text(10), CUT)
    with salon_scope(salon):
        cut = Option.objects.get(service__name=CUT)
        cut.levels = cut.levels | {"director": cut.levels["stylist"] | {"price": 9000}}
        cut.save(update_fields=["levels"])
    dora, beth = hire(salon, "Dora", level=Level.DIRECTOR), hire(salon, "Beth")

    (line,) = lines(ask(reception, clock, anna))

    assert [(each["staff_id"], each["price"]["amount"]) for each in line["colleagues"]] == [
        (beth, 4800),
        (dora, 9000),
    ]


def test_reception_chooses_and_we_propose_the_rest(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    cut = book_with(reception, anna, clock.text(10), CUT)["lines"][0]["id"]
    tint = book_with(reception, anna, clock.text(11), TINT)["lines"][0]["id"]
    men = book_with(reception, anna, clock.text(16), MENS)["lines"][0]["id"]
    beth, cleo = hire(salon, "Beth"), hire(salon, "Cleo")
    choices = [{"line_id": men, "staff_id": None}, {"line_id": cut, "staff_id": cleo}]

    answer = ask(reception, clock, anna, preview=False, choices=choices)

    assert [(line["line_id"], line["outcome"], line["staff_id"]) for line in lines(answer)] == [
        (cut, "moved", cleo),
        (tint, "moved", beth),
        (men, "stays", None),
    ]
    assert told(salon).count("line_reassigned") == 2


def test_a_choice_that_cannot_be_says_why(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    first = book_with(reception, anna, clock.text(10), CUT)["lines"][0]["id"]
    second = book_with(reception, anna, clock.text(14), CUT)["lines"][0]["id"]
    busy, away = hire(salon, "Beth"), hire(salon, "Cleo")
    book_with(reception, busy, clock.text(10, 30), CUT)
    with salon_scope(salon):
        RotaPattern.objects.filter(member_id=UUID(away)).update(weeks=[[[1, 540, 720]]])
        renew()
    choices = [{"line_id": first, "staff_id": busy}, {"line_id": second, "staff_id": away}]

    answer = ask(reception, clock, anna, preview=False, choices=choices)

    assert outcomes(answer) == [("stays", None, "slot_taken"), ("stays", None, "not_offered")]
    assert "line_reassigned" not in told(salon)


def test_who_was_taken_meanwhile_leaves_that_visit_and_the_others_go(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the plan and the first move somebody books Beth at ten."""
    book_with(reception, anna, clock.text(10), CUT)
    gone = book_with(reception, anna, clock.text(12), CUT)
    book_with(reception, anna, clock.text(14), CUT)
    beth = hire(salon, "Beth")

    def plan_and_lose(*args: Any, **kwargs: Any) -> Any:
        planned = plan_handover(*args, **kwargs)
        book_with(reception, beth, clock.text(10, 30), MENS)
        do(reception, gone, "start")
        return planned

    monkeypatch.setattr(reassign, "plan_handover", plan_and_lose)

    answer = ask(reception, clock, anna, preview=False)

    assert outcomes(answer) == [
        ("stays", beth, "slot_taken"),
        ("stays", beth, "wrong_state"),
        ("moved", beth, ""),
    ]
    assert told(salon)[-1] == "line_reassigned"


def test_only_what_is_still_to_come_is_handed_over(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    over = book_with(reception, anna, clock.text(9), MENS)
    running = book_with(reception, anna, clock.text(10), CUT)
    cancelled = book_with(reception, anna, clock.text(12), CUT)
    tomorrow = book_with(reception, anna, clock.text(9, days=1), CUT)
    later = book_with(reception, anna, clock.text(15), CUT)
    do(reception, cancelled, "cancel")
    clock.move(10, 5)
    do(reception, running, "start")
    hire(salon, "Beth")

    on_the_day = lines(ask(reception, clock, anna))
    span = {"date": None, "from": clock.day.isoformat()}
    both_days = lines(
        ask(reception, clock, anna, **span, to=(clock.day + timedelta(days=1)).isoformat())
    )

    assert [line["appointment_id"] for line in on_the_day] == [later["id"]]
    assert [line["appointment_id"] for line in both_days] == [later["id"], tomorrow["id"]]
    assert over["id"] not in str(both_days)


def test_after_a_handover_a_step_is_taken_back_and_the_colleague_stays(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    visit = book_with(reception, anna, clock.text(10), CUT, MENS)
    beth = hire(salon, "Beth")
    do(reception, visit, "arrive")
    ask(reception, clock, anna, preview=False)

    undone = do(reception, visit, "undo")

    assert states(undone) == ("confirmed", "confirmed", "confirmed")
    assert {line["staff_id"] for line in undone.json()["lines"]} == {beth}
    assert told(salon)[-1] == "status_undone"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date": None}, "date"),
        ({"from": "2026-12-01"}, "date"),
        ({"date": None, "from": "2026-12-02", "to": "2026-12-01"}, "to"),
        ({"date": None, "from": "2026-12-01", "to": "2027-12-01"}, "to"),
        ({"date": "someday"}, "date"),
        ({"staff_id": str(uuid4())}, "staff_id"),
        ({"reason": "lazy"}, "reason"),
        ({"surprise": 1}, "surprise"),
        ({"choices": [{"line_id": str(uuid4()), "staff_id": None}]}, "choices.0.line_id"),
        ({"choices": [{"line_id": "one", "staff_id": None}]}, "choices.0.line_id"),
        ({"choices": [{"line_id": "LINE", "staff_id": "ANNA"}]}, "choices.0.staff_id"),
        ({"choices": [{"line_id": "LINE", "staff_id": None}] * 2}, "choices.1.line_id"),
    ],
)
def test_a_bad_request_names_its_field_and_nothing_happens(
    clock: Clock,
    reception: Desk,
    salon: SalonCard,
    anna: str,
    change: dict[str, Any],
    field: str,
) -> None:
    line = book_with(reception, anna, clock.text(10), CUT)["lines"][0]["id"]
    hire(salon, "Beth")
    names = {"LINE": line, "ANNA": anna}
    if "choices" in change:
        change = {
            "choices": [
                {key: names.get(str(value), value) for key, value in choice.items()}
                for choice in change["choices"]
            ]
        }

    answer = ask(reception, clock, anna, preview=False, **change)

    assert answer.status_code == 422, answer.content
    assert list(answer.json()["fields"]) == [field]
    assert told(salon) == ["appointment_booked"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.MANAGER, 200),
        (Role.RECEPTIONIST, 200),
        (Role.STYLIST, 403),
        (Role.TRAINEE, 403),
        (None, 401),
    ],
)
def test_who_may_hand_over(
    clock: Clock, desk: Desk, salon: SalonCard, anna: str, role: Role | None, status: int
) -> None:
    caller = staff_of(desk, salon, role) if role else desk
    assert ask(caller, clock, anna).status_code == status


def test_the_team_of_another_salon_is_unknown(
    clock: Clock, reception: Desk, other_desk: Desk, anna: str, salon: SalonCard
) -> None:
    book_with(reception, anna, clock.text(10), CUT)
    hire(salon, "Beth")
    bruno = other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)

    answer = ask(bruno, clock, anna, preview=False)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["staff_id"])
    assert told(salon) == ["appointment_booked"]


def test_many_lines_cost_no_more_questions_than_one(
    clock: Clock, reception: Desk, salon: SalonCard, anna: str
) -> None:
    hire(salon, "Beth")
    asked = []
    for hours in ((9,), (10, 11, 13, 14)):
        for hour in hours:
            book_with(reception, anna, clock.text(hour), MENS)
        ask(reception, clock, anna)
        with CaptureQueriesContext(connection) as queries:
            ask(reception, clock, anna)
        asked.append(len(queries))
    assert len(lines(ask(reception, clock, anna))) == 5
    assert asked[0] == asked[1]
