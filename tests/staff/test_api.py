"""The team, its rota and its time off, over HTTP."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.enums import Role
from shared_apps.accounts.services import hash_password, open_account
from shared_apps.core.actor import Channel, system
from shared_apps.core.scope import salon_scope
from shared_apps.journal.models import JournalEntry
from tenant_apps.catalog.enums import Level
from tenant_apps.staff.models import Member, RotaDay, RotaPattern, TimeOff
from tenant_apps.staff.permissions import EDIT_TEAM
from tenant_apps.staff.services.team import add_member
from tests.desk import Desk
from tests.make_template import OWNER_PASSWORD

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 12, 7)
TUESDAY = MONDAY + timedelta(days=1)
CONSOLE = system(Channel.COMMAND, permissions=frozenset({EDIT_TEAM}))
PASSWORD = "four ribbons on a hat"
NINE_TO_SIX = [{"weekday": 0, "from": 540, "to": 1080}]
NOBODY = str(UUID(int=7))


@pytest.fixture
def owner(desk: Desk) -> Desk:
    return desk.sign_in("anna@example.com", OWNER_PASSWORD)


@pytest.fixture
def bruno(other_desk: Desk) -> Desk:
    return other_desk.sign_in("bruno@example.com", OWNER_PASSWORD)


@pytest.fixture
def anna(desk: Desk) -> str:
    with salon_scope(desk.salon):
        return str(Member.objects.get().pk)


def colleague(desk: Desk, role: Role = Role.STYLIST) -> tuple[Desk, str]:
    """Somebody else of the team, signed in, and their id."""
    email = f"{role}@example.com"
    with salon_scope(desk.salon):
        account = open_account(
            email=email,
            name="Beth",
            password_hash=hash_password(PASSWORD),
            roles=[role],
            actor=CONSOLE,
            language="en",
        )
        member = add_member(
            name="Beth",
            level=Level.STYLIST,
            option_ids=[],
            position=1,
            account_id=account.pk,
            actor=CONSOLE,
        )
    return desk.sign_in(email, PASSWORD), str(member.pk)


def rota_of(desk: Desk, staff_id: str, day: date = MONDAY) -> dict[str, Any]:
    response = desk.get("/rota", {"from": day, "to": day, "staff_id": staff_id})
    assert response.status_code == 200, response.content
    (member,) = response.json()["members"]
    (found,) = member["days"]
    return dict(found)


def hours(spans: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(span["starts_at"][11:16], span["ends_at"][11:16]) for span in spans]


# The rota


def test_the_rota_says_who_works_when_and_why(owner: Desk, anna: str) -> None:
    found = rota_of(owner, anna)

    assert found["date"] == "2026-12-07"
    assert hours(found["work"]) == hours(found["rostered"]) == [("09:00", "18:00")]
    assert found["work"][0]["starts_at"] == "2026-12-07T09:00:00+00:00"
    with salon_scope(owner.salon):
        assert found["rostered"][0]["row_id"] == str(RotaPattern.objects.get().pk)
    assert found["opened"][0]["row_id"] is None
    assert (found["off"], found["breaks"], found["dated_id"]) == ([], [], None)


def test_the_rota_says_when_the_salon_is_open_and_why_not(owner: Desk) -> None:
    owner.post("/rota/closures", {"date": "2026-12-07", "reason": "works"})
    owner.put("/rota/special-hours/2026-12-08", {"spans": [{"from": 600, "to": 1500}]})

    days = owner.get("/rota", {"from": MONDAY, "to": TUESDAY}).json()["days"]

    assert [(d["closed_for"], d["is_special"], hours(d["opened"])) for d in days] == [
        ("works", False, []),
        (None, True, [("10:00", "01:00")]),
    ]


def test_a_pattern_is_set_from_a_day_on(owner: Desk, anna: str) -> None:
    pattern = {
        "anchor": "2026-11-30",
        "weeks": [[], [{"weekday": 0, "from": 600, "to": 1020}]],
        "breaks": [
            {"weekday": 0, "from": 720, "to": 750},
            {"weekday": 0, "from": 840, "to": 960, "minutes": 15},
        ],
    }

    response = owner.put(f"/rota/members/{anna}/patterns/2026-12-07", pattern)

    assert (response.status_code, response.json()) == (200, {"outside": []})
    found = rota_of(owner, anna)
    assert hours(found["work"]) == [("10:00", "12:00"), ("12:30", "17:00")]
    assert hours(found["breaks"]) == [("12:00", "12:30")]
    assert (hours(found["floating"]), found["floating"][0]["minutes"]) == ([("14:00", "16:00")], 15)
    assert rota_of(owner, anna, MONDAY + timedelta(days=7))["work"] == []
    assert hours(rota_of(owner, anna, MONDAY - timedelta(days=7))["work"]) == [("09:00", "18:00")]


def test_a_pattern_that_began_on_the_same_day_is_rewritten(owner: Desk, anna: str) -> None:
    path = f"/rota/members/{anna}/patterns/2026-12-07"
    for end in (960, 1020):
        week = [{"weekday": 0, "from": 600, "to": end}]
        assert owner.put(path, {"anchor": "2026-11-30", "weeks": [week]}).status_code == 200

    assert hours(rota_of(owner, anna)["work"]) == [("10:00", "17:00")]
    with salon_scope(owner.salon):
        row = RotaPattern.objects.get(valid_from=MONDAY)
        entries = JournalEntry.objects.filter(stream_id=row.pk).order_by("version")
        assert [entry.version for entry in entries] == [1, 2] == [1, row.version]


def test_a_day_is_different_until_it_is_cleared(owner: Desk, anna: str) -> None:
    path = f"/rota/members/{anna}/days/2026-12-07"

    owner.put(path, {"added": [{"from": 1080, "to": 1140}], "open_anyway": True})
    owner.put(path, {"removed": [{"from": 540, "to": 600}], "breaks": [{"from": 720, "to": 780}]})

    found = rota_of(owner, anna)
    assert hours(found["work"]) == [("10:00", "12:00"), ("13:00", "18:00")]
    assert (found["open_anyway"], UUID(found["dated_id"]).version) == (False, 7)
    assert owner.delete(path).json() == {"outside": []}
    assert hours(rota_of(owner, anna)["work"]) == [("09:00", "18:00")]
    assert owner.delete(path).status_code == 404


def test_a_closed_day_is_opened_again(owner: Desk, anna: str) -> None:
    closure = {"date": "2026-12-07", "reason": "holiday"}
    owner.post("/rota/closures", closure)

    again = owner.post("/rota/closures", closure)

    assert rota_of(owner, anna)["work"] == []
    assert (again.status_code, again.json()["code"]) == (409, "day_already_closed")
    assert owner.delete("/rota/closures/2026-12-07").json() == {"outside": []}
    assert hours(rota_of(owner, anna)["work"]) == [("09:00", "18:00")]
    assert owner.delete("/rota/closures/2026-12-07").status_code == 404


def test_hours_and_special_hours_bound_the_work(owner: Desk, anna: str) -> None:
    owner.put("/rota/hours", {"week": [{"weekday": 0, "from": 600, "to": 960}]})
    assert hours(rota_of(owner, anna)["work"]) == [("10:00", "16:00")]

    owner.put("/rota/special-hours/2026-12-07", {"spans": [{"from": 600, "to": 720}]})
    assert hours(rota_of(owner, anna)["work"]) == [("10:00", "12:00")]

    assert owner.delete("/rota/special-hours/2026-12-07").status_code == 200
    assert hours(rota_of(owner, anna)["work"]) == [("10:00", "16:00")]
    assert owner.delete("/rota/special-hours/2026-12-07").status_code == 404


def test_what_is_written_down_comes_back_as_it_was_sent(owner: Desk, anna: str) -> None:
    pattern = {
        "anchor": "2026-11-30",
        "weeks": [NINE_TO_SIX, []],
        "breaks": [
            {"weekday": 0, "from": 720, "to": 750, "minutes": None},
            {"weekday": 4, "from": 840, "to": 960, "minutes": 15},
        ],
        "valid_until": "2027-06-30",
    }
    day = {
        "replaced": [{"from": 600, "to": 1500}],
        "added": [],
        "removed": [{"from": 700, "to": 710}],
        "breaks": [{"from": 720, "to": 900, "minutes": 30}],
        "open_anyway": True,
    }
    spans = [{"from": 600, "to": 1500}]
    for path, body in {
        f"/rota/members/{anna}/patterns/2026-12-07": pattern,
        f"/rota/members/{anna}/days/2026-12-08": day,
        "/rota/special-hours/2026-12-08": {"spans": spans},
        "/rota/hours": {"week": NINE_TO_SIX},
    }.items():
        assert owner.put(path, body).status_code == 200
    owner.post("/rota/closures", {"date": "2026-12-07", "reason": "works"})

    plan = owner.get("/rota/plan", {"from": MONDAY, "to": TUESDAY}).json()

    assert plan["hours"] == NINE_TO_SIX
    assert plan["closures"] == [{"date": "2026-12-07", "reason": "works"}]
    assert plan["special_hours"] == [{"date": "2026-12-08", "spans": spans}]
    (member,) = plan["members"]
    assert (member["staff_id"], member["name"]) == (anna, "Anna Owner")
    first, second = member["patterns"]
    assert first["valid_until"] is None
    assert second == pattern | {"id": second["id"], "valid_from": "2026-12-07"}
    assert member["days"] == [day | {"id": member["days"][0]["id"], "date": "2026-12-08"}]
    later = {"from": "2026-12-09", "to": "2026-12-09"}
    assert owner.get("/rota/plan", later).json() | {"members": [], "hours": []} == {
        "hours": [],
        "closures": [],
        "special_hours": [],
        "members": [],
    }


def test_a_visit_left_outside_is_in_the_answer(owner: Desk, anna: str) -> None:
    start = next(s["starts_at"] for s in owner.starts("Men’s cut") if "T10:00" in s["starts_at"])
    visit = owner.book(start, "Men’s cut").json()

    response = owner.post("/rota/closures", {"date": start[:10], "reason": "works"})

    (entry,) = response.json()["outside"]
    assert entry["appointment_id"] == visit["id"]
    assert entry["line_id"] == visit["lines"][0]["id"]
    assert (entry["staff_id"], entry["staff_name"]) == (anna, "Anna Owner")
    assert (entry["service_name"], entry["client_name"]) == ("Men’s cut", visit["client"]["name"])
    assert (entry["starts_at"], entry["state"]) == (start, "confirmed")
    assert owner.get(f"/booking/appointments/{visit['id']}").json()["state"] == "confirmed"


def test_whose_visits_are_outside_can_be_asked_at_any_time(
    owner: Desk, bruno: Desk, anna: str
) -> None:
    start = next(s["starts_at"] for s in owner.starts("Men’s cut") if "T10:00" in s["starts_at"])
    visit = owner.book(start, "Men’s cut").json()
    _stylist, beth = colleague(owner)
    span = {"from": start[:10], "to": start[:10]}

    def outside(desk: Desk, **query: Any) -> list[str]:
        found = desk.get("/rota/outside", span | query).json()["outside"]
        return [entry["appointment_id"] for entry in found]

    assert outside(owner) == []
    owner.patch(f"/staff/members/{anna}", {"is_active": False})
    assert outside(owner) == outside(owner, staff_id=[anna, beth]) == [visit["id"]]
    assert outside(owner, staff_id=beth) == outside(bruno) == []
    too_long = owner.get("/rota/outside", {"from": "2026-12-01", "to": "2027-12-02"})
    assert list(too_long.json()["fields"]) == ["to"]


GOOD_PATTERN = {"anchor": "2026-11-30", "weeks": [NINE_TO_SIX]}


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("put", "/rota/members/{anna}/patterns/2026-12-07", {"anchor": "2026-12-01"}, "anchor"),
        ("put", "/rota/members/{anna}/patterns/2026-12-07", {"weeks": []}, "weeks"),
        ("put", "/rota/members/{anna}/patterns/2026-12-07", {"weeks": [[]] * 9}, "weeks"),
        (
            *("put", "/rota/members/{anna}/patterns/2026-12-07"),
            *({"valid_until": "2026-12-06"}, "valid_until"),
        ),
        (
            *("put", "/rota/members/{anna}/patterns/2026-12-07"),
            *({"weeks": [[{"weekday": 0, "from": 600, "to": 540}]]}, "weeks.0.0"),
        ),
        (
            *("put", "/rota/members/{anna}/patterns/2026-12-07"),
            *({"weeks": [[{"weekday": 7, "from": 1, "to": 2}]]}, "weeks.0.0.weekday"),
        ),
        (
            *("put", "/rota/members/{anna}/patterns/2026-12-07"),
            *({"breaks": [{"weekday": 0, "from": 1, "to": 9, "minutes": 10}]}, "breaks.0"),
        ),
        ("put", "/rota/members/{anna}/patterns/1850-01-01", {}, "valid_from"),
        ("put", "/rota/members/{anna}/patterns/soon", {}, "valid_from"),
        ("put", "/rota/members/{anna}/days/2026-12-07", {}, "replaced"),
        ("put", "/rota/members/{anna}/days/2026-13-07", {"open_anyway": True}, "day"),
        (
            *("put", "/rota/members/{anna}/days/2026-12-07"),
            *({"added": [{"from": 0, "to": 2881}]}, "added.0.to"),
        ),
        (
            *("put", "/rota/members/{anna}/days/2026-12-07"),
            *({"removed": [{"from": 60, "to": 60}]}, "removed.0"),
        ),
        ("put", "/rota/hours", {"week": [{"weekday": 0, "from": 60, "to": 60}]}, "week.0"),
        ("put", "/rota/hours", {"week": 5}, "week"),
        ("put", "/rota/special-hours/2026-12-07", {"spans": []}, "spans"),
        ("post", "/rota/closures", {"date": "2026-12-07", "reason": "because"}, "reason"),
        ("post", "/rota/closures", {"date": "9999-12-31", "reason": "works"}, "date"),
        (
            *("post", "/rota/time-off"),
            *({"kind": "sick", "first_day": "2026-12-08", "last_day": "2026-12-07"}, "last_day"),
        ),
        (
            *("post", "/rota/time-off"),
            *({"kind": "sick", "first_day": "2026-12-08", "last_day": "2027-12-09"}, "last_day"),
        ),
        (
            "post",
            "/rota/time-off",
            {
                "kind": "sick",
                "first_day": "2026-12-07",
                "last_day": "2026-12-07",
                "from_minute": 600,
                "until_minute": 600,
            },
            "until_minute",
        ),
        (
            *("post", "/rota/time-off"),
            *({"kind": "bored", "first_day": "2026-12-08", "last_day": "2026-12-08"}, "kind"),
        ),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_named_and_changes_nothing(
    owner: Desk, anna: str, method: str, path: str, body: Any, field: str
) -> None:
    if "patterns" in path:
        body = GOOD_PATTERN | body
    before = rota_of(owner, anna)

    response = getattr(owner, method)(path.format(anna=anna), body)

    assert (response.status_code, list(response.json()["fields"])) == (422, [field])
    assert rota_of(owner, anna) == before
    with salon_scope(owner.salon):
        assert not TimeOff.objects.exists()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"to": "2026-12-06"}, "to"),
        ({"to": "2027-01-07"}, "to"),
        ({"from": "1850-01-01"}, "from"),
        ({"staff_id": "anna"}, "staff_id.0"),
    ],
    ids=str,
)
def test_a_bad_question_names_its_field(owner: Desk, query: dict[str, str], field: str) -> None:
    response = owner.get("/rota", {"from": "2026-12-07", "to": "2026-12-07"} | query)

    assert (response.status_code, list(response.json()["fields"])) == (422, [field])


# Time off


def ask(desk: Desk, day: date = MONDAY, **changes: Any) -> Any:
    body = {"kind": "holiday", "first_day": day.isoformat(), "last_day": day.isoformat()}
    return desk.post("/rota/time-off", body | changes)


def test_time_off_counts_once_it_is_approved(owner: Desk, anna: str) -> None:
    asked = ask(owner)
    assert (asked.status_code, asked.json()["state"]) == (201, "requested")
    assert asked.json()["staff_id"] == anna
    assert hours(rota_of(owner, anna)["work"]) == [("09:00", "18:00")]

    approved = owner.post(f"/rota/time-off/{asked.json()['id']}/approve")

    assert (approved.status_code, approved.json()) == (200, {"outside": []})
    found = rota_of(owner, anna)
    assert (found["work"], hours(found["off"])) == ([], [("09:00", "18:00")])
    assert found["off"][0]["row_id"] == asked.json()["id"]
    assert owner.post(f"/rota/time-off/{asked.json()['id']}/withdraw").status_code == 200
    assert hours(rota_of(owner, anna)["work"]) == [("09:00", "18:00")]


def test_what_is_declined_changes_nothing_and_is_settled(owner: Desk, anna: str) -> None:
    path = f"/rota/time-off/{ask(owner).json()['id']}"

    declined = owner.post(f"{path}/decline")

    assert (declined.status_code, declined.json()["state"]) == (200, "declined")
    assert declined.json()["decided_at"]
    for verb in ("approve", "decline", "withdraw"):
        again = owner.post(f"{path}/{verb}")
        assert (again.status_code, again.json()["code"]) == (409, "time_off_settled")
        assert again.json()["state"] == "declined"
    assert hours(rota_of(owner, anna)["work"]) == [("09:00", "18:00")]


def test_somebody_asks_for_themself_and_a_manager_for_anybody(owner: Desk, anna: str) -> None:
    stylist, beth = colleague(owner)

    assert ask(stylist).json()["staff_id"] == beth
    assert ask(stylist, staff_id=beth).status_code == 201
    assert ask(stylist, staff_id=anna).status_code == 403
    assert ask(owner, staff_id=beth).json()["staff_id"] == beth
    assert ask(owner, staff_id=NOBODY).json()["code"] == "member_not_found"


def test_whoever_is_not_in_the_team_has_nothing_to_ask_for(owner: Desk) -> None:
    stylist, beth = colleague(owner)
    owner.patch(f"/staff/members/{beth}", {"is_active": False})

    assert (ask(stylist).status_code, ask(stylist).json()["code"]) == (404, "member_not_found")


def test_why_somebody_is_off_is_not_for_everybody(owner: Desk, anna: str) -> None:
    stylist, beth = colleague(owner)
    hers, own = ask(owner, kind="sick").json(), ask(stylist).json()
    span = {"from": MONDAY, "to": TUESDAY}

    def listed(desk: Desk, **query: Any) -> list[str]:
        items = desk.get("/rota/time-off", span | query).json()["items"]
        return [item["id"] for item in items]

    assert listed(owner) == [hers["id"], own["id"]]
    assert listed(stylist) == [own["id"]]
    assert listed(stylist, staff_id=anna) == []
    assert listed(owner, staff_id=beth) == [own["id"]]
    assert listed(owner, state="approved") == []
    assert listed(owner, **{"from": TUESDAY}) == []


def test_only_what_is_not_approved_yet_is_ones_own_to_take_back(owner: Desk) -> None:
    stylist, _beth = colleague(owner)
    first, second, foreign = ask(stylist).json(), ask(stylist).json(), ask(owner).json()
    owner.post(f"/rota/time-off/{second['id']}/approve")

    codes = [
        stylist.post(f"/rota/time-off/{asked['id']}/withdraw").status_code
        for asked in (first, second, foreign)
    ]

    assert codes == [200, 403, 404]
    with salon_scope(owner.salon):
        states = dict(TimeOff.objects.values_list("id", "state"))
        assert states == {
            UUID(first["id"]): "withdrawn",
            UUID(second["id"]): "approved",
            UUID(foreign["id"]): "requested",
        }


def test_the_same_request_twice_is_one_time_off(owner: Desk) -> None:
    body = {"kind": "holiday", "first_day": "2026-12-07", "last_day": "2026-12-07"}
    headers = {"Idempotency-Key": str(uuid4())}

    first, second = (owner.post("/rota/time-off", body, **headers) for _ in range(2))

    assert first.json() == second.json()
    with salon_scope(owner.salon):
        assert TimeOff.objects.count() == 1


def test_the_journal_knows_that_somebody_is_off_and_not_why(owner: Desk) -> None:
    path = f"/rota/time-off/{ask(owner, kind='sick').json()['id']}"
    for verb in ("approve", "withdraw"):
        owner.post(f"{path}/{verb}")

    with salon_scope(owner.salon):
        entries = list(JournalEntry.objects.filter(stream="time_off").order_by("version"))
    assert [(entry.event, entry.version) for entry in entries] == [
        ("staff.time_off_requested", 1),
        ("staff.time_off_approved", 2),
        ("staff.time_off_withdrawn", 3),
    ]
    assert [entry.days for entry in entries] == [[MONDAY]] * 3
    assert "sick" not in str([entry.data for entry in entries])


# Holidays


def test_holidays_are_proposed_until_the_day_is_closed(owner: Desk, bruno: Desk) -> None:
    span = {"from": "2026-12-01", "to": "2026-12-31"}

    def proposed(desk: Desk, language: str) -> list[tuple[str, str]]:
        response = desk.get("/rota/holiday-proposals", span, **{"Accept-Language": language})
        return [(item["date"], item["name"]) for item in response.json()["items"]]

    assert proposed(owner, "en") == [
        ("2026-12-25", "Christmas Day"),
        ("2026-12-26", "Boxing Day"),
        ("2026-12-28", "Boxing Day (observed)"),
    ]
    assert ("2026-12-24", "Wigilia Bożego Narodzenia") in proposed(bruno, "pl")
    owner.post("/rota/closures", {"date": "2026-12-25", "reason": "holiday"})
    assert [day for day, _name in proposed(owner, "en")] == ["2026-12-26", "2026-12-28"]


# The team


def options(desk: Desk) -> list[str]:
    return [desk.option("Men’s cut")["id"], desk.option("Root tint")["id"]]


def test_somebody_joins_the_team_and_is_changed(owner: Desk) -> None:
    cut, tint = options(owner)
    new = {"name": "Beth", "level": "senior", "languages": ["en", "pl"], "option_ids": [cut]}

    joined = owner.post("/staff/members", new)

    assert joined.status_code == 201
    member = joined.json()
    assert member["option_ids"] == [cut]
    assert (member["version"], member["is_active"], member["account_id"]) == (1, True, None)
    path, person = f"/staff/members/{member['id']}", str(uuid4())
    change = {"version": 1, "level": "director", "option_ids": [tint], "person_id": person}
    changed = owner.patch(path, change | {"is_online": False})
    expected = {"version": 2, "level": "director", "option_ids": [tint], "is_online": False}
    assert owner.get(path).json() == member | expected | {"person_id": person}
    assert changed.json() == owner.get(path).json() | {"outside": []}
    assert owner.patch(path, {"person_id": None}).json()["person_id"] is None
    assert owner.patch(path, {}).json()["version"] == 3
    with salon_scope(owner.salon):
        entries = JournalEntry.objects.filter(stream="member", stream_id=member["id"])
        facts = [entry.data for entry in entries.order_by("version")]
    assert facts[1]["changed"] == ["level", "is_online", "person_id", "option_ids"]
    assert facts[2]["changed"] == ["person_id"]
    assert "Beth" not in str(facts)


def test_a_change_of_an_older_version_is_refused(owner: Desk, anna: str) -> None:
    owner.patch(f"/staff/members/{anna}", {"title": "Boss"})

    response = owner.patch(f"/staff/members/{anna}", {"title": "Chief", "version": 1})

    assert (response.status_code, response.json()["code"]) == (409, "stale")
    assert response.json()["version"] == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"level": "wizard"}, "level"),
        ({"option_ids": [NOBODY]}, "option_ids"),
        ({"languages": ["english"]}, "languages.0"),
        ({"position": -1}, "position"),
        ({"shoe_size": 39}, "shoe_size"),
    ],
    ids=str,
)
def test_bad_facts_of_a_member_are_named(
    owner: Desk, anna: str, change: dict[str, Any], field: str
) -> None:
    for response in (
        owner.post("/staff/members", {"name": "Beth"} | change),
        owner.patch(f"/staff/members/{anna}", change),
    ):
        assert (response.status_code, list(response.json()["fields"])) == (422, [field])
    with salon_scope(owner.salon):
        assert Member.objects.get().version == 1


def test_an_account_signs_in_as_one_member(owner: Desk) -> None:
    _stylist, beth = colleague(owner)
    account_id = owner.get(f"/staff/members/{beth}").json()["account_id"]

    taken = owner.post("/staff/members", {"name": "Carl", "account_id": account_id})
    unknown = owner.post("/staff/members", {"name": "Carl", "account_id": NOBODY})

    assert (taken.status_code, taken.json()["code"]) == (409, "account_has_member")
    assert (unknown.status_code, list(unknown.json()["fields"])) == (422, ["account_id"])


def test_whoever_leaves_leaves_visits_behind_that_are_listed(owner: Desk, anna: str) -> None:
    visit = owner.book(owner.first_start("Men’s cut"), "Men’s cut").json()
    assert owner.patch(f"/staff/members/{anna}", {"title": "Boss"}).json()["outside"] == []

    left = owner.patch(f"/staff/members/{anna}", {"is_active": False}).json()

    (entry,) = left["outside"]
    assert (left["is_active"], left["version"]) == (False, 3)
    assert (entry["appointment_id"], entry["staff_name"]) == (visit["id"], "Anna Owner")
    assert (entry["starts_at"], entry["client_name"]) == (
        visit["starts_at"],
        visit["client"]["name"],
    )
    assert owner.get(f"/booking/appointments/{visit['id']}").json()["state"] == "confirmed"
    back = owner.patch(f"/staff/members/{anna}", {"is_active": True}).json()
    assert back["outside"] == []


def test_those_who_have_left_are_at_the_end_and_have_no_rota(owner: Desk, anna: str) -> None:
    _stylist, beth = colleague(owner)
    owner.patch(f"/staff/members/{anna}", {"is_active": False})

    listed = owner.get("/staff/members").json()["items"]

    assert [item["id"] for item in listed] == [beth, anna]
    view = owner.get("/rota", {"from": MONDAY, "to": MONDAY}).json()
    assert [member["staff_id"] for member in view["members"]] == [beth]


# Who may, where, and for how much


def calls(staff_id: str, time_off_id: str) -> dict[str, Callable[[Desk], Any]]:
    span = {"from": MONDAY, "to": MONDAY}
    member = f"/rota/members/{staff_id}"
    return {
        "listMembers": lambda desk: desk.get("/staff/members"),
        "getMember": lambda desk: desk.get(f"/staff/members/{staff_id}"),
        "createMember": lambda desk: desk.post("/staff/members", {"name": "Carl"}),
        "updateMember": lambda desk: desk.patch(f"/staff/members/{staff_id}", {"title": "x"}),
        "setRotaPattern": lambda desk: desk.put(f"{member}/patterns/2026-12-07", GOOD_PATTERN),
        "setRotaDay": lambda desk: desk.put(f"{member}/days/2026-12-07", {"replaced": []}),
        "clearRotaDay": lambda desk: desk.delete(f"{member}/days/2026-12-07"),
        "setSalonHours": lambda desk: desk.put("/rota/hours", {"week": NINE_TO_SIX}),
        "setSpecialHours": lambda desk: desk.put(
            "/rota/special-hours/2026-12-07", {"spans": [{"from": 540, "to": 600}]}
        ),
        "clearSpecialHours": lambda desk: desk.delete("/rota/special-hours/2026-12-07"),
        "closeDay": lambda desk: desk.post(
            "/rota/closures", {"date": "2026-12-08", "reason": "works"}
        ),
        "reopenDay": lambda desk: desk.delete("/rota/closures/2026-12-08"),
        "listHolidayProposals": lambda desk: desk.get("/rota/holiday-proposals", span),
        "approveTimeOff": lambda desk: desk.post(f"/rota/time-off/{time_off_id}/approve"),
        "declineTimeOff": lambda desk: desk.post(f"/rota/time-off/{time_off_id}/decline"),
        "getRotaPlan": lambda desk: desk.get("/rota/plan", span),
        "listOutside": lambda desk: desk.get("/rota/outside", span),
        "getRota": lambda desk: desk.get("/rota", span),
        "listTimeOff": lambda desk: desk.get("/rota/time-off", span),
    }


FOR_THE_TEAM = {"getRota", "listTimeOff", "listOutside"}


def test_management_changes_the_rota_and_the_team_sees_it(owner: Desk, anna: str) -> None:
    asked = ask(owner).json()["id"]
    stylist, _beth = colleague(owner)
    accountant, _carl = colleague(owner, Role.ACCOUNTANT)
    stranger = Desk(owner.salon)

    for name, call in calls(anna, asked).items():
        assert call(stranger).status_code == 401, name
        assert call(accountant).status_code == 403, name
        assert call(stylist).status_code == (200 if name in FOR_THE_TEAM else 403), name


def test_a_manager_may_do_all_of_it(owner: Desk, anna: str) -> None:
    manager, _beth = colleague(owner, Role.MANAGER)
    asked = ask(owner).json()["id"]

    codes = {name: call(manager).status_code for name, call in calls(anna, asked).items()}

    assert codes.pop("declineTimeOff") == 409, "it was approved just before"
    assert codes.pop("createMember") == 201
    assert set(codes.values()) == {200}, codes


def test_another_salons_people_and_times_do_not_exist_here(
    owner: Desk, bruno: Desk, anna: str
) -> None:
    asked = ask(owner).json()["id"]
    owner.put(f"/rota/members/{anna}/days/2026-12-07", {"replaced": []})
    here = {
        *("getMember", "updateMember", "setRotaPattern", "setRotaDay", "clearRotaDay"),
        *("approveTimeOff", "declineTimeOff"),
    }

    for name, call in calls(anna, asked).items():
        if name in here:
            assert call(bruno).status_code == 404, name
    assert bruno.post(f"/rota/time-off/{asked}/withdraw").status_code == 404
    assert ask(bruno, staff_id=anna).status_code == 404
    span = {"from": MONDAY, "to": MONDAY}
    assert bruno.get("/rota", span | {"staff_id": anna}).json()["members"] == []
    assert bruno.get("/rota/time-off", span).json()["items"] == []
    with salon_scope(owner.salon):
        assert TimeOff.objects.get().state == "requested"
        assert RotaDay.objects.get().version == 1


def test_one_salons_token_opens_nothing_at_another(
    owner: Desk, other_desk: Desk, anna: str
) -> None:
    thief = Desk(other_desk.salon, other_desk.client, owner.token)

    for name, call in calls(anna, NOBODY).items():
        assert call(thief).status_code == 401, name


def counted(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code == 200
    return len([q for q in queries.captured_queries if q["sql"].startswith(("SELECT", "\nSELECT"))])


def test_reading_costs_the_same_for_one_and_for_many(owner: Desk, anna: str) -> None:
    def read_everything() -> list[int]:
        month = {"from": MONDAY, "to": MONDAY + timedelta(days=30)}
        return [
            counted(lambda: owner.get("/rota", month)),
            counted(lambda: owner.get("/rota/plan", month)),
            counted(lambda: owner.get("/rota/time-off", month)),
            counted(lambda: owner.get("/staff/members")),
        ]

    ask(owner)
    before = read_everything()
    for number in range(3):
        new = {"name": f"Beth {number}", "option_ids": options(owner)}
        member = owner.post("/staff/members", new).json()["id"]
        owner.put(f"/rota/members/{member}/patterns/2026-12-07", GOOD_PATTERN)
        owner.put(f"/rota/members/{member}/days/2026-12-08", {"open_anyway": True})
        owner.post(f"/rota/time-off/{ask(owner, staff_id=member).json()['id']}/approve")
        owner.post("/rota/closures", {"date": f"2026-12-1{number}", "reason": "works"})

    assert read_everything() == before
    signing_in = 1
    assert max(before) - signing_in <= 4
