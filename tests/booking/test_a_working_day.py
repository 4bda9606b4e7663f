"""A receptionist's day, from opening to the last client, over HTTP alone: what she would do, in
the order in which it comes up, and at the end journal and tables agree."""

from datetime import datetime
from typing import Any

import pytest

from shared_apps.accounts.enums import Role
from shared_apps.core.scope import salon_scope
from tenant_apps.booking.management.commands.verify_journal import salon_problems
from tests.booking.conftest import LONDON, Clock
from tests.booking.visits import CUT, MENS, TINT, hire, staff_of
from tests.desk import Desk

pytestmark = pytest.mark.django_db
MASSAGE = "Massage for two"
ON_PURPOSE = {"codes": ["slot_taken"], "reason": "regular_client"}


class Shift:
    """What she says and what the system answers; whatever is refused unasked fails the day."""

    def __init__(self, desk: Desk, clock: Clock, manager: Desk) -> None:
        self.desk, self.clock, self.manager = desk, clock, manager
        names = {"Anna Owner": "anna", "Beth": "beth", "Cleo": "cleo", "Dora": "dora"}
        team = desk.get("/staff").json()["items"]
        self.staff = {names[person["name"]]: person["id"] for person in team}

    def ask(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.desk.post(f"/booking/{path}", body)
        assert answer.status_code == status, (path, answer.content)
        return answer.json() if answer.content else None

    def line(self, service: str, who: str | None = None, **said: Any) -> dict[str, Any]:
        staff_id = self.staff[who] if who else None
        return {"option_id": self.desk.option(service)["id"], "staff_id": staff_id, **said}

    def book(self, time: tuple[int, int], name: str, *lines: Any, **said: Any) -> Any:
        status = said.pop("status", 201)
        client = {"name": name, "email": f"{name.lower()}@example.com"}
        body = {"starts_at": self.clock.text(*time), "lines": lines, "client": client, **said}
        return self.ask("appointments", body, status)

    def do(self, visit: Any, step: str, body: Any = None) -> Any:
        return self.ask(f"appointments/{visit['id']}/{step}", body)

    def diary(self, **query: str) -> dict[str, Any]:
        day = self.clock.day.isoformat()
        answer = self.desk.get("/booking/diary", {"from": day, "to": day, **query})
        assert answer.status_code == 200, answer.content
        (found,) = answer.json()["days"]
        return {visit["id"]: visit for visit in found["visits"]}

    def hours(self, visit: Any, place: int = 0) -> str:
        """When the client comes and goes."""
        shown = self.diary()[visit["id"]]["lines"][place]["phases"]
        at = [datetime.fromisoformat(phase["starts_at"]).astimezone(LONDON) for phase in shown]
        return f"{min(at):%H:%M}"


@pytest.fixture
def shift(clock: Clock, reception: Desk) -> Shift:
    """Four stylists, three of whom massage, too, two chairs more, a room for two, and a
    receptionist who has signed in."""
    units = [{"kind": "chair", "name": name} for name in ("Chair 3", "Chair 4")]
    room = {"kind": "spa", "name": "Spa for two", "places": 2}
    for path, body in (
        ("unit-kinds", {"code": "spa", "name": "Spa"}),
        *(("units", unit) for unit in (*units, room)),
        ("services", massage(reception)),
    ):
        made = reception.post(f"/catalog/{path}", body)
        assert made.status_code == 201, made.content
    for name in ("Beth", "Cleo", "Dora"):
        hire(reception.salon, name)
    return Shift(staff_of(reception, reception.salon, Role.RECEPTIONIST), clock, reception)


def massage(desk: Desk) -> dict[str, Any]:
    needs = [{"any_of": ["spa"]}]
    phases = [{"kind": "work", "minutes": 60, "needs": needs}]
    levels = {"stylist": {"price": 6000}, "director": {"price": 6000}}
    category = desk.get("/catalog/categories").json()["items"][0]["id"]
    options = [{"phases": phases, "levels": levels}]
    return {"category_id": category, "name": MASSAGE, "options": options}


def test_a_receptionist_runs_a_day(shift: Shift, clock: Clock) -> None:
    clock.move(8, 30)
    mira = colour_with_a_cut_in_its_gap(shift)
    somebody_wants_a_time_that_is_taken(shift)
    a_time_is_held_while_the_client_thinks(shift)
    before_ten = clock.move(9, 30).isoformat()

    beth_is_ill(shift)
    mira_is_served_and_wants_more(shift, mira)
    somebody_walks_in_and_says_their_name_later(shift)
    somebody_does_not_come_and_comes_after_all(shift)
    a_chair_breaks(shift)
    a_couple_comes_for_a_massage(shift)
    a_training_takes_what_is_left_of_the_afternoon(shift)

    clock.move(18, 30)
    assert len(shift.diary()) > len(shift.diary(as_of=before_ten)) > 0
    with salon_scope(shift.desk.salon):
        assert list(salon_problems()) == []


def colour_with_a_cut_in_its_gap(shift: Shift) -> Any:
    """While the tint develops, Anna cuts somebody else's hair."""
    found = shift.ask(
        "availability/search",
        {
            "lines": [shift.line(TINT, "anna")],
            "first_day": shift.clock.day.isoformat(),
            "last_day": shift.clock.day.isoformat(),
            "from_time": "10:00",
            "first_only": True,
        },
    )
    assert found["days"][0]["starts"][0]["starts_at"] == shift.clock.text(10)

    mira = shift.book((10, 0), "Mira", shift.line(TINT, "anna"))
    shift.book((10, 35), "Noah", shift.line(MENS, "anna"))
    return mira


def somebody_wants_a_time_that_is_taken(shift: Shift) -> None:
    """She says why it is, offers what is near, and squeezes a regular in."""
    wanted = shift.line(MENS, "anna")
    refused = shift.book((10, 30), "Olga", wanted, status=409)
    assert refused["code"] == "slot_taken"
    assert refused["alternatives"]
    why = shift.ask(
        "availability/explain", {"starts_at": shift.clock.text(10, 30), "lines": [wanted]}
    )
    assert not why["is_offered"]
    assert {reason["code"] for each in why["candidates"] for reason in each["reasons"]}

    squeezed = shift.book((10, 30), "Olga", wanted, override=ON_PURPOSE)
    assert "overbooked" in shift.diary()[squeezed["id"]]["flags"]
    third = shift.book((10, 30), "Pia", wanted, status=409)
    assert third["code"] == "slot_taken"


def a_time_is_held_while_the_client_thinks(shift: Shift) -> None:
    held = shift.ask(
        "holds", {"starts_at": shift.clock.text(14), "lines": [shift.line(CUT, "beth")]}, 201
    )
    refused = shift.book((14, 0), "Rosa", shift.line(CUT, "beth"), status=409)
    assert refused["code"] == "slot_taken"

    client = {"name": "Quinn", "email": "quinn@example.com"}
    kept = shift.do(held, "confirm", {"hold": held["token"], "client": client})
    assert kept["state"] == "confirmed"


def beth_is_ill(shift: Shift) -> None:
    """Nothing of hers is lost: colleagues take over, and what nobody can have is listed."""
    day = shift.clock.day.isoformat()
    shift.book((11, 0), "Sara", shift.line(CUT, "beth"))
    ill = {"staff_id": shift.staff["beth"], "date": day, "reason": "ill"}

    proposed = shift.ask("appointments/reassign", ill)["lines"]
    moved = shift.ask("appointments/reassign", ill | {"preview": False})["lines"]

    assert [line["outcome"] for line in proposed] == ["proposed", "proposed"]
    assert [line["outcome"] for line in moved] == ["moved", "moved"]
    off = {"kind": "sick", "staff_id": ill["staff_id"], "first_day": day, "last_day": day}
    asked = shift.manager.post("/rota/time-off", off)
    assert asked.status_code == 201, asked.content
    approved = shift.manager.post(f"/rota/time-off/{asked.json()['id']}/approve")
    assert (approved.status_code, approved.json()["outside"]) == (200, [])
    refused = shift.book((15, 0), "Tom", shift.line(MENS, "beth"), status=409)
    assert refused["code"] == "not_offered"


def mira_is_served_and_wants_more(shift: Shift, mira: Any) -> None:
    """She is late, a cut is added behind her colour, and it is done earlier than planned."""
    shift.clock.move(10, 5)
    shift.do(mira, "arrive")
    shift.do(mira, "start")
    more = shift.ask(f"appointments/{mira['id']}/lines", {"line": shift.line(CUT, "anna")}, 201)
    assert [line["state"] for line in more["lines"]] == ["in_service", "arrived"]
    assert shift.hours(mira, 1) == "11:30"

    shift.clock.move(12, 10)
    done = shift.do(mira, "complete")
    assert done["state"] == "completed"
    shift.book((12, 15), "Uma", shift.line(MENS, "anna"))  # it would have taken until 12:25


def somebody_walks_in_and_says_their_name_later(shift: Shift) -> None:
    shift.clock.move(12, 20)
    wait = shift.ask("walk-ins/wait", {"lines": [shift.line(MENS)]})
    assert wait["wait_minutes"] == 0
    walked_in = shift.ask("walk-ins", {"lines": [shift.line(MENS)]}, 201)
    assert walked_in["client"]["name"] == ""

    named = shift.desk.put(
        f"/booking/appointments/{walked_in['id']}/client",
        {"client": {"name": "Vera", "phone": "+44 20 7946 0018"}},
    )
    assert (named.status_code, named.json()["client"]["name"]) == (200, "Vera"), named.content


def somebody_does_not_come_and_comes_after_all(shift: Shift) -> None:
    """What was freed is taken back as it was; what was sold meanwhile is not."""
    late = shift.book((13, 0), "Wanda", shift.line(MENS, "cleo"))
    gone = shift.book((13, 15), "Xenia", shift.line(MENS, "anna"))
    shift.clock.move(13, 10)
    shift.do(late, "no-show")
    assert shift.do(late, "undo")["state"] == "confirmed"

    shift.do(gone, "cancel")
    shift.book((13, 15), "Yara", shift.line(MENS, "anna"))
    refused = shift.ask(f"appointments/{gone['id']}/undo", status=409)
    assert refused["code"] == "slot_taken"


def a_chair_breaks(shift: Shift) -> None:
    """Whoever was to sit there moves to another, at the same time."""
    visit = shift.book((16, 0), "Zoe", shift.line(CUT, "cleo"))
    taken = set(shift.diary()[visit["id"]]["lines"][0]["phases"][0]["unit_ids"])
    units = shift.desk.get("/catalog/units").json()["items"]
    chairs = [unit["id"] for unit in units if unit["kind"] == "chair"]
    other = next(chair for chair in reversed(chairs) if chair not in taken)

    moved = shift.do(
        visit,
        "reschedule",
        {
            "starts_at": visit["starts_at"],
            "units": [{"line_id": visit["lines"][0]["id"], "unit_ids": [other]}],
        },
    )

    assert moved["starts_at"] == visit["starts_at"]
    shown = shift.diary()[visit["id"]]["lines"][0]["phases"][0]
    assert shown["unit_ids"] == [other]
    out = {"kind": "out_of_service", "unit_id": taken.pop(), "rest": True}
    shift.ask("blocks", {**out, **span(shift.clock, 15, 18)}, 201)


def a_couple_comes_for_a_massage(shift: Shift) -> None:
    """In one room, looked after by two; there is no room for anybody else."""
    day = shift.clock.day.isoformat()
    lines = [{"lines": [shift.line(MASSAGE)]}] * 2
    found = shift.ask(
        "availability/parties",
        {"members": lines, "first_day": day, "last_day": day, "from_time": "14:30"},
    )
    starts_at = found["days"][0]["starts"][0]["starts_at"]
    names = [{"name": name, "email": f"{name.lower()}@example.com"} for name in ("Ida", "Jan")]
    members = [{**line, "client": name} for line, name in zip(lines, names, strict=True)]

    party = shift.ask("parties", {"starts_at": starts_at, "members": members}, 201)

    diary = shift.diary()
    (ida, jan) = (diary[visit["id"]]["lines"][0]["phases"][0] for visit in party["appointments"])
    assert ida["unit_ids"] == jan["unit_ids"]
    assert ida["staff_id"] != jan["staff_id"]
    alone = {"starts_at": starts_at, "lines": [shift.line(MASSAGE)]}
    assert shift.ask("appointments", alone, 409)["code"] == "slot_taken"


def a_training_takes_what_is_left_of_the_afternoon(shift: Shift) -> None:
    training = {"kind": "training", "staff_id": shift.staff["cleo"]}
    refused = shift.ask("blocks", {**training, **span(shift.clock, 15, 18)}, 409)
    assert refused["in_the_way"]

    block = shift.ask("blocks", {**training, **span(shift.clock, 15, 18), "rest": True}, 201)

    assert block["parts"]
    assert block["parts"] != [span(shift.clock, 15, 18)]
    refused = shift.book((15, 0), "Lena", shift.line(MENS, "cleo"), status=409)
    assert refused["code"] == "slot_taken"


def span(clock: Clock, first: int, last: int) -> dict[str, str]:
    return {"starts_at": clock.text(first), "ends_at": clock.text(last)}
